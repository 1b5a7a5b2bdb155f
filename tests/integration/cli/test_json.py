"""The output of commands for programs: one JSON value on standard output, nothing else."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from service.cli.main import cli
from service.system import System
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import run_command
from tests.integration.privacy import cast
from tests.integration.privacy.cast import ALICE

pytestmark = pytest.mark.slow

OBO = "format-version: 1.2\n\n[Term]\nid: MONDO:1\nname: leukemia\n"

#: Runs a command with --json; returns its result, None for none.
Printed = Callable[..., Any]

#: Commands that run until they are stopped, or print something that has a format of its own.
WITHOUT = {
    "dev",
    "serve",
    "lmtp",
    "registry watch",
    "registry convert",
    "subscriptions export",
    "suppressions export",
    "completion",
    "openapi",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the answers do not depend on the kind of database."""
    return sqlite_url


def _commands(group: click.Group = cli, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def test_every_command_with_a_result_prints_it_as_json() -> None:
    lacking = {
        name
        for name, command in _commands()
        if not any("--json" in parameter.opts for parameter in command.params)
    }
    assert lacking == WITHOUT


def _of_mail(printed: Printed, folder: Path) -> None:
    """Results of commands about events, runs, mail and digests."""
    assert printed("runs", "list") == []
    assert printed("runs", "show", "1", status=1) is None
    assert printed("runs", "release", "1", status=1) is None
    assert printed("runs", "cancel", "1", "--tell-later", status=1) is None
    assert printed("conditions", "import", str(folder / "a.obo")) == {"imported": 1, "omitted": []}
    assert printed("events", "replay") == {"requeued": 0}
    assert printed("events", "send", str(folder / "a.obo"), "--url", "http://127.0.0.1:1", status=1) is None
    assert printed("mail", "status")["held"] is False
    assert printed("mail", "hold") == {"held": True, "changed": True}
    assert printed("mail", "hold") == {"held": True, "changed": False}
    assert printed("mail", "release") == {"changed": True}
    assert printed("digests", "send-due") == {"queued": 0, "held": []}
    assert printed("digests", "send-now", "--email", ALICE) == {"queued": 0, "held": []}
    assert printed("digests", "preview", "--email", ALICE) == []


def _of_installation(printed: Printed, folder: Path) -> None:
    """Results of commands about terms, keys, the installation and its workers."""
    published = printed("terms", "publish", str(folder / "terms.txt"), "--version", "7")
    assert published == {"version": "7", "published": True}
    again = printed("terms", "publish", str(folder / "terms.txt"), "--version", "8", "--first")
    assert again == {"version": "7", "published": False}
    assert set(printed("keys", "generate")) == {
        "ALERTS_SECRET_KEYS",
        "ALERTS_WEBHOOK_SECRETS",
        "ALERTS_ADMIN_TOKEN",
    }
    assert printed("keys", "rotate")["done"] is True
    assert set(printed("migrate")) == {"revision"}
    written = printed("init", str(folder / "new"))["files"]
    assert all(file["written"] for file in written)
    assert printed("worker", "--check", status=1) is None
    assert {"check", "ok", "text"} <= printed("doctor", status=1)[0].keys()
    assert printed("imap", "--once", status=1) is None
    assert printed("why", "--email", ALICE)


def _of_people(printed: Printed, folder: Path) -> None:
    """Results of commands about people."""
    assert printed("suppressions", "import", str(folder / "a.csv"), "--dry-run")["new"] == 1
    imported = printed("subscriptions", "import", str(folder / "a.csv"))
    assert (imported["new"], imported["dry_run"]) == (1, False)
    assert printed("subscriber", "show", "--email", ALICE)
    assert printed("subscriber", "export", "--email", ALICE)
    assert printed("subscriber", "erase", "--email", ALICE)["erased"]["subscriber"] == 1


async def test_results_for_programs(
    system: System, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    await cast.follower(system, ALICE)
    (tmp_path / "a.obo").write_text(OBO, encoding="utf-8")
    (tmp_path / "a.csv").write_text(f"email,topic\nbob@example.org,{cast.TRIAL}\n", encoding="utf-8")
    (tmp_path / "terms.txt").write_text("You get email.", encoding="utf-8")
    settings = ENVIRONMENT | {"ALERTS_DATABASE_URL": database_url, "ALERTS_REDIS_URL": redis_url}
    asked = set[str]()

    def printed(*arguments: str, status: int = 0) -> Any:
        done = run_command(*arguments, "--json", **settings, ALERTS_DATA=str(tmp_path))
        assert done.returncode == status, done.stderr
        asked.add(max((name for name, _ in _commands() if " ".join(arguments).startswith(name)), key=len))
        return json.loads(done.stdout) if done.stdout else None

    _of_mail(printed, tmp_path)
    _of_installation(printed, tmp_path)
    _of_people(printed, tmp_path)
    assert asked == {name for name, _ in _commands()} - WITHOUT

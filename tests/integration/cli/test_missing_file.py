"""A mistyped path of an SQLite database: no command but `migrate` makes a file there."""

from pathlib import Path

import pytest

from service.store.sql import schema_revision
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import run_command

pytestmark = pytest.mark.slow

COMMANDS = (
    ["doctor"],
    ["mail", "status"],
    ["subscriptions", "export"],
    ["subscriber", "show", "--email", "anna@example.org"],
    ["digests", "send-due"],
    ["serve", "--port", "0"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_on_a_missing_file_makes_none(command: list[str], tmp_path: Path, redis_url: str) -> None:
    path = tmp_path / "mistyped" / "alerts.sqlite3"
    environ = ENVIRONMENT | {
        "ALERTS_DATABASE_URL": f"sqlite+aiosqlite:///{path}",
        "ALERTS_REDIS_URL": redis_url,
        "ALERTS_DATA": str(tmp_path),
    }
    done = run_command(*command, **environ)
    assert done.returncode == 1
    assert "its file is missing; trial-alerts migrate makes a new one" in done.stdout + done.stderr
    assert not path.parent.exists()


def test_migrate_makes_the_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "alerts.sqlite3"
    done = run_command("migrate", ALERTS_DATABASE_URL=f"sqlite+aiosqlite:///{path}")
    assert done.stdout == f"The schema is at {schema_revision.newest_revision()}.\n"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)

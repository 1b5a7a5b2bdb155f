"""Each act of an operator leaves one row in the audit log: by the API, by the dashboard, by a command."""

import asyncio
import os
import pwd
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from litestar import Router
from sqlalchemy import select

from service.cli.main import cli
from service.store import audit
from service.store.sql import tables as t
from service.store.sql.database import create_database, reading
from service.store.sql.schema_revision import newest_revision
from service.system import System
from service.web.admin import API, DASHBOARD
from tests.e2e.journey.processes import run_command
from tests.integration.web.operating import (
    ALICE,
    BEARER,
    TOKEN,
    add_event,
    csrf,
    everything,
    held_run,
    sign_in,
)
from tests.integration.workers.world import open_world

USER = pwd.getpwuid(os.getuid()).pw_name.partition("@")[0]


@dataclass(frozen=True)
class Act:
    """An operator's request, and the audit row for it. A target's number is that of the only row."""

    path: str
    action: str
    target: str | None = None
    body: dict[str, Any] = field(default_factory=dict)


PERSON = {"email": ALICE}
#: The target of an act on Alice, whose number carries her bucket.
SHE = "subscriber:Alice"

API_ACTS = [
    Act("/events/1/replay", "events.replay", "event:1"),
    Act("/events/1/discard", "events.discard", "event:1"),
    Act("/events/replay", "events.replay", body={"state": "dead"}),
    Act("/runs/1/release", "runs.release", "run:1"),
    Act("/runs/1/cancel", "runs.cancel", "run:1", {"news": "later"}),
    Act("/deliveries/search", "deliveries.search", SHE, PERSON),
    Act("/suppressions", "suppressions.add", SHE, PERSON),
    Act("/suppressions", "suppressions.add", None, {"email": "nobody@example.org"}),
    Act("/suppressions/search", "suppressions.search", SHE, PERSON),
    Act("/suppressions/lift", "suppressions.lift", SHE, PERSON),
    Act("/subscribers/show", "subscriber.show", SHE, PERSON),
    Act("/subscribers/export", "subscriber.export", SHE, PERSON),
    Act("/why", "why", SHE, PERSON),
    Act("/mail/hold", "mail.hold"),
    Act("/mail/release", "mail.release"),
    Act("/subscribers/erase", "subscriber.erase", SHE, PERSON),
    Act("/terms", "terms.publish", "terms:2026-11", {"version": "2026-11", "text": "Be kind."}),
]

FORM_ACTS = [
    Act("/runs/1/release", "runs.release", "run:1"),
    Act("/runs/1/cancel", "runs.cancel", "run:1", {"news": "later"}),
    Act("/events/1/replay", "events.replay", "event:1"),
    Act("/events/1/discard", "events.discard", "event:1"),
    Act("/search", "deliveries.search", SHE, PERSON),
    Act("/suppress", "suppressions.add", SHE, PERSON),
    Act("/lift", "suppressions.lift", SHE, PERSON),
    Act("/why", "why", SHE, PERSON),
    Act("/mail/hold", "mail.hold"),
    Act("/mail/release", "mail.release"),
    Act("/sign-in", "dashboard.sign_in", None, {"token": TOKEN}),
]

#: Commands, in an order in which each finds its objects.
COMMAND_ACTS = [
    Act("runs release 1", "runs.release", "run:1"),
    Act("runs cancel 1 --tell-later", "runs.cancel", "run:1"),
    Act("digests send-due", "digests.send_due"),
    Act("digests send-now", "digests.send_now"),
    Act(f"digests send-now --email {ALICE}", "digests.send_now", SHE),
    Act(f"digests preview --email {ALICE}", "digests.preview", SHE),
    Act("terms publish TERMS --version 2026-11", "terms.publish", "terms:2026-11"),
    Act("keys rotate", "keys.rotate"),
    Act("events replay", "events.replay"),
    Act("events replay --id 1", "events.replay", "event:1"),
    Act("conditions import OBO", "conditions.import"),
    Act("subscriptions import CSV", "subscriptions.import"),
    Act("subscriptions export", "subscriptions.export"),
    Act("suppressions import CSV", "suppressions.import"),
    Act("suppressions export", "suppressions.export"),
    Act(f"subscriber show --email {ALICE}", "subscriber.show", SHE),
    Act(f"subscriber export --email {ALICE}", "subscriber.export", SHE),
    Act(f"why --email {ALICE}", "why", SHE),
    Act("mail hold", "mail.hold"),
    Act("mail release --kind digest", "mail.release", "kind:digest"),
    Act("mail release", "mail.release"),
    Act(f"subscriber erase --email {ALICE}", "subscriber.erase", SHE),
]

#: Commands that do nothing to a database but serve, look or print; `migrate` has a test of its own.
NO_ACTS = {
    "completion",
    "dev",
    "doctor",
    "events send",
    "imap",
    "init",
    "keys generate",
    "lmtp",
    "mail status",
    "migrate",
    "openapi",
    "registry convert",
    "registry watch",
    "runs list",
    "runs show",
    "serve",
    "worker",
}


async def person_and_event(system: System) -> None:
    """Alice, who follows a trial, a run held with her digest, and an event that failed."""
    async with open_world(system) as world:
        await held_run(world, ALICE)
    await add_event(system, 1, "dead")


async def acts(system: System) -> list[Any]:
    async with reading(system.database) as connection:
        return list(await audit.page(connection, limit=200))


async def number_of_alice(system: System) -> int:
    async with reading(system.database) as connection:
        return (
            (await connection.execute(select(t.subscriber.c.id).order_by(t.subscriber.c.id)))
            .scalars()
            .first()
        )


async def one_row_each(
    system: System, wanted: list[Act], do: Callable[[Act], Awaitable[Any]], actor: str, origin: str
) -> None:
    her = await number_of_alice(system)
    for act in wanted:
        before = len(await acts(system))
        answer = await do(act)
        rows = await acts(system)
        assert len(rows) == before + 1, (act.path, answer)
        row = rows[0]
        target = f"subscriber:{her}" if act.target == SHE else act.target
        assert (row.action, row.target, row.actor, row.origin) == (act.action, target, actor, origin)
        assert "@" not in str(tuple(row))
        assert "NCT" not in str(tuple(row))


@pytest.fixture
async def first_event(system: System) -> None:
    await person_and_event(system)


def paths_of(router: Router) -> set[str]:
    """The paths of a router that take a POST, numbers as 1."""
    return {
        path.removeprefix(router.path).replace("{number:int}", "1")
        for route in router.routes
        for path in [route.path]
        if "POST" in getattr(route, "methods", ())
    }


@pytest.mark.slow
@pytest.mark.usefixtures("first_event")
async def test_each_act_by_the_api_leaves_one_row(client: httpx.AsyncClient, system: System) -> None:
    async def do(act: Act) -> str:
        answer = await client.post("/v1/admin" + act.path, json=act.body or None, headers=BEARER)
        assert answer.status_code == 200, answer.text
        return answer.text

    await one_row_each(system, API_ACTS, do, "api", "127.0.0.0/24")


@pytest.mark.slow
@pytest.mark.usefixtures("first_event")
async def test_each_form_of_the_dashboard_leaves_one_row(client: httpx.AsyncClient, system: System) -> None:
    await sign_in(client)
    hidden = await csrf(client)

    async def do(act: Act) -> str:
        answer = await client.post("/admin" + act.path, data=hidden | act.body)
        assert answer.status_code in (200, 303), answer.text
        return answer.text

    await one_row_each(system, FORM_ACTS, do, "dashboard", "127.0.0.0/24")
    page = (await client.get("/admin/audit")).text
    assert "suppressions lift" in page
    assert f"subscriber {await number_of_alice(system)}" in page
    hidden = await csrf(client)
    await one_row_each(system, [Act("/sign-out", "dashboard.sign_out")], do, "dashboard", "127.0.0.0/24")


@pytest.mark.slow
@pytest.mark.usefixtures("first_event")
async def test_each_command_leaves_one_row(system: System, environ: dict[str, str], tmp_path: Path) -> None:
    files = {
        "TERMS": "Be kind.",
        "OBO": "[Term]\nid: MONDO:0000001\nname: disease\n",
        "CSV": "email,topic\nbob@example.org,trial:NCT04787263\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    async def do(act: Act) -> str:
        words = [str(tmp_path / word) if word in files else word for word in act.path.split()]
        done = await asyncio.to_thread(run_command, *words, **environ)
        assert done.returncode == 0, done.stderr
        return done.stdout

    await one_row_each(system, COMMAND_ACTS, do, f"command:{USER}", "command")


def leaves(group: click.Group, name: str = "") -> set[str]:
    """Every command by its whole name."""
    found: set[str] = set()
    for word, command in group.commands.items():
        whole = f"{name} {word}".strip()
        found |= leaves(command, whole) if isinstance(command, click.Group) else {whole}
    return found


def test_every_route_form_and_command_is_listed_above() -> None:
    assert {act.path for act in API_ACTS} == paths_of(API)
    looks = {"/events/search"}  # the ingestor's events are about nobody
    assert {act.path for act in FORM_ACTS} | {"/sign-out"} | looks == paths_of(DASHBOARD)
    recorded = {act.path.partition(" -")[0] for act in COMMAND_ACTS}
    recorded = {" ".join(path.split()[:2]) for path in recorded}
    assert recorded | NO_ACTS == leaves(cli)


async def test_a_refused_act_leaves_no_row(client: httpx.AsyncClient, system: System) -> None:
    await person_and_event(system)
    before = await everything(system)
    for path, body in (
        ("/events/77/replay", None),
        ("/subscribers/erase", {"email": "nobody@example.org"}),
        ("/subscribers/erase", {"email": "nobody"}),
        ("/terms", {"version": "2026-11", "text": " "}),
    ):
        answer = await client.post("/v1/admin" + path, json=body, headers=BEARER)
        assert answer.status_code in (404, 422), answer.text
    assert await everything(system) == before


async def test_the_log_is_listed_page_by_page(client: httpx.AsyncClient, system: System) -> None:
    for version in ("1", "2", "3"):
        body = {"version": version, "text": "Be kind."}
        await client.post("/v1/admin/terms", json=body, headers=BEARER | {"x-forwarded-for": "203.0.113.7"})
    first = (await client.get("/v1/admin/audit?limit=2", headers=BEARER)).json()
    rest = (await client.get(f"/v1/admin/audit?limit=2&before={first['next']}", headers=BEARER)).json()
    targets = [item["target"] for item in first["items"] + rest["items"]]
    assert targets == ["terms:3", "terms:2", "terms:1"]
    assert rest["next"] is None
    assert first["items"][0]["changed"] == 1


@pytest.mark.slow
def test_a_migration_is_recorded_once(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.sqlite3'}"
    for _ in range(2):
        assert run_command("migrate", ALERTS_DATABASE_URL=url).returncode == 0

    async def rows() -> list[Any]:
        database = create_database(url)
        async with reading(database) as connection:
            found = list(await audit.page(connection))
        await database.dispose()
        return found

    (row,) = asyncio.run(rows())
    assert (row.actor, row.action) == (f"command:{USER}", "schema.migrate")
    assert row.target == f"revision:{newest_revision()}"

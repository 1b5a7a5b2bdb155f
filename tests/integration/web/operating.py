"""Shared by the operators' tests: the token, every route of theirs, a held run, events in trouble."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from service.domain.buckets import BUCKETS
from service.domain.digests.run import CancelledNews
from service.store import change_log
from service.store.admin import workers
from service.store.admin.workers import WorkerReport
from service.store.digests import due, planning, runs
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.workers.world import TRIAL, World, snapshot
from tests.odd_rows import store_row

TOKEN = "test-admin-token-1234"
BEARER = {"authorization": f"Bearer {TOKEN}"}
ALICE, BOB = "alice@example.org", "bob@example.org"
TOPIC = f"trial:{TRIAL}"

#: Every route of the operators' API, with a body where it takes one.
ROUTES: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "/v1/admin/stats", None),
    ("GET", "/v1/admin/events", None),
    ("GET", "/v1/admin/events/1", None),
    ("POST", "/v1/admin/events/1/replay", None),
    ("POST", "/v1/admin/events/1/discard", None),
    ("POST", "/v1/admin/events/replay", {"state": "dead"}),
    ("GET", "/v1/admin/runs", None),
    ("GET", "/v1/admin/runs/1", None),
    ("GET", "/v1/admin/runs/1/contents", None),
    ("POST", "/v1/admin/runs/1/release", None),
    ("POST", "/v1/admin/runs/1/cancel", {"news": "never"}),
    ("GET", "/v1/admin/deliveries", None),
    ("GET", "/v1/admin/deliveries/1", None),
    ("POST", "/v1/admin/deliveries/search", {"email": ALICE}),
    ("GET", "/v1/admin/suppressions", None),
    ("POST", "/v1/admin/suppressions/search", {"email": ALICE}),
    ("POST", "/v1/admin/suppressions", {"email": ALICE}),
    ("POST", "/v1/admin/suppressions/lift", {"email": ALICE}),
    ("POST", "/v1/admin/subscribers/show", {"email": ALICE}),
    ("POST", "/v1/admin/subscribers/export", {"email": ALICE}),
    ("POST", "/v1/admin/subscribers/erase", {"email": ALICE}),
    ("GET", "/v1/admin/audit", None),
    ("GET", "/v1/admin/mail", None),
    ("GET", "/v1/admin/why?event=1", None),
    ("POST", "/v1/admin/why", {"email": ALICE}),
    ("POST", "/v1/admin/mail/hold", None),
    ("POST", "/v1/admin/mail/release", {"kinds": ["confirmation"]}),
    ("GET", "/v1/admin/terms", None),
    ("POST", "/v1/admin/terms", {"version": "1", "text": "Be kind."}),
]


async def held_run(world: World, *addresses: str, trial: str = TRIAL) -> int:
    """People who follow a trial that changed, and their held run; returns its number."""
    before = snapshot(trial)
    await world.hold(before)
    for address in addresses:
        await world.follow(address, f"trial:{trial}")
    await world.change(before, status="RECRUITING")
    return await plan_held(world.system)


async def plan_held(system: System) -> int:
    """Plans the pending digests as a run far above the usual size."""
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        end = await change_log.head(connection)
        found = {"frequency": "immediate", "slot_id": None, "to_seq": end, "now": now}
        hot = await due.changed_topics(connection, 0)
        people = [await due.due_subscribers(connection, (bucket,), hot, **found) for bucket in BUCKETS]
        run = await planning.open_run(connection, due_at=now, **found)
    for chunk in filter(None, people):
        async with writing(system.database) as connection:
            await planning.plan_chunk(connection, run, chunk, held=True, now=now)
    async with writing(system.database) as connection:
        await planning.close_run(connection, run.id, held=True)
    return int(run.id)


async def cancel_run(system: System, run: int, news: CancelledNews = CancelledNews.NEVER) -> int:
    """An operator cancels a run; returns how many of its mails."""
    async with writing(system.database) as connection:
        return await runs.cancel(connection, run, news, datetime.now(UTC))


async def add_event(system: System, number: int, state: str, **columns: Any) -> int:
    """An event as the ingestor sent it, in some state. Returns its row's number."""
    values = {
        "source": "https://ingestor.example.org",
        "event_id": f"e{number}",
        "type": "trial.upserted",
        "subject": TRIAL,
        "revision": number,
        "received_at": datetime.now(UTC) - timedelta(minutes=5),
        "body": f'{{"id": "e{number}"}}',
        "state": state,
        **columns,
    }
    async with writing(system.database) as connection:
        return await store_row(connection, t.event, **values)


async def report_worker(system: System, host: str = "host", **status: Any) -> None:
    """A worker that reports now."""
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        await workers.report(connection, WorkerReport(f"{host}:1:a", host, now, now, status))


async def sign_in(client: httpx.AsyncClient) -> httpx.Response:
    """Signs in to the dashboard; the client keeps the cookie."""
    return await client.post("/admin/sign-in", data={"token": TOKEN})


async def csrf(client: httpx.AsyncClient) -> dict[str, str]:
    """The hidden field of the dashboard's forms."""
    page = await client.get("/admin")
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found, page.text
    return {"csrf": found[1]}


async def everything(system: System) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table: two of these differ if anything changed."""
    async with reading(system.database) as connection:
        return {
            table.name: [
                tuple(row) for row in await connection.execute(table.select().order_by(*table.primary_key))
            ]
            for table in t.SQLModel.metadata.sorted_tables
        }

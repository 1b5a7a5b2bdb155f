"""Questions to `why`, and what they ask about: a followed trial, its news, its mail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from service.digests.planner import plan
from service.store.audit import Operator
from service.system import System
from tests.events import post as post_events
from tests.events import upserted
from tests.integration.web.operating import (
    ALICE,
    BEARER,
    TOPIC,
    report_worker,
)
from tests.integration.workers.world import TRIAL, World, open_world
from tests.smtp_server import On
from workers.ingest.events import ingest_events

OPERATOR = Operator("test", "test")


async def answer(client: httpx.AsyncClient, **question: Any) -> tuple[str, str]:
    """The fault, and the remedy."""
    question = question or {"email": ALICE}
    found = await client.get("/v1/admin/why", params=question, headers=BEARER)
    assert found.status_code == 200, found.text
    return found.json()["answer"], found.json()["do"]


async def changed(client: httpx.AsyncClient, system: System, revision: int = 2, **fields: Any) -> None:
    """An event that changes the followed trial, and is read."""
    await post_events(client, upserted(TRIAL, revision, **{"status": "RECRUITING"} | fields))
    await ingest_events(system)


@asynccontextmanager
async def followed(
    client: httpx.AsyncClient, system: System, *rules: On, **options: Any
) -> AsyncIterator[tuple[World, int]]:
    """Alice follows a trial that is known; a worker runs."""
    async with open_world(system, *rules) as world:
        await post_events(client, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"))
        await ingest_events(system)
        person = await world.follow(ALICE, TOPIC, **options)
        await report_worker(system)
        yield world, person


async def planned(client: httpx.AsyncClient, system: System) -> None:
    """News whose digest is queued."""
    await changed(client, system)
    await plan(system)


async def the_mail(client: httpx.AsyncClient) -> int:
    """The number of the newest mail."""
    found = await client.get("/v1/admin/deliveries", headers=BEARER)
    return int(found.json()["items"][0]["id"])

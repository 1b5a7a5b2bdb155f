"""The content of the database during a chaos run and at its end, compared with what the service accepted."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.configuration.settings import read
from service.domain.trials.events.snapshot import read_snapshot
from service.store.sql import tables as t
from service.store.sql.database import create_database, reading
from service.system import open_system
from tests.chaos.crowd import gather_people
from tests.chaos.visitors import TRIALS
from tests.events import upserted
from tests.integration.web.signing_up import publish_terms
from tests.integration.workers.world import TRIAL, World

Answer = TypeVar("Answer")


def news(revision: int) -> dict[str, Any]:
    """The event of the followed trial's next change."""
    return upserted(TRIAL, revision, status="RECRUITING" if revision % 2 else "SUSPENDED")


async def prepare(environ: Mapping[str, str], people: int) -> list[str]:
    """The terms, the trial, and its followers' addresses."""
    async with open_system(read(environ)) as system:
        await publish_terms(system.database)
        world = World(system, None, None)  # type: ignore[arg-type]
        await world.hold(read_snapshot(news(1)["data"]))
        return await gather_people(system, 0, people)


def ask(url: str, question: Callable[[AsyncConnection], Awaitable[Answer]]) -> Answer:
    """Asks the database on a connection of its own."""

    async def look() -> Answer:
        database = create_database(url)
        try:
            async with reading(database) as connection:
                return await question(connection)
        finally:
            await database.dispose()

    return asyncio.run(look())


async def _count(connection: AsyncConnection, table: Any, *where: Any) -> int:
    return int((await connection.execute(select(func.count()).select_from(table).where(*where))).scalar_one())


async def unfinished(connection: AsyncConnection) -> int:
    """The number of waiting mails, visitors' requests and events."""
    return (
        await _count(connection, t.delivery, t.delivery.c.state.in_(("queued", "claimed")))
        + await _count(connection, t.request)
        + await _count(connection, t.event, t.event.c.state == "received")
    )


async def states(connection: AsyncConnection) -> dict[str, int]:
    """The number of mails in each state."""
    counted = select(t.delivery.c.state, func.count().label("count")).group_by(t.delivery.c.state)
    return {row[0]: row[1] for row in await connection.execute(counted)}


def unrecorded(message_ids: Collection[str]) -> Callable[[AsyncConnection], Awaitable[int]]:
    """The number of arrived mails that are not yet recorded as sent."""
    keys = [message_id.strip("<>").partition("@")[0] for message_id in message_ids]

    async def count(connection: AsyncConnection) -> int:
        mine = t.delivery.c.message_key.in_(keys) & (t.delivery.c.state != "sent")
        return await _count(connection, t.delivery, mine)

    return count


def ingestion_errors(
    revisions: Mapping[str, int], sent_news: int
) -> Callable[[AsyncConnection], Awaitable[list[str]]]:
    """The errors among accepted events: each must be there once, with its one effect."""

    async def look(connection: AsyncConnection) -> list[str]:
        found = []
        accepted = sum(revisions.values()) + sent_news
        outcomes = select(t.event.c.state, func.count()).group_by(t.event.c.state)
        kept = {row[0]: row[1] for row in await connection.execute(outcomes)}
        if kept != {"processed": accepted}:
            found.append(f"{accepted} events accepted, kept are {kept}")
        held = select(t.trial.c.nct_id, t.trial.c.revision).where(t.trial.c.nct_id.in_(TRIALS))
        if dict((await connection.execute(held)).all()) != dict(revisions):
            found.append("a trial is not at the newest revision accepted")
        reported = select(t.change.c.nct_id, func.count()).where(t.change.c.kind == "status")
        flips = Counter(dict((await connection.execute(reported.group_by(t.change.c.nct_id))).all()))
        due = Counter({trial: newest - 1 for trial, newest in revisions.items()}) + Counter(
            {TRIAL: sent_news}
        )
        if +flips != +due:
            found.append(f"the log tells {flips.total()} changes, {due.total()} happened")
        return found

    return look

"""The mails of a run by state: right while they are sent, kept afterwards, and right after a late bounce."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.domain.buckets import SHIFT
from service.domain.digests.run import CancelledNews
from service.store.digests import runs
from service.store.mail import deliveries, run_mails
from service.store.mail.claim_names import new_claim
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from tests.odd_rows import store_row

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
#: In two buckets.
PEOPLE = [1 << SHIFT, 2 << SHIFT, 3 << SHIFT | 1, 4 << SHIFT | 1]


@pytest.fixture
async def run_id(database: AsyncEngine) -> int:
    """A held run with a mail to each of four people, beside mails without a run."""
    async with writing(database) as connection:
        when = {"due_at": NOW, "planned_at": NOW}
        run = {"frequency": "daily", "to_seq": 1, "state": "held", "digests": len(PEOPLE)}
        run_id = await store_row(connection, t.run, **run, **when)
        for person in PEOPLE:
            mail = await deliveries.queue(connection, person, "digest", now=NOW)
            here = update(t.delivery).where(t.delivery.c.id == mail)
            await connection.execute(here.values(run_id=run_id, state="held"))
            await deliveries.queue(connection, person, "preferences_link", now=NOW + timedelta(days=1))
    return run_id


async def keep(database: AsyncEngine, run_id: int) -> bool:
    async with reading(database) as connection:
        assert run_id in await run_mails.uncounted(connection, 10) or await kept(connection, run_id)
    async with writing(database) as connection:
        return await run_mails.store_counts(connection, run_id)


async def kept(connection: AsyncConnection, run_id: int) -> Any:
    return (await connection.execute(select(t.run.c.mails).where(t.run.c.id == run_id))).scalar_one()


async def listed(database: AsyncEngine, run_id: int) -> Mapping[str, int]:
    """As the list shows it, which is as one run shows it."""
    async with reading(database) as connection:
        shown = await runs.page(connection)
        assert shown == [await runs.get(connection, run_id)]
        return shown[0].mails


async def claim(database: AsyncEngine, bucket: int, limit: int = 10) -> tuple[str, list[int]]:
    name = new_claim(bucket)
    async with writing(database) as connection:
        until = NOW + timedelta(minutes=5)
        ids = await deliveries.claim(connection, claim=name, limit=limit, now=NOW, lease_until=until)
    return name, ids


async def release(database: AsyncEngine, run_id: int) -> None:
    async with writing(database) as connection:
        assert await runs.release(connection, run_id) == len(PEOPLE)


async def send(database: AsyncEngine) -> list[int]:
    """Sends all mails that are due; returns their ids."""
    sent = []
    for bucket in (0, 1):
        name, ids = await claim(database, bucket)
        async with writing(database) as connection:
            await deliveries.mark_sent(connection, name, ids, NOW)
        sent += ids
    return sent


async def test_figures_follow_each_state_and_are_stored_once_no_mail_waits(
    database: AsyncEngine, run_id: int
) -> None:
    async with reading(database) as connection:
        assert await run_mails.uncounted(connection, 10) == []  # held: decided by an operator
    assert await listed(database, run_id) == {"held": 4}
    await release(database, run_id)
    assert await listed(database, run_id) == {"queued": 4}
    name, ids = await claim(database, 0)
    assert await listed(database, run_id) == {"queued": 2, "claimed": 2}
    async with writing(database) as connection:
        await deliveries.mark_sent(connection, name, ids[:1], NOW)
        await deliveries.requeue(connection, name, ids[1:], due_at=NOW)
    assert await listed(database, run_id) == {"queued": 3, "sent": 1}
    assert not await keep(database, run_id)
    assert await listed(database, run_id) == {"queued": 3, "sent": 1}
    async with writing(database) as connection:
        assert await runs.cancel(connection, run_id, CancelledNews.NEVER, NOW) == 3
    assert await listed(database, run_id) == {"cancelled": 3, "sent": 1}
    assert await keep(database, run_id)
    assert await listed(database, run_id) == {"cancelled": 3, "sent": 1}
    async with reading(database) as connection:
        assert await run_mails.uncounted(connection, 10) == []


async def test_counts_that_are_kept_outlive_the_mails(database: AsyncEngine, run_id: int) -> None:
    await release(database, run_id)
    await send(database)
    assert await keep(database, run_id)
    async with writing(database) as connection:
        await connection.execute(delete(t.delivery).where(t.delivery.c.bucket.in_((0, 1))))
    assert await listed(database, run_id) == {"sent": 4}


async def test_a_bounce_after_the_count_has_the_run_counted_again(database: AsyncEngine, run_id: int) -> None:
    await release(database, run_id)
    sent = await send(database)
    assert await keep(database, run_id)
    async with writing(database) as connection:
        assert await deliveries.mark_bounced(connection, sent[0], "hard_bounce", "550 5.1.1 no", NOW)
    assert await listed(database, run_id) == {"sent": 3, "bounced": 1}
    assert await keep(database, run_id)
    assert not await keep(database, run_id)
    async with reading(database) as connection:
        assert await kept(connection, run_id) == {"sent": 3, "bounced": 1}


async def test_a_bounce_during_the_count_is_counted(database: AsyncEngine, run_id: int) -> None:
    await release(database, run_id)
    sent = await send(database)
    async with writing(database) as connection:
        assert await deliveries.mark_bounced(connection, sent[0], "hard_bounce", "550 5.1.1 no", NOW)
        counting = asyncio.create_task(keep(database, run_id))
        await asyncio.sleep(0.2)
        assert not counting.done()
    assert await counting
    assert await listed(database, run_id) == {"sent": 3, "bounced": 1}


async def test_a_run_without_mails_is_not_counted(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        run = {"frequency": "daily", "to_seq": 1, "state": "queued", "digests": 0, "due_at": NOW}
        run_id = await store_row(connection, t.run, planned_at=NOW, **run)
    async with reading(database) as connection:
        assert await run_mails.uncounted(connection, 10) == []
    assert await listed(database, run_id) == {}

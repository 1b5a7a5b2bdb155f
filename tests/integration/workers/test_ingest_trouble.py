"""Ingestion in trouble: poisoned events, broken transactions, several workers, readers meanwhile."""

import asyncio

import pytest
from sqlalchemy import select, text

from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.events import condition, upserted
from tests.integration.workers.ingested import OTHER, THIRD, TRIAL, log, received, reported, states
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]


async def test_a_poisoned_event_stops_nobody(system: System) -> None:
    poison = condition("P", "x" * 20_000 + "".join(chr(0x4E00 + n) for n in range(15_000)), [])
    worse = upserted(OTHER, 1) | {"specversion": "9"}
    await received(system, upserted(TRIAL, 1), poison, worse, upserted(THIRD, 1))
    found = await states(system)
    assert (found[0], found[2], found[3]) == ("processed", "dead", "processed")
    if system.database.dialect.name == "postgresql":  # whose indexes can't hold such a name
        assert found[1] == "dead"
    async with reading(system.database) as connection:
        reasons = (await connection.execute(select(t.event.c.reason))).scalars().all()
    assert "NotCloudEvent" in reasons


async def test_a_failed_transaction_leaves_nothing(system: System) -> None:
    breaks = {
        "sqlite": "CREATE TRIGGER stop BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'stop'); END",
        "postgresql": "ALTER TABLE event ADD CONSTRAINT stop CHECK (state = 'received')",
    }
    async with writing(system.database) as connection:
        await connection.execute(text(breaks[system.database.dialect.name]))
    with pytest.raises(Exception, match="stop"):
        await received(system, upserted(TRIAL, 1), upserted(OTHER, 1))
    assert (await states(system), await log(system)) == (["received"] * 2, [])
    async with reading(system.database) as connection:
        assert (await connection.execute(select(t.trial))).all() == []
        assert (await connection.execute(select(t.log_head.c.seq))).scalar_one() == 0


async def test_concurrent_workers_process_each_event_once(system: System) -> None:
    batches = [[upserted(f"NCT{number:08}", 1) for number in range(first, 900, 3)] for first in range(3)]
    await asyncio.gather(*(received(system, *batch) for batch in batches))
    assert set(await states(system)) == {"processed"}
    news = await reported(system)
    assert len(news) == len(set(news)) == 900


async def test_no_reader_ever_skips_a_change(system: System) -> None:
    seen: list[int] = []
    done = asyncio.Event()

    async def poll() -> None:
        last = 0
        while True:
            ending = done.is_set()
            async with reading(system.database) as connection:
                later = select(t.change.c.seq).where(t.change.c.seq > last).order_by(t.change.c.seq)
                fresh = (await connection.execute(later)).scalars().all()
            seen.extend(fresh)
            last = seen[-1] if seen else 0
            if ending:
                return
            await asyncio.sleep(0)

    async def write(first: int) -> None:
        for number in range(first, 120, 4):
            await received(system, upserted(f"NCT{number:08}", 1))

    poller = asyncio.create_task(poll())
    await asyncio.gather(*(write(first) for first in range(4)))
    done.set()
    await poller
    assert seen == list(range(1, 121))


async def test_only_news_wakes_the_planner(system: System) -> None:
    await received(system, upserted(TRIAL, 1, reason="backfill"))
    await asyncio.sleep(0.1)
    assert await system.redis.queued_jobs() == []
    await received(system, upserted(OTHER, 1))
    await until(system.redis.queued_jobs)
    assert [job.function for job in await system.redis.queued_jobs()] == ["plan"]

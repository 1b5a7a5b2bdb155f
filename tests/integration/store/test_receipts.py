"""Send receipts, with asynchronous commit, on both databases, over a connection that may break."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.domain.delivery.kinds import MailKind
from service.store.mail import deliveries
from service.store.mail.receipts import ReceiptWriter, drop
from service.store.sql import tables as t
from service.store.sql.database import APPLICATION_NAME, create_database, is_away, reading, writing
from tests.forked import fork_server
from tests.integration.store.dying_writer import DYING_WRITER
from tests.waiting import until

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


async def claimed(database: AsyncEngine, number: int, claim: str) -> list[int]:
    """Digests claimed under that name."""
    async with writing(database) as connection:
        for _ in range(number):
            await deliveries.queue(connection, 1, MailKind.DIGEST, now=NOW)
        lease = NOW + timedelta(minutes=5)
        return await deliveries.claim(connection, claim=claim, limit=number, now=NOW, lease_until=lease)


async def states(database: AsyncEngine) -> dict[int, str]:
    async with reading(database) as connection:
        found = await connection.execute(select(t.delivery.c.id, t.delivery.c.state))
        return {row.id: row.state for row in found}


async def sent(database: AsyncEngine) -> set[int]:
    """The people whose mails count as sent once every lease has expired; the rest is queued again."""
    async with writing(database) as connection:
        later = NOW + timedelta(hours=1)
        await deliveries.release_expired(
            connection, await deliveries.expired_claims(connection, later), later
        )
    found = await states(database)
    assert set(found.values()) <= {"sent", "queued"}
    return {person for person, state in found.items() if state == "sent"}


async def count(database: AsyncEngine) -> int:
    async with reading(database) as connection:
        return (await connection.execute(select(func.count()).select_from(t.send_receipt))).scalar_one()


@pytest.fixture
async def async_commit(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_database(database_url, async_commit=True)
    yield engine
    await engine.dispose()


async def test_mails_in_a_dead_workers_receipts_are_sent_and_the_rest_is_queued(
    async_commit: AsyncEngine, database: AsyncEngine
) -> None:
    ids = await claimed(database, 20, "01mine")
    receipts = ReceiptWriter(async_commit, "01mine")
    for start in range(0, 14, 2):
        await receipts.sent(ids[start : start + 2], NOW + timedelta(seconds=start))
    await receipts.close()
    assert await sent(database) == set(ids[:14])
    assert await count(database) == 0
    async with reading(database) as connection:
        at = await connection.execute(select(t.delivery.c.finished_at).where(t.delivery.c.id == ids[13]))
        assert at.scalar_one() == NOW + timedelta(seconds=12), "when it was sent, not when it was found"


async def test_a_receipt_about_anothers_claim_changes_nothing(
    async_commit: AsyncEngine, database: AsyncEngine
) -> None:
    ids = await claimed(database, 3, "01theirs")
    receipts = ReceiptWriter(async_commit, "01mine")
    await receipts.sent(ids, NOW)
    await receipts.close()
    assert await sent(database) == set()


async def test_a_durable_update_needs_no_receipt(async_commit: AsyncEngine, database: AsyncEngine) -> None:
    ids = await claimed(database, 3, "01mine")
    receipts = ReceiptWriter(async_commit, "01mine")
    await receipts.sent(ids, NOW)
    await receipts.close()
    async with writing(database) as connection:
        assert await deliveries.mark_sent(connection, "01mine", ids, NOW) == [1, 1, 1]
        await drop(connection, "01mine")
    async with writing(database) as connection:
        assert await deliveries.mark_sent(connection, "01mine", ids, NOW) == [], "it was recorded already"
    assert await count(database) == 0
    assert await sent(database) == set(ids)


async def test_a_mail_that_bounced_before_the_end_of_its_batch_stays_bounced(
    async_commit: AsyncEngine, database: AsyncEngine
) -> None:
    ids = await claimed(database, 2, "01mine")
    receipts = ReceiptWriter(async_commit, "01mine")
    await receipts.sent(ids, NOW)
    await receipts.close()
    async with writing(database) as connection:
        await connection.execute(update(t.delivery).values(context=b"sealed"))
        assert await deliveries.mark_bounced(connection, ids[0], "hard_bounce", "550 gone", NOW)
    async with writing(database) as connection:
        assert await deliveries.mark_sent(connection, "01mine", ids, NOW) == [1]
    assert await states(database) == {ids[0]: "bounced", ids[1]: "sent"}
    async with reading(database) as connection:
        rows = (await connection.execute(select(t.delivery.c.finished_at, t.delivery.c.context))).all()
    assert rows == [(NOW, None)] * 2, "finished, so that it is forgotten in time, and no address is left"


async def test_a_closed_writer_can_write_receipts_again(
    async_commit: AsyncEngine, database: AsyncEngine
) -> None:
    ids = await claimed(database, 4, "01mine")
    receipts = ReceiptWriter(async_commit, "01mine")
    for start in (0, 2):
        await receipts.sent(ids[start : start + 2], NOW)
        await receipts.close()
    assert await sent(database) == set(ids)


async def test_a_broken_connection_is_reported_and_replaced_and_its_last_receipt_is_repeated(
    async_commit: AsyncEngine, database: AsyncEngine, database_url: str
) -> None:
    ids = await claimed(database, 3, "01mine")
    receipts = ReceiptWriter(async_commit, "01mine")
    await receipts.sent(ids[:1], NOW)
    if database_url.startswith("postgresql"):
        await _wait_for_receipts(database, 1)
        async with writing(database) as connection:
            await _cut_off_the_others(connection)
        await receipts.sent(ids[1:2], NOW)  # goes nowhere, which is seen when its answer is due
        with pytest.raises(ConnectionError) as lost:
            await receipts.sent(ids[2:], NOW)
        assert is_away(lost.value)
    else:
        await receipts.sent(ids[1:2], NOW)
    await receipts.sent(ids[2:], NOW)
    await receipts.close()
    assert await sent(database) == set(ids)


async def _wait_for_receipts(database: AsyncEngine, number: int) -> None:
    async def all_are_there() -> bool:
        return await count(database) >= number

    await until(all_are_there)


async def _cut_off_the_others(connection: AsyncConnection) -> None:
    ours = f"datname = current_database() AND application_name = '{APPLICATION_NAME}'"
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours} AND pid <> pg_backend_pid()"
    await connection.execute(text(cut))


@pytest.mark.slow
async def test_a_receipt_outlives_the_immediate_death_of_its_process(
    database: AsyncEngine, database_url: str
) -> None:
    recorded: set[int] = set()
    for number in (1, 2, 5):  # alone, and behind others
        ids = await claimed(database, number + 1, f"01 claim {number}")
        recorded.update(ids[:-1])
        arguments = [database_url, f"01 claim {number}", *map(str, ids[:-1])]
        died = await asyncio.to_thread(fork_server().run, DYING_WRITER, arguments, os.environ)
        assert died.returncode == -signal.SIGKILL, died.stderr

    async def all_are_there() -> bool:
        return await sent(database) == recorded

    await until(all_are_there, "the receipts of the dead process")

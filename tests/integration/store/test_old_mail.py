"""Old mails are deleted without a look at those that are kept, whose number grows with the years."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import event, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.mail import deliveries
from service.store.people.retention import delete_deliveries
from service.store.sql import tables as t
from service.store.sql.database import writing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=90)
READER = 1


async def _mails(database: AsyncEngine, count: int, days_ago: int, *, sent: bool = True) -> list[int]:
    at = NOW - timedelta(days=days_ago)
    async with writing(database) as connection:
        ids = [await deliveries.queue(connection, READER, "digest", now=at) for _ in range(count)]
        if sent:
            ended = update(t.delivery).where(t.delivery.c.bucket == READER, t.delivery.c.id.in_(ids))
            await connection.execute(ended.values(state="sent", finished_at=at))
    return ids


async def _delete(database: AsyncEngine, limit: int) -> int:
    async with writing(database) as connection:
        return await delete_deliveries(connection, READER, BEFORE, limit)


async def _left(database: AsyncEngine) -> list[int]:
    async with writing(database) as connection:
        mine = select(t.delivery.c.id).where(t.delivery.c.bucket == READER).order_by(t.delivery.c.id)
        return list((await connection.execute(mine)).scalars())


async def test_old_mails_behind_waiting_ones_are_deleted_in_chunks(database: AsyncEngine) -> None:
    waiting = await _mails(database, 3, 100, sent=False)
    await _mails(database, 5, 95)
    kept = await _mails(database, 1, 80)
    assert [await _delete(database, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert await _left(database) == waiting + kept


async def test_an_old_mail_finished_recently_is_kept(database: AsyncEngine) -> None:
    (late,) = await _mails(database, 1, 100)
    async with writing(database) as connection:
        one = update(t.delivery).where(t.delivery.c.bucket == READER, t.delivery.c.id == late)
        await connection.execute(one.values(finished_at=NOW - timedelta(days=89)))
    await _mails(database, 1, 99)
    assert [await _delete(database, 10), await _delete(database, 10)] == [1, 0]
    assert await _left(database) == [late]


async def test_the_search_ends_at_the_mails_that_are_kept(database: AsyncEngine) -> None:
    await _mails(database, 1, 95)
    await _mails(database, 12, 10)
    assert await _delete(database, 2) == 1
    statements: list[str] = []
    event.listen(database.sync_engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    assert await _delete(database, 2) == 0
    assert len([text for text in statements if text.startswith("SELECT delivery")]) == 1

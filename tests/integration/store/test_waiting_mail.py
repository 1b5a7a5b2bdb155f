"""A mail that waits may still be added to: nobody sends it while that is being done, and none is lost."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.mail import deliveries
from service.store.sql.database import writing


async def _claim(database: AsyncEngine) -> list[int]:
    now = datetime.now(UTC)
    async with writing(database) as connection:
        return await deliveries.claim(
            connection, claim="01c", limit=10, now=now, lease_until=now + timedelta(minutes=1)
        )


async def test_no_worker_sends_a_mail_while_it_is_extended(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        mail = await deliveries.queue(connection, 1, "confirmation", now=datetime.now(UTC))
    async with writing(database) as connection:
        waiting = await deliveries.untried(connection, 1, "confirmation")
        assert waiting is not None
        assert waiting.id == mail
        claiming = asyncio.create_task(_claim(database))
        await asyncio.sleep(0.3)
        assert not (claiming.done() and claiming.result())
    assert (await claiming or await _claim(database)) == [mail]


async def test_a_tried_mail_is_not_extended(database: AsyncEngine) -> None:
    now = datetime.now(UTC)
    async with writing(database) as connection:
        mail = await deliveries.queue(connection, 1, "confirmation", now=now)
    assert await _claim(database) == [mail]
    async with writing(database) as connection:
        assert await deliveries.untried(connection, 1, "confirmation") is None
        await deliveries.requeue(connection, "01c", [mail], due_at=now)
        assert await deliveries.untried(connection, 1, "confirmation") is None

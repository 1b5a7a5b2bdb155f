"""Counts what happened on a day, for the operators' pictures."""

from datetime import UTC, datetime, timedelta

from service.store.admin import daily
from service.store.admin.daily import DailyName
from service.system import System


async def count_days(system: System) -> None:
    """Stores the figures of today and of yesterday, whose mails may still bounce.

    What takes long is counted once, when the day is over. To count again changes nothing.
    """
    today = datetime.now(UTC).date()
    for day in (today - timedelta(days=1), today):
        async with system.reading_replica() as connection:
            counts = await daily.count_traffic(connection, day)
            if day < today and not await daily.is_saved(connection, day, DailyName.CONFIRMED):
                counts |= await daily.count_people(connection, day)
        async with system.writing() as connection:
            await daily.save(connection, day, counts)

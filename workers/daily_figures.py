"""Counts the events of a day, and the mails of each run, for operators."""

from datetime import timedelta

from service.store.admin import daily
from service.store.admin.daily import DailyName
from service.store.mail import run_mails
from service.store.sql import clock
from service.system import System

#: Runs counted at a time; after an upgrade the others follow, a quarter of an hour later each time.
_MOST_RUNS = 200


async def count_figures(system: System) -> None:
    """Stores the figures of the last days, and the mails of runs of which none waits."""
    await count_days(system)
    await count_runs(system)


async def count_days(system: System) -> None:
    """Stores the figures of today and of yesterday, whose mails may still bounce.

    Slow counts are made once, when the day is over. To count again changes nothing.
    """
    today = clock.now(system.database).date()
    for day in (today - timedelta(days=1), today):
        async with system.reading_replica() as connection:
            counts = await daily.count_traffic(connection, day)
            if day < today and not await daily.is_saved(connection, day, DailyName.CONFIRMED):
                counts |= await daily.count_people(connection, day)
        async with system.writing() as connection:
            await daily.save(connection, day, counts)


async def count_runs(system: System) -> None:
    """Stores how many mails each run has in each state, once none of them waits; the newest runs first."""
    async with system.reading() as connection:
        runs = await run_mails.uncounted(connection, _MOST_RUNS)
    for run_id in runs:
        if system.stopping.is_set():
            return
        async with system.writing() as connection:
            await run_mails.store_counts(connection, run_id)

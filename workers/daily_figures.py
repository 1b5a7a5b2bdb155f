"""Counts the events of a day, and the mails of each run, for operators."""

from datetime import date, timedelta

from service.store.admin import daily
from service.store.admin.daily import DailyName
from service.store.mail import run_mails
from service.store.sql import clock
from service.system import System

#: Runs counted at a time; after an upgrade the others follow, a quarter of an hour later each time.
_MOST_RUNS = 200

_DAY = timedelta(days=1)

#: Days counted at most after workers stood still: the dashboard shows as many.
_MOST_DAYS = 30 * _DAY


async def count_figures(system: System) -> None:
    """Stores the figures of the last days, and the mails of runs of which none waits."""
    await count_days(system)
    await count_runs(system)


async def count_days(system: System) -> None:
    """Stores the figures of today, of yesterday, whose mails may still bounce, and of days without a worker.

    Slow counts are made once, when the day is over. To count again changes nothing.
    """
    now = clock.now(system.database)
    today, yesterday = now.date(), now.date() - _DAY
    first_with_all_mails = (now - timedelta(days=system.settings.keep_deliveries_days)).date() + _DAY
    async with system.reading() as connection:
        newest = await daily.newest_day(connection, DailyName.CONFIRMED)
    first = yesterday if newest is None else max(newest + _DAY, today - _MOST_DAYS)
    for day in _days(min(first, yesterday), today):
        counts = dict[DailyName, int]()
        async with system.reading_replica() as connection:
            if day >= first_with_all_mails:
                counts |= await daily.count_traffic(connection, day)
            if first <= day < today:
                counts |= await daily.count_people(connection, day)
        if counts:
            async with system.writing() as connection:
                await daily.save(connection, day, counts)


def _days(first: date, last: date) -> list[date]:
    return [first + _DAY * number for number in range((last - first).days + 1)]


async def count_runs(system: System) -> None:
    """Stores how many mails each run has in each state, once none of them waits; the newest runs first."""
    async with system.reading() as connection:
        runs = await run_mails.uncounted(connection, _MOST_RUNS)
    for run_id in runs:
        if system.stopping.is_set():
            return
        async with system.writing() as connection:
            await run_mails.store_counts(connection, run_id)

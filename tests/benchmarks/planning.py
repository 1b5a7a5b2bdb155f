"""Planning a day: a million subscribers, three million subscriptions, one slot; and a run without news."""

import asyncio
import time
from typing import Any

import psycopg

from service.digests.planner import plan
from service.system import open_system
from tests.benchmarks.crowd import Crowd, append_news, settle
from tests.benchmarks.figures import Figure
from tests.benchmarks.ground import Ground, ground

#: The news of a day reach four of five people: most conditions have a new trial, few trials change.
CROWD = Crowd(
    subscribers=1_000_000, trials=600_000, conditions=5_000, hot_conditions=1_500, hot_trial_every=60
)


def run() -> list[Figure]:
    """Seconds to plan a day; seconds of a run in which nobody has news, and the subscribers it read."""
    with ground() as where:
        settle(where.database_url, CROWD)
        append_news(where.database_url, CROWD, words=False)
        digests, seconds = asyncio.run(_plan_a_day(where))
        figures = [
            Figure(f"planning a day, {digests:,} digests for 1M subscribers", seconds, "s", asked=8, aim=5)
        ]
        with psycopg.connect(where.database_url, autocommit=True) as connection:
            connection.execute("UPDATE slot SET due_at = due_at - interval '2 days'")
            before = _touched(connection)
            _, seconds = asyncio.run(_plan_a_day(where))
            touched = _touched(connection) - before
        figures.append(Figure("planning again without news", seconds, "s"))
        figures.append(
            Figure("  rows of subscribers, cursors, subscriptions touched", touched, "rows", asked=0, aim=0)
        )
        return figures


async def _plan_a_day(where: Ground) -> tuple[int, float]:
    async with open_system(where.settings) as system:
        started = time.perf_counter()
        digests = await plan(system)
        return digests, time.perf_counter() - started


def _touched(connection: psycopg.Connection[Any]) -> int:
    """Rows read and written so far of the tables that grow with the people."""
    time.sleep(1.5)
    connection.execute("SELECT pg_stat_clear_snapshot()")
    row = connection.execute(
        "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd + n_tup_del)"
        " FROM pg_stat_user_tables WHERE relname IN ('subscriber', 'cursor', 'subscription')"
    ).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    print(*run(), sep="\n")

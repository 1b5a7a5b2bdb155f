"""Digests end to end: from queued rows in PostgreSQL to an SMTP sink, through one worker process."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from service.crypto.keyring import Keyring
from service.digests.planner import plan_now
from service.system import open_system
from tests.benchmarks.crowd import Crowd, append_news, settle
from tests.benchmarks.figures import Figure
from tests.benchmarks.ground import Ground, ground, sink, worker, yardstick

DIGESTS = 60_000
#: Connections of the yardstick, and those of the worker in turn: as it comes, and as the manual advises.
CONNECTIONS = 8
OF_WORKERS = (8, 16)
ROUNDS = 3
#: All trials and conditions have news, so that each digest reports three.
CROWD = Crowd(subscribers=DIGESTS, trials=2_000, conditions=300, hot_conditions=300, hot_trial_every=1)


def run() -> Iterator[Figure]:
    """The digests with each number of connections of the worker."""
    for connections in OF_WORKERS:
        yield _sent(connections)


def _sent(connections: int) -> Figure:
    """Three rounds of a third of the digests each, in turns with the yardstick; the best of both."""
    with ground() as where, sink() as port:
        where = where.aimed_at(port).with_settings(ALERTS_SMTP_CONNECTIONS=str(connections))
        queue_digests(where, CROWD)
        with psycopg.connect(where.database_url, autocommit=True) as connection:
            connection.execute("UPDATE delivery SET due_at = now() + interval '1 day'")
            ours: list[float] = []
            theirs: list[float] = []
            name = ""
            with worker(where):
                for number in range(ROUNDS):
                    name, rate = yardstick(port, DIGESTS // ROUNDS, 27_000, CONNECTIONS)
                    theirs.append(rate)
                    ours.append(_round(connection, number))
    what = f"digests end to end, 27 KB, three trials, {connections} connections"
    return Figure(what, max(ours), "/s", name, max(theirs), 0.75, 0.95)


def queue_digests(where: Ground, crowd: Crowd) -> None:
    """Puts the crowd and a day's news into the database, and queues a digest for everybody."""
    settle(where.database_url, crowd, Keyring(where.settings.secret_keys))
    append_news(where.database_url, crowd)
    asyncio.run(_plan_everybody(where))


async def _plan_everybody(where: Ground) -> None:
    async with open_system(where.settings) as system:
        await plan_now(system)


def _round(connection: psycopg.Connection[Any], number: int) -> float:
    """Lets a third of the digests go; how many left per second, from the first claim to the last record."""
    mine = "(id >> 8) %% %s = %s"
    which = (ROUNDS, number)
    wanted = _one(connection, f"SELECT count(*) FROM delivery WHERE {mine}", which)
    connection.execute(f"UPDATE delivery SET due_at = now() WHERE {mine}", which)
    for _ in range(1_200):
        if not _one(connection, _WAITING, ()):
            break
        time.sleep(0.1)
    sent = _one(connection, f"SELECT count(*) FROM delivery WHERE {mine} AND state = 'sent'", which)
    if sent < wanted:
        raise RuntimeError(f"only {sent} digests were sent")
    lasted = "EXTRACT(epoch FROM max(finished_at) - min(first_attempt_at))"
    return sent / float(_one(connection, f"SELECT {lasted} FROM delivery WHERE {mine}", which))


#: Found by indexes: a look at every row, time and again, would be work that nobody else has.
_WAITING = (
    "SELECT EXISTS (SELECT FROM delivery WHERE state = 'queued' AND priority = 10 AND due_at <= now())"
    " OR EXISTS (SELECT FROM delivery WHERE state = 'claimed')"
)


def _one(connection: psycopg.Connection[Any], statement: str, values: tuple[Any, ...]) -> Any:
    row = connection.execute(statement, values).fetchone()
    return row[0] if row else None


if __name__ == "__main__":
    print(*run(), sep="\n")

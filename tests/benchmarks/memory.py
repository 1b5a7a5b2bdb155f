"""Memory of a worker through 100,000 digests: it must level off."""

import time

import psycopg

from tests.benchmarks.crowd import Crowd
from tests.benchmarks.digests import queue_digests
from tests.benchmarks.figures import Figure
from tests.benchmarks.ground import ground, resident_megabytes, sink, worker

DIGESTS = 100_000
STEPS = 5
CROWD = Crowd(subscribers=DIGESTS, trials=2_000, conditions=300, hot_conditions=300, hot_trial_every=1)


def run() -> list[Figure]:
    """The worker's memory after each fifth of the digests."""
    with ground() as where, sink() as port:
        where = where.aimed_at(port)
        queue_digests(where, CROWD)
        figures = []
        with (
            psycopg.connect(where.database_url, autocommit=True) as connection,
            worker(where) as process,
        ):
            for step in range(1, STEPS + 1):
                mails = DIGESTS * step // STEPS
                _wait_for(connection, mails)
                held = resident_megabytes(process.pid)
                figures.append(Figure(f"worker after {mails:,} digests", held, "MB", asked=200, aim=120))
        return figures


def _wait_for(connection: psycopg.Connection[tuple[int]], mails: int) -> None:
    for _ in range(1_200):
        row = connection.execute("SELECT count(*) FROM delivery WHERE state = 'sent'").fetchone()
        if row and row[0] >= mails:
            return
        time.sleep(0.25)
    raise RuntimeError("the worker is too slow")


if __name__ == "__main__":
    print(*run(), sep="\n")

"""From an event to the inboxes of its immediate followers, among a million people."""

import json
import time

import httpx
import psycopg

from service.crypto.keyring import Keyring
from service.domain.buckets import SHIFT
from tests.benchmarks.crowd import Crowd, settle
from tests.benchmarks.events import service
from tests.benchmarks.figures import Figure
from tests.benchmarks.ground import Ground, ground, sink, worker
from tests.events import signed, upserted

FOLLOWERS = 80_000
CROWD = Crowd(subscribers=1_000_000, trials=600_000, conditions=5_000, hot_conditions=0, hot_trial_every=1)
TRIAL = "NCT99999999"


def run() -> list[Figure]:
    """Seconds from the event's arrival until the server accepted the mails; settling time left out."""
    with ground() as where, sink() as port:
        where = where.aimed_at(port)
        settle(where.database_url, CROWD, Keyring(where.settings.secret_keys))
        _follow(where, FOLLOWERS)
        with service(where.environ) as url, worker(where):
            _post(url, revision=1, status="NOT_YET_RECRUITING")
            _wait(where, "SELECT count(*) FROM trial", 1)
            _post(url, revision=2, status="RECRUITING")
            _wait(where, "SELECT count(*) FROM delivery WHERE state = 'sent'", FOLLOWERS)
        return _figures(where)


def _follow(where: Ground, followers: int) -> None:
    """Makes the first `followers` people follow the trial, for immediate digests."""
    with psycopg.connect(where.database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO topic (id, key, kind, name, followable, last_seq, last_any_seq)"
            " VALUES (9999999, %s, 'trial', 'A study', true, 0, 0)",
            (f"trial:{TRIAL}",),
        )
        connection.execute("SELECT setval(pg_get_serial_sequence('topic', 'id'), 10000000)")
        connection.execute(
            "INSERT INTO slot (id, frequency, zone, hour, weekday, low_water_seq, due_at)"
            " VALUES (2, 'immediate', 'UTC', 0, 0, 0, now())"
        )
        connection.execute(
            "INSERT INTO subscription (bucket, id, subscriber_id, topic_id, confirmation_id, state,"
            " frequency, small_changes, active_seq, in_planning, created_at, activated_at)"
            f" SELECT bucket, nextval('row_id') << {SHIFT} | bucket, id,"
            " 9999999, 0, 'active', 'immediate', false, 0, true, now(), now()"
            " FROM subscriber ORDER BY id LIMIT %s",
            (followers,),
        )
        connection.execute(
            "INSERT INTO cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, behind)"
            " SELECT bucket, id, 'immediate', 2, 0, 0, false FROM subscriber ORDER BY id LIMIT %s",
            (followers,),
        )
        connection.execute("VACUUM ANALYZE subscription, cursor, topic")


def _post(url: str, revision: int, status: str) -> None:
    body = json.dumps([upserted(TRIAL, revision, status=status)]).encode()
    httpx.post(f"{url}/v1/events", content=body, headers=signed(body), timeout=30).raise_for_status()


def _wait(where: Ground, count: str, number: int) -> None:
    with psycopg.connect(where.database_url, autocommit=True) as connection:
        for _ in range(600):
            row = connection.execute(count.encode()).fetchone()
            if row and row[0] >= number:
                return
            time.sleep(0.5)
    raise RuntimeError(f"{count} did not reach {number}")


def _figures(where: Ground) -> list[Figure]:
    with psycopg.connect(where.database_url) as connection:
        row = connection.execute(
            "SELECT min(s), percentile_cont(0.5) WITHIN GROUP (ORDER BY s),"
            " percentile_cont(0.99) WITHIN GROUP (ORDER BY s), max(s)"
            " FROM (SELECT EXTRACT(epoch FROM finished_at - (SELECT max(received_at) FROM event)) AS s"
            " FROM delivery WHERE state = 'sent') mails"
        ).fetchone()
    assert row
    first, median, late, last = map(float, row)
    name = f"event to inbox, {FOLLOWERS:,} immediate followers"
    return [
        Figure(f"{name}, first", first, "s", asked=2, aim=2),
        Figure(f"{name}, p50", median, "s"),
        Figure(f"{name}, p99", late, "s", asked=60, aim=20),
        Figure(f"{name}, last", last, "s", asked=60, aim=20),
    ]


if __name__ == "__main__":
    print(*run(), sep="\n")

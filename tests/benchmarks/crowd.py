"""A crowd of subscribers and a day's news, put into PostgreSQL by the quickest way: for benchmarks alone.

Each follows three topics, 60 % trials and 40 % conditions, by Zipf's law: the k-th topic has 1/k of the first
one's followers.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import psycopg

from service.crypto.email_addresses import (
    PURPOSE,
    AddressIndex,
    SubscriberIdentity,
    encrypt_subscriber,
    new_secret,
)
from service.crypto.keyring import Keyring
from service.domain.buckets import IN_USE, SHIFT
from service.domain.trials.change import Change
from service.domain.trials.comparison.diff import diff
from service.domain.trials.events.snapshot import read_snapshot
from service.domain.trials.news.announcements import announcements_for
from tests.integration.workers.world import snapshot

TOPICS_EACH = 3
#: So long that a digest of three trials has 27 KB on the wire.
LINE = "Able to walk, to eat and to sleep as before. "


@dataclass(frozen=True)
class Crowd:
    """The numbers of people and topics: the first `hot_conditions` conditions have news, and some trials."""

    subscribers: int
    trials: int
    conditions: int
    hot_conditions: int
    hot_trial_every: int


def settle(url: str, crowd: Crowd, keyring: Keyring | None = None) -> None:
    """Fills an empty database. With a `keyring` each address is sealed, so that it can be written to."""
    with psycopg.connect(url, autocommit=True) as connection:
        now = datetime.now(UTC)
        connection.execute("SET session_replication_role = replica")  # foreign keys unchecked: much faster
        _add_topics(connection, crowd)
        connection.execute(
            "INSERT INTO slot (id, frequency, zone, hour, weekday, low_water_seq, due_at)"
            " VALUES (1, 'daily', 'UTC', 0, 0, 0, %s)",
            (now - timedelta(days=2),),
        )
        if keyring is None:
            _add_unreadable_people(connection, crowd, now)
        else:
            _add_people(connection, crowd, keyring, now)
        _add_subscriptions(connection, crowd, now)
        connection.execute("VACUUM ANALYZE")


def append_news(url: str, crowd: Crowd, *, words: bool = True) -> int:
    """A day's news: each hot trial changes, each hot condition gets a new trial. Returns the log's end.

    Without `words` only the columns that planning reads.
    """
    seq = 0
    now = datetime.now(UTC)
    with psycopg.connect(url) as connection:
        hot = connection.execute(
            "SELECT id, key, kind FROM topic WHERE CASE kind WHEN 'trial' THEN id %% %s = 0 ELSE id <= %s END"
            " ORDER BY id",
            (crowd.hot_trial_every, crowd.trials + crowd.hot_conditions),
        ).fetchall()
        rows: list[tuple[int, int, str, Change]] = []
        snapshots: dict[str, dict[str, Any]] = {}
        for topic_id, key, kind in hot:
            nct_id = key.partition(":")[2] if kind == "trial" else f"NCT9{topic_id:07}"
            reported = _news(nct_id, key, kind, snapshots) if words else [_SAMPLE]
            for change in reported:
                seq += 1
                rows.append((seq, topic_id, nct_id, change))
        with connection.cursor() as cursor:
            columns = "seq, nct_id, kind, level, before, after, recorded_at"
            with cursor.copy(f"COPY change ({columns}) FROM STDIN") as copy:
                for number, _, nct_id, change in rows:
                    before, after = (_json(value) for value in (change.before, change.after))
                    copy.write_row((number, nct_id, change.kind, int(change.level), before, after, now))
            with cursor.copy("COPY change_topic (topic_id, seq) FROM STDIN") as copy:
                for number, topic_id, _, _ in rows:
                    copy.write_row((topic_id, number))
            with cursor.copy(
                "COPY trial (nct_id, topic_id, revision, state, snapshot, digest, updated_at) FROM STDIN"
            ) as copy:
                for nct_id, held in snapshots.items():
                    copy.write_row((nct_id, 1, 2, "present", msgspec.json.encode(held).decode(), "-", now))
        connection.execute(
            "UPDATE topic SET last_seq = c.seq, last_any_seq = c.seq FROM"
            " (SELECT topic_id, max(seq) AS seq FROM change_topic GROUP BY 1) c WHERE c.topic_id = topic.id"
        )
        connection.execute("UPDATE log_head SET seq = %s", (seq,))
    return seq


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _of_trial(nct_id: str, **changes: Any) -> dict[str, Any]:
    lines = "\n".join(f"* {number}. {LINE}" for number in range(changes.pop("lines", 20)))
    criteria = f"Inclusion Criteria:\n\n{lines}\n\nExclusion Criteria:\n\n* Another study within 30 days"
    places = [{"facility": f"Hospital {n}", "city": f"Place {n}", "country": "Italy"} for n in range(8)]
    return snapshot(
        nct_id,
        eligibility={"criteria": criteria, "minimum_age": "1 Year", "maximum_age": "25 Years"},
        locations=places,
        **changes,
    )


def _news(nct_id: str, key: str, kind: str, snapshots: dict[str, dict[str, Any]]) -> list[Change]:
    """The changes of a trial, or a condition's new trial, as comparing its snapshots finds them."""
    condition = {"id": key.partition(":")[2], "name": f"illness {key.partition(':')[2]}"}
    if kind == "trial":
        before = _of_trial(nct_id)
        after = read_snapshot(
            {**_of_trial(nct_id, lines=34), "revision": 2, "status": "RECRUITING", "conditions": [condition]}
        )
        snapshots[nct_id] = after
        return diff(before, after)
    fresh = _of_trial(nct_id, status="RECRUITING", conditions=[condition], summary=LINE * 8)
    snapshots[nct_id] = fresh
    return list(announcements_for(None, fresh, lambda _: (), date.today()).values())


_SAMPLE = diff(_of_trial("NCT00000001"), {**_of_trial("NCT00000001"), "status": "RECRUITING"})[0]


def _add_topics(connection: psycopg.Connection[Any], crowd: Crowd) -> None:
    connection.execute(
        "INSERT INTO topic (id, key, kind, name, followable, last_seq, last_any_seq)"
        " SELECT n, 'trial:NCT' || lpad(n::text, 8, '0'), 'trial', 'A study', true, 0, 0"
        " FROM generate_series(1, %s) n",
        (crowd.trials,),
    )
    connection.execute(
        "INSERT INTO topic (id, key, kind, name, followable, last_seq, last_any_seq)"
        " SELECT %s + n, 'condition:X' || n, 'condition', 'illness ' || n, true, 0, 0"
        " FROM generate_series(1, %s) n",
        (crowd.trials, crowd.conditions),
    )


_PERSON = "public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet"


def _people(crowd: Crowd, keyring: Keyring) -> Iterator[tuple[bytes, bytes, bytes]]:
    index = AddressIndex(b"0" * 32)
    for number in range(crowd.subscribers):
        address, public_id = f"person{number}@example.org", os.urandom(16)
        yield (
            public_id,
            index.of(address),
            encrypt_subscriber(keyring, SubscriberIdentity(address, new_secret()), public_id),
        )


def _add_people(connection: psycopg.Connection[Any], crowd: Crowd, keyring: Keyring, now: datetime) -> None:
    key_id = keyring.current_key_id(PURPOSE)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY subscriber (bucket, id, {_PERSON}, created_at, confirmed_at) FROM STDIN") as copy,
    ):
        for number, keys in enumerate(_people(crowd, keyring), start=1):
            bucket = number % IN_USE
            copy.write_row(
                (bucket, number << SHIFT | bucket, *keys, key_id, "en", "UTC", 0, 0, True, now, now)
            )


def _add_unreadable_people(connection: psycopg.Connection[Any], crowd: Crowd, now: datetime) -> None:
    connection.execute(
        f"INSERT INTO subscriber (bucket, id, {_PERSON}, created_at, confirmed_at)"
        f" SELECT n %% {IN_USE}, n << {SHIFT} | n %% {IN_USE}, sha256(n::text::bytea),"
        " sha256(('i' || n)::bytea), repeat('s', 70)::bytea, 1,"
        " 'en', 'UTC', 0, 0, true, %s, %s FROM generate_series(1, %s::bigint) n",
        (now, now, crowd.subscribers),
    )


def _add_subscriptions(connection: psycopg.Connection[Any], crowd: Crowd, now: datetime) -> None:
    """Three each: the rank of a topic is a power of the number of topics, which is Zipf's law."""
    connection.execute("SELECT setseed(0.5), setval('row_id', %s)", (crowd.subscribers,))
    connection.execute(
        "INSERT INTO subscription (bucket, id, subscriber_id, topic_id, confirmation_id, state, frequency,"
        " small_changes, active_seq, in_planning, created_at, activated_at)"
        f" SELECT person %% {IN_USE}, nextval('row_id') << {SHIFT} | person %% {IN_USE},"
        f" person << {SHIFT} | person %% {IN_USE}, CASE WHEN is_trial THEN power(%s, luck)::bigint"
        " ELSE %s + power(%s, luck)::bigint END, 0, 'active', 'daily', false, 0, true, %s, %s"
        " FROM (SELECT person, random() < 0.6 AS is_trial, random() AS luck"
        " FROM generate_series(1, %s::bigint) person, generate_series(1, %s)) subscription"
        " ON CONFLICT DO NOTHING",
        (crowd.trials, crowd.trials, crowd.conditions, now, now, crowd.subscribers, TOPICS_EACH),
    )
    connection.execute(
        "INSERT INTO cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, behind)"
        " SELECT bucket, id, 'daily', 1, 0, 0, false FROM subscriber"
    )

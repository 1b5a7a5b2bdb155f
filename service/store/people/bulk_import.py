"""Many people and what they follow at once, for imports: a few statements a bucket for thousands of lines."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import SHIFT, bucket_of, bucket_of_index, by_bucket
from service.domain.subscription import ENDED_FOR_GOOD, SubscriptionState
from service.store import change_log
from service.store.sql import tables as t
from service.store.sql.bulk import bulk_insert, in_values, insert
from service.store.sql.database import is_postgresql, one_shard_after_the_other
from service.store.sql.ids import take_numbers
from service.store.sql.keys import by_id, by_ids, of_subscribers, with_keys

#: SQLite's cache in KiB (negative), and the pages between two checkpoints. A batch touches pages all over the
#: indexes: with the defaults each of them was written several times.
_CACHE = "PRAGMA cache_size = -65536"
_CHECKPOINT = "PRAGMA wal_autocheckpoint = 16000"


class Person(NamedTuple):
    """The columns of a subscriber that an import needs."""

    id: int
    timezone: str
    hour: int
    weekday: int
    confirmed_at: datetime | None


async def prepare(connection: AsyncConnection) -> None:
    """Lets this transaction write many rows at once, of all buckets."""
    await one_shard_after_the_other(connection)
    if not is_postgresql(connection):
        await connection.exec_driver_sql(_CACHE)
        await connection.exec_driver_sql(_CHECKPOINT)


async def suppressed(connection: AsyncConnection, indexes: Collection[bytes]) -> dict[bytes, str]:
    """The reasons of those among the addresses that must not be written to."""
    c = t.suppression.c
    rows = await connection.execute(
        select(c.address_index, c.reason).where(in_values(connection, c.address_index, indexes))
    )
    return {row.address_index: row.reason for row in rows}


async def add_suppressions(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Suppresses addresses; of one that is suppressed already the reason stays."""
    await bulk_insert(connection, insert(connection, t.suppression).on_conflict_do_nothing(), rows)


async def people(
    connection: AsyncConnection, indexes: Collection[bytes], *, lock: bool
) -> dict[bytes, Person]:
    """The subscribers among the addresses, by index; with `lock` until the end of the transaction."""
    a, c = t.address.c, t.subscriber.c
    known = select(a.subscriber_id).where(in_values(connection, a.email_index, indexes))
    columns = (c.email_index, *(c[name] for name in Person._fields))
    found: dict[bytes, Person] = {}
    for _, ids in sorted(by_bucket((await connection.execute(known)).scalars()).items()):
        theirs = select(*columns).where(by_ids(connection, t.subscriber, ids)).order_by(c.id)
        rows = await connection.execute(theirs.with_for_update() if lock else theirs)
        found |= {index: Person(*person) for index, *person in rows}
    return found


async def add_people(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> dict[bytes, Person]:
    """Creates subscribers, and returns them by index; of an address that is there already nothing changes."""
    if not rows:
        return {}
    new = {}
    for number, row in zip(await take_numbers(connection, len(rows)), rows, strict=True):
        bucket = bucket_of_index(row["email_index"])
        new[number << SHIFT | bucket] = {"bucket": bucket, "id": number << SHIFT | bucket, **row}
    a = t.address.c
    wanted = [
        {"email_index": row["email_index"], "bucket": row["bucket"], "subscriber_id": number}
        for number, row in new.items()
    ]
    await bulk_insert(connection, insert(connection, t.address).on_conflict_do_nothing(), wanted)
    mine = select(a.subscriber_id).where(
        in_values(connection, a.email_index, [row["email_index"] for row in rows])
    )
    theirs = new.keys() & set((await connection.execute(mine)).scalars())
    created = [new[number] for number in sorted(theirs)]
    await bulk_insert(connection, insert(connection, t.subscriber), created)
    return {row["email_index"]: Person(*(row[name] for name in Person._fields)) for row in created}


async def change(connection: AsyncConnection, person: Person, columns: Mapping[str, Any]) -> Person:
    """Sets columns of a subscriber who has no cursor yet; returns them as they are then."""
    await connection.execute(update(t.subscriber).where(by_id(t.subscriber, person.id)).values(**columns))
    return person._replace(**{name: columns[name] for name in Person._fields if name in columns})


async def followed(connection: AsyncConnection, ids: Collection[int]) -> set[tuple[int, int]]:
    """The active subscriptions of the subscribers: pairs of subscriber and effective topic."""
    c, topic = t.subscription.c, t.topic.c
    found: set[tuple[int, int]] = set()
    for theirs in by_bucket(ids).values():
        rows = await connection.execute(
            select(c.subscriber_id, c.topic_id, topic.joined_id)
            .join(t.topic, topic.id == c.topic_id)
            .where(of_subscribers(connection, t.subscription, theirs), c.state == SubscriptionState.ACTIVE)
        )
        found |= {(row.subscriber_id, row.joined_id or row.topic_id) for row in rows}
    return found


async def left(connection: AsyncConnection, ids: Collection[int]) -> dict[tuple[int, int], datetime]:
    """The times at which the subscribers themselves last ended a subscription, by subscriber and effective
    topic.
    """
    c, topic = t.subscription.c, t.topic.c
    found: dict[tuple[int, int], datetime] = {}
    for theirs in by_bucket(ids).values():
        rows = await connection.execute(
            select(c.subscriber_id, c.topic_id, topic.joined_id, c.ended_at)
            .join(t.topic, topic.id == c.topic_id)
            .where(
                of_subscribers(connection, t.subscription, theirs),
                c.state == SubscriptionState.ENDED,
                c.end_reason.in_(ENDED_FOR_GOOD),
            )
            .order_by(c.ended_at)
        )
        found |= {(row.subscriber_id, row.joined_id or row.topic_id): row.ended_at for row in rows}
    return found


async def add_active(
    connection: AsyncConnection, rows: Sequence[Mapping[str, Any]], slots: Mapping[tuple[int, str], int]
) -> None:
    """Adds active subscriptions, and the cursors of `slots`, by subscriber and frequency, from now on."""
    seq = await change_log.head(connection)
    cursors = [
        {
            "bucket": bucket_of(subscriber_id),
            "subscriber_id": subscriber_id,
            "frequency": frequency,
            "slot_id": slot_id,
            "seq": seq,
            "prior_seq": 0,
            "behind": False,
        }
        for (subscriber_id, frequency), slot_id in slots.items()
    ]
    await bulk_insert(connection, insert(connection, t.cursor).on_conflict_do_nothing(), cursors)
    active = {"state": SubscriptionState.ACTIVE.value, "active_seq": seq, "in_planning": True}
    subscriptions = await with_keys(connection, [{**row, **active, "confirmation_id": 0} for row in rows])
    await bulk_insert(connection, insert(connection, t.subscription).on_conflict_do_nothing(), subscriptions)


async def recorded_consents(
    connection: AsyncConnection, ids: Collection[int]
) -> set[tuple[int, str, datetime]]:
    """Which consents of the subscribers are recorded: subscriber, kind and moment."""
    c = t.consent.c
    found: set[tuple[int, str, datetime]] = set()
    for theirs in by_bucket(ids).values():
        kinds = select(c.subscriber_id, c.kind, c.at).where(of_subscribers(connection, t.consent, theirs))
        found |= {(row.subscriber_id, row.kind, row.at) for row in await connection.execute(kinds)}
    return found


async def add_consents(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds records of consents; `evidence` is encrypted for each subscriber."""
    await bulk_insert(connection, insert(connection, t.consent), await with_keys(connection, rows))


async def known_wordings(connection: AsyncConnection, digests: Collection[str]) -> set[str]:
    """Which of the texts with these SHA-256 are kept."""
    found = select(t.wording.c.sha256).where(t.wording.c.sha256.in_(digests))
    return set((await connection.execute(found)).scalars())

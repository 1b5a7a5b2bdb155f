"""All people and what they follow, batch by batch, for exports."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import by_bucket
from service.domain.subscription import SubscriptionState
from service.store.people import canaries
from service.store.people.consents import consent_rows
from service.store.people.rows import Consent
from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.keys import by_ids, of_subscribers, same_subscriber
from service.store.sql.rows import fetch_all

_s, _person = t.subscription.c, t.subscriber.c


class ActiveSubscription(NamedTuple):
    """An active subscription with its topic's key, and its subscriber, whose address is encrypted."""

    id: int
    subscriber_id: int
    frequency: str
    activated_at: datetime | None
    small_changes: bool
    filters: Mapping[str, Any] | None
    key: str
    sealed: bytes
    public_id: bytes
    locale: str
    timezone: str
    hour: int
    weekday: int
    discreet: bool
    paused_until: datetime | None


async def subscriptions(
    connection: AsyncConnection, bucket: int, *, after: int, limit: int
) -> list[ActiveSubscription]:
    """The active subscriptions of a bucket with ids above `after`, with their encrypted subscribers.

    Canaries are left out: another installation has its own.
    """
    synthetic = await canaries.subscriber_ids(connection)
    statement = (
        select(
            _s.id,
            _s.subscriber_id,
            _s.frequency,
            _s.activated_at,
            _s.small_changes,
            _s.filters,
            t.topic.c.key,
            _person.sealed,
            _person.public_id,
            _person.locale,
            _person.timezone,
            _person.hour,
            _person.weekday,
            _person.discreet,
            _person.paused_until,
        )
        .join(t.topic, t.topic.c.id == _s.topic_id)
        .join(t.subscriber, same_subscriber(t.subscription, t.subscriber))
        .where(_s.bucket == bucket, _s.state == SubscriptionState.ACTIVE, _s.id > after)
        .where(_s.subscriber_id.not_in(synthetic))
        .order_by(_s.id)
        .limit(limit)
    )
    return await fetch_all(connection, ActiveSubscription, statement)


async def consents(connection: AsyncConnection, ids: Collection[int]) -> dict[int, list[Consent]]:
    """The consents of a bucket's subscribers in order, each with the exact text and terms that were shown."""
    theirs = consent_rows().where(of_subscribers(connection, t.consent, ids)).order_by(t.consent.c.id)
    found = dict[int, list[Consent]]()
    for row in await fetch_all(connection, Consent, theirs):
        found.setdefault(row.subscriber_id, []).append(row)
    return found


class Suppressed(NamedTuple):
    """A suppression; with the encrypted subscriber, where there is one."""

    address_index: bytes
    reason: str
    source: str
    created_at: datetime
    sealed: bytes | None
    public_id: bytes | None


async def suppressions(connection: AsyncConnection, *, after: bytes, limit: int) -> list[Suppressed]:
    """The suppressions with indexes above `after`, with the encrypted subscriber where there is one."""
    c = t.suppression.c
    statement = select(t.suppression).where(c.address_index > after).order_by(c.address_index).limit(limit)
    rows = (await connection.execute(statement)).all()
    owners = await _owners(connection, [row.address_index for row in rows])
    return [Suppressed(*row, *owners.get(row.address_index, (None, None))) for row in rows]


async def _owners(
    connection: AsyncConnection, indexes: Collection[bytes]
) -> dict[bytes, tuple[bytes, bytes]]:
    """The sealed values of the subscribers of these addresses, and their public ids, by index."""
    a = t.address.c
    known = select(a.subscriber_id).where(in_values(connection, a.email_index, indexes))
    found: dict[bytes, tuple[bytes, bytes]] = {}
    for ids in by_bucket((await connection.execute(known)).scalars()).values():
        columns = (_person.email_index, _person.sealed, _person.public_id)
        theirs = select(*columns).where(by_ids(connection, t.subscriber, ids))
        found |= {index: (sealed, public_id) for index, sealed, public_id in await connection.execute(theirs)}
    return found

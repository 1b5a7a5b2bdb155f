"""All people and what they follow, batch by batch, for exports."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import SubscriptionState
from service.store.sql import tables as t
from service.store.sql.bulk import in_values

_s, _person = t.subscription.c, t.subscriber.c


async def subscriptions(connection: AsyncConnection, *, after: int, limit: int) -> Sequence[Any]:
    """The active subscriptions with ids above `after`, with their encrypted subscribers."""
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
        .join(t.subscriber, _person.id == _s.subscriber_id)
        .where(_s.state == SubscriptionState.ACTIVE, _s.id > after)
        .order_by(_s.id)
        .limit(limit)
    )
    return (await connection.execute(statement)).all()


async def consents(connection: AsyncConnection, ids: Collection[int]) -> dict[int, list[Any]]:
    """The consents of subscribers in order, each with the exact text and the terms that were shown."""
    c = t.consent.c
    statement = (
        select(
            t.consent,
            t.wording.c.text.label("wording"),
            t.terms.c.text.label("terms_text"),
            t.terms.c.sha256.label("terms_sha256"),
        )
        .outerjoin(t.wording, t.wording.c.sha256 == c.wording_sha256)
        .outerjoin(t.terms, t.terms.c.version == c.terms_version)
        .where(in_values(connection, c.subscriber_id, ids))
        .order_by(c.id)
    )
    found = dict[int, list[Any]]()
    for row in await connection.execute(statement):
        found.setdefault(row.subscriber_id, []).append(row)
    return found


async def suppressions(connection: AsyncConnection, *, after: bytes, limit: int) -> Sequence[Any]:
    """The suppressions with indexes above `after`, with the encrypted subscriber where there is one."""
    c = t.suppression.c
    statement = (
        select(t.suppression, _person.sealed, _person.public_id)
        .outerjoin(t.subscriber, _person.email_index == c.address_index)
        .where(c.address_index > after)
        .order_by(c.address_index)
        .limit(limit)
    )
    return (await connection.execute(statement)).all()

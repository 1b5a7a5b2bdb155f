"""Claimed deliveries with everything that decides whether and how they are sent, loaded per batch."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import common_bucket
from service.domain.delivery.eligibility import Ineligibility
from service.runtime.cooperative import YIELD_EVERY, cooperatively
from service.store.mail.eligibility import reasons, with_suppressions
from service.store.sql import tables as t
from service.store.sql.built_once import IN_BUCKET, NOW, built_once, in_parameter, numbers_given
from service.store.sql.columns import UtcDateTime
from service.store.sql.keys import by_id, of_subscriber

#: The time after the confirmation within which a digest may be a reader's first, if digests are kept for that
#: long.
WELCOME = timedelta(days=62)


class ClaimedDelivery(NamedTuple):
    """A delivery, its reader and its digest; columns of a reader or a digest that it has not are None.

    A named tuple: a row of SQLAlchemy takes ten times as long to give an attribute. `first_attempt_at` is in
    UTC; `context` and `sealed` are sealed; `topics`: see `digests.read_topics`; `is_first`: see `_is_first`.
    The last fields, one for each Ineligibility and named by it, say whether it holds.
    """

    id: int
    kind: str
    subscriber_id: int
    digest_id: Any  # int | None
    run_id: Any  # int | None
    context: bytes | None
    priority: int
    message_key: str
    attempts: int
    first_attempt_at: datetime
    public_id: bytes
    sealed: Any  # bytes | None
    email_index: Any  # bytes | None
    locale: str
    discreet: bool
    frequency: str
    topics: str
    to_seq: int
    catches_up: bool
    period_start_seq: int
    is_first: bool
    erased: bool
    suppressed: bool
    not_confirmed: bool
    run_cancelled: bool
    run_put_off: bool
    paused: bool
    terms_not_agreed: bool


async def load(
    connection: AsyncConnection, ids: Collection[int], now: datetime, kept: timedelta
) -> list[ClaimedDelivery]:
    """The current rows of these claimed deliveries of one bucket, by priority and age.

    `kept`: how long digests are kept.
    """
    values = {
        "in_bucket": common_bucket(ids),
        "ids": numbers_given(connection, ids),
        "now": now,
        "confirmed_after": now - min(WELCOME, kept),
    }
    found = await connection.execute(_load(connection), values)
    rows: list[ClaimedDelivery] = []
    async for part in cooperatively(found.partitions(YIELD_EVERY)):
        rows += starmap(ClaimedDelivery, part)
    return rows


@built_once
def _load(connection: AsyncConnection) -> Any:
    d, person, digest, run = t.delivery.c, t.subscriber.c, t.digest.c, t.run.c
    against = reasons(NOW)
    against[Ineligibility.SUPPRESSED] &= d.passes_suppression.is_(None) | (
        d.passes_suppression != t.suppression.c.reason
    )
    people = t.delivery.outerjoin(t.subscriber, and_(person.bucket == d.bucket, person.id == d.subscriber_id))
    return (
        # In the order of ClaimedDelivery's fields.
        select(
            d.id,
            d.kind,
            d.subscriber_id,
            d.digest_id,
            d.run_id,
            d.context,
            d.priority,
            d.message_key,
            d.attempts,
            d.first_attempt_at,
            person.public_id,
            person.sealed,
            person.email_index,
            person.locale,
            person.discreet,
            digest.frequency,
            digest.topics,
            digest.to_seq,
            digest.catches_up,
            run.period_start_seq,
            _is_first(),
            *(against[reason] for reason in Ineligibility),
        )
        .select_from(with_suppressions(people))
        .outerjoin(t.digest, and_(digest.bucket == d.bucket, digest.id == d.digest_id))
        .outerjoin(t.run, run.id == d.run_id)
        .where(d.bucket == IN_BUCKET, in_parameter(connection, d.id, "ids"))
        .order_by(d.priority, d.id)
    )


def _is_first() -> ColumnElement[bool]:
    """Whether the digest is the first one that its reader gets.

    Only of those who confirmed lately: older digests are deleted in time, and nobody is welcomed twice.
    """
    earlier, digest = t.digest.alias("earlier").c, t.digest.c
    before = and_(
        earlier.bucket == IN_BUCKET,
        earlier.subscriber_id == digest.subscriber_id,
        earlier.id < digest.id,
    )
    confirmed_after = bindparam("confirmed_after", type_=UtcDateTime())
    return _is_welcome(before, earlier, confirmed_after).label("is_first")


def _is_welcome(before: ColumnElement[bool], earlier: Any, confirmed_after: Any) -> ColumnElement[bool]:
    written = exists().where(before, earlier.reported.is_not(None), ~earlier.rolled_back)
    return and_(t.subscriber.c.confirmed_at > confirmed_after, ~written)


async def next_is_first(
    connection: AsyncConnection, subscriber_id: int, now: datetime, kept: timedelta
) -> bool:
    """Whether a digest that a person got now would be their first one; `kept`: how long digests are kept."""
    after = now - min(WELCOME, kept)
    welcome = _is_welcome(of_subscriber(t.digest, subscriber_id), t.digest.c, after)
    found = select(welcome).where(by_id(t.subscriber, subscriber_id))
    return bool((await connection.execute(found)).scalar())

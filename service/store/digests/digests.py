"""Digests: reading the coverage of planned digests."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import common_bucket
from service.domain.delivery.eligibility import Ineligibility
from service.domain.delivery.states import WAITING
from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.keys import by_id, of_subscriber, of_subscribers, same_subscriber
from service.store.sql.rows import columns_of, fetch_all, fetch_first


class Digest(NamedTuple):
    """A digest with its reader's language and address, when it was planned, and the start of its period.

    `topics`: see `read_topics`. `reported`: the coverage of its mail, None before it is written.
    """

    id: int
    subscriber_id: int
    run_id: int
    topics: str
    to_seq: int
    reported: Mapping[str, Any] | None
    catches_up: bool
    locale: str
    email_index: bytes
    planned_at: datetime
    period_start_seq: int


async def get(connection: AsyncConnection, digest_id: int) -> Digest | None:
    """A digest, or None after retention deleted it."""
    statement = (
        select(
            *columns_of(Digest, t.digest),
            t.subscriber.c.locale,
            t.subscriber.c.email_index,
            t.run.c.planned_at,
            t.run.c.period_start_seq,
        )
        .join(t.subscriber, same_subscriber(t.digest, t.subscriber))
        .join(t.run, t.run.c.id == t.digest.c.run_id)
        .where(by_id(t.digest, digest_id))
    )
    return await fetch_first(connection, Digest, statement)


class CoveringDigest(NamedTuple):
    """The coverage of a digest: as planned (`topics`, see `read_topics`) and as written (`reported`)."""

    id: int
    subscriber_id: int
    topics: str
    to_seq: int
    reported: Mapping[str, Any] | None


class ReportingDigest(NamedTuple):
    """As CoveringDigest, with its run, and whether its mail `waits` to be sent."""

    id: int
    subscriber_id: int
    run_id: int
    topics: str
    to_seq: int
    reported: Mapping[str, Any] | None
    waits: bool


def its_mail(bucket: int | BindParameter[int]) -> ColumnElement[bool]:
    """Joins the mail of a digest of this bucket.

    Not all of the person's mails are read: it has the digest's number, or once had a later one.
    """
    digest, mail = t.digest.c, t.delivery.c
    return and_(
        mail.bucket == bucket,
        same_subscriber(t.delivery, t.digest),
        mail.id >= digest.id,
        mail.digest_id == digest.id,
    )


async def covering_after(
    connection: AsyncConnection, subscriber_ids: Collection[int], seq: int
) -> list[CoveringDigest]:
    """The digests of these people, all of one bucket, that cover changes after `seq`.

    Digests that were rolled back are left out.
    """
    d = t.digest.c
    statement = select(*columns_of(CoveringDigest, t.digest)).where(
        of_subscribers(connection, t.digest, subscriber_ids), d.to_seq > seq, ~d.rolled_back
    )
    return await fetch_all(connection, CoveringDigest, statement)


async def reported_from(
    connection: AsyncConnection, subscriber_ids: Collection[int], seq: int
) -> list[ReportingDigest]:
    """The digests of these people that report on `seq` or later, but for those that were rolled back."""
    d = t.digest.c
    waits = exists().where(its_mail(common_bucket(subscriber_ids)), t.delivery.c.state.in_(WAITING))
    statement = select(*columns_of(ReportingDigest, t.digest), waits.label("waits")).where(
        of_subscribers(connection, t.digest, subscriber_ids), d.to_seq >= seq, ~d.rolled_back
    )
    return await fetch_all(connection, ReportingDigest, statement)


async def withheld(
    connection: AsyncConnection, subscriber_ids: Collection[int], run_ids: Collection[int]
) -> list[CoveringDigest]:
    """The digests of these runs to these people, all of one bucket, whose mail was cancelled with its run."""
    mail = its_mail(common_bucket(subscriber_ids))
    cancelled = exists().where(mail, t.delivery.c.outcome == Ineligibility.RUN_CANCELLED)
    statement = select(*columns_of(CoveringDigest, t.digest)).where(
        of_subscribers(connection, t.digest, subscriber_ids),
        in_values(connection, t.digest.c.run_id, run_ids),
        cancelled,
    )
    return await fetch_all(connection, CoveringDigest, statement)


async def topics_of_mail(
    connection: AsyncConnection, delivery_id: int, subscriber_id: int
) -> list[str] | None:
    """The keys of the topics that a digest's mail to this person covered.

    None for other mail, after retention, and for a digest that is not written yet.
    """
    statement = (
        select(t.digest.c.reported)
        .join(
            t.delivery,
            and_(t.delivery.c.bucket == t.digest.c.bucket, t.delivery.c.digest_id == t.digest.c.id),
        )
        .where(by_id(t.delivery, delivery_id), t.delivery.c.subscriber_id == subscriber_id)
    )
    reported = (await connection.execute(statement)).scalar()
    return list(reported["topics"]) if reported else None


async def mail_of(connection: AsyncConnection, digest: Digest) -> int | None:
    """The number of a mail of this digest; None before it is queued, and after retention."""
    mail = t.delivery.c
    statement = select(mail.id).where(
        of_subscriber(t.delivery, digest.subscriber_id),
        mail.id >= digest.id,  # not all of the person's mails: it has the digest's number, or a later one
        mail.digest_id == digest.id,
    )
    return (await connection.execute(statement.limit(1))).scalar()


def reported_trials(reported: Mapping[str, Any] | None) -> Sequence[str]:
    """The trials that a digest reported, as stored with it; none before it is written."""
    return reported["trials"] if reported else ()


def reported_by_others(reported: Mapping[str, Any] | None) -> dict[int, tuple[tuple[int, int], ...]]:
    """The parts of the log that a digest left out because other digests covered them, by topic."""
    kept: Mapping[str, list[list[int]]] = (reported or {}).get("by_others") or {}
    return {int(topic_id): tuple((low, high) for low, high in parts) for topic_id, parts in kept.items()}


def read_topics(topics: str) -> dict[int, int]:
    """The topics of a digest, each with the seq after which it is covered.

    A topic that was followed again before the end of its first subscription was reported is there twice, in
    any order: both are covered from the first one's seq.
    """
    if not topics:
        return {}
    numbers = map(int, topics.replace(":", ",").split(","))
    pairs = zip(numbers, numbers, strict=True)  # from one iterator: by pairs
    return dict(sorted(pairs, reverse=True))


def topics_of(digest: CoveringDigest | ReportingDigest) -> dict[int, int]:
    """The topics of a digest's row, as `read_topics`; none if they can't be read."""
    return read_topics(digest.topics) if can_be_read(digest.topics) else {}


def can_be_read(topics: str) -> bool:
    """Whether `read_topics` can parse a digest's stored topics."""
    try:
        read_topics(topics)
    except ValueError:
        return False
    return True

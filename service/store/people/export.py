"""All data of a subscriber, table by table; the caller decrypts the sealed columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Table, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import bucket_of_index
from service.domain.delivery.states import DeliveryState
from service.store.digests.digests import reported_trials
from service.store.people import consents
from service.store.people.rows import AddressChange, Consent, Cursor
from service.store.sql import tables as t
from service.store.sql.keys import of_subscriber
from service.store.sql.rows import R, columns_of, fetch_all, named


class ExportedSubscription(NamedTuple):
    """A subscription with its topic's key and name."""

    key: str
    name: str | None
    state: str
    frequency: str
    filters: Mapping[str, Any] | None
    small_changes: bool
    created_at: datetime
    activated_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    active_seq: int
    resume_after_seq: int | None
    confirmation_id: int
    older_number: str | None


class ExportedMail(NamedTuple):
    """A delivery; `context` is encrypted."""

    subscriber_id: int
    message_key: str
    kind: str
    state: str
    outcome: str | None
    passes_suppression: str | None
    server_reply: str | None
    created_at: datetime
    first_attempt_at: datetime | None
    finished_at: datetime | None
    attempts: int
    history: Sequence[Any] | None
    digest_id: int | None
    context: bytes | None


class ExportedDigest(NamedTuple):
    """A digest; `topics`: see `digests.read_topics`."""

    id: int
    frequency: str
    from_seq: int
    to_seq: int
    topics: str
    reported: Mapping[str, Any] | None


class FailedMails(NamedTuple):
    """The mails that failed since one arrived last."""

    failures: Sequence[str]


@dataclass(frozen=True, slots=True)
class PersonRows:
    """A subscriber's rows of each table that has any, by the table's name."""

    subscription: Sequence[ExportedSubscription]
    cursor: Sequence[Cursor]
    consent: Sequence[Consent]
    delivery: Sequence[ExportedMail]
    digest: Sequence[ExportedDigest]
    bounce_count: Sequence[FailedMails]
    address_change: Sequence[AddressChange]


async def rows_of(connection: AsyncConnection, subscriber_id: int) -> PersonRows:
    """All rows of a subscriber, each table's in order."""

    async def table_rows(table: Table, kind: type[R], order: str = "id") -> list[R]:
        mine = of_subscriber(table, subscriber_id)
        rows = select(*columns_of(kind, table)).where(mine).order_by(table.c[order])
        return await fetch_all(connection, kind, rows)

    topic, subscription = t.topic.c, t.subscription
    followed = (
        select(topic.key, topic.name, *columns_of(ExportedSubscription, subscription))
        .join(t.topic, topic.id == subscription.c.topic_id)
        .where(of_subscriber(subscription, subscriber_id))
        .order_by(subscription.c.id)
    )
    return PersonRows(
        subscription=await fetch_all(connection, ExportedSubscription, followed),
        cursor=await table_rows(t.cursor, Cursor, "frequency"),
        consent=await consents.of(connection, subscriber_id),
        delivery=await table_rows(t.delivery, ExportedMail),
        digest=await table_rows(t.digest, ExportedDigest),
        bounce_count=await table_rows(t.bounce_count, FailedMails, "subscriber_id"),
        address_change=await table_rows(t.address_change, AddressChange),
    )


async def counted_mails(connection: AsyncConnection, mailbox: bytes) -> Sequence[Any]:
    """Times (UTC) of the mails counted against this mailbox's limit."""
    counted = t.mail_quota.c
    where = (counted.bucket == bucket_of_index(mailbox)) & (counted.mailbox == mailbox)
    statement = select(counted.at).where(where).order_by(counted.at)
    return (await connection.execute(statement)).scalars().all()


async def topic_keys(connection: AsyncConnection, topic_ids: set[int]) -> dict[int, str]:
    """The keys of topics (`trial:…`, `condition:…`) by their ids."""
    rows = await connection.execute(
        select(t.topic.c.id, t.topic.c.key).where(t.topic.c.id.in_(sorted(topic_ids)))
    )
    return {row.id: row.key for row in rows}


@dataclass(frozen=True, slots=True)
class ReportedTrial:
    """A trial that a digest reported, by its newest title."""

    nct_id: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail that was sent to a person: its kind, when (UTC), and the trials it reported."""

    kind: str
    at: datetime
    frequency: str | None
    trials: tuple[ReportedTrial, ...]


async def mails_of(connection: AsyncConnection, subscriber_id: int, *, limit: int = 50) -> list[SentMail]:
    """The newest mails of a person that were sent, newest first."""
    statement = (
        select(
            t.delivery.c.kind,
            t.delivery.c.created_at,
            t.delivery.c.finished_at,
            t.digest.c.frequency,
            named(t.digest.c.reported),
        )
        .join(
            t.digest,
            and_(t.digest.c.bucket == t.delivery.c.bucket, t.digest.c.id == t.delivery.c.digest_id),
            isouter=True,
        )
        .where(of_subscriber(t.delivery, subscriber_id), t.delivery.c.state == DeliveryState.SENT)
        .order_by(t.delivery.c.id.desc())
        .limit(limit)
    )
    rows = (await connection.execute(statement)).all()
    covered = await trials(connection, {nct_id for row in rows for nct_id in reported_trials(row.reported)})
    return [
        SentMail(
            row.kind,
            row.finished_at or row.created_at,
            row.frequency,
            tuple(covered[nct_id] for nct_id in reported_trials(row.reported) if nct_id in covered),
        )
        for row in rows
    ]


async def trials(connection: AsyncConnection, nct_ids: set[str]) -> dict[str, ReportedTrial]:
    """The trials of these numbers, by their newest titles; one that is gone goes by its number."""
    found = {nct_id: ReportedTrial(nct_id, nct_id, None) for nct_id in nct_ids}
    wanted = sorted(nct_ids)
    for start in range(0, len(wanted), 500):
        where = t.trial.c.nct_id.in_(wanted[start : start + 500])
        for row in await connection.execute(select(t.trial.c.nct_id, t.trial.c.snapshot).where(where)):
            snapshot: dict[str, Any] = msgspec.json.decode(row.snapshot) if row.snapshot else {}
            found[row.nct_id] = ReportedTrial(
                row.nct_id, snapshot.get("title") or row.nct_id, snapshot.get("url")
            )
    return found

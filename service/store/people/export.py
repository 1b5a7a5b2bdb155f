"""All data of a subscriber, table by table; the caller decrypts the sealed columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import bucket_of_index
from service.domain.delivery.states import DeliveryState
from service.store.digests.digests import told_trials
from service.store.sql import tables as t
from service.store.sql.keys import of_subscriber


def _subscriptions(subscriber_id: int) -> Select[Any]:
    return (
        select(t.subscription, t.topic.c.key, t.topic.c.name)
        .join(t.topic, t.topic.c.id == t.subscription.c.topic_id)
        .where(of_subscriber(t.subscription, subscriber_id))
        .order_by(t.subscription.c.id)
    )


def _cursors(subscriber_id: int) -> Select[Any]:
    where = of_subscriber(t.cursor, subscriber_id)
    return select(t.cursor).where(where).order_by(t.cursor.c.frequency)


def _consents(subscriber_id: int) -> Select[Any]:
    return (
        select(
            t.consent,
            t.wording.c.text.label("wording"),
            t.terms.c.text.label("terms_text"),
            t.terms.c.sha256.label("terms_sha256"),
        )
        .outerjoin(t.wording, t.wording.c.sha256 == t.consent.c.wording_sha256)
        .outerjoin(t.terms, t.terms.c.version == t.consent.c.terms_version)
        .where(of_subscriber(t.consent, subscriber_id))
        .order_by(t.consent.c.id)
    )


def _deliveries(subscriber_id: int) -> Select[Any]:
    where = of_subscriber(t.delivery, subscriber_id)
    return select(t.delivery).where(where).order_by(t.delivery.c.id)


def _digests(subscriber_id: int) -> Select[Any]:
    where = of_subscriber(t.digest, subscriber_id)
    return select(t.digest).where(where).order_by(t.digest.c.id)


def _bounces(subscriber_id: int) -> Select[Any]:
    return select(t.bounce_count).where(of_subscriber(t.bounce_count, subscriber_id))


def _address_changes(subscriber_id: int) -> Select[Any]:
    where = of_subscriber(t.address_change, subscriber_id)
    return select(t.address_change).where(where).order_by(t.address_change.c.id)


#: The query of each table with subscriber data, by the table's name.
READ = {
    t.subscription.name: _subscriptions,
    t.cursor.name: _cursors,
    t.consent.name: _consents,
    t.delivery.name: _deliveries,
    t.digest.name: _digests,
    t.bounce_count.name: _bounces,
    t.address_change.name: _address_changes,
}


async def rows_of(connection: AsyncConnection, subscriber_id: int) -> dict[str, Sequence[Row[Any]]]:
    """The subscriber's rows of each table of `READ`."""
    return {name: (await connection.execute(read(subscriber_id))).all() for name, read in READ.items()}


async def suppression_of(connection: AsyncConnection, email_index: bytes) -> Row[Any] | None:
    """The suppression of the address (reason, time, source), or None."""
    where = t.suppression.c.address_index == email_index
    return (await connection.execute(select(t.suppression).where(where))).first()


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
class ToldTrial:
    """A trial that a digest told of, by its newest title."""

    nct_id: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail that was sent to a person: its kind, when (UTC), and the trials it told of."""

    kind: str
    at: datetime
    frequency: str | None
    trials: tuple[ToldTrial, ...]


async def mails_of(connection: AsyncConnection, subscriber_id: int, *, limit: int = 50) -> list[SentMail]:
    """The newest mails of a person that were sent, newest first."""
    statement = (
        select(
            t.delivery.c.kind,
            t.delivery.c.created_at,
            t.delivery.c.finished_at,
            t.digest.c.frequency,
            t.digest.c.told,
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
    told = await trials(connection, {nct_id for row in rows for nct_id in told_trials(row.told)})
    return [
        SentMail(
            row.kind,
            row.finished_at or row.created_at,
            row.frequency,
            tuple(told[nct_id] for nct_id in told_trials(row.told) if nct_id in told),
        )
        for row in rows
    ]


async def trials(connection: AsyncConnection, nct_ids: set[str]) -> dict[str, ToldTrial]:
    """The trials of these numbers, by their newest titles; one that is gone goes by its number."""
    found = {nct_id: ToldTrial(nct_id, nct_id, None) for nct_id in nct_ids}
    wanted = sorted(nct_ids)
    for start in range(0, len(wanted), 500):
        where = t.trial.c.nct_id.in_(wanted[start : start + 500])
        for row in await connection.execute(select(t.trial.c.nct_id, t.trial.c.snapshot).where(where)):
            snapshot: dict[str, Any] = msgspec.json.decode(row.snapshot) if row.snapshot else {}
            found[row.nct_id] = ToldTrial(
                row.nct_id, snapshot.get("title") or row.nct_id, snapshot.get("url")
            )
    return found

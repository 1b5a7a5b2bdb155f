"""Consents: the person, the text agreed to, when and how. Append-only."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.people.rows import Consent
from service.store.sql import tables as t
from service.store.sql.bulk import insert
from service.store.sql.keys import by_id, new_key_of, of_subscriber
from service.store.sql.rows import columns_of, fetch_all, fetch_first


class ConsentKind(StrEnum):
    """Kinds of consent records."""

    REQUESTED = "requested"  # a sign-up, not confirmed yet
    CONFIRMED = "confirmed"  # the explicit consent
    REACCEPTED = "reaccepted"  # a new version of the terms
    WITHDRAWN = "withdrawn"  # the person ended it
    DECLINED = "declined"  # "It wasn't me"
    IMPORTED = "imported"  # given elsewhere, as documented


async def store_wording(connection: AsyncConnection, wording: str) -> str:
    """Stores the exact text that was shown; returns its SHA-256, which is its key."""
    digest = sha256(wording.encode()).hexdigest()
    statement = insert(connection, t.wording).values(sha256=digest, text=wording)
    await connection.execute(statement.on_conflict_do_nothing())
    return digest


async def wordings(connection: AsyncConnection, digests: Collection[str]) -> dict[str, str]:
    """The texts with these SHA-256, as far as they are stored."""
    found = select(t.wording.c.sha256, t.wording.c.text).where(t.wording.c.sha256.in_(digests))
    return {row.sha256: row.text for row in await connection.execute(found)}


async def append(
    connection: AsyncConnection,
    subscriber_id: int,
    kind: ConsentKind,
    *,
    at: datetime,
    evidence: bytes,
    terms_version: str | None = None,
    wording_sha256: str | None = None,
) -> None:
    """Adds a record; `evidence` is encrypted for this subscriber."""
    await connection.execute(
        insert(connection, t.consent).values(
            **new_key_of(subscriber_id),
            kind=kind.value,
            at=at,
            terms_version=terms_version,
            wording_sha256=wording_sha256,
            evidence=evidence,
        )
    )


def consent_rows() -> Select[Any]:
    """Selects the columns of `Consent`."""
    wording, terms = t.wording.c, t.terms.c
    texts = (wording.text.label("wording"), terms.text.label("terms_text"))
    return (
        select(*columns_of(Consent, t.consent), *texts, terms.sha256.label("terms_sha256"))
        .outerjoin(t.wording, wording.sha256 == t.consent.c.wording_sha256)
        .outerjoin(t.terms, terms.version == t.consent.c.terms_version)
    )


async def of(connection: AsyncConnection, subscriber_id: int) -> list[Consent]:
    """A subscriber's consents in order."""
    mine = of_subscriber(t.consent, subscriber_id)
    return await fetch_all(connection, Consent, consent_rows().where(mine).order_by(t.consent.c.id))


async def newest(connection: AsyncConnection, subscriber_id: int, kind: ConsentKind) -> Consent | None:
    """A subscriber's last consent of a kind, or None."""
    mine = of_subscriber(t.consent, subscriber_id) & (t.consent.c.kind == kind.value)
    last = consent_rows().where(mine).order_by(t.consent.c.id.desc()).limit(1)
    return await fetch_first(connection, Consent, last)


async def key_of_mail(connection: AsyncConnection, delivery_id: int) -> str | None:
    """The key of a mail, such as the one that asked to confirm, while that is kept: the left part of its
    Message-ID."""
    statement = select(t.delivery.c.message_key).where(by_id(t.delivery, delivery_id))
    return (await connection.execute(statement)).scalar()

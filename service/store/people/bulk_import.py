"""Many people and what they follow at once, for imports: a few statements for hundreds of lines.

The caller sends the people of one group (`group_of`) in one transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import SubscriptionState
from service.store.changes import change_log
from service.store.sql import tables as t
from service.store.sql.bulk import bulk_insert, in_values, insert


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


async def people(connection: AsyncConnection, indexes: Collection[bytes], *, lock: bool) -> dict[bytes, Any]:
    """The subscribers among the addresses, by index; with `lock` until the end of the transaction."""
    c = t.subscriber.c
    columns = (c.id, c.email_index, c.timezone, c.hour, c.weekday, c.confirmed_at)
    found = select(*columns).where(in_values(connection, c.email_index, indexes)).order_by(c.id)
    rows = await connection.execute(found.with_for_update() if lock else found)
    return {row.email_index: row for row in rows}


async def add_people(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Creates subscribers; of an address that is there already nothing changes."""
    statement = insert(connection, t.subscriber).on_conflict_do_nothing(index_elements=["email_index"])
    await bulk_insert(connection, statement, rows)


async def confirm(connection: AsyncConnection, ids: Collection[int], now: datetime) -> None:
    """Confirms the subscribers that nobody confirmed yet."""
    c = t.subscriber.c
    unconfirmed = in_values(connection, c.id, ids) & c.confirmed_at.is_(None)
    await connection.execute(update(t.subscriber).where(unconfirmed).values(confirmed_at=now))


async def followed(connection: AsyncConnection, ids: Collection[int]) -> set[tuple[int, int]]:
    """The active subscriptions of the subscribers: pairs of subscriber and topic, as it stands."""
    c, stands = t.subscription.c, t.topic.c
    rows = await connection.execute(
        select(c.subscriber_id, c.topic_id, stands.joined_id)
        .join(t.topic, stands.id == c.topic_id)
        .where(in_values(connection, c.subscriber_id, ids), c.state == SubscriptionState.ACTIVE)
    )
    return {(row.subscriber_id, row.joined_id or row.topic_id) for row in rows}


async def add_active(
    connection: AsyncConnection, rows: Sequence[Mapping[str, Any]], slots: Mapping[tuple[int, str], int]
) -> None:
    """Adds active subscriptions, and the cursors of `slots`, by subscriber and frequency, from now on."""
    seq = await change_log.head(connection)
    cursors = [
        {
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
    active = {"state": SubscriptionState.ACTIVE.value, "active_seq": seq, "listening": True}
    subscriptions = [{**row, **active, "confirmation_id": 0} for row in rows]
    await bulk_insert(connection, insert(connection, t.subscription).on_conflict_do_nothing(), subscriptions)


async def recorded_consents(
    connection: AsyncConnection, ids: Collection[int]
) -> set[tuple[int, str, datetime]]:
    """Which consents of the subscribers are recorded: subscriber, kind and moment."""
    c = t.consent.c
    rows = await connection.execute(
        select(c.subscriber_id, c.kind, c.at).where(in_values(connection, c.subscriber_id, ids))
    )
    return {(row.subscriber_id, row.kind, row.at) for row in rows}


async def add_consents(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds records of consents; `evidence` is encrypted for each subscriber."""
    await bulk_insert(connection, insert(connection, t.consent), rows)


async def known_wordings(connection: AsyncConnection, digests: Collection[str]) -> set[str]:
    """Which of the texts with these SHA-256 are kept."""
    found = select(t.wording.c.sha256).where(t.wording.c.sha256.in_(digests))
    return set((await connection.execute(found)).scalars())

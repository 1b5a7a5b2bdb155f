"""The standing cast of these tests. Alice follows a trial and a condition; Bob is another person."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.email_addresses import new_subscriber_columns
from service.crypto.sealed_json import EVIDENCE, seal_json
from service.domain.digests.schedule import Frequency
from service.store.people import consents, subscribers, subscriptions, terms
from service.store.people.consents import ConsentKind
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.store.topics import topics
from service.system import System

ALICE = "Alice.Example@mail.example.org"
BOB = "bob@example.org"

TRIAL = "trial:NCT04787263"
CONDITION = "condition:MONDO:0004967"
WORDING = "I want to get mail about these topics. What I follow can say something about health."


async def sign_up(
    connection: AsyncConnection, system: System, address: str, *, now: datetime | None = None
) -> int:
    """A person who asked to follow both topics and has not confirmed."""
    moment = now or datetime.now(UTC)
    subscriber_id = await subscribers.create(
        connection,
        **new_subscriber_columns(system.keyring, system.addresses, address),
        locale="en",
        timezone="Europe/Rome",
        now=moment,
    )
    await terms.publish(connection, "2026-01", "The terms of January.", now=moment)
    ids = await topics.ensure_topics(connection, [TRIAL, CONDITION])
    for topic_id in ids.values():
        await subscriptions.add_pending(
            connection,
            subscriber_id,
            topic_id,
            frequency=Frequency.WEEKLY,
            filters={"countries": ["IT"]},
            small_changes=False,
            now=moment,
        )
    await _witness(connection, system, subscriber_id, ConsentKind.REQUESTED, moment)
    return subscriber_id


async def _witness(
    connection: AsyncConnection, system: System, subscriber_id: int, kind: ConsentKind, now: datetime
) -> None:
    evidence = {"topics": [TRIAL, CONDITION], "network": "192.0.2.0/24", "locale": "en"}
    await consents.append(
        connection,
        subscriber_id,
        kind,
        at=now,
        evidence=seal_json(system.keyring, EVIDENCE, subscriber_id, evidence),
        terms_version="2026-01",
        wording_sha256=await consents.store_wording(connection, WORDING),
    )


async def confirm(
    connection: AsyncConnection, system: System, subscriber_id: int, *, now: datetime | None = None
) -> None:
    """The person's word that they asked."""
    moment = now or datetime.now(UTC)
    await subscribers.lock(connection, subscriber_id)
    await subscribers.change(connection, subscriber_id, confirmed_at=moment, terms_version="2026-01")
    await subscriptions.activate_pending(connection, subscriber_id, moment)
    await _witness(connection, system, subscriber_id, ConsentKind.CONFIRMED, moment)


async def follower(system: System, address: str = ALICE, *, now: datetime | None = None) -> int:
    """A person who asked and confirmed."""
    async with writing(system.database) as connection:
        subscriber_id = await sign_up(connection, system, address, now=now)
        await confirm(connection, system, subscriber_id, now=now)
    return subscriber_id


async def topic_id(connection: AsyncConnection, key: str) -> int:
    """The id of a topic that is there."""
    return int((await connection.execute(select(t.topic.c.id).where(t.topic.c.key == key))).scalar_one())

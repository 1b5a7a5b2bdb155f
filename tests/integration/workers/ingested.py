"""Events handed to ingestion, and its results, for its tests."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from service.store.changes import events as stored_events
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.store.topics import topics
from service.system import System
from tests.keys import key_of
from tests.odd_rows import store_row
from workers.ingest.events import ingest_events

TRIAL, OTHER, THIRD = "NCT00000001", "NCT00000002", "NCT00000003"
NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


async def received(system: System, *events: dict[str, Any]) -> int:
    """The events as the endpoint stores them, then ingested."""
    await stored(system, *events)
    return await ingest_events(system)


async def stored(system: System, *events: dict[str, Any]) -> None:
    """The events as the endpoint stores them."""
    rows = [
        {
            "source": event["source"],
            "event_id": event["id"],
            "type": event["type"],
            "subject": event["subject"],
            "received_at": NOW,
            "body": json.dumps(event),
            "state": "received",
        }
        for event in events
    ]
    async with writing(system.database) as connection:
        for row in rows:  # in this order: a batch is stored in that of its ids
            await stored_events.add(connection, [row])


async def log(system: System) -> list[tuple[str, str, str, Any, Any]]:
    """The valid entries of the log: topic, trial, kind, before, after; in the order of revisions."""
    async with reading(system.database) as connection:
        c = t.change.c
        found = await connection.execute(
            select(t.topic.c.key, c.nct_id, c.kind, c.before, c.after)
            .join(t.change_topic, t.change_topic.c.seq == c.seq)
            .join(t.topic, t.topic.c.id == t.change_topic.c.topic_id)
            .where(c.replaced_seq.is_(None))
            .order_by(c.revision, c.seq, t.topic.c.key)
        )
        return [tuple(row) for row in found]


async def reported(system: System) -> list[tuple[str, str, str]]:
    return [row[:3] for row in await log(system)]


async def states(system: System) -> list[str]:
    async with reading(system.database) as connection:
        return list((await connection.execute(select(t.event.c.state).order_by(t.event.c.id))).scalars())


async def trial(system: System, nct_id: str = TRIAL) -> Any:
    async with reading(system.database) as connection:
        return (await connection.execute(select(t.trial).where(t.trial.c.nct_id == nct_id))).one()


async def follower(system: System, *keys: str, person: int = 1, state: str = "active") -> None:
    """A person who follows topics that exist or not yet."""
    async with writing(system.database) as connection:
        mine = (t.subscriber.c.bucket == person) & (t.subscriber.c.id == person)
        known = await connection.execute(select(t.subscriber.c.id).where(mine))
        if known.first() is None:
            values = {
                "bucket": person,
                "id": person,
                "public_id": bytes([person]),
                "email_index": bytes([person]),
            }
            await store_row(connection, t.subscriber, **values, sealed=b"", key_id=1, created_at=NOW)
        for topic_id in (await topics.ensure_topics(connection, keys)).values():
            await store_row(
                connection,
                t.subscription,
                **key_of(person),
                topic_id=topic_id,
                state=state,
                frequency="daily",
                active_seq=7,
                resume_after_seq=5,
                filters={"countries": ["IT"]},
                small_changes=True,
                in_planning=state == "active",
                created_at=NOW,
                activated_at=NOW if state == "active" else None,
            )


async def following(system: System, person: int = 1) -> list[tuple[str, str, str | None, bool]]:
    async with reading(system.database) as connection:
        s = t.subscription.c
        found = await connection.execute(
            select(t.topic.c.key, s.state, s.end_reason, s.in_planning)
            .join(t.topic, t.topic.c.id == s.topic_id)
            .where(s.bucket == person, s.subscriber_id == person)
            .order_by(t.topic.c.key, s.id)
        )
        return [tuple(row) for row in found]

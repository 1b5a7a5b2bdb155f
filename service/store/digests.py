"""Digests: what they cover, read again after they were planned."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import tables as t

#: Subscriptions that ended for these reasons are told of the end once, by a digest planned afterwards.
TOLD_ONCE = ("removed", "merged")


async def get(connection: AsyncConnection, digest_id: int) -> Row[Any] | None:
    """A digest with its reader's language and the time it was planned; None when it is kept no more."""
    statement = (
        select(t.digest, t.subscriber.c.locale, t.run.c.planned_at)
        .join(t.subscriber, t.subscriber.c.id == t.digest.c.subscriber_id)
        .join(t.run, t.run.c.id == t.digest.c.run_id)
        .where(t.digest.c.id == digest_id)
    )
    return (await connection.execute(statement)).first()


def told_trials(told: Mapping[str, Sequence[str]] | None) -> Sequence[str]:
    """The trials that a digest told of, as it keeps them; none for one that was not written yet."""
    return told["trials"] if told else ()


def read_topics(topics: str) -> dict[int, int]:
    """The topics of a digest, each with the seq from which it is told."""
    if not topics:
        return {}
    numbers = map(int, topics.replace(":", ",").split(","))
    return dict(zip(numbers, numbers, strict=True))  # from one iterator: by pairs

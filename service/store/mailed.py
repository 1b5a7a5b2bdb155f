"""What a mail that went out was about, for as long as it is kept."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import tables as t
from service.store.digests import read_topics


async def topics_of(connection: AsyncConnection, delivery_id: int, subscriber_id: int) -> list[int] | None:
    """The topics of a digest's delivery to this person; None for other mail, and for what is kept no more."""
    statement = (
        select(t.digest.c.topics)
        .join(t.delivery, t.delivery.c.digest_id == t.digest.c.id)
        .where(t.delivery.c.id == delivery_id, t.delivery.c.subscriber_id == subscriber_id)
    )
    topics = (await connection.execute(statement)).scalar()
    return list(read_topics(topics)) if topics else None

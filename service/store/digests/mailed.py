"""What a mail that went out told of, for as long as it is kept."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql import tables as t


async def topics_of(connection: AsyncConnection, delivery_id: int, subscriber_id: int) -> list[str] | None:
    """The keys of the topics that a digest's mail to this person told of.

    None for other mail, for what is kept no more, and for a digest that was not written yet.
    """
    statement = (
        select(t.digest.c.told)
        .join(t.delivery, t.delivery.c.digest_id == t.digest.c.id)
        .where(t.delivery.c.id == delivery_id, t.delivery.c.subscriber_id == subscriber_id)
    )
    told = (await connection.execute(statement)).scalar()
    return list(told["topics"]) if told else None

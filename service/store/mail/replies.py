"""Servers' replies to mails that they accepted, stored row by row."""

from collections.abc import Mapping

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import bucket_of
from service.domain.delivery.states import DeliveryState
from service.store.sql import tables as t

_d = t.delivery.c


async def store_replies(connection: AsyncConnection, replies: Mapping[int, str]) -> None:
    """Stores the reply to each sent mail. For SQLite, which in one statement would read all for each row."""
    one = (_d.bucket == bindparam("in_bucket")) & (_d.id == bindparam("number"))
    stored = update(t.delivery).where(one, _d.state == DeliveryState.SENT)
    rows = [
        {"in_bucket": bucket_of(number), "number": number, "reply": reply}
        for number, reply in replies.items()
    ]
    await connection.execute(stored.values(server_reply=bindparam("reply")), rows)

"""Signed bodies posted to `/v1/events`, and how many events are stored."""

import httpx
from sqlalchemy import func, select

from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.events import signed


async def stored(system: System) -> int:
    async with reading(system.database) as connection:
        return (await connection.execute(select(func.count()).select_from(t.event))).scalar_one()


async def sent(client: httpx.AsyncClient, body: bytes, **headers: str | None) -> httpx.Response:
    return await client.post("/v1/events", content=body, headers=signed(body, **headers))

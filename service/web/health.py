"""Health: whether the process lives, and whether everything it depends on answers."""

import asyncio
from collections.abc import Awaitable

from litestar import Response, get
from sqlalchemy import text

from service.store import schema
from service.store.database import reading
from service.system import System
from service.web.inject import OpenSystem

_SECONDS = 3.0


@get("/health/live", summary="Whether the process lives")
async def live() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "ok"}


async def _database(system: System) -> str:
    async with reading(system.database) as connection:
        await connection.execute(text("SELECT 1"))
    return "ok"


async def _schema(system: System) -> str:
    current = await schema.current_revision(system.database)
    return "ok" if current == schema.newest_revision() else "not up to date: run trial-alerts migrate"


async def _redis(system: System) -> str:
    await system.redis.ping()
    return "ok"


async def _answer(check: Awaitable[str]) -> str:
    try:
        return await asyncio.wait_for(check, _SECONDS)
    except Exception:  # any failure of a dependency means the same here: it is away
        return "away"


@get("/health/ready", summary="Whether every dependency answers")
async def ready(system: OpenSystem) -> Response[dict[str, object]]:
    """Names each dependency; 503 when one is away."""
    names = ("database", "schema", "redis")
    answers = await asyncio.gather(
        _answer(_database(system)), _answer(_schema(system)), _answer(_redis(system))
    )
    well = all(answer == "ok" for answer in answers)
    body: dict[str, object] = {
        "status": "ok" if well else "unavailable",
        "checks": dict(zip(names, answers, strict=True)),
    }
    return Response(body, status_code=200 if well else 503, headers={"Cache-Control": "no-store"})

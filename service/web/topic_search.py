"""GET /v1/topics: the topics that can be followed, for a search field."""

from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from service.domain.conditions import display_name
from service.store import topics
from service.store.database import reading
from service.web.inject import OpenSystem

_LONGEST = 100


@get("/v1/topics", summary="Search the topics that can be followed")
async def search(system: OpenSystem, q: FromQuery[str] = "") -> Response[list[Any]]:
    """Up to 20 conditions and known trials whose names, number or title hold `q`, the nearest first."""
    async with reading(system.database) as connection:
        found = await topics.search(connection, q[:_LONGEST])
    body = [
        {
            "key": topic.key,
            "name": display_name(topic.name or "") if topic.kind == "condition" else topic.name,
            "kind": topic.kind,
        }
        for topic in found
    ]
    return Response(body, headers={"Cache-Control": "public, max-age=60"})

"""GET /v1/topics: the topics that can be followed, for a search field."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromQuery

from service.actions import search_topics
from service.actions.search_topics import FoundTopic
from service.web.http.deps import OpenSystem
from service.web.http.search_limit import too_many_searches


@get("/v1/topics", summary="Search the topics that can be followed")
async def search(
    request: Request[Any, Any, Any], system: OpenSystem, q: FromQuery[str] = ""
) -> Response[Any]:
    """Up to 20 conditions and known trials whose names, number or title hold every word of `q`, the nearest
    first; a number or id, such as MONDO:0004967, finds that topic alone. A condition comes with the name of
    a broader one (`parent`), where there is one. Answers 429 with Retry-After when too many searches come
    from one network."""
    if problem := await too_many_searches(request, system):
        raise problem
    async with system.reading() as connection:
        found = await search_topics.search(connection, q)
    body = [_shown(topic) for topic in found]
    return Response(body, headers={"Cache-Control": "public, max-age=60"})


def _shown(topic: FoundTopic) -> dict[str, Any]:
    shown = {"key": topic.key, "name": topic.name, "kind": topic.kind}
    return shown | ({"parent": topic.above} if topic.above else {})

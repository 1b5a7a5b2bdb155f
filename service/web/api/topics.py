"""GET /v1/topics: the topics that can be followed, for a search field."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromQuery

from service import rate_limit
from service.actions import search_topics
from service.actions.search_topics import FoundTopic
from service.domain.wording.messages import lazy_gettext as _
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem


async def too_many_searches(request: Request[Any, Any, Any], system: System) -> Problem | None:
    """Counts a search of the visitor's network, on any page; returns a Problem (429) above the limit."""
    network = client.network(request, system.settings)
    wait = await rate_limit.seconds_to_wait(system, "search", network, system.settings.search_limit)
    message = _("Too many searches came from your network. Please try again in a few minutes.")
    return Problem(429, message, headers={"Retry-After": str(wait)}) if wait else None


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

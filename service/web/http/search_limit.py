"""The limit on searches for topics, counted per network over all pages and the API."""

from typing import Any

from litestar import Request

from service import rate_limit
from service.domain.wording.messages import lazy_gettext as _
from service.system import System
from service.web.http import client
from service.web.http.problems import Problem


async def too_many_searches(request: Request[Any, Any, Any], system: System) -> Problem | None:
    """Counts a search of the visitor's network, on any page; returns a Problem (429) above the limit."""
    network = client.network(request, system.settings)
    wait = await rate_limit.seconds_to_wait(system, "search", network, system.settings.search_limit)
    message = _("Too many searches came from your network. Please try again in a few minutes.")
    return Problem(429, message, headers={"Retry-After": str(wait)}) if wait else None

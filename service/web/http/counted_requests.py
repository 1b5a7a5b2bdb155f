"""Requests for mail as they are counted against their network: not those that failed by a fault of ours.

Visitors who try again and again while the database is away would otherwise be refused once it is back.
"""

from typing import Any

from litestar import Request
from litestar.types import Scope

from service import rate_limit
from service.redis.rate_counters import Usage
from service.store.sql.database import is_away
from service.system import System
from service.web.http import client
from service.web.http.problems import Problem

_COUNTED = "counted_network"


async def counted(request: Request[Any, Any, Any], system: System) -> Usage:
    """Counts the request against its network, unless `give_back_if_ours` undoes that."""
    network = client.network(request, system.settings)
    load = await rate_limit.count(system, network)
    request.state[_COUNTED] = network
    return load


async def give_back_if_ours(error: Exception, scope: Scope) -> None:
    """Takes back the counts of `counted` if the request is answered with 503."""
    network = scope.get("state", {}).pop(_COUNTED, None)
    unavailable = error.status_code == 503 if isinstance(error, Problem) else is_away(error)
    if network is not None and unavailable:
        await rate_limit.give_back(scope["litestar_app"].state.system, network)

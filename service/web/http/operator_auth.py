"""Authenticates operators by their token, for the API and the dashboard's sign-in."""

import hmac
from typing import Any

import structlog
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from service import rate_limit
from service.configuration.settings import Settings
from service.web.http import client
from service.web.http.problems import Problem

TOO_MANY_TRIES = "Too many wrong tokens came lately. Please try again in a few minutes."

#: Log of operators' actions: the action and a row's id, never an address.
actions = structlog.get_logger("operators")


def is_token(settings: Settings, given: str) -> bool:
    """Whether `given` is the operators' token, compared in constant time."""
    expected = settings.admin_token.encode()
    return bool(expected) and hmac.compare_digest(given.encode(), expected)


def bearer(authorization: str) -> str:
    """The token of an Authorization header (RFC 6750 §2.1), "" if it has none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def check_token(connection: ASGIConnection[Any, Any, Any, Any], given: str) -> bool:
    """Whether `given` is the operators' token. Raises a Problem (429) after too many wrong ones."""
    system = connection.app.state.system
    right = is_token(system.settings, given)
    if not given:
        return False
    wait = await rate_limit.try_token(system, client.network(connection, system.settings), right=right)
    if wait:
        actions.warning("token_tries_limited", seconds=wait)
        raise Problem(429, TOO_MANY_TRIES, headers={"Retry-After": str(wait)})
    if not right:
        actions.warning("token_refused")
    return right


async def operators_only(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Raises a Problem unless the request carries the operators' token: 401, or 429 after too many tries."""
    given = bearer(connection.headers.get("authorization", ""))
    if not await check_token(connection, given):
        error = ', error="invalid_token"' if given else ""
        raise Problem(
            401,
            "This needs the operators' token: Authorization: Bearer ….",
            headers={"WWW-Authenticate": f'Bearer realm="operators"{error}'},
        )

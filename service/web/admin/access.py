"""Who may use the operators' API: whoever holds the token. The dashboard's sign-in asks the same."""

import hmac
from typing import Any

import structlog
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from service.settings import Settings
from service.web.problems import Problem

#: What operators do is logged: the action and a number, never an address.
actions = structlog.get_logger("operators")


def is_token(settings: Settings, given: str) -> bool:
    """Whether `given` is the operators' token, compared in constant time."""
    wanted = settings.admin_token.encode()
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted)


def bearer(authorization: str) -> str:
    """The token of an Authorization header (RFC 6750 §2.1), "" when it holds none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def operators_only(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Raises a Problem (401) unless the request carries the operators' token."""
    given = bearer(connection.headers.get("authorization", ""))
    if not is_token(connection.app.state.system.settings, given):
        error = ', error="invalid_token"' if given else ""
        raise Problem(
            401,
            "This needs the operators' token: Authorization: Bearer ….",
            headers={"WWW-Authenticate": f'Bearer realm="operators"{error}'},
        )

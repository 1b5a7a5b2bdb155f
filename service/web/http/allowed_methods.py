"""Answers OPTIONS with all methods of a path.

The framework adds the handler of OPTIONS with the first other one of a path, and ignores the rest.
"""

from collections.abc import Callable, Iterable
from typing import Any

from litestar import Litestar, Response
from litestar.routes import HTTPRoute
from litestar.types import Scope

_OWN_NAME = "options_handler"  # the framework's


def allow_all_methods(app: Litestar) -> None:
    """Makes the framework's handlers of OPTIONS name all methods of their address."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            handler, _ = route.route_handler_map["OPTIONS"]
            if handler.fn.__name__ == _OWN_NAME:
                handler._fn = _answering(route.methods)  # called with what the signature of its own names


def _answering(methods: Iterable[str]) -> Callable[..., Any]:
    allowed = ", ".join(sorted(methods))

    def options_handler(scope: Scope) -> Response[None]:
        return Response(None, status_code=204, headers={"Allow": allowed})

    return options_handler

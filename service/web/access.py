"""The access log: method, route, status, time. The route's pattern stands for the path and its token."""

import time
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Send

_log = structlog.get_logger("access")


def logged(app: ASGIApp) -> ASGIApp:
    """Wraps `app` so that each request leaves one line."""

    async def middleware(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, watch)
        finally:
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            _log.info("request", method=scope["method"], route=_route(scope), status=status, ms=milliseconds)

    return middleware


def _route(scope: Any) -> str:
    return str(scope.get("path_template") or "unknown")

"""Logs and counts each request by method, route, status and duration.

The route's pattern replaces the path, which may contain a token.
"""

import time
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Send

from service.web.api.metrics import count_request

_log = structlog.get_logger("access")


def observed(app: ASGIApp) -> ASGIApp:
    """Wraps `app` so that each request is logged and counted."""

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
            seconds, method = time.perf_counter() - began, scope["method"]
            route = str(scope.get("path_template") or "unknown")
            count_request(method, route, status, seconds)
            _log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))

    return middleware

"""Logs and counts each request by method, route, status and duration, and gives it an id.

The route's pattern replaces the path, which may contain a token. All that is logged of a request carries its
`request_id`, in the worker that processes it too, and its answer has it as `X-Request-Id`.
"""

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Send

from service.runtime import tracing
from service.runtime.logs import log_request
from service.web.http.counters import count_request

#: Ids that others gave a request: W3C Trace Context (version, trace id, …), and those of proxies. They hold
#: hexadecimal digits alone, so that nobody writes anything else into the logs.
_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_REQUEST_ID = re.compile(rb"([0-9a-fA-F-]{8,36})")


def request_id(given: Mapping[bytes, bytes]) -> str:
    """The id that the headers `traceparent` or `x-request-id` give a request, or a new one."""
    for name, shape in ((b"traceparent", _TRACEPARENT), (b"x-request-id", _REQUEST_ID)):
        if name in given and (found := shape.fullmatch(given[name])):
            return found[1].decode()
    return secrets.token_hex(16)


def observed(app: ASGIApp) -> ASGIApp:
    """Wraps `app` so that each request is logged and counted."""

    async def middleware(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        headers = dict(scope["headers"])
        number = request_id(headers)

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", number.encode())]
            await send(message)

        bound = structlog.contextvars.bind_contextvars(request_id=number)
        traceparent = headers.get(b"traceparent", b"").decode("latin-1")
        try:
            with tracing.span("request", traceparent, request_id=number) as span:
                await app(scope, receive, watch)
                span.set_attribute("http.request.method", scope["method"])
                span.set_attribute("http.route", str(scope.get("path_template") or "unknown"))
                span.set_attribute("http.response.status_code", status)
        finally:
            seconds, method = time.perf_counter() - began, scope["method"]
            route = str(scope.get("path_template") or "unknown")
            count_request(method, route, status, seconds)
            log_request(number, method, route, status, round(seconds * 1000, 1))
            structlog.contextvars.reset_contextvars(**bound)

    return middleware

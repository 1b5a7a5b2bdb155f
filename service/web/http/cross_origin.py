"""Cross-origin requests: scripts of the website's pages may post the form and read the answers (CORS).

The framework's own middleware replaces `Vary` with `Origin` in what an allowed origin reads, refuses a
preflight in plain text, and takes every OPTIONS request with an Origin for a preflight.
"""

from collections.abc import Collection
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Send

from service.web.http.raw_problems import answering

#: The header that makes an OPTIONS request a preflight.
_METHOD = b"access-control-request-method"

_REFUSED = answering(400, "Pages of this origin may not send such a request.")


def readable_across_origins(app: ASGIApp, origins: Collection[str]) -> ASGIApp:
    """Wraps `app`, which scripts of `origins` may then use without cookies (Fetch standard, CORS protocol).

    `Vary: Origin` is not set here: every answer has it.
    """
    allowed = frozenset(origin.encode() for origin in origins)

    async def middleware(scope: Any, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        origin = headers.get(b"origin")
        if origin and _METHOD in headers and scope["method"] == "OPTIONS":
            permitted = _permitting(origin) if origin in allowed else _REFUSED
            await permitted(scope, receive, send)
        elif origin in allowed:
            await app(scope, receive, _readable(send, origin))
        else:
            await app(scope, receive, send)

    return middleware


def _permitting(origin: bytes) -> ASGIApp:
    """An application that answers a preflight; a browser may keep the answer for ten minutes."""
    headers = [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", b"content-type"),
        (b"access-control-max-age", b"600"),
    ]

    async def answer(_: Any, __: Any, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return answer


def _readable(send: Send, origin: bytes) -> Send:
    """`send`, with headers that let scripts of `origin` read the answer, and how long to wait (429, 503)."""
    readable = [
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", b"retry-after"),
    ]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            others = [pair for pair in message["headers"] if pair[0] != b"access-control-allow-origin"]
            message["headers"] = [*others, *readable]
        await send(message)

    return sending

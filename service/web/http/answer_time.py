"""Limits how long a visitor waits for an answer: a database that hangs, or a lock in it, gives none."""

from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.runtime.coarse_limit import CoarseLimit

#: Seconds for an answer, from the end of the request's body on. Proxies give up after a minute.
SECONDS = 20.0

#: Operators' actions may take longer: to release a run of a million mails, for example.
_UNLIMITED = ("/v1/admin", "/admin/")


def answered_in_time(app: ASGIApp) -> ASGIApp:
    """Middleware that raises TimeoutError in slow handlers, which is answered 503."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.WEBSOCKET or scope["path"].startswith(_UNLIMITED):
            await app(scope, receive, send)
            return
        limit = CoarseLimit()

        async def received() -> Any:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                limit.start(SECONDS)
            return message

        async def begun(message: Message) -> None:
            limit.stop()  # the server limits a client that does not read the answer
            await send(message)

        async with limit:
            if scope["method"] in ("GET", "HEAD"):
                limit.start(SECONDS)
            await app(scope, received, begun)

    return middleware

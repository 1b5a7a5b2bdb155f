"""The outermost middleware, which applies to every request and answer.

It checks Host, answers HEAD, handles the public path, chooses language and website, and sets headers.
Requests that the server refuses get an answer that their sender can read.
"""

from typing import Any

from litestar.types import ASGIApp, Message, Receive, Send

from service.domain.design import Website
from service.web.error_pages import refusing
from service.web.http.raw_problems import REFUSAL, answering
from service.web.http.reader import serve_reader
from service.web.http.response_headers import Headers, complete
from service.web.http.website_shown import serve_for

_ONE_HOST = answering(400, "A request of HTTP/1.1 has exactly one Host header, which names the host.")


def outermost(app: ASGIApp, base: str, website: Website) -> ASGIApp:
    """Wraps `app`, which browsers reach below `base` ("" or a path such as "/alerts"), for `website`."""
    below = base + "/"

    async def middleware(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        serve_for(website)
        if base and (scope["path"] == base or scope["path"].startswith(below)):
            scope["path"] = scope["path"][len(base) :] or "/"
            scope["raw_path"] = (scope.get("raw_path") or b"")[len(base) :] or b"/"
        serve_reader(scope, base)

        async def send_complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                scope["method"] = method
                message["headers"] = complete(_with_head(list(message["headers"])))
            await send(message)

        # HEAD is answered as GET everywhere (RFC 9110 §9.1): the server, which sees HEAD, sends no body.
        method = scope["method"]
        if method == "HEAD":
            scope["method"] = "GET"
        served = app if _names_one_host(scope) else _ONE_HOST
        if REFUSAL in scope:
            served = refusing(*scope[REFUSAL])
        await served(scope, receive, send_complete)

    return middleware


def _with_head(headers: Headers) -> Headers:
    """The headers; where `Allow` names GET, it names HEAD too."""
    for place, (name, value) in enumerate(headers):
        if name == b"allow":
            methods = value.split(b", ")
            if b"GET" in methods and b"HEAD" not in methods:
                headers[place] = (name, b", ".join(sorted([*methods, b"HEAD"])))
    return headers


def _names_one_host(scope: Any) -> bool:
    """Whether the Host header is valid in HTTP/1.1 (RFC 9112 §3.2); older clients need not send it."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if scope["http_version"] in ("1.0", "0.9"):
        return len(hosts) <= 1
    return len(hosts) == 1 and bool(hosts[0].strip())

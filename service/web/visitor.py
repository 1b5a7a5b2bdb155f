"""What is known of the visitor behind a request, as far as it may be kept: a network, a kind of browser."""

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from litestar import Request

from service.domain.networks import client_address, network_of
from service.settings import Settings

_PHONE = re.compile(r"Mobile|Android|iPhone|iPad", re.IGNORECASE)


def network(request: Request[Any, Any, Any], settings: Settings) -> str:
    """The network (/24 or /48) that the request comes from, behind proxies that are trusted."""
    peer = request.client.host if request.client else ""
    return network_of(client_address(peer, request.headers.get("x-forwarded-for"), settings.trusted_proxies))


def agent(request: Request[Any, Any, Any]) -> str:
    """The class of the browser: `phone`, `desktop`, `program` or `unknown`. The name itself is not kept."""
    name = request.headers.get("user-agent", "")
    if not name:
        return "unknown"
    if "Mozilla/" not in name:
        return "program"
    return "phone" if _PHONE.search(name) else "desktop"


def page_of(url: str | None) -> str | None:
    """A page's address without query and fragment, which may tell more than where a form stands."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))[:500]


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether the caller asks for JSON in so many words (a browser's form never does)."""
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept

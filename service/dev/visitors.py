"""Restricts the development pages to requests for their own host from their own pages.

They show every mail. A page on the internet can make a browser request 127.0.0.1 under a name of its own (DNS
rebinding), or post a form there; both are refused.
"""

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from service.domain.host_name import is_ip_address
from service.web.http.problems import Problem

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ANY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104

#: Values of Sec-Fetch-Site for requests of our own pages, and of typed URLs (Fetch Metadata).
_OWN = ("same-origin", "none")


def own_pages_only(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Raises a Problem: 421 for a host that is not ours (RFC 9110 §15.5.20), 403 for another site's post."""
    host, scope = connection.headers.get("host", ""), dict(connection.scope)
    if not _is_served(host, connection.app.state.dev_host, connection.app.state.system.settings.public_url):
        raise Problem(421, "The development pages are not served under this name.")
    if scope.get("method") not in ("GET", "HEAD") and not _is_own(connection.headers, host):
        raise Problem(403, "Only a page of this system may send this form.")


def _is_served(host: str, bound: str, public_url: str) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    if name in (bound.lower().strip("[]"), urlsplit(public_url).hostname):
        return True
    if bound in _LOOPBACK:
        return name in _LOOPBACK
    return bound in _ANY and (name in _LOOPBACK or is_ip_address(name))  # DNS can't redirect an address


def _is_own(headers: Any, host: str) -> bool:
    """Whether no other site caused the request. Programs other than browsers send neither header."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in _OWN
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()

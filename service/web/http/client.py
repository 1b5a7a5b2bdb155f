"""The properties of a visitor that may be stored: the network and the class of browser."""

import asyncio
import contextlib
import re
import time
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from redis.exceptions import RedisError

from service.actions.consent_record import Origin
from service.configuration.settings import Settings
from service.domain.client_network import client_address, is_private, is_within, network_of
from service.system import System
from service.web.http import proxy_warnings

_log = structlog.get_logger("proxies")

#: Minimum seconds between two warnings of a process about an untrusted proxy.
_REPORT_PAUSE = 600.0

#: Running tasks: the event loop has only weak references to them.
_tasks: set[asyncio.Task[None]] = set()

_PHONE = re.compile(r"Mobile|Android|iPhone|iPad", re.IGNORECASE)


def network(request: ASGIConnection[Any, Any, Any, Any], settings: Settings) -> str:
    """The network (/24 or /48) that the request comes from, behind proxies that are trusted."""
    peer = request.client.host if request.client else ""
    forwarded_for = request.headers.getall("x-forwarded-for", [])
    forwarded = request.headers.getall("forwarded", [])
    if not (forwarded_for or forwarded):
        return network_of(peer)
    trusted = settings.trusted_proxies
    if is_private(peer) and not is_within(peer, trusted):
        _report_proxy(request.app.state, network_of(peer))
    return network_of(client_address(peer, forwarded_for, forwarded, trusted))


def _report_proxy(state: State, network: str) -> None:
    """Warns, rate-limited and in the background, that an untrusted neighbour forwards requests."""
    now = time.monotonic()
    if now < state.get("proxy_reported_until", 0.0):
        return
    state.proxy_reported_until = now + _REPORT_PAUSE
    _log.warning("proxy_not_trusted", network=network, advice=proxy_warnings.ADVICE)
    task = asyncio.create_task(_record_proxy(state.system, network))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _record_proxy(system: System, network: str) -> None:
    with contextlib.suppress(RedisError, OSError, TimeoutError):  # the log has it
        await proxy_warnings.remember(system.redis, network)


def agent(request: Request[Any, Any, Any]) -> str:
    """The class of the browser: `phone`, `desktop`, `program` or `unknown`. Its name is not stored."""
    name = request.headers.get("user-agent", "")
    if not name:
        return "unknown"
    if "Mozilla/" not in name:
        return "program"
    return "phone" if _PHONE.search(name) else "desktop"


def origin(
    request: Request[Any, Any, Any], settings: Settings, path: str = "", *, media: str | None = None
) -> Origin:
    """The origin of a form, for the record of a consent. `path`: of the page with the form."""
    page = settings.public_url + path if path else None
    return Origin(network(request, settings), agent(request), page, media)


def page_of(url: str | None) -> str | None:
    """A page's URL without query and fragment, which may contain personal data."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))[:500]


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether the client explicitly accepts JSON (a browser's form never does)."""
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept

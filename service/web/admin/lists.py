"""The dashboard's lists: runs, events, mails, suppressions, terms and the audit log, each in pages.

A search by address or trial is posted, because the URL of a page ends up in logs.
"""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, post
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.states import DeliveryState
from service.domain.delivery.suppression import Reason
from service.domain.digests.run import RunState
from service.domain.trials.lifecycle import EventState
from service.store import audit
from service.store.admin import browse
from service.store.digests import runs
from service.store.people import terms
from service.system import System
from service.web.admin import session
from service.web.admin.api_types import LATELY, row_number
from service.web.admin.dashboard import RunRow
from service.web.admin.notices import NOTICES
from service.web.admin.session import Session
from service.web.admin.sign_in import sign_in_page
from service.web.admin.suppressions import open_place, seal_place
from service.web.http.deps import OpenSystem
from service.web.http.page_route import page_route
from service.web.http.problems import Problem
from service.web.pages import page

_ROWS = 50

Load = Callable[[AsyncConnection], Awaitable[Sequence[Any]]]


def _choice(request: Request[Any, Any, Any], name: str, values: type[StrEnum]) -> str | None:
    """The value of a query parameter, if it is one of an enum's."""
    given = request.query_params.get(name, "")
    return given if given in list(values) else None


def _before(request: Request[Any, Any, Any]) -> int | None:
    return row_number(request.query_params.get("before", ""))


def _next(rows: Sequence[Any], **filters: str | None) -> str:
    """The query of the next page, "" on the last one."""
    if len(rows) < _ROWS:
        return ""
    chosen = {name: value for name, value in filters.items() if value}
    return "?" + urlencode(chosen | {"before": rows[-1].id})


async def _listed(
    request: Request[Any, Any, Any],
    system: System,
    template: str,
    load: Load,
    *,
    choices: type[StrEnum] | None = None,
    chosen: str | None = None,
) -> Response[str]:
    """A page of rows, or the form to sign in."""
    signed_in = await session.current(request, system)
    if signed_in is None:
        return sign_in_page()
    async with system.reading() as connection:
        rows = await load(connection)
    return _shown(signed_in, template, rows, request, choices=choices, chosen=chosen)


def _shown(
    signed_in: Session,
    template: str,
    rows: Sequence[Any],
    request: Request[Any, Any, Any],
    *,
    choices: type[StrEnum] | None = None,
    chosen: str | None = None,
    searched: bool = False,
    more: str | None = None,
) -> Response[str]:
    return page(
        f"admin/{template}.html",
        csrf=signed_in.csrf,
        notice=NOTICES.get(request.query_params.get("done", ""), ""),
        problem="",
        current=template,
        rows=rows,
        choices=[str(choice) for choice in choices or ()],
        chosen=chosen or "",
        searched=searched,
        more=_next(rows, state=chosen) if more is None else more,
    )


@page_route("/runs")
async def show_runs(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Runs, of one state or of all."""
    state, before = _choice(request, "state", RunState), _before(request)

    async def load(connection: AsyncConnection) -> Sequence[Any]:
        return await runs.page(connection, state=state, before=before, limit=_ROWS)

    return await _listed(request, system, "runs", _as_rows(load), choices=RunState, chosen=state)


def _as_rows(load: Load) -> Load:
    async def loaded(connection: AsyncConnection) -> Sequence[Any]:
        return [RunRow(run) for run in await load(connection)]

    return loaded


@page_route("/events")
async def show_events(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Events, of one state or of all."""
    state, before = _choice(request, "state", EventState), _before(request)

    async def load(connection: AsyncConnection) -> Sequence[Any]:
        states = (state,) if state else ()
        return await browse.events(connection, states=states, before=before, limit=_ROWS)

    return await _listed(request, system, "events", load, choices=EventState, chosen=state)


@post("/events/search", status_code=200)
async def search_events(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """The newest events about one trial or condition."""
    signed_in, fields = await session.posted(request, system)
    async with system.reading() as connection:
        rows = await browse.events_about(connection, fields.text("subject").strip(), limit=_ROWS)
    return _shown(signed_in, "events", rows, request, choices=EventState, searched=True, more="")


@page_route("/deliveries")
async def show_deliveries(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Mails to all people, of one state or of all."""
    state, before = _choice(request, "state", DeliveryState), _before(request)
    since = system.now() - LATELY

    async def load(connection: AsyncConnection) -> Sequence[Any]:
        return await browse.deliveries(connection, since=since, state=state, before=before, limit=_ROWS)

    return await _listed(request, system, "deliveries", load, choices=DeliveryState, chosen=state)


@page_route("/suppressions")
async def show_suppressions(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Addresses that must not be written to, without the addresses."""
    signed_in = await session.current(request, system)
    if signed_in is None:
        return sign_in_page()
    reason, given = (
        _choice(request, "reason", Reason),
        request.query_params.get("before", "")[:400],
    )
    try:
        place = open_place(system.keyring, given) if given else None
    except Problem:
        place = None
    async with system.reading() as connection:
        rows = await browse.suppressions(connection, reason=reason, before=place, limit=_ROWS)
    more = ""
    if len(rows) == _ROWS:
        chosen = {"reason": reason} if reason else {}
        more = "?" + urlencode(chosen | {"before": seal_place(system.keyring, rows[-1])})
    return _shown(signed_in, "suppressions", rows, request, choices=Reason, chosen=reason, more=more)


@page_route("/terms")
async def show_terms(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Every version of the terms."""
    signed_in = await session.current(request, system)
    if signed_in is None:
        return sign_in_page()
    async with system.reading() as connection:
        rows = await terms.versions(connection)
    return _shown(signed_in, "terms", rows, request, more="")


@page_route("/audit")
async def show_audit(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Operators' actions."""
    before = _before(request)

    async def load(connection: AsyncConnection) -> Sequence[Any]:
        return await audit.page(connection, before=before, limit=_ROWS)

    return await _listed(request, system, "audit", load)

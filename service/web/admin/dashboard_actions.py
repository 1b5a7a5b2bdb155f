"""The dashboard's buttons: the operators' API behind a session and a CSRF token."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, post

from service.actions import look_up, mail_hold, suppressions
from service.actions.suppressions import AskedByPerson
from service.domain.delivery.suppression import OWN_REQUESTS
from service.email_address import InvalidAddress, normalize_email
from service.store.audit import Operator
from service.system import System
from service.web.admin import events, runs, session
from service.web.admin.api_types import Number
from service.web.admin.dashboard import dashboard
from service.web.admin.operator import ActingOperator
from service.web.admin.session import Session, to_dashboard
from service.web.http.deps import OpenSystem
from service.web.http.forms import Fields
from service.web.http.problems import Problem
from service.web.pages import page

_MAILS = 30


@post("/runs/{number:int}/release", status_code=303)
async def release_run(
    number: Number, request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[Any]:
    """Releases a held run."""

    async def act(_: Fields) -> str:
        await runs.release_one(system, number, operator)
        return "released"

    return await _carry_out(request, system, act)


@post("/runs/{number:int}/cancel", status_code=303)
async def cancel_run(
    number: Number, request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[Any]:
    """Cancels a run, its changes to be reported later or never: each has a button, neither is the default."""

    async def act(fields: Fields) -> str:
        news = runs.read_news(fields.text("news"))
        await runs.cancel_one(system, number, news, operator)
        return f"cancelled_{news}"

    return await _carry_out(request, system, act)


@post("/events/{number:int}/replay", status_code=303)
async def replay_event(
    number: Number, request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[Any]:
    """Replays an event."""

    async def act(_: Fields) -> str:
        await events.replay_one(system, operator, number)
        return "replayed"

    return await _carry_out(request, system, act)


@post("/events/{number:int}/discard", status_code=303)
async def discard_event(
    number: Number, request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[Any]:
    """Sets a failed event aside."""

    async def act(_: Fields) -> str:
        return "discarded" if await events.discard_one(system, operator, number) else "not_discarded"

    return await _carry_out(request, system, act)


@post("/mail/hold", status_code=303)
async def hold_mail(
    request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[Any]:
    """Holds all mail."""
    await session.posted(request, system)
    await mail_hold.hold(system, operator, system.now())
    return to_dashboard(done="mail_held")


@post("/mail/release", status_code=303)
async def release_mail(
    request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[Any]:
    """Ends the hold of all mail."""
    await session.posted(request, system)
    await mail_hold.release(system, operator, system.now())
    return to_dashboard(done="mail_released")


@post("/search", status_code=200)
async def search(
    request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[str]:
    """Looks up the mails to an address, and its suppression."""
    signed_in, fields = await session.posted(request, system)
    return await _found(request, system, signed_in, fields.text("email"), looked_up_by=operator)


@post("/suppress", status_code=200)
async def suppress(
    request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[str]:
    """Suppresses an address."""
    signed_in, fields = await session.posted(request, system)
    address = fields.text("email")
    try:
        await suppressions.add(system, operator, address, now=system.now())
    except InvalidAddress as problem:
        return await dashboard(request, system, signed_in, status=422, problem=str(problem))
    return await _found(
        request, system, signed_in, address, notice="This address is not written to any more."
    )


@post("/lift", status_code=200)
async def lift(
    request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[str]:
    """Lifts the suppression of an address."""
    signed_in, fields = await session.posted(request, system)
    address, asked = fields.text("email"), fields.flag("asked_by_person")
    try:
        await suppressions.lift(system, operator, address, asked_by_person=asked, now=system.now())
    except InvalidAddress as problem:
        return await dashboard(request, system, signed_in, status=422, problem=str(problem))
    except AskedByPerson:
        words = "The person asked for this: say that they ask again, then lift it."
        return await _found(request, system, signed_in, address, status=409, problem=words)
    return await _found(request, system, signed_in, address, notice="This address may be written to again.")


async def _carry_out(
    request: Request[Any, Any, Any], system: System, act: Callable[[Fields], Awaitable[str]]
) -> Response[Any]:
    """Redirects to the dashboard with the notice that `act` returns; a Problem is shown on the dashboard."""
    signed_in, fields = await session.posted(request, system)
    try:
        done = await act(fields)
    except Problem as problem:
        return await dashboard(request, system, signed_in, status=problem.status_code, problem=problem.detail)
    return to_dashboard(done=done)


async def _found(
    request: Request[Any, Any, Any],
    system: System,
    signed_in: Session,
    typed: str,
    *,
    looked_up_by: Operator | None = None,
    status: int = 200,
    notice: str = "",
    problem: str = "",
) -> Response[str]:
    try:
        address = normalize_email(typed)
    except InvalidAddress as refused:
        return await dashboard(request, system, signed_in, status=422, problem=str(refused))
    if looked_up_by is None:
        found = await look_up.status_of(system, address, limit=_MAILS)
    else:
        found = await look_up.deliveries_to(system, looked_up_by, address, system.now(), limit=_MAILS)
    suppressed = found.suppression
    return page(
        "admin/address.html",
        status=status,
        csrf=signed_in.csrf,
        notice=notice,
        problem=problem,
        address=address,
        person=found.subscriber,
        suppressed=suppressed,
        own_request=suppressed is not None and suppressed.reason in OWN_REQUESTS,
        mails=found.deliveries,
    )

"""Why somebody did or did not get a mail: /v1/admin/why, and the dashboard's page."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import Body, QueryParameter

from service.actions.why import items, person
from service.actions.why.account import Account
from service.actions.why.items import NothingFound
from service.actions.why.person import UnknownTopic
from service.email_address import InvalidAddress
from service.store.audit import Operator
from service.system import System
from service.web.admin import session
from service.web.admin.api_types import row_number
from service.web.admin.dashboard import dashboard
from service.web.admin.operator import ActingOperator
from service.web.admin.sign_in import sign_in_page
from service.web.http.deps import OpenSystem
from service.web.http.page_route import page_route
from service.web.http.problems import Problem
from service.web.pages import page

_Text = Annotated[str | None, QueryParameter(max_length=400)]
_Number = Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1)]


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """The person whose mail is explained. In a body, the address gets into no proxy's log."""

    email: str
    topic: str | None = None


@get("/why", summary="Why somebody did or did not get a mail")
async def explain(
    system: OpenSystem,
    operator: ActingOperator,
    email: _Text = None,
    topic: _Text = None,
    delivery: _Number = None,
    event: _Number = None,
) -> Account:
    """One of `email` (with `topic`), `delivery` or `event`: each stage in a sentence, from event to bounce.

    The address is hashed at once and not logged here; a proxy may log it, so prefer `POST` with a body.
    """
    if sum(value is not None for value in (email, delivery, event)) != 1:
        raise Problem(400, "Name one of email, delivery and event.")
    if email is not None:
        return await _of_address(system, operator, email, topic)
    return await _of_item(system, delivery, event)


@post("/why", status_code=200, summary="Why the person with this address did or did not get a mail")
async def explain_address(
    data: Annotated[Question, Body()], system: OpenSystem, operator: ActingOperator
) -> Account:
    """The same with the address in the body."""
    return await _of_address(system, operator, data.email, data.topic)


async def _of_address(system: System, operator: Operator, email: str, topic: str | None) -> Account:
    try:
        return await person.for_address(system, operator, email, topic or None, system.now())
    except InvalidAddress as problem:
        error = {"field": "email", "message": str(problem)}
        raise Problem(422, "The address can't be taken.", errors=[error]) from None
    except UnknownTopic as problem:
        raise Problem(422, str(problem), errors=[{"field": "topic", "message": str(problem)}]) from None


async def _of_item(system: System, delivery: int | None, event: int | None) -> Account:
    try:
        if delivery is not None:
            return await items.for_delivery(system, delivery, system.now())
        return await items.for_event(system, event or 0)
    except NothingFound as problem:
        raise Problem(404, str(problem)) from None


@page_route("/why")
async def page_of_item(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """The page of one mail or one event: `?delivery=` or `?event=` and its number."""
    signed_in = await session.current(request, system)
    if signed_in is None:
        return sign_in_page()
    numbers = {name: row_number(request.query_params.get(name, "")) for name in ("delivery", "event")}
    if sum(number is not None for number in numbers.values()) != 1:
        return await dashboard(request, system, signed_in, status=400, problem="Name a delivery or an event.")
    try:
        found = await _of_item(system, numbers["delivery"], numbers["event"])
    except Problem as problem:
        return await dashboard(request, system, signed_in, status=404, problem=problem.detail)
    return page("admin/why.html", csrf=signed_in.csrf, notice="", problem="", found=found)


@post("/why", status_code=200)
async def page_of_address(
    request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[str]:
    """The page of one person, by address and, if wanted, topic."""
    signed_in, fields = await session.posted(request, system)
    try:
        found = await _of_address(system, operator, fields.text("email"), fields.text("topic"))
    except Problem as problem:
        words = problem.errors[0]["message"] if problem.errors else problem.detail
        return await dashboard(request, system, signed_in, status=422, problem=words)
    return page("admin/why.html", csrf=signed_in.csrf, notice="", problem="", found=found)

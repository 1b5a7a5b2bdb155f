"""/preferences: the request for a link, the preferences page, and its settings of mail."""

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from litestar import Request, Response, Router, post

from service.actions import preferences as actions
from service.crypto.link_tokens import InvalidToken
from service.domain.digests.time_zones import LATEST, names, zone_of
from service.domain.wording.messages import lazy_gettext as _
from service.email_address import InvalidAddress, normalize_email
from service.languages import supported
from service.redis.job_queue import Job
from service.system import System
from service.web.http.deps import OpenSystem
from service.web.http.forms import merged, read
from service.web.http.page_route import page_route
from service.web.pages import page
from service.web.site import challenge, mail_routes, preferences_data, preferences_topics
from service.web.site.preferences_page import (
    Token,
    back,
    on_link_expired,
    owner,
    part_of,
    settings_of,
    show,
    typed,
)

AnyRequest = Request[Any, Any, Any]


@page_route("/")
async def ask(request: AnyRequest, system: OpenSystem) -> Response[str]:
    """The form for the address."""
    return await _asking(request, system)


async def _asking(
    request: AnyRequest,
    system: System,
    email: str = "",
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response[str]:
    errors = errors or {}
    solve = "challenge" in errors or await challenge.required(request, system)
    return page("preferences/ask.html", status=status, email=email, errors=errors, challenge=solve)


@post("/", status_code=200)
async def mail_link(request: AnyRequest, system: OpenSystem) -> Response[str]:
    """Sends a link to known subscribers; the answer is always the same. 422, 429 as for a sign-up."""
    fields = await read(request)
    try:
        email = normalize_email(fields.text("email"))
    except InvalidAddress as problem:
        return await _asking(request, system, fields.text("email"), {"email": str(problem)}, status=422)
    if not fields.is_filled("website"):
        sent = fields.text("challenge")
        refused = await mail_routes.refusal(request, system, mail_routes.PREFERENCES_LINK, sent)
        if refused:
            answer = await _asking(
                request, system, email, {"challenge": refused.message}, status=refused.status
            )
            answer.headers.update(refused.headers)
            return answer
        async with system.writing() as connection:
            await actions.request_link(connection, system, email, system.now())
        system.notifier.notify(Job.PROCESS_REQUESTS)
    return page("preferences/link_sent.html")


@page_route("/{token:str}")
async def preferences(request: AnyRequest, system: OpenSystem, token: Token) -> Response[str]:
    """The page; changes nothing."""
    query = request.query_params
    part = part_of(query.get("part", ""))
    return await show(request, system, token, notice=query.get("said", ""), part=part)


@post("/{token:str}/settings", status_code=303)
async def settings(request: AnyRequest, system: OpenSystem, token: Token) -> Response[Any]:
    """Changes when and in which language mail is sent."""
    fields, errors = await read(request), dict[str, str]()
    for name, most in (("hour", 23), ("weekday", 6)):
        if not _is_number(fields.text(name), most):
            errors[name] = _("Choose one from the list (0 to {most}).", most=most)
    if fields.text("timezone") not in names():
        errors["timezone"] = _("Choose a time zone from the list, such as Europe/Rome.")
    if fields.text("locale") not in supported():
        errors["locale"] = _("Choose a language from the list.")
    if errors:
        return await show(request, system, token, errors=errors, sent=typed(fields))
    async with system.writing() as connection:
        person = await owner(connection, system, token)
        chosen = merged(fields, settings_of(person))
        await actions.change_settings(
            connection,
            person,
            locale=chosen.text("locale"),
            discreet=chosen.flag("discreet"),
            hour=int(chosen.text("hour")),
            weekday=int(chosen.text("weekday")),
            timezone=chosen.text("timezone"),
            now=system.now(),
        )
    return back(token, "saved")


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= most


@post("/{token:str}/pause", status_code=303)
async def pause(request: AnyRequest, system: OpenSystem, token: Token) -> Response[Any]:
    """Pauses all digests until the start of a day, in the person's zone; one digest then covers the pause.

    Ends a pause, or the one that bounces caused.
    """
    fields = await read(request)
    async with system.writing() as connection:
        person = await owner(connection, system, token)
        if fields.text("do") == "resume":
            await actions.resume(connection, person)
            return back(token, "resumed")
        if fields.text("do") == "send":
            await actions.send_again(connection, person)
            return back(token, "resumed")
        until, now = _beginning(fields.text("until"), zone_of(person.timezone)), system.now()
        if until is not None and now < until <= LATEST:
            await actions.pause(connection, person, until, now)
            return back(token, "paused")
    message = _("Give a day after today, such as 2030-01-31.")
    return await show(request, system, token, errors={"until": message}, sent=typed(fields))


def _beginning(text: str, zone: tzinfo) -> datetime | None:
    """The first moment of a day given as 2030-01-31, None if it is invalid."""
    try:
        return datetime.combine(date.fromisoformat(text), time(0), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


ROUTER = Router(
    path="/preferences",
    route_handlers=[
        ask,
        mail_link,
        preferences,
        settings,
        pause,
        *preferences_topics.ROUTES,
        *preferences_data.ROUTES,
    ],
    exception_handlers={InvalidToken: on_link_expired},
    include_in_schema=False,
)

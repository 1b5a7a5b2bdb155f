"""/confirm/{token}: the confirmation page; its button gives the explicit consent and activates."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.params import PathParameter

from service import person_errors, rate_limit
from service.actions import confirm as actions
from service.actions.confirm import ConsentNotShown, NothingToConfirm, RequestedSubscriptions
from service.actions.preferences import end_of_pause
from service.actions.subscribe import request_fresh_confirmation
from service.crypto.link_tokens import (
    PREFERENCES_DAYS,
    ExpiredToken,
    InvalidToken,
    Purpose,
    SignedLink,
    make_token,
    read_token,
)
from service.domain.digests.schedule import FREQUENCY_LABELS, Frequency, next_due, slot_of
from service.domain.digests.time_zones import zone_of
from service.domain.wording.topic_names import merged_notes, named, removed_notes
from service.person_errors import Operation
from service.redis.job_queue import Job
from service.store.people.rows import Subscriber
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import field
from service.web.http.own_paths import own_path
from service.web.http.page_route import page_route
from service.web.http.reader import reader_language
from service.web.pages import page
from service.web.site import challenge, mail_routes

AnyRequest = Request[Any, Any, Any]
Token = Annotated[str, PathParameter()]


async def _read(request: AnyRequest, system: System, token: str) -> SignedLink | Response[str]:
    """The verified link, or the page for an invalid or expired one."""
    try:
        return read_token(system.keyring, Purpose.CONFIRM, token, system.now())
    except ExpiredToken as expired:
        return await _expired(request, system, token, expired.link)
    except InvalidToken:
        return bad_link()


async def _expired(
    request: AnyRequest,
    system: System,
    token: str,
    link: SignedLink,
    refused: challenge.RefusedRequest | None = None,
) -> Response[str]:
    """The page that offers a new link, if anything waits for it; with the reason why it was refused."""
    async with system.reading() as connection:
        if not await actions.is_pending(connection, link):
            return page("nothing_pending.html")
    answer = page(
        "confirm_expired.html",
        status=refused.status if refused else 410,
        token=token,
        errors={"challenge": refused.message} if refused else {},
        challenge=refused is not None or await challenge.required(request, system),
    )
    answer.headers.update(refused.headers if refused else {})
    return answer


def bad_link() -> Response[str]:
    """The page for a link with an invalid signature, such as a truncated one."""
    return page("bad_link.html", status=404)


def _ask(
    system: System, asked: RequestedSubscriptions, token: str, *, status: int = 200, changed: bool = False
) -> Response[str]:
    locale = asked.subscriber.locale
    text = actions.text_of(system, asked, reader_language(locale))
    return page(
        "confirm.html",
        status=status,
        locale=locale,
        token=token,
        agreement=text,
        topics=[named(row) for row in asked.pending],
        notes=merged_notes(asked.pending) + removed_notes(asked.pending, asked.removed),
        shown=text.digest,
        changed=changed,
        terms_url=system.settings.terms_url,
        privacy_url=system.settings.privacy_url,
    )


def _done(system: System, confirmed: RequestedSubscriptions) -> Response[str]:
    """The page after confirming; a link to the preferences only directly after the consent."""
    link = "/preferences"
    if confirmed.is_new:
        person = confirmed.subscriber
        until = system.now() + timedelta(days=PREFERENCES_DAYS)
        link += "/" + make_token(
            system.keyring, Purpose.PREFERENCES, person.id, until, email_index=person.email_index
        )
    followed = [(named(row), FREQUENCY_LABELS[row.frequency]) for row in confirmed.active]
    frequencies = {row.frequency for row in confirmed.active}
    return page(
        "confirmed.html",
        locale=confirmed.subscriber.locale,
        followed=followed,
        notes=merged_notes(confirmed.active) + removed_notes(confirmed.active, confirmed.removed),
        preferences=own_path(link),
        is_new=confirmed.is_new,
        is_first=confirmed.is_first,
        at_once=Frequency.IMMEDIATE in frequencies,
        paused_until=end_of_pause(confirmed.subscriber, system.now()),
        next=_next_digest(confirmed.subscriber, frequencies - {Frequency.IMMEDIATE}, system.now()),
    )


def _next_digest(person: Subscriber, frequencies: Collection[str], now: datetime) -> datetime | None:
    """The time of the next digest of one of the frequencies, in the person's zone; None without a
    frequency.
    """
    zone = person.timezone
    slots = ((frequency, slot_of(frequency, zone, person.hour, person.weekday)) for frequency in frequencies)
    due = [next_due(frequency, *slot, now) for frequency, slot in slots]
    return min(due).astimezone(zone_of(zone)) if due else None


@page_route("/confirm/{token:str}")
async def show(token: Token, request: AnyRequest, system: OpenSystem) -> Response[str]:
    """The subscriptions to confirm; or, if none is pending, those followed."""
    link = await _read(request, system, token)
    if isinstance(link, Response):
        return link
    try:
        async with system.reading() as connection:
            found = await actions.load(connection, system, link)
    except NothingToConfirm:
        return page("nothing_pending.html")
    return _ask(system, found, token) if found.pending else _done(system, found)


@post("/confirm/{token:str}", status_code=200, include_in_schema=False)
async def confirm(token: Token, request: AnyRequest, system: OpenSystem) -> Response[str]:
    """Activates the topics that the page showed. A post without the page's present content gets the page."""
    link = await _read(request, system, token)
    if isinstance(link, Response):
        return link
    shown, zone = await field(request, "shown"), await field(request, "timezone")
    origin, now = client.origin(request, system.settings, "/confirm"), system.now()
    try:
        async with system.writing() as connection:
            confirmed = await actions.confirm(connection, system, link, shown, origin, now, timezone=zone)
    except NothingToConfirm:
        return page("nothing_pending.html")
    except ConsentNotShown as problem:
        status = 409 if shown else 422
        return _ask(system, problem.requested, token, status=status, changed=bool(shown))
    if confirmed.is_new:
        await rate_limit.count_hourly(system, "confirmed")
    if confirmed.unreadable:
        await person_errors.report(system, Operation.PAGE, {link.subject: "unreadable: frequency"})
    return _done(system, confirmed)


@post("/confirm/{token:str}/again", status_code=200, include_in_schema=False)
async def again(token: Token, request: AnyRequest, system: OpenSystem) -> Response[str]:
    """Requests a new link in place of an expired one; the answer is the same for people who can't get mail.

    A valid link shows its page instead; one whose sign-up was confirmed or is no longer stored says so.
    """
    now = system.now()
    try:
        read_token(system.keyring, Purpose.CONFIRM, token, now)
        shown: Response[str] = await show.fn(token=token, request=request, system=system)
        return shown
    except ExpiredToken as expired:
        link = expired.link
    except InvalidToken:
        return bad_link()
    async with system.reading() as connection:
        if not await actions.is_pending(connection, link):
            return page("nothing_pending.html")
    sent = await field(request, "challenge")
    # Counted by the link's recipient: requests from a former mailbox don't use up the present owner's limit.
    refused = await mail_routes.refusal(request, system, mail_routes.FRESH_CONFIRMATION, sent, link.address)
    if refused:
        return await _expired(request, system, token, link, refused)
    async with system.writing() as connection:
        await request_fresh_confirmation(connection, system, link, now)
    system.notifier.notify(Job.PROCESS_REQUESTS)
    return page("sent.html")

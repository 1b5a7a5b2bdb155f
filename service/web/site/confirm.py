"""/confirm/{token}: shows what is agreed to; its button is the explicit consent and activates, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.params import PathParameter
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service import rate_limit, request_queue
from service.crypto.link_tokens import (
    PREFERENCES_DAYS,
    ExpiredToken,
    InvalidToken,
    Purpose,
    SignedLink,
    make_token,
    read_token,
)
from service.crypto.sealed_json import EVIDENCE, seal_json
from service.domain.consent_text import ConsentText, TopicChoice, consent_text, frequency_label
from service.job_queue import Job
from service.request_queue import FreshConfirmation, RequestKind
from service.store.people import consents, cursors, subscribers, subscriptions, suppressions, terms
from service.store.people.consents import ConsentKind
from service.store.people.terms import Terms
from service.store.sql.database import reading, writing
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import field
from service.web.http.page_route import page_route
from service.web.http.topic_names import named
from service.web.pages import page
from service.web.site import challenge, mail_routes

AnyRequest = Request[Any, Any, Any]
Token = Annotated[str, PathParameter()]


@dataclass(frozen=True, slots=True)
class _State:
    """What one mail asked a person to confirm, what of it waits or is followed, and the terms in force."""

    person: Row[Any]
    pending: Sequence[Row[Any]]
    active: Sequence[Row[Any]]
    terms: Terms | None


async def _state(connection: AsyncConnection, link: SignedLink, *, lock: bool = False) -> _State | None:
    """None when the person is erased, or was written to at an address that they have left since."""
    find = subscribers.lock if lock else subscribers.get
    person = await find(connection, link.subject)
    if person is None or not link.belongs_to(person.email_index):
        return None
    held = await subscriptions.with_states(connection, person.id, "pending", "active", "ended")
    named = [row for row in held if row.confirmation_id == link.reference]
    topics = {row.topic_id for row in named}
    return _State(
        person,
        [row for row in named if row.state == "pending"],
        [row for row in held if row.state == "active" and row.topic_id in topics],
        await terms.current(connection),
    )


def _agreement(system: System, state: _State) -> ConsentText:
    settings = system.settings
    return consent_text(
        [TopicChoice(named(row), row.frequency) for row in state.pending],
        sender=parseaddr(settings.mail_from)[0] or settings.mail_domain,
        terms_version=state.terms.version if state.terms else "",
        terms_url=settings.terms_url,
        privacy_url=settings.privacy_url,
        translate=str,
    )


async def _read(request: AnyRequest, system: System, token: str) -> SignedLink | Response[str]:
    """What a link says, or the page that helps whoever has a bad one."""
    try:
        return read_token(system.keyring, Purpose.CONFIRM, token, datetime.now(UTC))
    except ExpiredToken:
        return await _expired(request, system, token)
    except InvalidToken:
        return bad_link()


async def _expired(
    request: AnyRequest, system: System, token: str, refused: challenge.Refusal | None = None
) -> Response[str]:
    """The page that offers a fresh link, with why it could not be asked for just now."""
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
    """The page for a link that is not one of ours, or was cut on its way."""
    return page("bad_link.html", status=404)


def _ask(
    system: System, state: _State, token: str, *, status: int = 200, changed: bool = False
) -> Response[str]:
    asked = _agreement(system, state)
    return page(
        "confirm.html",
        status=status,
        token=token,
        agreement=asked,
        shown=asked.digest,
        changed=changed,
        terms_url=system.settings.terms_url,
        privacy_url=system.settings.privacy_url,
    )


def _done(system: System, state: _State, *, preferences: bool = False) -> Response[str]:
    """What of it is followed; the preferences' own link only for who has just pressed the button."""
    link = "/preferences"
    if preferences:
        until = datetime.now(UTC) + timedelta(days=PREFERENCES_DAYS)
        link += "/" + make_token(
            system.keyring,
            Purpose.PREFERENCES,
            state.person.id,
            until,
            email_index=state.person.email_index,
        )
    followed = [(named(row), frequency_label(row.frequency, str)) for row in state.active]
    return page("confirmed.html", followed=followed, preferences=link)


def _nothing() -> Response[str]:
    return page("nothing_pending.html")


@page_route("/confirm/{token:str}")
async def show(token: Token, request: AnyRequest, system: OpenSystem) -> Response[str]:
    """What waits for the confirmation; or, when there is nothing left to confirm, what is followed."""
    link = await _read(request, system, token)
    if isinstance(link, Response):
        return link
    async with reading(system.database) as connection:
        state = await _state(connection, link)
    if state is None or not (state.pending or state.active):
        return _nothing()
    return _ask(system, state, token) if state.pending else _done(system, state)


@post("/confirm/{token:str}", status_code=200, include_in_schema=False)
async def confirm(token: Token, request: AnyRequest, system: OpenSystem) -> Response[str]:
    """Activates what the page showed. A post that saw no page, or another state, gets the page."""
    link = await _read(request, system, token)
    if isinstance(link, Response):
        return link
    shown = await field(request, "shown")
    async with writing(system.database) as connection:
        state = await _state(connection, link, lock=True)
        if state is None or not (state.pending or state.active):
            return _nothing()
        if state.pending:
            asked = _agreement(system, state)
            if shown != asked.digest:
                return _ask(system, state, token, status=409 if shown else 422, changed=bool(shown))
            await _activate(connection, request, system, state, asked, link.reference)
            fresh = await _state(connection, link)
            assert fresh is not None
            state, confirmed = fresh, True
        else:
            confirmed = False
    if confirmed:
        await rate_limit.count_hourly(system, "confirmed")
    return _done(system, state, preferences=confirmed)


async def _activate(
    connection: AsyncConnection,
    request: AnyRequest,
    system: System,
    state: _State,
    asked: ConsentText,
    confirmation_id: int,
) -> None:
    now, person = datetime.now(UTC), state.person
    version = state.terms.version if state.terms else None
    await _lift(connection, state, now)
    await subscriptions.activate_pending(connection, person.id, now, ids=[row.id for row in state.pending])
    await subscribers.change(
        connection, person.id, confirmed_at=person.confirmed_at or now, terms_version=version
    )
    evidence = {
        "topics": [row.key for row in state.pending],
        "shown": asked.wishes,
        "network": client.network(request, system.settings),
        "agent": client.agent(request),
        "form": system.settings.public_url + "/confirm",
        "locale": person.locale,
        "message": await consents.confirmation_mail(connection, confirmation_id),
    }
    await consents.append(
        connection,
        person.id,
        ConsentKind.CONFIRMED,
        at=now,
        evidence=seal_json(system.keyring, EVIDENCE, person.id, evidence),
        terms_version=version,
        wording_sha256=await consents.keep_wording(connection, asked.wording),
    )


async def _lift(connection: AsyncConnection, state: _State, now: datetime) -> None:
    """The word of the mailbox's owner ends a suppression; who wanted no mail follows nothing older again."""
    index = state.person.email_index
    reason = await suppressions.reason_of(connection, index)
    if reason is None or not await suppressions.lift(connection, index, suppressions.LIFTED_FROM_PAGE):
        return
    await cursors.mark_behind(connection, state.person.id)
    if reason != suppressions.Reason.SOFT_BOUNCES:
        mine = {row.topic_id for row in state.pending}
        active = await subscriptions.active(connection, state.person.id)
        older = [row.topic_id for row in active if row.topic_id not in mine]
        await subscriptions.end(connection, state.person.id, reason="unsubscribed", now=now, topic_ids=older)


@post("/confirm/{token:str}/again", status_code=200, include_in_schema=False)
async def again(token: Token, request: AnyRequest, system: OpenSystem) -> Response[str]:
    """Asks for a fresh link in place of an expired one; the same answer whatever comes of it.

    A link that works needs none in its place: it shows its page.
    """
    now = datetime.now(UTC)
    try:
        read_token(system.keyring, Purpose.CONFIRM, token, now)
        return await show.fn(token=token, request=request, system=system)
    except ExpiredToken as expired:
        link = expired.link
    except InvalidToken:
        return bad_link()
    sent = await field(request, "challenge")
    # Counted by the address that the link went to: a mailbox that was left uses up nothing of its owner's.
    refused = await mail_routes.refusal(request, system, mail_routes.FRESH_CONFIRMATION, sent, link.address)
    if refused:
        return await _expired(request, system, token, refused)
    async with writing(system.database) as connection:
        wish = FreshConfirmation(link.subject, link.reference, link.address)
        await request_queue.enqueue(connection, system.keyring, RequestKind.FRESH_CONFIRMATION, wish, now)
    system.notifier.notify(Job.PROCESS_REQUESTS)
    return page("sent.html")

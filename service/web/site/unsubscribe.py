"""/unsubscribe/{token}: a page with buttons, and the one-click post of mail programs (RFC 8058). For ever."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.exceptions import HTTPException
from litestar.params import PathParameter
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.link_tokens import InvalidToken, Scope, UnsubscribeToken, read_unsubscribe_token
from service.crypto.sealed_json import EVIDENCE, seal_json
from service.domain.consent_text import frequency_label
from service.store.digests import digests
from service.store.mail import deliveries
from service.store.people import consents, subscribers, subscriptions
from service.store.people.consents import ConsentKind
from service.store.sql.database import reading, writing
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import Fields, read
from service.web.http.page_route import page_route
from service.web.http.topic_names import named
from service.web.pages import page

Token = Annotated[str, PathParameter()]


def _read(token: str) -> UnsubscribeToken | Response[str]:
    try:
        return read_unsubscribe_token(token)
    except InvalidToken:
        return page("bad_link.html", status=404)


async def _owner(
    connection: AsyncConnection, system: System, link: UnsubscribeToken, *, lock: bool = False
) -> Row[Any] | None:
    """The person the link was made for; None when erased, or when the link is not genuine."""
    person = await subscribers.find_public(connection, link.public_id)
    if person is None:
        return None
    sealed = decrypt_subscriber(system.keyring, person.sealed, person.public_id)
    if not link.genuine(sealed.link_secret):
        return None
    return await subscribers.lock(connection, person.id) if lock else person


async def _told_of(
    connection: AsyncConnection, person: Row[Any], link: UnsubscribeToken
) -> Collection[str] | None:
    """The keys of the topics that the mail told of, if that is still known."""
    if link.scope is Scope.DELIVERY:
        return await digests.topics_of_mail(connection, link.reference, person.id)
    return None


@page_route("/unsubscribe/{token:str}")
async def show(token: Token, system: OpenSystem) -> Response[str]:
    """What can be ended. Changes nothing: mail scanners follow every link."""
    link = _read(token)
    return link if isinstance(link, Response) else await _choices(system, token, link)


async def _choices(
    system: System, token: str, link: UnsubscribeToken, *, status: int = 200, error: str = ""
) -> Response[str]:
    """The page: each topic that the mail told of can be stopped alone. When that is all that is followed, and
    one topic, stopping it is stopping everything."""
    followed: list[tuple[str, str]] = []
    told: list[tuple[str, str]] = []
    async with reading(system.database) as connection:
        person = await _owner(connection, system, link)
        if person is not None:
            active = await subscriptions.active(connection, person.id)
            keys = await _told_of(connection, person, link) or ()
            told = [(row.key, named(row)) for row in active if row.key in keys]
            if len(active) == 1:
                told = []
            if await _went_to_present_address(connection, person, link):
                followed = [(named(row), frequency_label(row.frequency, str)) for row in active]
    return page("unsubscribe.html", status=status, token=token, followed=followed, told=told, error=error)


async def _went_to_present_address(
    connection: AsyncConnection, person: Row[Any], link: UnsubscribeToken
) -> bool:
    """Whether the link's mail went to the address that the person has now.

    A mailbox left behind can stop mail, and of what is followed sees only what its own mail told of.
    """
    if person.address_changed_at is None:
        return True
    mail = await deliveries.sent_to(connection, link.reference) if link.scope is Scope.DELIVERY else None
    if mail is None or mail.subscriber_id != person.id or mail.kind in deliveries.TO_ANOTHER_ADDRESS:
        return False
    return mail.first_attempt_at is not None and mail.first_attempt_at >= person.address_changed_at


@post("/unsubscribe/{token:str}", status_code=200, include_in_schema=False)
async def unsubscribe(token: Token, request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Ends what the link stands for; `scope=topic` from the page: the topics chosen there, or, from whoever
    names none, those that the mail told of.

    The link alone authorises, as RFC 8058 §3.2 asks: no cookie, no redirect. A person who was erased,
    and one who ended everything before, get the same success.
    """
    link = _read(token)
    if isinstance(link, Response):
        return link
    sent = await _sent(request)
    only_topics, chosen = sent.text("scope") == "topic", sent.texts("topic")
    if only_topics and not chosen and sent.flag("choose"):
        error = "Choose at least one, or stop all emails."
        return await _choices(system, token, link, status=422, error=error)
    async with writing(system.database) as connection:
        person = await _owner(connection, system, link, lock=True)
        if person is not None:
            keys = chosen or await _told_of(connection, person, link) if only_topics else None
            await _end(connection, request, system, person, keys)
    return page("unsubscribed.html", only_topics=only_topics)


async def _sent(request: Request[Any, Any, Any]) -> Fields:
    """The fields of the post; none when it is no form: a mail program's one click counts all the same."""
    try:
        return await read(request)
    except HTTPException:
        return Fields({}, is_form=True)


async def _end(
    connection: AsyncConnection,
    request: Request[Any, Any, Any],
    system: System,
    person: Row[Any],
    keys: Collection[str] | None,
) -> None:
    """Ends the topics of these keys, or all; if there was anything to end, keeps the withdrawal."""
    now = datetime.now(UTC)
    held = await subscriptions.with_states(connection, person.id, "active", "pending", "ended")
    named_ids = None if keys is None else {row.topic_id for row in held if row.key in keys}
    ended = [row for row in held if row.state != "ended" and (keys is None or row.key in keys)]
    await subscriptions.end(connection, person.id, reason="unsubscribed", now=now, topic_ids=named_ids)
    if not ended:
        return
    evidence = {
        "topics": [row.key for row in ended],
        "network": client.network(request, system.settings),
        "agent": client.agent(request),
    }
    await consents.append(
        connection,
        person.id,
        ConsentKind.WITHDRAWN,
        at=now,
        evidence=seal_json(system.keyring, EVIDENCE, person.id, evidence),
        terms_version=person.terms_version,
    )

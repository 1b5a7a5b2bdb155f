"""/unsubscribe/{token}: a page with buttons, and the one-click post of mail programs (RFC 8058). For ever."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.params import PathParameter
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.agreement import how_often
from service.keys.addresses import open_person
from service.keys.evidence import seal_evidence
from service.keys.links import BadLink, Scope, UnsubscribeLink, read_unsubscribe
from service.store import consents, mailed, subscribers, subscriptions
from service.store.consents import ConsentKind
from service.store.database import reading, writing
from service.system import System
from service.web import visitor
from service.web.bodies import field
from service.web.inject import OpenSystem
from service.web.pages import page
from service.web.showing import shows
from service.web.topic_names import named

Token = Annotated[str, PathParameter()]


def _read(token: str) -> UnsubscribeLink | Response[str]:
    try:
        return read_unsubscribe(token)
    except BadLink:
        return page("bad_link.html", status=404)


async def _owner(
    connection: AsyncConnection, system: System, link: UnsubscribeLink, *, lock: bool = False
) -> Row[Any] | None:
    """The person the link was made for; None when erased, or when the link is not genuine."""
    person = await subscribers.find_public(connection, link.public_id)
    if person is None:
        return None
    sealed = open_person(system.keyring, person.sealed, person.public_id)
    if not link.genuine(sealed.link_secret):
        return None
    return await subscribers.lock(connection, person.id) if lock else person


async def _pointed_at(
    connection: AsyncConnection, person: Row[Any], link: UnsubscribeLink
) -> Collection[int] | None:
    """The topics that the mail was about, if that is still known."""
    if link.scope is Scope.DELIVERY:
        return await mailed.topics_of(connection, link.reference, person.id)
    if link.scope is Scope.SUBSCRIPTION:
        held = await subscriptions.in_state(connection, person.id, "active", "pending", "ended")
        return [row.topic_id for row in held if row.id == link.reference] or None
    return None


@shows("/unsubscribe/{token:str}")
async def show(token: Token, system: OpenSystem) -> Response[str]:
    """What can be ended. Changes nothing: mail scanners follow every link."""
    link = _read(token)
    if isinstance(link, Response):
        return link
    followed: list[tuple[str, str]] = []
    mailed: list[str] = []
    async with reading(system.database) as connection:
        person = await _owner(connection, system, link)
        if person is not None:
            active = await subscriptions.active(connection, person.id)
            topics = await _pointed_at(connection, person, link) or ()
            followed = [(named(row), how_often(row.frequency, str)) for row in active]
            mailed = [named(row) for row in active if row.topic_id in topics]
    if len(mailed) == len(followed):
        mailed = []
    return page("unsubscribe.html", token=token, followed=followed, mailed=mailed)


@post("/unsubscribe/{token:str}", status_code=200, include_in_schema=False)
async def unsubscribe(token: Token, request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Ends what the link stands for; `scope=topic` from the page, the mail's topics alone.

    The link alone authorises, as RFC 8058 §3.2 asks: no cookie, no redirect. A person who was erased,
    and one who ended everything before, get the same success.
    """
    link = _read(token)
    if isinstance(link, Response):
        return link
    only_topics = await field(request, "scope") == "topic"
    async with writing(system.database) as connection:
        person = await _owner(connection, system, link, lock=True)
        if person is not None:
            topics = await _pointed_at(connection, person, link) if only_topics else None
            await _end(connection, request, system, person, topics)
    return page("unsubscribed.html", only_topics=only_topics)


async def _end(
    connection: AsyncConnection,
    request: Request[Any, Any, Any],
    system: System,
    person: Row[Any],
    topics: Collection[int] | None,
) -> None:
    now = datetime.now(UTC)
    held = await subscriptions.in_state(connection, person.id, "active", "pending")
    ended = [row for row in held if topics is None or row.topic_id in topics]
    await subscriptions.end(connection, person.id, reason="unsubscribed", now=now, topic_ids=topics)
    if not ended:
        return
    evidence = {
        "topics": [row.key for row in ended],
        "network": visitor.network(request, system.settings),
        "agent": visitor.agent(request),
    }
    await consents.append(
        connection,
        person.id,
        ConsentKind.WITHDRAWN,
        at=now,
        evidence=seal_evidence(system.keyring, person.id, evidence),
        terms_version=person.terms_version,
    )

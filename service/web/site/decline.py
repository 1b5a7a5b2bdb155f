"""/decline/{token}: "it wasn't me: never write to me again", and the way back for the mailbox's owner."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.params import PathParameter
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.link_tokens import InvalidToken, Purpose, SignedLink, make_token, read_token
from service.crypto.sealed_json import EVIDENCE, seal_json
from service.store.people import consents, erasure, subscribers, subscriptions, suppressions
from service.store.people.consents import ConsentKind
from service.store.people.suppressions import Reason
from service.store.sql.database import reading, writing
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import field
from service.web.http.page_route import page_route
from service.web.pages import page

Token = Annotated[str, PathParameter()]

#: Days that the way back works which is shown with the block.
_AGAIN_DAYS = 90


def _read(system: System, token: str) -> SignedLink | Response[str]:
    try:
        return read_token(system.keyring, Purpose.DECLINE, token, datetime.now(UTC))
    except InvalidToken:
        return _bad_link()


def _bad_link() -> Response[str]:
    return page("bad_link.html", status=404)


def _way_back(system: System, email_index: bytes) -> str:
    """A token by which the mailbox's owner may sign up again, though the row may be erased by then."""
    until = datetime.now(UTC) + timedelta(days=_AGAIN_DAYS)
    return make_token(system.keyring, Purpose.AGAIN, 0, until, email_index=email_index)


@page_route("/decline/{token:str}")
async def show(token: Token, system: OpenSystem) -> Response[str]:
    """Asks whether we should never write again. Changes nothing."""
    link = _read(system, token)
    if isinstance(link, Response):
        return link
    return await _ask(system, token, link)


async def _ask(system: System, token: str, link: SignedLink) -> Response[str]:
    async with reading(system.database) as connection:
        person = await subscribers.get(connection, link.subject)
    if person is not None and not link.belongs_to(person.email_index):
        return _bad_link()
    again = _way_back(system, person.email_index) if person else ""
    return page("decline.html", token=token, again=again)


@post("/decline/{token:str}", status_code=200, include_in_schema=False)
async def decline(token: Token, request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Suppresses the address and forgets what was asked for in its name; again and again the same.

    An address that the person has left since says nothing about the one they have now.
    """
    link = _read(system, token)
    if isinstance(link, Response):
        return link
    again = await field(request, "again")
    if not again:
        return await _ask(system, token, link)  # a blind post saw no page
    async with writing(system.database) as connection:
        person = await subscribers.lock(connection, link.subject)
        if person is not None and not link.belongs_to(person.email_index):
            return _bad_link()
        if person is not None:
            await _decline(connection, request, system, person)
    return page("declined.html", again=again)


async def _decline(
    connection: AsyncConnection, request: Request[Any, Any, Any], system: System, person: Row[Any]
) -> None:
    """Whoever never confirmed is erased whole; a confirmed person's past consents stay as evidence."""
    now = datetime.now(UTC)
    await suppressions.add(connection, person.email_index, Reason.DECLINED, source="page", now=now)
    if person.confirmed_at is None:
        await erasure.erase(connection, person.id)
        return
    held = await subscriptions.with_states(connection, person.id, "active", "pending")
    if not held:
        return
    await subscriptions.end(connection, person.id, reason="declined", now=now)
    evidence = {
        "topics": [row.key for row in held],
        "network": client.network(request, system.settings),
        "agent": client.agent(request),
    }
    await consents.append(
        connection,
        person.id,
        ConsentKind.DECLINED,
        at=now,
        evidence=seal_json(system.keyring, EVIDENCE, person.id, evidence),
        terms_version=person.terms_version,
    )

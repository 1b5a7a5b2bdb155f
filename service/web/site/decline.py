"""/decline/{token}: "it wasn't me: never write to me again", and the way back for the mailbox's owner."""

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.params import PathParameter

from service.actions import decline as actions
from service.crypto.link_tokens import InvalidToken, Purpose, SignedLink, read_token
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import field
from service.web.http.page_route import page_route
from service.web.pages import page

Token = Annotated[str, PathParameter()]


def _read(system: System, token: str) -> SignedLink | Response[str]:
    try:
        return read_token(system.keyring, Purpose.DECLINE, token, datetime.now(UTC))
    except InvalidToken:
        return _bad_link()


def _bad_link() -> Response[str]:
    return page("bad_link.html", status=404)


@page_route("/decline/{token:str}")
async def show(token: Token, system: OpenSystem) -> Response[str]:
    """Asks whether we should never write again. Changes nothing."""
    link = _read(system, token)
    if isinstance(link, Response):
        return link
    return await _ask(system, token, link)


async def _ask(system: System, token: str, link: SignedLink) -> Response[str]:
    try:
        async with system.reading() as connection:
            again, locale = await actions.way_back(connection, system, link, datetime.now(UTC))
    except InvalidToken:
        return _bad_link()
    return page("decline.html", locale=locale, token=token, again=again)


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
    origin = client.origin(request, system.settings)
    try:
        async with system.writing() as connection:
            locale = await actions.decline(connection, system, link, origin, datetime.now(UTC))
    except InvalidToken:
        return _bad_link()
    return page("declined.html", locale=locale, again=again)

"""/decline/{token}: the "It wasn't me" page, and the mailbox owner's link to sign up again."""

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
        return read_token(system.keyring, Purpose.DECLINE, token, system.now())
    except InvalidToken:
        return _bad_link()


def _bad_link() -> Response[str]:
    return page("bad_link.html", status=404)


@page_route("/decline/{token:str}")
async def show(token: Token, system: OpenSystem) -> Response[str]:
    """The page with the question. Changes nothing."""
    link = _read(system, token)
    if isinstance(link, Response):
        return link
    return await _ask(system, token, link)


async def _ask(system: System, token: str, link: SignedLink) -> Response[str]:
    try:
        async with system.reading() as connection:
            back = await actions.way_back(connection, system, link)
    except InvalidToken:
        return _bad_link()
    return page("decline.html", locale=back.locale, token=token, again=back.again, follows=back.follows)


@post("/decline/{token:str}", status_code=200, include_in_schema=False)
async def decline(token: Token, request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Suppresses the address and ends its subscriptions. Idempotent.

    A link to a former address of the person has no effect on the present one.
    """
    link = _read(system, token)
    if isinstance(link, Response):
        return link
    again = await field(request, "again")
    if not again:
        return await _ask(system, token, link)  # posted by a mail scanner, not from the page
    origin = client.origin(request, system.settings)
    try:
        async with system.writing() as connection:
            done = await actions.decline(connection, system, link, origin, system.now())
    except InvalidToken:
        return _bad_link()
    return page("declined.html", locale=done.locale, again=again, is_suppressed=done.is_suppressed)

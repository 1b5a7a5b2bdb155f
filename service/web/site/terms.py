"""The current terms for forms, and /terms/{token}, where a person agrees to a new version."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import PathParameter

from service.actions import agree_to_terms as actions
from service.actions.agree_to_terms import TermsNotShown
from service.crypto.link_tokens import InvalidToken, Purpose, SignedLink, read_token
from service.store.people.terms import Terms
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import field
from service.web.http.lookup_cache import cached
from service.web.http.page_route import page_route
from service.web.http.problems import Problem
from service.web.pages import page

Token = Annotated[str, PathParameter()]


@get("/v1/terms", summary="The version of the terms in force")
async def current(request: Request[Any, Any, Any], system: OpenSystem) -> Response[dict[str, Any]]:
    """The current version; a form sends it back as `terms_version`. 503 before any was published."""
    found = await cached(request, system).terms()
    if found is None:
        raise Problem(503, "No terms are published yet.", headers={"Retry-After": "300"})
    body = {
        "version": found.version,
        "url": system.settings.terms_url,
        "published_at": found.published_at,
    }
    return Response(body, headers={"Cache-Control": "no-cache"})


def _read(system: System, token: str) -> SignedLink | Response[str]:
    try:
        return read_token(system.keyring, Purpose.TERMS, token, system.now())
    except InvalidToken:
        return page("bad_link.html", status=404)


def _page(
    system: System,
    token: str,
    found: Terms,
    locale: str,
    *,
    paused_since: datetime | None,
    done: bool,
    status: int = 200,
) -> Response[str]:
    """The page; `paused_since`: when the person's emails paused for want of agreement, if they did. With the
    status 409 it says that it has changed."""
    return page(
        "terms.html",
        status=status,
        locale=locale,
        token=token,
        version=found.version,
        text=found.text,
        sha256=found.sha256,
        pause_at=found.pause_at if found.pause_at and found.pause_at > system.now() else None,
        paused_since=paused_since,
        done=done,
        changed=status == 409,
        terms_url=system.settings.terms_url,
        privacy_url=system.settings.privacy_url,
    )


@page_route("/terms/{token:str}")
async def show(token: Token, system: OpenSystem) -> Response[str]:
    """The current text with a button to agree, or the confirmation that it was agreed to."""
    link = _read(system, token)
    if isinstance(link, Response):
        return link
    try:
        async with system.reading() as connection:
            found, agreed, locale = await actions.asked_to_agree(connection, link)
            since = await actions.paused_since(connection, link, system.now())
    except InvalidToken:
        return page("bad_link.html", status=404)
    return _page(system, token, found, locale, paused_since=since, done=agreed)


@post("/terms/{token:str}", status_code=200, include_in_schema=False)
async def accept(token: Token, request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """Records the agreement to the text that the page showed. Earlier consents are kept unchanged."""
    link = _read(system, token)
    if isinstance(link, Response):
        return link
    shown, now = await field(request, "shown"), system.now()
    origin = client.origin(request, system.settings, "/terms")
    since = None
    try:
        async with system.writing() as connection:
            since = await actions.paused_since(connection, link, now)
            agreed, locale = await actions.agree(connection, system, link, shown, origin, now)
    except InvalidToken:
        return page("bad_link.html", status=404)
    except TermsNotShown as problem:
        status = 409 if shown else 422
        return _page(
            system, token, problem.terms, problem.locale, paused_since=since, done=False, status=status
        )
    return _page(system, token, agreed, locale, paused_since=since, done=True)

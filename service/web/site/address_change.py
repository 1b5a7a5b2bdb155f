"""/address/{token}: confirms or declines a change of address; the old address is notified."""

from typing import Any

from litestar import Request, Response, Router, post

from service.actions import change_address as actions
from service.actions.change_address import AddressTaken
from service.actions.decline import again_token
from service.crypto.link_tokens import InvalidToken
from service.redis.job_queue import Job
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import read
from service.web.http.page_route import page_route
from service.web.pages import page
from service.web.site import challenge, mail_routes
from service.web.site.challenge import RefusedRequest
from service.web.site.preferences_page import Token

AnyRequest = Request[Any, Any, Any]


@page_route("/{token:str}")
async def question(request: AnyRequest, system: OpenSystem, token: Token) -> Response[str]:
    """The page with the question; changes nothing."""
    return await _question(request, system, token)


async def _question(
    request: AnyRequest, system: System, token: str, refused: RefusedRequest | None = None
) -> Response[str]:
    """The page with the question, and the reason why the answer was refused, if it was."""
    async with system.reading() as connection:
        change = await actions.find(connection, system, token, system.now())
        locale = await actions.locale_of(connection, change)
    if change.done_at is not None:
        return page("preferences/address_done.html", locale=locale)
    solve = refused.field == "challenge" if refused else await challenge.required(request, system)
    answer = page(
        "preferences/address.html",
        status=refused.status if refused else 200,
        locale=locale,
        token=token,
        address=actions.new_address_of(system, change),
        errors={refused.field: refused.message} if refused else {},
        challenge=solve,
    )
    answer.headers.update(refused.headers if refused else {})
    return answer


@post("/{token:str}", status_code=200)
async def confirm(request: AnyRequest, system: OpenSystem, token: Token) -> Response[str]:
    """Applies the change and notifies the old address. Idempotent."""
    fields = await read(request)
    if fields.text("do") != "confirm":  # posted by a mail scanner, not from the page
        return await _question(request, system, token)
    async with system.reading() as connection:
        asked = await actions.find(connection, system, token, system.now())
        locale = await actions.locale_of(connection, asked)
    if asked.done_at is None:  # otherwise nothing is mailed
        sent, person_id = fields.text("challenge"), asked.subscriber_id
        refused = await mail_routes.refusal(request, system, mail_routes.ADDRESS_CONFIRMED, sent, person_id)
        if refused:
            return await _question(request, system, token, refused)
    try:
        async with system.writing() as connection:
            changed = await actions.confirm(connection, system, token, system.now())
    except AddressTaken:
        return page("preferences/address_taken.html", status=409, locale=locale)
    if changed:
        system.notifier.notify(Job.DELIVER)
    return page("preferences/address_done.html", locale=locale)


@page_route("/{token:str}/decline")
async def decline_page(system: OpenSystem, token: Token) -> Response[str]:
    """The page that asks whether to suppress the new address; changes nothing."""
    async with system.reading() as connection:
        found = await actions.find_to_decline(connection, system, token, system.now())
        locale = await actions.locale_of(connection, found.change)
    return page("preferences/address_decline.html", locale=locale, token=token)


@post("/{token:str}/decline", status_code=200)
async def decline(request: AnyRequest, system: OpenSystem, token: Token) -> Response[str]:
    """Withdraws the change and suppresses the new address. Idempotent."""
    if (await read(request)).text("do") != "decline":
        asked: Response[str] = await decline_page.fn(system=system, token=token)
        return asked
    origin, now = client.origin(request, system.settings), system.now()
    async with system.writing() as connection:
        found = await actions.find_to_decline(connection, system, token, now)
        locale = await actions.locale_of(connection, found.change)
        await actions.decline(connection, system, found, origin, now)
    again = again_token(system, found.email_index)
    return page("preferences/address_declined.html", locale=locale, again=again)


def _on_link_over(_: AnyRequest, __: InvalidToken) -> Response[str]:
    """The page for a link that is expired, truncated, or whose change was replaced, withdrawn or done."""
    return page("preferences/address_over.html", status=410)


ROUTER = Router(
    path="/address",
    route_handlers=[question, confirm, decline_page, decline],
    exception_handlers={InvalidToken: _on_link_over},
    include_in_schema=False,
)

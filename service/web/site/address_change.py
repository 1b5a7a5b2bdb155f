"""/address/{token}: a person's new address says yes or no; the old one is told."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, Router, post
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import personal_data
from service.crypto import email_addresses
from service.crypto.link_tokens import InvalidToken, Purpose, read_token
from service.crypto.sealed_json import CONTEXT, open_json, seal_json
from service.job_queue import Job
from service.store.mail import deliveries, quota
from service.store.people import address_changes, cursors, subscribers, suppressions
from service.store.people.suppressions import LIFTED_FROM_PAGE, Reason
from service.store.sql.database import reading, writing
from service.system import System
from service.web.http.deps import OpenSystem
from service.web.http.forms import read
from service.web.http.page_route import page_route
from service.web.pages import page
from service.web.site import challenge, mail_routes
from service.web.site.challenge import Refusal
from service.web.site.preferences_page import LinkExpired, Token, on_link_expired

AnyRequest = Request[Any, Any, Any]


def _number(system: System, token: str) -> int:
    try:
        return read_token(system.keyring, Purpose.ADDRESS, token, datetime.now(UTC)).subject
    except InvalidToken:
        raise LinkExpired from None


async def _wish(connection: AsyncConnection, system: System, token: str) -> Row[Any]:
    found = await address_changes.get(connection, _number(system, token))
    if found is None:
        raise LinkExpired
    return found


def _address(system: System, wish: Row[Any]) -> str:
    return str(open_json(system.keyring, CONTEXT, wish.subscriber_id, wish.sealed)["address"])


@page_route("/{token:str}")
async def question(request: AnyRequest, system: OpenSystem, token: Token) -> Response[str]:
    """Asks; changes nothing."""
    return await _question(request, system, token)


async def _question(
    request: AnyRequest, system: System, token: str, refused: Refusal | None = None
) -> Response[str]:
    """The page that asks, with why the answer could not be taken just now."""
    async with reading(system.database) as connection:
        wish = await _wish(connection, system, token)
        person = await subscribers.get(connection, wish.subscriber_id)
    if wish.done_at is not None:
        return _done(system, person, wish)
    solve = refused.field == "challenge" if refused else await challenge.required(request, system)
    answer = page(
        "preferences/address.html",
        status=refused.status if refused else 200,
        token=token,
        address=_address(system, wish),
        errors={refused.field: refused.message} if refused else {},
        challenge=solve,
    )
    answer.headers.update(refused.headers if refused else {})
    return answer


def _done(system: System, person: Row[Any] | None, wish: Row[Any]) -> Response[str]:
    """The same success again, as long as the address is still the person's."""
    if person is None or person.email_index != system.addresses.of(_address(system, wish)):
        raise LinkExpired
    return page("preferences/address_done.html")


@post("/{token:str}", status_code=200)
async def confirm(request: AnyRequest, system: OpenSystem, token: Token) -> Response[str]:
    """Writes to the new address from now on, and tells the old one; a second time says the same."""
    fields = await read(request)
    if fields.text("do") != "confirm":  # a scanner's blind post saw no page
        return await _question(request, system, token)
    async with reading(system.database) as connection:
        asked = await _wish(connection, system, token)
    if asked.done_at is None:  # otherwise nothing is mailed
        sent, person_id = fields.text("challenge"), asked.subscriber_id
        refused = await mail_routes.refusal(request, system, mail_routes.ADDRESS_CONFIRMED, sent, person_id)
        if refused:
            return await _question(request, system, token, refused)
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        number = (await _wish(connection, system, token)).subscriber_id
        person = await subscribers.lock(connection, number)
        wish = await _wish(connection, system, token)
        if person is None:
            raise LinkExpired
        if wish.done_at is not None:
            return _done(system, person, wish)
        if not await _change(connection, system, person, wish, now):
            return page("preferences/address_taken.html", status=409)
    system.notifier.notify(Job.DELIVER)
    return page("preferences/address_done.html")


async def _change(
    connection: AsyncConnection, system: System, person: Row[Any], wish: Row[Any], now: datetime
) -> bool:
    """Puts the new address into the person's row; False when another confirmed person has it.

    Somebody who only asked there and never confirmed makes way: the owner of the mailbox is here.
    """
    keyring = system.keyring
    new = _address(system, wish)
    old = email_addresses.decrypt_subscriber(keyring, person.sealed, person.public_id)
    index = system.addresses.of(new)
    other = await subscribers.find(connection, index)
    if other is not None and other.id != person.id:
        if other.confirmed_at is not None:
            return False
        await personal_data.erase(connection, keyring, system.addresses, other.id)
    sealed = email_addresses.encrypt_subscriber(
        keyring, email_addresses.SubscriberIdentity(new, old.link_secret), person.public_id
    )
    changed = await address_changes.apply(
        connection,
        wish,
        email_index=index,
        sealed=sealed,
        key_id=keyring.current_key_id(email_addresses.PURPOSE),
        now=now,
    )
    if changed:
        await suppressions.lift(connection, index, LIFTED_FROM_PAGE)
        await cursors.mark_behind(connection, person.id)
        if await suppressions.reason_of(connection, person.email_index) is None:
            former = seal_json(keyring, CONTEXT, person.id, {"address": old.address})
            # At once, whatever the mailbox got today: its owner may have asked for nothing.
            await quota.count(connection, system.addresses.bucket(old.address), now)
            await deliveries.queue(connection, person.id, "address_changed", now=now, context=former)
    return changed


@page_route("/{token:str}/decline")
async def decline_page(system: OpenSystem, token: Token) -> Response[str]:
    """Asks whether the new address should never be written to; changes nothing."""
    async with reading(system.database) as connection:
        wish = await _wish(connection, system, token)
    if wish.done_at is not None:
        raise LinkExpired
    return page("preferences/address_decline.html", token=token)


@post("/{token:str}/decline", status_code=200)
async def decline(request: AnyRequest, system: OpenSystem, token: Token) -> Response[str]:
    """Forgets the wish and never writes to the new address again."""
    if (await read(request)).text("do") != "decline":
        return await decline_page.fn(system=system, token=token)
    async with writing(system.database) as connection:
        wish = await _wish(connection, system, token)
        if wish.done_at is not None:
            raise LinkExpired
        index = system.addresses.of(_address(system, wish))
        await suppressions.add(
            connection, index, Reason.DECLINED, source="address change", now=datetime.now(UTC)
        )
        await address_changes.withdraw(connection, wish.id)
    return page("preferences/address_declined.html")


ROUTER = Router(
    path="/address",
    route_handlers=[question, confirm, decline_page, decline],
    exception_handlers={LinkExpired: on_link_expired},
    include_in_schema=False,
)

"""/v1/admin/suppressions: lists (without addresses), adds and lifts suppressions."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import Body, QueryParameter

from service.actions import look_up
from service.actions import suppressions as actions
from service.actions.suppressions import AskedByPerson
from service.crypto.keyring import DecryptionError, Keyring
from service.domain.delivery.suppression import Reason
from service.store.admin import browse
from service.store.people import rows
from service.web.admin.api_types import Address, Done, Limit, refuse_address_in_url, shown
from service.web.admin.operator import ActingOperator
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem

_PURPOSE = "admin-cursor"


class Suppression(msgspec.Struct):
    """A suppression, without its address, of which only a keyed hash is stored."""

    reason: str
    source: str
    created_at: datetime


class Suppressions(msgspec.Struct):
    """A page of suppressions, newest first; `next` is the `before` of the next page."""

    items: list[Suppression]
    next: str | None


class Lift(Address):
    """The address to lift. `asked_by_person`: the person asked for mail again."""

    asked_by_person: bool = False


def seal_place(keyring: Keyring, row: rows.Suppression) -> str:
    """The encrypted position of a page's end: URLs must not contain the keyed hash of an address."""
    plain = msgspec.json.encode((row.created_at, row.address_index))
    return base64.urlsafe_b64encode(keyring.seal(plain, _PURPOSE)).rstrip(b"=").decode()


def open_place(keyring: Keyring, place: str) -> tuple[datetime, bytes]:
    """The place that `seal_place` sealed. Raises a Problem (400)."""
    try:
        sealed = base64.urlsafe_b64decode(place + "=" * (-len(place) % 4))
        return msgspec.json.decode(keyring.open(sealed, _PURPOSE), type=tuple[datetime, bytes])
    except (DecryptionError, binascii.Error, ValueError):
        error = {"field": "before", "message": "Take the `next` of the page before this one."}
        raise Problem(400, "The page could not be found.", errors=[error]) from None


@get("/suppressions", summary="Addresses that must not be written to, without the addresses")
async def list_suppressions(
    request: Request[Any, Any, Any],
    system: OpenSystem,
    limit: Limit = 50,
    before: Annotated[str | None, QueryParameter(max_length=400)] = None,
    reason: Annotated[Reason | None, QueryParameter()] = None,
) -> Suppressions:
    """Suppressions, optionally of one reason. Raises a Problem (422) for an address in the query."""
    refuse_address_in_url(request, "/v1/admin/suppressions/search")
    place = open_place(system.keyring, before) if before else None
    async with system.reading() as connection:
        rows = await browse.suppressions(connection, reason=reason, before=place, limit=limit)
    more = seal_place(system.keyring, rows[-1]) if len(rows) == limit else None
    return Suppressions([shown(row, Suppression) for row in rows], more)


@post("/suppressions/search", status_code=200, summary="Whether an address must not be written to, and why")
async def search_suppressions(
    data: Annotated[Address, Body()], system: OpenSystem, operator: ActingOperator
) -> Suppression:
    """The suppression of an address."""
    row = await look_up.suppression_of(system, operator, data.canonical, system.now())
    if row is None:
        raise Problem(404, "That address may be written to.")
    return shown(row, Suppression)


@post("/suppressions", status_code=200, summary="Never write to an address")
async def add_suppression(
    data: Annotated[Address, Body()], system: OpenSystem, operator: ActingOperator
) -> Done:
    """Queued mails to that address are cancelled. Idempotent."""
    return Done(int(await actions.add(system, operator, data.canonical, now=system.now())))


@post("/suppressions/lift", status_code=200, summary="Write to an address again")
async def lift_suppression(
    data: Annotated[Lift, Body()], system: OpenSystem, operator: ActingOperator
) -> Done:
    """The address may be written to again. Idempotent."""
    asked, now = data.asked_by_person, system.now()
    try:
        lifted = await actions.lift(system, operator, data.canonical, asked_by_person=asked, now=now)
    except AskedByPerson as problem:
        raise Problem(409, str(problem)) from None
    return Done(int(lifted))

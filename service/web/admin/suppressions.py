"""/v1/admin/suppressions: addresses that must not be written to, listed without them, added, lifted."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post
from litestar.params import Body, QueryParameter
from sqlalchemy import Row

from service.keys.keyring import Keyring, Unreadable
from service.store import review, suppressions
from service.store.database import reading, writing
from service.store.suppressions import Reason
from service.system import System
from service.web.admin.access import actions
from service.web.admin.shapes import Address, Done, Limit, shown
from service.web.inject import OpenSystem
from service.web.problems import Problem

#: The person asked for these. Lifting one needs the person's word, which the operator confirms.
OWN_WISHES = frozenset({Reason.DECLINED, Reason.COMPLAINT, Reason.UNSUBSCRIBED})

_PURPOSE = "admin-cursor"


class Suppression(msgspec.Struct):
    """An address that must not be written to; which one, only its keyed index knows."""

    reason: str
    source: str
    created_at: datetime


class Suppressions(msgspec.Struct):
    """A page of suppressions, the newest first; `next` leads to the next page."""

    items: list[Suppression]
    next: str | None


class Lift(Address):
    """Which address may be written to again. `asked_by_person`: it was the person who asked for it."""

    asked_by_person: bool = False


def _seal_place(keyring: Keyring, row: Row[Any]) -> str:
    """Where a page ended, opaque: the keyed index of an address stays out of URLs."""
    plain = msgspec.json.encode((row.created_at, row.address_index))
    return base64.urlsafe_b64encode(keyring.seal(plain, _PURPOSE)).rstrip(b"=").decode()


def _open_place(keyring: Keyring, place: str) -> tuple[datetime, bytes]:
    try:
        sealed = base64.urlsafe_b64decode(place + "=" * (-len(place) % 4))
        return msgspec.json.decode(keyring.open(sealed, _PURPOSE), type=tuple[datetime, bytes])
    except (Unreadable, binascii.Error, ValueError):
        error = {"field": "before", "message": "Take the `next` of the page before this one."}
        raise Problem(400, "The page could not be found.", errors=[error]) from None


@get("/suppressions", summary="Addresses that must not be written to, without the addresses")
async def list_suppressions(
    system: OpenSystem,
    limit: Limit = 50,
    before: Annotated[str | None, QueryParameter(max_length=400)] = None,
    reason: Annotated[
        Literal["declined", "complaint", "unsubscribed", "hard_bounce", "soft_bounces", "operator"] | None,
        QueryParameter(),
    ] = None,
) -> Suppressions:
    """Suppressions, of one reason or of all."""
    place = _open_place(system.keyring, before) if before else None
    async with reading(system.database) as connection:
        rows = await review.suppressions(connection, reason=reason, before=place, limit=limit)
    more = _seal_place(system.keyring, rows[-1]) if len(rows) == limit else None
    return Suppressions([shown(row, Suppression) for row in rows], more)


@post("/suppressions/search", status_code=200, summary="Whether an address must not be written to, and why")
async def search_suppressions(data: Annotated[Address, Body()], system: OpenSystem) -> Suppression:
    """The suppression of one address."""
    async with reading(system.database) as connection:
        row = await review.suppression(connection, system.addresses.of(data.canonical))
    if row is None:
        raise Problem(404, "That address may be written to.")
    return shown(row, Suppression)


async def suppress_address(system: System, address: str) -> bool:
    """Ends all mail to an address; False when it was suppressed already, whose reason then stays."""
    async with writing(system.database) as connection:
        fresh = await suppressions.add(
            connection,
            system.addresses.of(address),
            Reason.OPERATOR,
            source="operator",
            now=datetime.now(UTC),
        )
    actions.info("address_suppressed", suppressions=int(fresh))
    return fresh


async def lift_address(system: System, address: str, *, asked_by_person: bool) -> bool:
    """Lets an address be written to again; False when it was. What was missed meanwhile is caught up with.

    Raises a Problem (409) for what the person asked for, unless the person asks for this too.
    """
    index = system.addresses.of(address)
    async with writing(system.database) as connection:
        reason = await suppressions.reason_of(connection, index)
        if reason in OWN_WISHES and not asked_by_person:
            raise Problem(
                409, f"The person asked for this ({reason}): say with asked_by_person that they ask again."
            )
        lifted = await suppressions.lift(connection, index)
    actions.info("suppression_lifted", suppressions=int(lifted), reason=reason)
    return lifted


@post("/suppressions", status_code=200, summary="Never write to an address")
async def add_suppression(data: Annotated[Address, Body()], system: OpenSystem) -> Done:
    """Mails that wait for that address are not sent any more. Asking again changes nothing."""
    return Done(int(await suppress_address(system, data.canonical)))


@post("/suppressions/lift", status_code=200, summary="Write to an address again")
async def lift_suppression(data: Annotated[Lift, Body()], system: OpenSystem) -> Done:
    """The address may be written to again. Asking again changes nothing."""
    lifted = await lift_address(system, data.canonical, asked_by_person=data.asked_by_person)
    return Done(int(lifted))

"""/v1/admin/deliveries: the newest mails, the state of one, or all mails to a person."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import Body, QueryParameter

from service.actions import look_up
from service.domain.delivery.states import DeliveryState
from service.store.admin import browse
from service.web.admin.api_types import (
    LATELY,
    Before,
    Limit,
    Number,
    canonical_address,
    not_found,
    refuse_address_in_url,
    shown,
)
from service.web.admin.operator import ActingOperator
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem


class Delivery(msgspec.Struct):
    """A mail without its content. `message_key` is the local part of its Message-ID.

    `server_reply` is a mail server's last reply to it, or how the connection ended: at most 500 characters,
    without addresses.
    """

    id: int
    subscriber_id: int
    kind: str
    state: str
    outcome: str | None
    server_reply: str | None
    run_id: int | None
    attempts: int
    message_key: str
    due_at: datetime
    created_at: datetime
    first_attempt_at: datetime | None
    finished_at: datetime | None
    history: list[Any] | None


class AllDeliveries(msgspec.Struct):
    """A page of mails to anybody, newest first; `next` is the `before` of the next page."""

    items: list[Delivery]
    next: int | None


class Deliveries(msgspec.Struct):
    """A page of mails to a person, newest first; `next` is the `before` of the next page."""

    subscriber_id: int
    items: list[Delivery]
    next: int | None


class Search(msgspec.Struct, forbid_unknown_fields=True):
    """The recipient to search for. The address is in the body, since URLs are logged."""

    email: str
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50
    before: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)] | None = None


@get("/deliveries", summary="Mails, the newest first")
async def list_deliveries(
    request: Request[Any, Any, Any],
    system: OpenSystem,
    limit: Limit = 50,
    before: Before = None,
    delivery_state: Annotated[DeliveryState | None, QueryParameter(name="state")] = None,
) -> AllDeliveries:
    """Mails to anybody; those of one state of the last 14 days. Raises a Problem (422) for an address."""
    refuse_address_in_url(request, "/v1/admin/deliveries/search")
    since = system.now() - LATELY
    async with system.reading() as connection:
        rows = await browse.deliveries(
            connection, since=since, state=delivery_state, before=before, limit=limit
        )
    more = rows[-1].id if len(rows) == limit else None
    return AllDeliveries([shown(row, Delivery) for row in rows], more)


@get("/deliveries/{number:int}", summary="One mail")
async def show_delivery(number: Number, system: OpenSystem) -> Delivery:
    """The state of a mail and its history."""
    async with system.reading() as connection:
        row = await browse.delivery(connection, number)
    if row is None:
        raise not_found("delivery")
    return shown(row, Delivery)


@post("/deliveries/search", status_code=200, summary="The mails to one address")
async def search_deliveries(
    data: Annotated[Search, Body()], system: OpenSystem, operator: ActingOperator
) -> Deliveries:
    """The mails to the subscriber who has this address now."""
    address, now = canonical_address(data.email), system.now()
    found = await look_up.deliveries_to(system, operator, address, now, limit=data.limit, before=data.before)
    if found.subscriber is None:
        raise Problem(404, "Nobody is known by that address.")
    rows = found.deliveries
    more = rows[-1].id if len(rows) == data.limit else None
    return Deliveries(found.subscriber.id, [shown(row, Delivery) for row in rows], more)

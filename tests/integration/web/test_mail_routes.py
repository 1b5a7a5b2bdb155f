"""Every route by which a visitor causes mail: each row of the table is limited in each of the ways."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import time_machine
from sqlalchemy import delete

from service.configuration import settings as settings_module
from service.crypto.link_tokens import short_index
from service.redis.rate_counters import PREFIX
from service.request_queue import RequestKind
from service.store.people import subscribers
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from service.web.site import mail_routes
from service.web.site.mail_routes import MAIL_ROUTES, MailRoute
from tests.conftest import client_of
from tests.integration.privacy import cast
from tests.integration.web.inbox import Inbox, link_in, open_inbox
from tests.integration.web.signing_up import ALICE, rows, sign_up, solved
from workers.visitor_requests import process_requests

pytestmark = pytest.mark.slow

WEB = Path(__file__).parents[3] / "service" / "web"
NEW = "new.address@example.net"
LIMIT = 5
NETWORK = PREFIX + "net:127.0.0.0/24"
TERMS = {"terms_version": "2026-01", "accept_terms": "on"}


@dataclass
class Ask:
    """A request that causes mail: where it goes, with which fields, and to whom the mail goes."""

    target: str
    fields: dict[str, object]
    mailbox: str
    client: httpx.AsyncClient

    async def post(self, *, prove: bool = False) -> httpx.Response:
        fields = dict(self.fields)
        if prove:
            fields["challenge"] = solved((await self.client.get("/v1/challenge")).json())
        return await self.client.post(self.target, data=fields)


Prepare = Callable[[httpx.AsyncClient, Inbox], Awaitable[tuple[str, dict[str, object], str]]]


async def to_sign_up(client: httpx.AsyncClient, inbox: Inbox) -> tuple[str, dict[str, object], str]:
    await cast.follower(inbox.world.system, "someone@example.com")  # publishes the terms
    return "/v1/subscriptions", sign_up(email=NEW, **TERMS), NEW


async def to_confirm_again(client: httpx.AsyncClient, inbox: Inbox) -> tuple[str, dict[str, object], str]:
    await cast.follower(inbox.world.system, "someone@example.com")
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=49)):
        await client.post("/v1/subscriptions", data=sign_up(**TERMS))
        mail = await inbox.one()
    return link_in(mail, "confirm") + "/again", {}, ALICE


async def to_get_a_link(client: httpx.AsyncClient, inbox: Inbox) -> tuple[str, dict[str, object], str]:
    await cast.follower(inbox.world.system, ALICE)
    return "/preferences", {"email": ALICE}, ALICE


async def to_change_address(client: httpx.AsyncClient, inbox: Inbox) -> tuple[str, dict[str, object], str]:
    target, fields, _ = await to_get_a_link(client, inbox)
    await client.post(target, data=fields)
    return link_in(await inbox.one(), "preferences") + "/address", {"email": NEW}, NEW


async def to_confirm_address(client: httpx.AsyncClient, inbox: Inbox) -> tuple[str, dict[str, object], str]:
    target, fields, _ = await to_change_address(client, inbox)
    await client.post(target, data=fields)
    return link_in(await inbox.one(NEW), "address"), {"do": "confirm"}, ALICE


PREPARE: dict[str, Prepare] = {
    mail_routes.SIGN_UP.path: to_sign_up,
    mail_routes.FRESH_CONFIRMATION.path: to_confirm_again,
    mail_routes.PREFERENCES_LINK.path: to_get_a_link,
    mail_routes.ADDRESS_CHANGE.path: to_change_address,
    mail_routes.ADDRESS_CONFIRMED.path: to_confirm_address,
}
BY_PERSON = [route for route in MAIL_ROUTES if route.a_day is not None]


def path_of(route: MailRoute) -> str:
    return route.path


@pytest.fixture
async def inbox(system: System) -> AsyncIterator[Inbox]:
    async with open_inbox(system) as opened:
        yield opened


@pytest.fixture
async def ask(
    client: httpx.AsyncClient, inbox: Inbox, environ: dict[str, str], request: pytest.FixtureRequest
) -> AsyncIterator[Ask]:
    """A function that requests mail at a route, of a service with low limits and empty counters."""
    target, fields, mailbox = await PREPARE[request.param.path](client, inbox)
    await inbox.world.system.redis.flushall()
    async with writing(inbox.world.system.database) as connection:
        await connection.execute(delete(t.mail_quota))
    settings = settings_module.read(environ | {"ALERTS_SIGNUP_LIMIT": str(LIMIT)})
    async with client_of(settings) as limited:
        yield Ask(target, fields, mailbox, limited)


def went_well(answer: httpx.Response) -> bool:
    return answer.status_code in (200, 303)


@pytest.mark.parametrize(
    ("ask", "route"),
    [(route, route) for route in MAIL_ROUTES],
    indirect=["ask"],
    ids=lambda route: route.path,
)
async def test_each_route_counts_per_network_per_person_and_in_total(
    ask: Ask, route: MailRoute, system: System
) -> None:
    assert went_well(await ask.post())
    counted = {key: await system.redis.get(key) for key in (NETWORK, PREFIX + "all")}
    assert set(counted.values()) == {b"1"}
    persons = await system.redis.keys(f"{PREFIX}{route.kinds[0]}:*")
    assert len(persons) == (0 if route.a_day is None else 1)


@pytest.mark.parametrize("ask", MAIL_ROUTES, indirect=True, ids=path_of)
async def test_each_route_refuses_a_network_over_its_limit_without_a_proof_of_work(
    ask: Ask, system: System
) -> None:
    await system.redis.set(NETWORK, LIMIT, ex=600)
    refused = await ask.post()
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 600
    assert 'data-challenge="' in refused.text
    assert went_well(await ask.post(prove=True))
    await system.redis.set(NETWORK, LIMIT * 4, ex=600)
    assert (await ask.post(prove=True)).status_code in (
        429,
        200,
    )  # 200: a confirmed change is not mailed again


@pytest.mark.parametrize("ask", MAIL_ROUTES, indirect=True, ids=path_of)
async def test_each_route_requires_a_proof_of_work_when_all_requests_exceed_a_limit(
    ask: Ask, system: System
) -> None:
    await system.redis.set(PREFIX + "all", LIMIT * 10, ex=600)
    before = len(await rows(system.database, t.request)) + len(await rows(system.database, t.delivery))
    refused = await ask.post()
    assert refused.status_code == 422
    assert 'data-challenge="' in refused.text
    assert "/static/challenge" in refused.text
    assert (
        len(await rows(system.database, t.request)) + len(await rows(system.database, t.delivery)) == before
    )
    assert went_well(await ask.post(prove=True))


@pytest.mark.parametrize(
    ("ask", "route"), [(route, route) for route in BY_PERSON], indirect=["ask"], ids=lambda route: route.path
)
async def test_requests_of_one_person_are_limited_per_day(ask: Ask, route: MailRoute, system: System) -> None:
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(ALICE))
    assert person is not None
    assert route.a_day is not None
    number = short_index(person.email_index) if route is mail_routes.FRESH_CONFIRMATION else person.id
    await system.redis.set(f"{PREFIX}{route.kinds[0]}:{number}", route.a_day, ex=24 * 3600)
    refused = await ask.post(prove=True)
    assert refused.status_code == 429
    assert 600 < int(refused.headers["retry-after"]) <= 24 * 3600
    assert "several times today" in refused.text


@pytest.mark.parametrize("ask", MAIL_ROUTES, indirect=True, ids=path_of)
async def test_each_route_counts_for_the_mailbox_without_dots_and_tags(ask: Ask, system: System) -> None:
    now = datetime.now(UTC)
    assert went_well(await ask.post())
    await process_requests(system)
    local, _, domain = ask.mailbox.partition("@")
    variant = f"{local[0]}.{local[1:].replace('.', '')}+tag@{domain}"
    assert went_well(await ask.client.post("/v1/subscriptions", data=sign_up(email=variant, **TERMS)))
    await process_requests(system)
    newest = (await rows(system.database, t.delivery))[-1]
    assert newest.kind == "confirmation"
    assert newest.due_at > now + timedelta(minutes=14)


@pytest.mark.parametrize("ask", [mail_routes.ADDRESS_CHANGE], indirect=True, ids=path_of)
async def test_the_form_for_another_address_cannot_flood_strangers(
    ask: Ask, system: System, inbox: Inbox
) -> None:
    """One subscriber, many strangers, a proof of work for each request."""
    statuses = []
    for number in range(15):
        ask.fields = {"email": f"stranger{number}@example{number}.org"}
        statuses.append((await ask.post(prove=True)).status_code)
        await inbox.look()
    assert statuses == [303] * 5 + [429] * 10
    asked = [row for row in await rows(system.database, t.delivery) if row.kind == "address_change"]
    assert len(asked) == 5


@pytest.mark.parametrize("ask", [mail_routes.ADDRESS_CHANGE], indirect=True, ids=path_of)
async def test_a_mistyped_address_does_not_count(ask: Ask) -> None:
    for _ in range(8):
        ask.fields = {"email": "no address"}
        assert (await ask.post()).status_code == 422
    ask.fields = {"email": NEW}
    assert (await ask.post()).status_code == 303


async def test_the_table_names_every_route_that_causes_mail(client: httpx.AsyncClient) -> None:
    """By what a handler calls: leaving a request for the workers, or queueing a mail."""
    assert {route.request for route in MAIL_ROUTES} == {*RequestKind, None}
    assert set(PREPARE) == {route.path for route in MAIL_ROUTES}
    folders = (WEB, WEB.parent / "actions")
    paths = (path for folder in folders for path in folder.rglob("*.py") if path.parent.name != "why")
    sources = {path: path.read_text(encoding="utf-8") for path in paths}
    left = [
        kind
        for path, text in sources.items()
        if path.name != "mail_routes.py"
        for kind in re.findall(r"RequestKind\.(\w+)", text)
    ]
    assert sorted(left) == sorted(kind.name for kind in RequestKind)
    queueing = [path.name for path, text in sources.items() if re.search(r"deliveries\.queue\(", text)]
    assert sorted(queueing) == ["change_address.py", "requested_mail.py"]
    refusing = "".join(sources.values())
    for name in ("FRESH_CONFIRMATION", "PREFERENCES_LINK", "ADDRESS_CHANGE", "ADDRESS_CONFIRMED"):
        assert f"mail_routes.{name}" in refusing

"""Sign-up under attack: no mailbox is flooded, no answer tells who is known, machines must work for it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest
import time_machine
from litestar import Litestar
from sqlalchemy import event

from service import rate_limit
from service import settings as settings_module
from service.crypto.email_addresses import AddressIndex, decrypt_subscriber
from service.store.people import subscribers, subscriptions, suppressions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from service.web.site import challenge
from tests.conftest import app_of, serving
from tests.integration.web.signing_up import (
    ALICE,
    all_mail_sent,
    post,
    publish_terms,
    rows,
    sign_up,
    solved,
    work,
)


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)


@pytest.fixture
def app(environ: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Litestar]:
    with app_of(settings_module.read(environ | getattr(request, "param", {}))) as app:
        yield app


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(app) as http:
        yield http


async def kinds_of_mail(system: System) -> list[str]:
    return [row.kind for row in await rows(system.database, t.delivery)]


async def test_hundreds_of_sign_ups_for_one_victim_are_three_mails_in_a_day(
    client: httpx.AsyncClient, system: System
) -> None:
    spellings = [ALICE, "a.l.i.c.e@example.org", "Alice+news@example.org", "ALICE@EXAMPLE.ORG"]
    with time_machine.travel(datetime.now(UTC)) as clock:
        for number in range(200):
            await post(client, email=spellings[number % 4], topic=f"trial:NCT{number:08}")
            if number % 10 == 9:
                await work(system)
                clock.shift(timedelta(minutes=20))
    due = sorted(row.due_at for row in await rows(system.database, t.delivery))
    assert all(b - a >= timedelta(hours=24) for a, b in zip(due, due[3:], strict=False))
    assert due[-1] < datetime.now(UTC) + timedelta(days=7)


async def test_one_mail_in_a_quarter_of_an_hour_whatever_the_spelling(
    client: httpx.AsyncClient, system: System
) -> None:
    await post(client)
    await post(client, email="a.lice+x@example.org")
    await work(system)
    first, second = await rows(system.database, t.delivery)
    assert second.due_at - first.due_at == timedelta(minutes=15)
    assert len(await rows(system.database, t.subscriber)) == 2


async def test_dots_and_tags_share_the_limit_but_not_the_identity(
    client: httpx.AsyncClient, system: System
) -> None:
    await post(client, email="A.b+x@EXAMPLE.org")
    await work(system)
    row = (await rows(system.database, t.subscriber))[0]
    assert decrypt_subscriber(system.keyring, row.sealed, row.public_id).address == "A.b+x@example.org"
    assert system.addresses.of("ab@example.org") != row.email_index
    assert system.addresses.mailbox("ab@example.org") == system.addresses.mailbox("A.b+x@example.org")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("straße@example.org", "strasse@example.org"),
        ("ﬁ@example.org", "fi@example.org"),
        ("ſam@example.org", "sam@example.org"),
        ("ｊane@example.org", "jane@example.org"),
    ],
)
async def test_two_mailboxes_are_two_people_each_with_a_mail_of_their_own(
    client: httpx.AsyncClient, system: System, one: str, other: str
) -> None:
    for address in (one, other):
        await post(client, email=address)
    await work(system)
    people = await rows(system.database, t.subscriber)
    opened = [decrypt_subscriber(system.keyring, row.sealed, row.public_id).address for row in people]
    assert sorted(opened) == sorted([one, other])
    mailed = {row.subscriber_id for row in await rows(system.database, t.delivery)}
    assert mailed == {row.id for row in people}


async def test_what_one_person_forbids_is_not_forbidden_to_another(
    client: httpx.AsyncClient, system: System
) -> None:
    async with writing(system.database) as connection:
        index = system.addresses.of("strasse@example.org")
        await suppressions.add(connection, index, "declined", source="test", now=datetime.now(UTC))
    for address in ("strasse@example.org", "straße@example.org"):
        await post(client, email=address)
    await work(system)
    assert len(await kinds_of_mail(system)) == 1


async def test_the_names_of_one_provider_share_the_limit_of_a_mailbox(
    client: httpx.AsyncClient, system: System
) -> None:
    for address in ("ab@gmail.com", "a.b@googlemail.com", "ab+x@googlemail.com"):
        await post(client, email=address)
    await work(system)
    due = [row.due_at for row in await rows(system.database, t.delivery)]
    assert [due[1] - due[0], due[2] - due[1]] == [timedelta(minutes=15)] * 2


async def _prepare(client: httpx.AsyncClient, system: System, case: str) -> None:
    """Brings Alice into the state whose name is `case`."""
    if case == "new":
        return
    await post(client)
    await work(system)
    now = datetime.now(UTC)
    await all_mail_sent(system.database, forgotten=case != "limited")
    async with writing(system.database) as connection:
        if case == "active":
            person = (await rows(system.database, t.subscriber))[0].id
            await subscribers.change(connection, person, confirmed_at=now)
            await subscriptions.activate_pending(connection, person, now)
        if case in ("declined", "unsubscribed", "complaint", "hard_bounce"):
            index = system.addresses.of(ALICE)
            await suppressions.add(connection, index, case, source="test", now=now)


#: Headers that stand on every answer of the service.
ON_EVERYTHING = {"cross-origin-opener-policy", "permissions-policy", "vary", "x-content-type-options"}

CASES = {
    "new": ["confirmation"],
    "pending": ["confirmation"],
    "active": ["already_following"],
    "limited": ["confirmation"],
    "unsubscribed": ["confirmation"],
    "declined": [],
    "complaint": [],
    "hard_bounce": [],
}


@pytest.mark.parametrize("case", CASES)
async def test_the_answer_and_the_work_behind_it_are_the_same_for_everybody(
    app: Litestar, client: httpx.AsyncClient, system: System, case: str
) -> None:
    await _prepare(client, system, case)
    await post(client, email="warm@example.org")  # what is remembered for a second is remembered
    statements: list[str] = []
    engine = app.state.system.database.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    answer = await post(client)
    seen = [statement for statement in statements if "INSERT INTO request" in statement]
    assert len(seen) == 1
    assert not any("subscri" in statement or "suppression" in statement for statement in statements)
    assert answer.status_code == 202
    assert answer.content == b'{"status":"confirmation_pending"}'
    assert set(answer.headers) - ON_EVERYTHING == {"cache-control", "content-length", "content-type"}
    form = await client.post("/v1/subscriptions", data=sign_up(accept_terms="on"))
    assert (form.status_code, form.headers["location"], form.content) == (303, "/subscribe/sent", b"")
    await client.get("/subscribe/sent")


@pytest.mark.parametrize("case", CASES)
async def test_only_the_mail_differs(client: httpx.AsyncClient, system: System, case: str) -> None:
    await _prepare(client, system, case)
    before = len(await kinds_of_mail(system))
    await post(client)
    await work(system)
    assert (await kinds_of_mail(system))[before:] == CASES[case]


LIMITED = {"ALERTS_SIGNUP_LIMIT": "3"}


@pytest.mark.parametrize("app", [LIMITED], indirect=True)
async def test_a_network_that_sends_too_much_gets_429_until_it_works_for_it(
    client: httpx.AsyncClient,
) -> None:
    for _ in range(3):
        assert (await post(client)).status_code == 202
        asked = (await client.get("/v1/challenge")).json()
    assert asked["required"] is True
    refused = await post(client)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 600
    assert (await post(client, challenge="bm90aGluZw==")).status_code == 429
    page = await client.post("/v1/subscriptions", data=sign_up(accept_terms="on"))
    assert page.status_code == 429
    assert "data-challenge" in page.text
    assert (await post(client, challenge=solved(asked))).status_code == 202
    for _ in range(10):
        last = await post(client, challenge=solved((await client.get("/v1/challenge")).json()))
    assert last.status_code == 429


ALWAYS = {"ALERTS_CHALLENGE": "always"}


@pytest.mark.parametrize("app", [ALWAYS], indirect=True)
async def test_a_proof_of_work_is_taken_once(client: httpx.AsyncClient, system: System) -> None:
    missing = await post(client)
    assert missing.status_code == 422
    assert [error["field"] for error in missing.json()["errors"]] == ["challenge"]
    proof = solved((await client.get("/v1/challenge")).json())
    assert (await post(client, challenge=proof, email="no address")).status_code == 422
    assert (await post(client, challenge=proof)).status_code == 202
    assert (await post(client, challenge=proof)).status_code == 422
    assert len(await rows(system.database, t.request)) == 1


@pytest.mark.parametrize("app", [ALWAYS], indirect=True)
async def test_a_proof_of_work_altered_late_or_for_another_action_is_none(
    client: httpx.AsyncClient, system: System
) -> None:
    sent = (await client.get("/v1/challenge")).json()
    longer = sent | {"salt": sent["salt"].replace("expires=", "expires=9")}
    foreign = challenge.make(system, "something-else")
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=11)):
        late = challenge.make(system)
    good = json.loads(base64.b64decode(solved(sent)))
    wrong = [
        good | {"number": good["number"] + 1},
        good | {"number": "1"},
        good | {"algorithm": "SHA-1"},
        {"number": 1},
        [],
    ]
    proofs = [base64.b64encode(json.dumps(one).encode()).decode() for one in wrong]
    proofs += [solved(foreign), solved(late), "%%%", "AAAA", "é"]
    proofs.append(base64.b64encode(json.dumps(good | {"salt": longer["salt"]}).encode()).decode())
    for proof in proofs:
        assert (await post(client, challenge=proof)).status_code == 422
    assert (await post(client, challenge=solved(sent))).status_code == 202


@pytest.mark.parametrize("app", [LIMITED], indirect=True)
async def test_those_who_come_at_once_are_counted_one_by_one(
    client: httpx.AsyncClient, system: System
) -> None:
    answers = await asyncio.gather(*(post(client, email=f"person{n}@example.org") for n in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202] * 3 + [429] * 7
    assert len(await rows(system.database, t.request)) == 3
    assert all(0 < int(a.headers["retry-after"]) <= 600 for a in answers if a.status_code == 429)


@pytest.mark.parametrize("app", [{"ALERTS_TRUSTED_PROXIES": "127.0.0.0/8", **LIMITED}], indirect=True)
async def test_networks_that_come_at_once_are_counted_apart(client: httpx.AsyncClient) -> None:
    async def from_(network: int) -> int:
        headers = {"x-forwarded-for": f"192.0.{network}.1"}
        return (await client.post("/v1/subscriptions", json=sign_up(), headers=headers)).status_code

    answers = await asyncio.gather(*(from_(number % 3) for number in range(12)))
    for network in range(3):
        assert sorted(answers[network::3]) == [202, 202, 202, 429]


@pytest.mark.parametrize("app", [{"ALERTS_TRUSTED_PROXIES": "127.0.0.0/8", **LIMITED}], indirect=True)
async def test_networks_are_counted_apart_behind_a_trusted_proxy(client: httpx.AsyncClient) -> None:
    async def from_(address: str) -> int:
        headers = {"x-forwarded-for": "9.9.9.9, " + address}
        return (await client.post("/v1/subscriptions", json=sign_up(), headers=headers)).status_code

    assert [await from_(f"192.0.2.{n}") for n in range(4)] == [202, 202, 202, 429]
    assert await from_("198.51.100.1") == 202
    assert [await from_(f"2001:db8:1:{n}::1") for n in range(4)] == [202, 202, 202, 429]


@pytest.mark.parametrize("app", [{"ALERTS_REDIS_URL": "redis://127.0.0.1:1", **LIMITED}], indirect=True)
async def test_while_redis_is_away_sign_up_works_and_is_still_limited(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "_local", rate_limit._LocalCounters())
    assert [(await post(client)).status_code for _ in range(4)] == [202, 202, 202, 429]
    assert len(await rows(system.database, t.request)) == 3


async def test_when_hardly_anybody_confirms_a_proof_of_work_is_asked_for(
    client: httpx.AsyncClient, system: System
) -> None:
    await rate_limit.count_hourly(system, "asked", 400)
    assert (await client.get("/v1/challenge")).json()["required"] is True
    assert (await post(client)).status_code == 422
    await rate_limit.count_hourly(system, "confirmed", 100)
    assert (await post(client)).status_code == 202


async def test_without_the_key_a_list_of_addresses_finds_nobody(
    client: httpx.AsyncClient, system: System
) -> None:
    await post(client)
    await work(system)
    row = (await rows(system.database, t.subscriber))[0]
    for guess in (ALICE.encode(), b"address:" + ALICE.encode()):
        assert sha256(guess).digest() != row.email_index
    assert AddressIndex(b"another key").of(ALICE) != row.email_index
    assert system.addresses.of(ALICE) == row.email_index
    assert not any(ALICE.encode() in column for column in row if isinstance(column, bytes))

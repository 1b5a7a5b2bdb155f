"""Sign-up under attack: no mailbox is flooded, no answer reveals who is known, machines must prove work."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest
import time_machine
from litestar import Litestar
from sqlalchemy import event

from service.crypto.email_addresses import AddressIndex, decrypt_subscriber
from service.store.people import subscribers, subscriptions, suppressions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.conftest import serving
from tests.integration.web.signing_up import (
    ALICE,
    all_mail_sent,
    post,
    publish_terms,
    rows,
    sign_up,
    work,
)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(app) as http:
        yield http


async def kinds_of_mail(system: System) -> list[str]:
    return [row.kind for row in await rows(system.database, t.delivery)]


async def test_sign_ups_for_one_victim_are_three_mails_in_a_day(
    client: httpx.AsyncClient, system: System
) -> None:
    spellings = [ALICE, "a.l.i.c.e@example.org", "Alice+news@example.org", "ALICE@EXAMPLE.ORG"]
    with time_machine.travel(datetime.now(UTC)) as clock:
        for number in range(72):
            await post(client, email=spellings[number % 4], topic=f"trial:NCT{number:08}")
            if number % 4 == 3:
                await work(system)
                await _sent_when_due(system)
                clock.shift(timedelta(hours=2))
    due = sorted(row.due_at for row in await rows(system.database, t.delivery))
    assert len(due) == 6 + len(set(map(str.lower, spellings))), "three on each day, and one of each waits"
    assert all(b - a >= timedelta(hours=24) for a, b in zip(due, due[3:], strict=False))
    assert due[-1] < datetime.now(UTC) + timedelta(days=7)


async def _sent_when_due(system: System) -> None:
    """Marks the mails that are due as sent."""
    is_due = (t.delivery.c.state == "queued") & (t.delivery.c.due_at <= datetime.now(UTC))
    async with writing(system.database) as connection:
        await connection.execute(t.delivery.update().where(is_due).values(state="sent", attempts=1))


async def test_spellings_of_a_mailbox_share_one_mail_in_a_quarter_of_an_hour(
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


async def test_a_suppression_does_not_apply_to_a_similar_address(
    client: httpx.AsyncClient, system: System
) -> None:
    async with writing(system.database) as connection:
        index = system.addresses.of("strasse@example.org")
        await suppressions.add(connection, index, "declined", source="test", now=datetime.now(UTC))
    for address in ("strasse@example.org", "straße@example.org"):
        await post(client, email=address)
    await work(system)
    assert len(await kinds_of_mail(system)) == 1


@pytest.mark.parametrize("refusal", ["declined", "complaint", "operator"])
@pytest.mark.parametrize("other", ["unsubscribed", "soft_bounces"])
@pytest.mark.parametrize("is_last", [True, False])
async def test_a_refusal_counts_before_and_after_a_suppression_that_a_sign_up_lifts(
    client: httpx.AsyncClient, system: System, refusal: str, other: str, is_last: bool
) -> None:
    async with writing(system.database) as connection:
        for reason in (other, refusal) if is_last else (refusal, other):
            index = system.addresses.of(ALICE)
            await suppressions.add(connection, index, reason, source="test", now=datetime.now(UTC))
    await post(client)
    await work(system)
    assert await kinds_of_mail(system) == []


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
ON_EVERYTHING = {
    "cache-control",
    "content-security-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "referrer-policy",
    "vary",
    "x-content-type-options",
    "x-request-id",
    "x-robots-tag",
}

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
    assert set(answer.headers) - ON_EVERYTHING == {"content-length", "content-type"}
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

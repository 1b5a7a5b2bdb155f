"""A mailbox's limit delays mail, never drops it; topics requested meanwhile go into the delayed mail."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
import time_machine

from service.store.sql import tables as t
from service.system import System
from tests.integration.privacy import cast
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.preferring import link
from tests.integration.web.signing_up import ALICE, TRIAL, post, publish_terms, rows
from tests.integration.workers.world import text_of

pytestmark = pytest.mark.slow

PAUSE = timedelta(minutes=15)

#: So many sign-ups that the last, one each 20 minutes, come when the next day's mails are sent.
MANY = 75


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)


async def test_a_second_sign_up_ten_minutes_later_gets_its_confirmation(
    client: httpx.AsyncClient, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client)
    assert TRIAL[6:] in text_of(await inbox.one())
    clock.shift(timedelta(minutes=10))
    await post(client, topic="trial:NCT00000002")
    assert await inbox.look() == []
    clock.shift(timedelta(minutes=2))
    await post(client, topic=["trial:NCT00000003", "trial:NCT00000004"])
    assert await inbox.look() == []
    clock.shift(timedelta(minutes=3, seconds=1))
    late = text_of(await inbox.one())
    assert all(number in late for number in ("NCT00000002", "NCT00000003", "NCT00000004"))
    clock.shift(PAUSE)
    assert await inbox.look() == []


async def test_the_life_of_a_delayed_link_counts_from_its_sending(
    client: httpx.AsyncClient, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    for number in range(4):
        await post(client, topic=f"trial:NCT0000000{number}")
        mails = await inbox.look()
        clock.shift(PAUSE)
    assert mails == []
    clock.shift(timedelta(hours=24))
    path = link_in(await inbox.one(), "confirm")
    clock.shift(timedelta(hours=47))
    assert (await client.get(path)).status_code == 200
    clock.shift(timedelta(hours=2))
    assert (await client.get(path)).status_code == 410


async def test_a_link_to_the_preferences_is_sent_when_the_limit_allows(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await cast.follower(system, ALICE)
    await client.post("/preferences", data={"email": ALICE})
    await inbox.one()
    clock.shift(timedelta(minutes=1))
    for _ in range(3):
        await client.post("/preferences", data={"email": ALICE})
        assert await inbox.look() == []
    clock.shift(PAUSE)
    page = await client.get(link_in(await inbox.one(), "preferences"))
    assert (page.status_code, ALICE in page.text) == (200, True)
    clock.shift(PAUSE)
    assert await inbox.look() == []


async def test_the_notice_of_an_existing_subscription_is_sent_when_the_limit_allows(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await cast.follower(system, ALICE)
    await client.post("/preferences", data={"email": ALICE})
    await inbox.one()
    for _ in range(2):
        await post(client, topic=cast.TRIAL, filters={"countries": ["IT"]}, terms_version="2026-01")
        assert await inbox.look() == []
    clock.shift(PAUSE)
    assert [row.kind for row in await rows(system.database, t.delivery)] == [
        "preferences_link",
        "already_following",
    ]
    assert "preferences" in text_of(await inbox.one())


async def test_a_fresh_confirmation_is_sent_when_the_limit_allows(
    client: httpx.AsyncClient, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client)
    path = link_in(await inbox.one(), "confirm")
    clock.shift(timedelta(hours=49))
    await client.post(path + "/again")
    await inbox.one()
    await client.post(path + "/again")
    await client.post(path + "/again")
    assert await inbox.look() == []
    clock.shift(PAUSE)
    assert TRIAL[6:] in text_of(await inbox.one())


async def test_the_ceiling_of_three_mails_in_a_day_holds_and_nothing_is_lost(
    client: httpx.AsyncClient, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    sent: list[datetime] = []
    named = ""
    for number in range(MANY):
        await post(client, topic=f"trial:NCT{number:08}")
        for mail in await inbox.look():
            sent.append(datetime.now(UTC))
            named += text_of(mail)
        clock.shift(timedelta(minutes=20))
    clock.shift(timedelta(hours=24))
    named += "".join(text_of(mail) for mail in await inbox.look())
    assert all(later - earlier >= PAUSE for earlier, later in pairwise(sent))
    assert all(later - earlier >= timedelta(hours=24) for earlier, later in zip(sent, sent[3:], strict=False))
    assert len(sent) == 6
    assert [number for number in range(MANY) if f"NCT{number:08}" not in named] == []


async def _ask_for_address(client: httpx.AsyncClient, system: System, person: int, address: str) -> None:
    path = link(system, person, address=ALICE) + "/address"
    assert (await client.post(path, data={"email": address})).status_code == 303


async def test_a_confirmation_to_a_new_address_waits_and_is_sent_once(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    new = "alice.new@example.net"
    alice = await cast.follower(system, ALICE)
    await post(client, email=new, terms_version="2026-01")
    await inbox.one(new)
    for _ in range(3):
        await _ask_for_address(client, system, alice, new)
        assert await inbox.look(new) == []
    clock.shift(PAUSE)
    path = link_in(await inbox.one(new), "address")
    assert (await client.post(path, data={"do": "confirm"})).status_code == 200
    clock.shift(PAUSE)
    assert await inbox.look(new) == []


@pytest.mark.on_both_databases
async def test_a_waiting_confirmation_is_not_sent_after_a_change_to_another_address(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    first, second = "first@example.net", "second@example.net"
    alice = await cast.follower(system, ALICE)
    await post(client, email=first, terms_version="2026-01")
    await inbox.one(first)
    await _ask_for_address(client, system, alice, first)
    assert await inbox.look(first) == []
    await _ask_for_address(client, system, alice, second)
    await inbox.one(second)
    clock.shift(PAUSE)
    assert await inbox.look(first) == []

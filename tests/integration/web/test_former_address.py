"""After a change of address the old mailbox keeps no keys: a link belongs to the address it was sent to."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from service.crypto.link_tokens import Purpose, make_token
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.preferring import link
from tests.integration.web.signing_up import ALICE, TRIAL, post, publish_terms, rows
from tests.integration.web.test_confirm_by_mail import press
from tests.keys import first_id
from workers.visitor_requests import process_requests

pytestmark = pytest.mark.slow

OLD, NEW, THIRD = ALICE, "alice.new@example.net", "mallory@example.com"
PAUSE = timedelta(minutes=15, seconds=1)


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)


async def confirmed(client: httpx.AsyncClient, inbox: Inbox) -> str:
    """Alice signs up and confirms; the path of her confirmation link."""
    await post(client)
    path = link_in(await inbox.one(), "confirm")
    await press(client, path)
    return path


async def move(
    client: httpx.AsyncClient, inbox: Inbox, *, old: str = OLD, new: str = NEW, asked: str | None = None
) -> str:
    """Alice moves, by her own page; the path of the link that the new address got."""
    path = asked or link(inbox.world.system, first_id(inbox.world.system.addresses.of(ALICE)), address=old)
    assert (await client.post(path + "/address", data={"email": new})).status_code == 303
    question = link_in(await inbox.one(new), "address")
    assert (await client.post(question, data={"do": "confirm"})).status_code == 200
    return question


def old_links(system: System) -> dict[str, str]:
    """Every kind of signed link that the old mailbox holds, by its first word."""
    soon, index = datetime.now(UTC) + timedelta(hours=24), system.addresses.of(OLD)
    kinds = {"confirm": 1, "preferences": 0, "decline": 0, "terms": 0}
    return {
        name: f"/{name}/"
        + make_token(
            system.keyring,
            Purpose(name),
            first_id(system.addresses.of(ALICE)),
            soon,
            email_index=index,
            reference=number,
        )
        for name, number in kinds.items()
    }


async def test_no_link_of_the_old_mailbox_shows_or_does_anything(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await confirmed(client, inbox)
    await move(client, inbox)
    before = [await rows(system.database, table) for table in (t.subscription, t.suppression, t.request)]
    acts = ["", "/settings", "/pause", "/topic", "/again", "/follow", "/address", "/erase", "/data"]
    forms = {"do": "erase", "again": "x", "shown": "x", "email": THIRD, "until": "2099-01-01"}
    for name, path in old_links(system).items():
        for act in acts if name == "preferences" else [""]:
            for answer in (await client.get(path + act), await client.post(path + act, data=forms)):
                # The confirmation's page has one answer for whatever there is not.
                assert answer.status_code in ((200,) if name == "confirm" else (404, 405, 410)), path + act
                for secret in (NEW, TRIAL[6:], "/preferences/", "again="):
                    assert secret not in answer.text
    after = [await rows(system.database, table) for table in (t.subscription, t.suppression, t.request)]
    assert after == before
    assert len(await rows(system.database, t.subscriber)) == 1


async def test_the_page_of_an_old_link_names_the_change_of_address(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    """It named an older link, a piece of one and erased data: the reader found none of them true."""
    await confirmed(client, inbox)
    await move(client, inbox)
    person, index = first_id(system.addresses.of(ALICE)), system.addresses.of(OLD)
    soon = datetime.now(UTC) + timedelta(hours=24)
    digest = make_token(system.keyring, Purpose.DIGEST, 4711, soon, email_index=index)
    for path in (link(system, person, address=OLD), f"/digest/{digest}"):
        answer = await client.get(path)
        assert answer.status_code == 410
        assert "was sent to an address that has been changed since" in answer.text


async def test_a_decline_from_the_old_mailbox_does_not_suppress_the_new_address(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client)
    mail = await inbox.one()
    decline = link_in(mail, "decline")
    found = re.search(r'name="again" value="([^"]+)"', (await client.get(decline)).text)
    assert found
    await press(client, link_in(mail, "confirm"))
    await move(client, inbox)
    assert (await client.post(decline, data={"again": found[1]})).status_code == 404
    assert await rows(system.database, t.suppression) == []
    assert [row.state for row in await rows(system.database, t.subscription)] == ["active"]


async def test_requests_of_the_old_mailbox_before_the_move_are_void_after_it(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await confirmed(client, inbox)
    path = link(system, first_id(system.addresses.of(ALICE)), address=OLD)
    await client.post(path + "/address", data={"email": NEW})
    question = link_in(await inbox.one(NEW), "address")
    await client.post(path + "/address", data={"email": THIRD})  # not yet taken in
    assert (await client.post(question, data={"do": "confirm"})).status_code == 200
    assert await inbox.look(THIRD) == []
    clock.shift(PAUSE)
    assert await inbox.look(THIRD) == []


async def test_a_replaced_confirmation_request_is_not_sent(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await confirmed(client, inbox)
    path = link(system, first_id(system.addresses.of(ALICE)), address=OLD)
    await client.post(path + "/address", data={"email": THIRD})
    await process_requests(system)
    async with writing(system.database) as connection:
        await connection.execute(
            t.delivery.update().where(t.delivery.c.kind == "address_change").values(attempts=1)
        )
    await client.post(path + "/address", data={"email": NEW})
    assert await inbox.look(THIRD) == []
    assert len(inbox.world.mails(NEW)) == 1


async def test_an_intermediate_address_keeps_no_access_either(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await confirmed(client, inbox)
    question = await move(client, inbox)
    assert "address" in (await client.get(question)).text
    clock.shift(PAUSE)
    await move(client, inbox, old=NEW, new=THIRD)
    for path in (question, question + "/decline"):
        assert (await client.get(path)).status_code == 410
        assert (await client.post(path, data={"do": "confirm"})).status_code == 410
        assert (await client.post(path, data={"do": "decline"})).status_code == 410
    assert await rows(system.database, t.suppression) == []


async def test_the_new_mailbox_has_access_and_the_old_one_can_still_stop_mail(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await confirmed(client, inbox)
    await move(client, inbox)
    notice = await inbox.one(OLD)
    clock.shift(PAUSE)
    await client.post("/preferences", data={"email": NEW})
    assert NEW in (await client.get(link_in(await inbox.one(NEW), "preferences"))).text
    clock.shift(PAUSE)
    await post(client, email=NEW)
    assert TRIAL[6:] in (await client.get(link_in(await inbox.one(NEW), "unsubscribe"))).text
    page = (await client.get(link_in(notice, "unsubscribe"))).text
    assert (TRIAL[6:] in page, "Stop all emails" in page) == (False, True)
    answer = await client.post(link_in(notice, "unsubscribe"), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert [row.state for row in await rows(system.database, t.subscription)] == ["ended"]


async def test_a_link_to_a_fresh_confirmation_of_the_old_mailbox_makes_none(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await confirmed(client, inbox)
    clock.shift(PAUSE)
    await post(client, topic="trial:NCT00000002")
    path = link_in(await inbox.one(), "confirm")
    await move(client, inbox)
    clock.shift(timedelta(hours=49))
    assert (await client.post(path + "/again")).status_code == 200
    await inbox.look()
    assert [row.kind for row in await rows(system.database, t.delivery)].count("confirmation") == 2

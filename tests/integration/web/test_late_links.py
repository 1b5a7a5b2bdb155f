"""Links that are pressed late: after they expired, after their sign-up was deleted, or with a tail."""

import re
from datetime import timedelta
from email.message import EmailMessage

import httpx
import pytest
import time_machine

from service.domain.delivery.suppression import Reason
from service.store.people import suppressions
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.preferring import link
from tests.integration.web.signing_up import ALICE, post, publish_terms, rows
from tests.integration.web.test_confirm_by_mail import PAUSE, press, suppress
from tests.keys import first_id
from workers.retention import sweep_retention

pytestmark = pytest.mark.slow

NEW = "alice.new@example.net"
NEVER = "We will never write to this address again"


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)


async def decline(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """Presses the button of the page "It wasn't you?"."""
    found = re.search(r'name="again" value="([^"]+)"', (await client.get(path)).text)
    assert found
    return await client.post(path, data={"again": found[1]})


async def reason(system: System, address: str = ALICE) -> str | None:
    """Why an address is suppressed."""
    async with reading(system.database) as connection:
        return await suppressions.reason_of(connection, system.addresses.of(address))


async def purged(system: System, clock: time_machine.Traveller) -> None:
    """A worker deletes the sign-ups that nobody confirmed."""
    clock.shift(timedelta(days=12))
    await sweep_retention(system)
    assert await rows(system.database, t.subscriber) == []


async def test_a_decline_after_the_sign_up_was_deleted_is_kept(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client)
    path = link_in(await inbox.one(), "decline")
    await purged(system, clock)
    for _ in range(2):
        done = await decline(client, path)
        assert NEVER in done.text
    assert await reason(system) == Reason.DECLINED
    await post(client)
    assert await inbox.look() == []
    again = re.search(r"/subscribe\?again=([^\"]+)", done.text)
    assert again
    clock.shift(timedelta(days=200))
    await post(client, again=again[1])
    assert len(await inbox.look()) == 1


async def test_an_old_decline_ends_what_the_address_was_signed_up_for_since(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client)
    path = link_in(await inbox.one(), "decline")
    await purged(system, clock)
    await post(client)
    await press(client, link_in(await inbox.one(), "confirm"))
    assert "updates are sent to this address" in (await client.get(path)).text
    await decline(client, path)
    assert [row.state for row in await rows(system.database, t.subscription)] == ["ended"]


@pytest.mark.parametrize("before", ["soft_bounces", "unsubscribed"])
async def test_a_decline_outweighs_a_suppression_that_a_sign_up_lifts(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller, before: str
) -> None:
    await suppress(system, before)
    await post(client)
    await decline(client, link_in(await inbox.one(), "decline"))
    assert await reason(system) == Reason.DECLINED
    clock.shift(PAUSE)
    await post(client)
    assert await inbox.look() == []


@pytest.mark.parametrize("before", ["soft_bounces", "hard_bounce"])
async def test_an_erased_address_that_bounced_is_not_written_to_either(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller, before: str
) -> None:
    await post(client)
    await press(client, link_in(await inbox.one(), "confirm"))
    await suppress(system, before)
    path = link(system, first_id(system.addresses.of(ALICE)), address=ALICE)
    await client.post(f"{path}/erase", data={"do": "erase", "never_again": "yes"})
    assert await reason(system) == Reason.DECLINED
    clock.shift(PAUSE)
    await post(client)
    assert await inbox.look() == []


@pytest.mark.parametrize("confirmed", [True, False])
async def test_no_fresh_link_is_offered_that_would_never_come(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller, confirmed: bool
) -> None:
    await post(client)
    path = link_in(await inbox.one(), "confirm")
    if confirmed:
        await press(client, path)
        clock.shift(timedelta(days=12))
    else:
        await purged(system, clock)
    for answer in (await client.get(path), await client.post(f"{path}/again")):
        assert (answer.status_code, "There is nothing left to confirm" in answer.text) == (200, True)
    assert await rows(system.database, t.request) == []


async def test_a_fresh_link_comes_to_a_reader_who_declined_before_and_asked_again(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client)
    done = await decline(client, link_in(await inbox.one(), "decline"))
    again = re.search(r"/subscribe\?again=([^\"]+)", done.text)
    assert again
    clock.shift(PAUSE)
    await post(client, again=again[1])
    path = link_in(await inbox.one(), "confirm")
    clock.shift(timedelta(hours=49))
    assert "Check your email" in (await client.post(f"{path}/again")).text
    await press(client, link_in(await inbox.one(), "confirm"))
    assert await reason(system) is None


async def asked_for_address(client: httpx.AsyncClient, system: System, inbox: Inbox) -> EmailMessage:
    """The mail to a new address that Alice asked to use."""
    await post(client)
    await press(client, link_in(await inbox.one(), "confirm"))
    path = link(system, first_id(system.addresses.of(ALICE)), address=ALICE)
    await client.post(f"{path}/address", data={"email": NEW})
    return await inbox.one(NEW)


def declining(mail: EmailMessage) -> str:
    """The path of the link "It wasn't me" to a new address."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://testserver\.local(/address/\S+/decline)\s", body.get_content())
    assert found
    return found[1]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=49), timedelta(days=12)])
async def test_a_new_address_can_be_declined_at_any_time_and_twice(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller, late: timedelta
) -> None:
    mail = await asked_for_address(client, system, inbox)
    path = declining(mail)
    clock.shift(late)
    await sweep_retention(system)
    assert (await client.get(path)).status_code == 200
    assert await reason(system, NEW) is None
    for _ in range(2):
        done = await client.post(path, data={"do": "decline"})
        assert (done.status_code, "We won’t write to this address" in done.text) == (200, True)
        assert "/subscribe?again=" in done.text
    assert (await reason(system, NEW), await reason(system)) == (Reason.DECLINED, None)
    over = await client.get(link_in(mail, "address"))
    assert (over.status_code, "only the newest one counts" in over.text) == (410, True)


async def test_a_new_address_that_was_confirmed_is_not_declined(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    mail = await asked_for_address(client, system, inbox)
    await client.post(link_in(mail, "address"), data={"do": "confirm"})
    assert (await client.post(declining(mail), data={"do": "decline"})).status_code == 410
    assert await reason(system, NEW) is None


@pytest.mark.parametrize(
    "tail", [">", ".", ")", "%3E", "%20", "%0D%0Ax:y", "%3Fx=y", "&utm_source=mail", "%E2%80%8B"]
)
async def test_a_link_with_a_tail_works(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller, tail: str
) -> None:
    await post(client)
    page = await press(client, link_in(await inbox.one(), "confirm") + tail)
    assert "You are signed up" in page.text
    clock.shift(PAUSE)
    await post(client)
    mail = await inbox.one()
    shown = await client.get(link_in(mail, "preferences") + tail)
    assert f'action="{link_in(mail, "preferences")}/pause"' in shown.text
    saved = await client.post(link_in(mail, "preferences") + tail + "/pause", data={"until": "2040-03-01"})
    assert saved.headers["location"] == link_in(mail, "preferences") + "?said=paused#said"
    await client.post(link_in(mail, "unsubscribe") + tail, data={"List-Unsubscribe": "One-Click"})
    assert [row.state for row in await rows(system.database, t.subscription)] == ["ended"]


@pytest.mark.parametrize("before", [None, "hard_bounce"])
async def test_the_page_after_a_change_of_address_promises_no_notice_that_is_not_sent(
    client: httpx.AsyncClient, system: System, inbox: Inbox, before: str | None
) -> None:
    link_to_new = link_in(await asked_for_address(client, system, inbox), "address")
    if before:
        await suppress(system, before)
    asked = await client.get(link_to_new)
    done = await client.post(link_to_new, data={"do": "confirm"})
    assert "If the old address can get email from us, it gets one last one" in asked.text
    assert "If the old one can get email from us, we notify it." in done.text
    assert len(await inbox.look()) == (0 if before else 1)

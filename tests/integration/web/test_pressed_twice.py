"""A button pressed twice, or once more after its answer was read: the second answer says no other thing."""

import re

import httpx
import pytest
import time_machine

from service.domain.delivery.suppression import Reason
from service.store.sql import tables as t
from service.system import System
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.preferring import followed, link, status_of
from tests.integration.web.signing_up import ALICE, post, publish_terms, rows, work
from tests.integration.web.test_confirm_by_mail import PAUSE, press
from tests.integration.web.test_late_links import NEW, reason
from tests.keys import first_id

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
async def confirmed(system: System) -> None:
    await publish_terms(system.database)


async def own_page(client: httpx.AsyncClient, system: System, inbox: Inbox) -> str:
    """The path of the preferences of Alice, who has confirmed."""
    await post(client)
    await press(client, link_in(await inbox.one(), "confirm"))
    return link(system, first_id(system.addresses.of(ALICE)), address=ALICE)


@pytest.mark.on_both_databases
async def test_a_new_address_requested_twice_can_be_confirmed_by_either_mail(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    path = await own_page(client, system, inbox)
    links = []
    for _ in range(2):
        await client.post(f"{path}/address", data={"email": NEW})
        links.append(link_in(await inbox.one(NEW), "address"))
        clock.shift(PAUSE)
    for page in links:
        assert (await client.get(page)).status_code == 200
    done = await client.post(links[0], data={"do": "confirm"})
    assert (done.status_code, "Your address has been changed" in done.text) == (200, True)


async def test_a_request_for_another_address_than_the_one_before_takes_its_place(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    path = await own_page(client, system, inbox)
    await client.post(f"{path}/address", data={"email": NEW})
    replaced = link_in(await inbox.one(NEW), "address")
    await client.post(f"{path}/address", data={"email": "alice.other@example.net"})
    await inbox.one("alice.other@example.net")
    assert (await client.get(replaced)).status_code == 410


@pytest.mark.on_both_databases
async def test_erasing_a_second_time_claims_nothing_that_is_not_so(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    path = await own_page(client, system, inbox)
    await client.post(f"{path}/erase", data={"do": "erase"})
    too_late = await client.post(f"{path}/erase", data={"do": "erase", "never_again": "yes"})
    assert (await reason(system), "fingerprint" in too_late.text) == (None, False)
    await post(client)
    await work(system)
    signed_up_anew = await client.post(f"{path}/erase", data={"do": "erase"})
    assert (signed_up_anew.status_code, "This link no longer works" in signed_up_anew.text) == (410, True)
    assert len(await rows(system.database, t.subscriber)) == 1


@pytest.mark.parametrize(("never_again", "kept"), [("", None), ("yes", Reason.DECLINED)])
async def test_erasing_twice_says_twice_that_everything_is_erased(
    client: httpx.AsyncClient,
    system: System,
    inbox: Inbox,
    clock: time_machine.Traveller,
    never_again: str,
    kept: str | None,
) -> None:
    path = await own_page(client, system, inbox)
    question = await client.get(f"{path}/erase")
    again = re.search(r'name="again" value="([^"]+)"', question.text)
    assert again
    sent = {"do": "erase", "never_again": never_again, "again": again[1]}
    once, twice = [await client.post(f"{path}/erase", data=sent) for _ in range(2)]
    assert "Everything has been erased" in once.text
    assert twice.text == once.text
    assert await reason(system) == kept
    assert (await client.get(path)).status_code == 410
    assert (await client.post(f"{path}x/erase", data={"do": "erase"})).status_code == 410
    assert ("the only way to sign this address up again" in once.text) == (kept is not None)
    if kept:  # by the link that was shown, the owner can come back
        clock.shift(PAUSE)
        await post(client)
        assert await inbox.look() == []
        await post(client, again=again[1])
        assert link_in(await inbox.one(), "confirm")


@pytest.mark.parametrize("do", ["save", "unfollow"])
async def test_a_page_left_open_does_not_claim_to_change_what_ended_on_another(
    client: httpx.AsyncClient, system: System, inbox: Inbox, do: str
) -> None:
    path = await own_page(client, system, inbox)
    (row,) = await rows(system.database, t.subscription)
    sent = {"subscription": str(row.id), "frequency": "daily"}
    done = await client.post(f"{path}/topic", data=sent | {"do": "unfollow"})
    assert "You no longer follow this. We will send" in status_of(await followed(client, path, done))
    stale = await client.post(f"{path}/topic", data=sent | {"do": do})
    said = status_of(await followed(client, path, stale))
    assert said == "You no longer follow this, so nothing was changed."

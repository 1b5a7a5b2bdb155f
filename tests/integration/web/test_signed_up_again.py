"""Signing up again: what the answer says to who has left, has paused, or has not agreed to new terms."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from service.store.people import terms
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from service.web.http import lookup_cache
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.signing_up import TERMS, post, publish_terms, rows
from tests.integration.web.test_confirm_by_mail import PAUSE, press
from tests.integration.workers.world import text_of
from workers.retention import sweep_retention

pytestmark = pytest.mark.slow

OWN, OTHER = "trial:NCT00000001", "trial:NCT00000002"
NEWER = "2027-01"


@pytest.fixture(autouse=True)
async def confirmed(
    client: httpx.AsyncClient,
    system: System,
    inbox: Inbox,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> httpx.Response:
    """The page that Alice saw when she had confirmed, a day ago. Published terms count at once."""
    monkeypatch.setattr(lookup_cache, "_SECONDS", 0.0)
    await publish_terms(system.database)
    await post(client, topic=OWN)
    page = await press(client, link_in(await inbox.one(), "confirm"))
    clock.shift(timedelta(days=1))
    return page


def first(pattern: str, page: httpx.Response) -> str:
    """The group of the pattern's first match in a page, which must have one."""
    found = re.search(pattern, page.text)
    assert found, pattern
    return found[1]


async def pause(client: httpx.AsyncClient, confirmed: httpx.Response) -> None:
    """Alice pauses her updates until the year 2040."""
    preferences = first(r'href="(/preferences/[^"]+)"', confirmed)
    answer = await client.post(f"{preferences}/pause", data={"until": "2040-03-01"})
    assert answer.headers["location"].endswith("said=paused#said")


async def publish_newer(system: System, *, paused: bool) -> None:
    """Publishes material terms; `paused`: the time to agree to them is over."""
    now = datetime.now(UTC)
    pause_at = now + timedelta(days=-1 if paused else 30)
    async with writing(system.database) as connection:
        await terms.publish(connection, NEWER, "Be kinder.", now=now, material=True, pause_at=pause_at)


async def test_a_reader_who_has_not_agreed_to_new_terms_can_do_so_by_signing_up_again(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await publish_newer(system, paused=True)
    await post(client, topic=OWN, terms_version=NEWER)
    mail = await inbox.one()
    assert mail["subject"] == "Please confirm your email address"
    await press(client, link_in(mail, "confirm"))
    (person,) = await rows(system.database, t.subscriber)
    assert person.terms_version == NEWER
    clock.shift(PAUSE)
    await post(client, topic=OWN, terms_version=NEWER)
    assert (await inbox.one())["subject"] == "You are already signed up"


async def test_a_reader_who_left_meanwhile_is_not_told_that_they_get_updates(
    client: httpx.AsyncClient, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client, topic=OWN)
    unsubscribe = link_in(await inbox.one(), "unsubscribe")
    await post(client, topic=OWN)
    assert await inbox.look() == [], "the mailbox's limit keeps it back"
    await client.post(unsubscribe, data={"List-Unsubscribe": "One-Click"})
    clock.shift(PAUSE)
    assert await inbox.look() == []


async def test_a_reader_who_left_meanwhile_gets_no_notice_of_new_terms(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    await post(client, topic=OWN)
    unsubscribe = link_in(await inbox.one(), "unsubscribe")
    await publish_newer(system, paused=False)
    await sweep_retention(system)
    queued = await rows(system.database, t.delivery, t.delivery.c.kind == "terms_changed")
    assert [row.state for row in queued] == ["queued"]
    await client.post(unsubscribe, data={"List-Unsubscribe": "One-Click"})
    assert await inbox.look() == []


async def test_a_reader_who_has_paused_reads_until_when(
    client: httpx.AsyncClient, inbox: Inbox, clock: time_machine.Traveller, confirmed: httpx.Response
) -> None:
    told = "Your emails are paused until 1 March 2040."
    assert told not in confirmed.text
    assert "The first email can arrive on" in confirmed.text
    await pause(client, confirmed)
    await post(client, topic=OWN)
    mail = await inbox.one()
    html = mail.get_body(("html",))
    assert html is not None
    assert told in text_of(mail)
    assert told in html.get_content()
    clock.shift(PAUSE)
    await post(client, topic=OTHER, frequency="immediate", terms_version=TERMS)
    page = await press(client, link_in(await inbox.one(), "confirm"))
    assert told in page.text
    assert "The first email can arrive on" not in page.text
    assert "comes soon after it happens" not in page.text


async def test_a_confirmation_opened_again_a_day_later_speaks_of_the_next_email(
    client: httpx.AsyncClient, inbox: Inbox, clock: time_machine.Traveller, confirmed: httpx.Response
) -> None:
    assert "The first email can arrive on" in confirmed.text
    assert "from today on" in confirmed.text
    await post(client, topic=OTHER)
    link = link_in(await inbox.one(), "confirm")
    page = await press(client, link)
    assert "The next email can arrive on" in page.text
    assert "from today on" in page.text
    clock.shift(timedelta(days=1))
    page = await client.get(link)
    assert "You are signed up" in page.text
    assert "The next email can arrive on" in page.text
    assert "The first email" not in page.text
    assert "from today on" not in page.text


@pytest.mark.parametrize("paused", [True, False])
async def test_the_pages_of_new_terms_say_whether_emails_have_paused_already(
    client: httpx.AsyncClient, system: System, confirmed: httpx.Response, paused: bool
) -> None:
    await publish_newer(system, paused=paused)
    preferences = first(r'href="(/preferences/[^"]+)"', confirmed)
    own = await client.get(preferences)
    link = first(r'href="(/terms/[^"]+)"', own)
    asked = await client.get(link)
    done = await client.post(link, data={"shown": first(r'name="shown" value="([^"]+)"', asked)})
    assert f"You agreed to version {NEWER} of the terms." in done.text
    for page, already, before in (
        (own, "Your emails have been paused since", "If you don’t agree, your emails pause"),
        (asked, "Your emails have been paused since", "we will stop writing on"),
        (done, "Your emails start again", "Nothing else changes"),
    ):
        assert ((already in page.text), (before in page.text)) == (paused, not paused)


async def test_pages_of_new_terms_promise_no_emails_without_a_subscription(
    client: httpx.AsyncClient, system: System, confirmed: httpx.Response
) -> None:
    await publish_newer(system, paused=True)
    preferences = first(r'href="(/preferences/[^"]+)"', confirmed)
    own = await client.get(preferences)
    number = first(r'name="subscription" value="(\d+)"', own)
    link = first(r'href="(/terms/[^"]+)"', own)
    await client.post(f"{preferences}/topic", data={"subscription": number, "do": "unfollow"})
    own, asked = await client.get(preferences), await client.get(link)
    done = await client.post(link, data={"shown": first(r'name="shown" value="([^"]+)"', asked)})
    assert f"You agreed to version {NEWER} of the terms. Nothing else changes." in done.text
    for page in (own, asked, done):
        assert not re.search("emails have been paused|start again|we will stop writing", page.text)


async def test_an_email_to_a_reader_who_follows_hundreds_names_the_first_and_counts_the_others(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    keys = [f"trial:NCT{number:08}" for number in range(1, 46)]
    (person,) = await rows(system.database, t.subscriber)
    await inbox.world.follow_too(person.id, *keys[1:], frequency="weekly")
    await post(client, topic=OWN)
    mail = await inbox.one()
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body is not None
        text = body.get_content()
        assert re.findall(r"NCT\d{8}", text) == [key[6:] for key in keys[:40]]
        assert "There are 5 more." in text

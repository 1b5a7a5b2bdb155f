"""A link confirms the topics that its own mail named, and only a confirmation lifts a suppression."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from service.store.people import suppressions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.signing_up import ALICE, post, publish_terms, rows
from tests.integration.workers.world import text_of

pytestmark = pytest.mark.slow

OWN, OTHER = "trial:NCT00000001", "trial:NCT00000002"
PAUSE = timedelta(minutes=15, seconds=1)


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)


def numbers(text: str) -> list[str]:
    """The studies that a page or a mail names."""
    return sorted(set(re.findall(r"NCT\d{8}", text)))


async def press(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """Presses the button of a confirmation page."""
    page = await client.get(path)
    found = re.search(r'name="shown" value="([^"]+)"', page.text)
    assert found, page.text
    return await client.post(path, data={"shown": found[1]})


async def active(system: System) -> list[str]:
    """The followed topics."""
    keys = {row.id: row.key for row in await rows(system.database, t.topic)}
    held = await rows(system.database, t.subscription, t.subscription.c.state == "active")
    return sorted(keys[row.topic_id] for row in held)


async def suppress(system: System, reason: str) -> None:
    async with writing(system.database) as connection:
        index = system.addresses.of(ALICE)
        await suppressions.add(connection, index, reason, source="test", now=datetime.now(UTC))


async def test_topics_requested_since_a_mail_was_sent_are_not_confirmed_by_it(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client, topic=OWN)
    first = link_in(await inbox.one(), "confirm")
    await post(client, topic=OTHER)
    await inbox.look()
    assert numbers((await client.get(first)).text) == [OWN[6:]]
    assert numbers((await press(client, first)).text) == [OWN[6:]]
    assert await active(system) == [OWN]
    clock.shift(PAUSE)
    mail = await inbox.one()
    assert numbers(text_of(mail)) == [OTHER[6:]]
    assert numbers((await client.get(first)).text) == [OWN[6:]]
    assert numbers((await press(client, link_in(mail, "confirm"))).text) == [OTHER[6:]]
    assert await active(system) == [OWN, OTHER]


async def test_language_and_zone_are_those_of_the_sign_up_that_is_confirmed(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    """Whoever else signs the address up meanwhile decides neither."""
    await post(client, topic=OWN, locale="de", timezone="Europe/Berlin")
    first = link_in(await inbox.one(), "confirm")
    await post(client, topic=OTHER, locale="ar", timezone="Asia/Tokyo")
    await inbox.look()
    assert 'lang="de"' in (await client.get(first)).text
    assert 'lang="de"' in (await press(client, first)).text
    (person,) = await rows(system.database, t.subscriber)
    assert (person.locale, person.timezone) == ("de", "Europe/Berlin")
    clock.shift(PAUSE)
    assert (await inbox.one())["Content-Language"] == "de"


async def test_a_sign_up_that_is_repeated_in_another_language_is_confirmed_in_it(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    await post(client, topic=OWN, locale="en", timezone="Europe/London")
    await post(client, topic=OWN, locale="fr", timezone="Europe/Paris")
    mail = await inbox.one()
    assert mail["Content-Language"] == "fr"
    assert 'lang="fr"' in (await press(client, link_in(mail, "confirm"))).text
    (person,) = await rows(system.database, t.subscriber)
    assert (person.locale, person.timezone) == ("fr", "Europe/Paris")


async def test_a_stranger_who_requests_many_studies_does_not_displace_anothers(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    for start in range(100, 160, 20):
        await post(client, topic=[f"trial:NCT{number:08}" for number in range(start, start + 20)])
        await inbox.look()
        clock.shift(PAUSE)
    await inbox.look()
    clock.shift(timedelta(hours=24))
    await post(client, topic=OWN)
    mail = await inbox.one()
    assert numbers(text_of(mail)) == [OWN[6:]]
    assert numbers((await client.get(link_in(mail, "confirm"))).text) == [OWN[6:]]
    await press(client, link_in(mail, "confirm"))
    assert await active(system) == [OWN]


async def test_a_study_that_two_mails_name_is_confirmed_by_either(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client, topic=[OWN, OTHER])
    first = link_in(await inbox.one(), "confirm")
    clock.shift(PAUSE)
    await post(client, topic=OWN)
    second = link_in(await inbox.one(), "confirm")
    await press(client, second)
    assert await active(system) == [OWN]
    assert numbers((await client.get(first)).text) == [OTHER[6:]]
    await press(client, first)
    assert await active(system) == [OWN, OTHER]
    states = [row.state for row in await rows(system.database, t.subscription)]
    assert sorted(states) == ["active", "active", "ended"]


async def test_more_topics_than_a_mail_holds_go_into_the_next_one(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client, topic=OWN)
    await inbox.one()
    for start in range(100, 220, 20):
        await post(client, topic=[f"trial:NCT{number:08}" for number in range(start, start + 20)])
    named = []
    for _ in range(2):
        await inbox.look()
        clock.shift(PAUSE)
        named.append(len(numbers(text_of(await inbox.one()))))
    assert named == [100, 20]


@pytest.mark.parametrize("number", [20, 21])
async def test_a_sign_up_names_twenty_topics_at_most(client: httpx.AsyncClient, number: int) -> None:
    answer = await post(client, topic=[f"trial:NCT{trial:08}" for trial in range(number)])
    assert answer.status_code == (202 if number == 20 else 422)
    if number > 20:
        assert [error["field"] for error in answer.json()["errors"]] == ["topic"]


@pytest.mark.parametrize("reason", ["soft_bounces", "unsubscribed"])
async def test_only_the_confirmation_lifts_a_suppression(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller, reason: str
) -> None:
    await post(client, topic=OWN)
    await press(client, link_in(await inbox.one(), "confirm"))
    await suppress(system, reason)
    clock.shift(PAUSE)
    await post(client, topic=OTHER)
    mail = await inbox.one()
    assert [row.reason for row in await rows(system.database, t.suppression)] == [reason]
    assert await active(system) == [OWN], "a stranger's sign-up ends nothing"
    clock.shift(PAUSE)
    await client.post("/preferences", data={"email": ALICE})
    await inbox.one()
    assert [row.reason for row in await rows(system.database, t.suppression)] == [reason]
    await press(client, link_in(mail, "confirm"))
    assert await rows(system.database, t.suppression) == []
    assert await active(system) == ([OWN, OTHER] if reason == "soft_bounces" else [OTHER])


async def test_a_suppressed_reader_can_confirm_the_same_topic_and_gets_mail_again(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client, topic=OWN)
    await press(client, link_in(await inbox.one(), "confirm"))
    await suppress(system, "soft_bounces")
    clock.shift(PAUSE)
    await post(client, topic=OWN)
    await press(client, link_in(await inbox.one(), "confirm"))
    assert await rows(system.database, t.suppression) == []
    assert await active(system) == [OWN]


async def test_a_confirmation_proves_that_a_bounce_was_of_another_mailbox_behind_the_address(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client, topic=OWN)
    await press(client, link_in(await inbox.one(), "confirm"))
    clock.shift(PAUSE)
    await post(client, topic=OTHER)
    mail = await inbox.one()
    await suppress(system, "hard_bounce")
    await press(client, link_in(mail, "confirm"))
    assert await rows(system.database, t.suppression) == []
    assert await active(system) == [OWN, OTHER]


async def test_no_updates_are_promised_to_an_address_that_an_operator_suppressed(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    await post(client, topic=OWN)
    path = link_in(await inbox.one(), "confirm")
    shown = re.search(r'name="shown" value="([^"]+)"', (await client.get(path)).text)
    assert shown
    await suppress(system, "operator")
    for answer in (await client.get(path), await client.post(path, data={"shown": shown[1]})):
        assert "Nothing to confirm" in answer.text
    assert await active(system) == []
    assert len(await rows(system.database, t.suppression)) == 1


@pytest.mark.parametrize("reason", ["hard_bounce", "complaint", "declined", "operator"])
async def test_a_queued_mail_is_not_sent_to_an_address_suppressed_since(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller, reason: str
) -> None:
    await suppress(system, "soft_bounces")
    await post(client)
    await inbox.one()
    await post(client, topic=OTHER)
    await inbox.look()
    async with writing(system.database) as connection:
        await connection.execute(t.suppression.update().values(reason=reason))
    clock.shift(PAUSE)
    assert await inbox.look() == []


async def test_a_confirmation_link_pressed_again_opens_no_preferences(
    client: httpx.AsyncClient, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client, topic=OWN)
    path = link_in(await inbox.one(), "confirm")
    blind = await client.post(path)
    page = await client.get(path)
    first = await press(client, path)
    assert "/preferences/" in first.text
    clock.shift(timedelta(hours=1))
    again = [await client.post(path), await client.post(path, data={"shown": "x"}), await client.get(path)]
    assert not any("/preferences/" in answer.text for answer in (blind, page, *again))
    assert all("You are signed up" in answer.text for answer in again)


async def test_a_suppressed_reader_who_saves_their_preferences_gets_mail_again(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await post(client, topic=OWN)
    await press(client, link_in(await inbox.one(), "confirm"))
    await suppress(system, "soft_bounces")
    clock.shift(PAUSE)
    await client.post("/preferences", data={"email": ALICE})
    path = link_in(await inbox.one(), "preferences")
    assert len(await rows(system.database, t.suppression)) == 1
    form = {"hour": "8", "weekday": "0", "timezone": "UTC", "locale": "en"}
    assert (await client.post(path + "/settings", data=form)).status_code == 303
    assert await rows(system.database, t.suppression) == []

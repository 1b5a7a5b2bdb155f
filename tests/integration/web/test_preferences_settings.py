"""Settings of the preferences page on how and when mail comes: language, zone, hour, discretion, pauses."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from service.store.people import subscribers, suppressions, terms
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast
from tests.integration.web.preferring import error_at, followed, form_in, link, status_of

SETTINGS = {"hour": "8", "weekday": "0", "timezone": "Europe/Rome", "locale": "en", "discreet": "yes"}


async def test_language_zone_hour_weekday_and_discretion_can_be_set(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = link(system, alice)
    form = SETTINGS | {"hour": "19", "weekday": "4", "timezone": "America/New_York"}
    del form["discreet"]
    page = await followed(client, path, await client.post(path + "/settings", data=form))
    assert status_of(page) == "Your changes have been saved."
    async with reading(system.database) as connection:
        person = await subscribers.get(connection, alice)
        slot = (
            await connection.execute(select(t.slot).join(t.cursor, t.cursor.c.slot_id == t.slot.c.id))
        ).one()
    assert person is not None
    assert (person.hour, person.weekday, person.timezone, person.discreet) == (
        19,
        4,
        "America/New_York",
        False,
    )
    assert (slot.hour, slot.weekday, slot.zone) == (19, 4, "America/New_York")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("hour", "24"), ("weekday", "x"), ("timezone", "Mars/Olympus"), ("locale", "tlh"), ("timezone", "")],
)
async def test_an_invalid_setting_is_named(
    client: httpx.AsyncClient, system: System, alice: int, field: str, typed: str
) -> None:
    answer = await client.post(link(system, alice) + "/settings", data=SETTINGS | {field: typed})
    assert answer.status_code == 422
    assert error_at(answer.text, field)


async def test_a_pause_lasts_until_the_day_begins_in_the_persons_zone_and_can_be_ended(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path, day = link(system, alice), (datetime.now(UTC) + timedelta(days=40)).date()
    assert ">Pause emails</button>" in (await client.get(path)).text
    page = await followed(client, path, await client.post(path + "/pause", data={"until": day.isoformat()}))
    assert "Your emails are paused" in status_of(page)
    async with reading(system.database) as connection:
        person = await subscribers.get(connection, alice)
        cursors = (await connection.execute(select(t.cursor.c.behind))).scalars().all()
    assert person is not None
    assert person.paused_until is not None
    assert (
        timedelta(0)
        < datetime.combine(day, datetime.min.time(), UTC) - person.paused_until
        <= timedelta(hours=2)
    )
    assert cursors == [True], "what the slot told meanwhile was not told to Alice"
    page = await followed(client, path, await client.post(path + "/pause", data={"do": "resume"}))
    assert "Your emails start again" in status_of(page)


@pytest.mark.parametrize("typed", ["", "2020-01-01", "31.1.2040", "9999-99-99", "9999-12-31"])
async def test_a_pause_needs_a_day_to_come(
    client: httpx.AsyncClient, system: System, alice: int, typed: str
) -> None:
    answer = await client.post(link(system, alice) + "/pause", data={"until": typed, "do": "pause"})
    assert answer.status_code == 422
    assert "Give a day after today" in error_at(answer.text, "until")


@pytest.mark.parametrize("moment", [datetime(9999, 12, 31, 11, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_a_moment_at_the_end_of_the_calendar_leaves_the_page_open_in_every_zone(
    client: httpx.AsyncClient, system: System, alice: int, moment: datetime, zone: str
) -> None:
    async with writing(system.database) as connection:
        await subscribers.change(connection, alice, timezone=zone, paused_until=moment)
    answer = await client.get(link(system, alice))
    assert answer.status_code == 200
    assert ("Your emails are paused" in answer.text) == (moment.year == 9999)


async def suppress_alice(system: System, reason: str) -> bytes:
    """Suppresses the address of Alice. Returns its index."""
    index = system.addresses.of(cast.ALICE)
    async with writing(system.database) as connection:
        await suppressions.add(connection, index, reason, source="test", now=datetime.now(UTC))
    return index


@pytest.mark.parametrize("reason", ["hard_bounce", "soft_bounces", "operator"])
async def test_a_reader_whose_mail_came_back_sees_so_and_can_have_it_sent_again(
    client: httpx.AsyncClient, system: System, alice: int, reason: str
) -> None:
    path, came_back = link(system, alice), "Our emails to this address came back"
    assert came_back not in (await client.get(path)).text
    index = await suppress_alice(system, reason)
    assert (came_back in (await client.get(path)).text) == (reason != "operator")
    page = await followed(client, path, await client.post(path + "/pause", data={"do": "send"}))
    assert ("Your emails start again" in status_of(page)) == (reason != "operator")
    assert came_back not in page
    async with reading(system.database) as connection:
        left = await suppressions.reason_of(connection, index)
    assert left == ("operator" if reason == "operator" else None)


@pytest.mark.parametrize("reason", ["operator", "complaint", "unsubscribed"])
async def test_mail_that_an_operator_stopped_is_named_to_its_reader(
    client: httpx.AsyncClient, system: System, alice: int, reason: str
) -> None:
    path, stopped = link(system, alice), "No emails are sent to this address"
    assert stopped not in (await client.get(path)).text
    await suppress_alice(system, reason)
    assert stopped in (await client.get(path)).text


PROMISES = re.compile("one email|emails start again|start again when|your emails pause|have been paused")


@pytest.mark.parametrize("is_outdated", [False, True])
async def test_a_page_that_says_that_mail_was_stopped_promises_none(
    client: httpx.AsyncClient, system: System, alice: int, is_outdated: bool
) -> None:
    path, now = link(system, alice), datetime.now(UTC)
    async with writing(system.database) as connection:
        index = system.addresses.of(cast.ALICE)
        await suppressions.add(connection, index, "operator", source="test", now=now)
        if is_outdated:
            await terms.publish(connection, "2027-01", "Kind.", now=now, material=True, pause_at=now)
    for form in ({"until": "2040-01-31", "do": "pause"}, {"do": "resume"}):
        page = await followed(client, path, await client.post(path + "/pause", data=form))
        assert status_of(page) == "Your changes have been saved."
        assert "No emails are sent to this address" in page
        assert ("Read the new terms" in page) == is_outdated
        assert not PROMISES.search(page)
    if is_outdated:
        asked = re.search(r'href="(/terms/[^"]+)"', page)
        assert asked
        page = (await client.get(asked[1])).text
        assert "Please read version 2027-01" in page
        shown = re.search(r'name="shown" value="([^"]+)"', page)
        assert shown
        done = (await client.post(asked[1], data={"shown": shown[1]})).text
        assert "You agreed to version 2027-01" in done
        assert not PROMISES.search(page + done)


@pytest.mark.parametrize("agreed", ["2026-01", None])
async def test_the_end_of_a_pause_promises_no_emails_before_new_terms_are_agreed_to(
    client: httpx.AsyncClient, system: System, alice: int, agreed: str | None
) -> None:
    path, now = link(system, alice), datetime.now(UTC)
    async with writing(system.database) as connection:
        await subscribers.change(connection, alice, terms_version=agreed)
        await terms.publish(connection, "2027-01", "Kind.", now=now, material=True, pause_at=now)
    page = await followed(client, path, await client.post(path + "/pause", data={"do": "resume"}))
    assert "They start again when you agree." in page
    assert status_of(page) == "Your changes have been saved."


async def test_mail_sent_again_to_an_address_that_came_back_does_not_start_during_a_pause(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = link(system, alice)
    await client.post(path + "/pause", data={"until": "2040-01-31", "do": "pause"})
    page = await followed(client, path, await client.post(path + "/pause", data={"do": "send"}))
    assert "Your emails are paused until" in page
    assert status_of(page) == "Your changes have been saved."


async def test_commas_are_those_of_the_language(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = link(system, alice)
    first, second = re.findall(r'name="subscription" value="(\d+)"', (await client.get(path)).text)
    chosen = {"subscription": first, "frequency": "daily", "countries": "Germany, it", "do": "save"}
    await client.post(path + "/topic", data=chosen)
    await client.post(path + "/topic", data={"subscription": second, "do": "unfollow"})
    page = (await client.get("/ar" + path)).text
    assert form_in(page, "/topic", first)["countries"] == ["ألمانيا، إيطاليا"]
    assert ">الشروط</a>، <a" in page
    assert ">إيطاليا، روما<" in (await client.get("/ar/subscribe")).text
    await client.post(f"/ar{path}/topic", data=form_in(page, "/topic", first) | {"do": "save"})
    again = (await client.get(path)).text
    assert form_in(again, "/topic", first)["countries"] == ["Germany, Italy"]

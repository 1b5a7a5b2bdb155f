"""Preferences left open, also in two windows: each form changes what was changed on it, and links work."""

import re
from datetime import UTC, datetime, timedelta

import httpx

from service.crypto.link_tokens import Purpose, read_token
from service.store.people import subscribers, terms
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast
from tests.integration.web.preferring import active_topics, form_in, link, number_of


async def test_two_pages_left_open_change_the_settings_that_were_changed_on_each(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = link(system, alice)
    settings = path + "/settings"
    left_open = (await client.get(path)).text
    await client.post(settings, data=form_in(left_open, "/settings") | {"hour": "19", "discreet": "yes"})
    sent = form_in(left_open, "/settings") | {"locale": "it", "timezone": "Mars"}
    wrong = (await client.post(settings, data=sent)).text
    await client.post(settings, data=form_in(wrong, "/settings") | {"timezone": "Europe/Rome"})
    async with reading(system.database) as connection:
        person = await subscribers.get(connection, alice)
    assert person is not None
    assert (person.hour, person.discreet) == (19, True), "of the one"
    assert (person.locale, person.timezone) == ("it", "Europe/Rome"), "of the other"


async def test_two_pages_left_open_change_what_was_changed_of_a_topic_on_each(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path, number = link(system, alice), await number_of(system, alice, cast.CONDITION)
    narrow = {"countries": "Germany", "age": "12", "only_open": "yes", "kinds": ["now_recruiting"]}
    first = form_in((await client.get(path)).text, "/topic", number)
    await client.post(path + "/topic", data=first | narrow)
    shown = form_in((await client.get(path)).text, "/topic", number)
    await client.post(path + "/topic", data=shown | {"frequency": "daily"})
    await client.post(path + "/topic", data=shown | {"countries": "", "small_changes": "yes", "kinds": []})
    filters = {"countries": [], "age": 12, "only_open": True, "kinds": []}
    frequency, held, small_changes = (await active_topics(system, alice))[cast.CONDITION]
    assert (frequency, small_changes) == ("daily", True)
    assert filters | (held or {}) == filters
    assert (held or {}).get("age") == 12


async def test_a_page_left_open_with_empty_fields_empties_none_that_were_filled_since(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path, number = link(system, alice), await number_of(system, alice, cast.CONDITION)
    left_open = form_in((await client.get(path)).text, "/topic", number)
    narrow = {"countries": "Germany", "age": "12", "only_open": "yes"}
    await client.post(path + "/topic", data=left_open | narrow)
    await client.post(path + "/topic", data=left_open | {"frequency": "daily"})
    frequency, held, _ = (await active_topics(system, alice))[cast.CONDITION]
    assert (frequency, held) == ("daily", {"countries": ["DE"], "age": 12, "only_open": True})


async def test_a_page_left_open_leads_to_new_terms_for_as_long_as_the_link_to_it_works(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        await terms.publish(connection, "2027-01", "Kind.", now=now, material=True, pause_at=now)
    (token,) = re.findall(r'href="/terms/([^"]+)"', (await client.get(link(system, alice))).text)
    assert read_token(system.keyring, Purpose.TERMS, token, now + timedelta(days=29)).subject == alice

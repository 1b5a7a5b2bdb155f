"""The preferences page: everything a person decides, by forms that need no script."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from service.store.people import subscribers, subscriptions
from service.store.sql.database import reading, writing
from service.store.topics import topics
from service.system import System
from tests.integration.privacy import cast, rows
from tests.integration.web.preferring import (
    active_topics,
    error_at,
    followed,
    link,
    number_of,
    status_of,
)
from tests.integration.web.signing_up import add_condition


async def test_the_page_shows_the_subscriptions_without_a_cookie_or_third_parties(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    answer = await client.get(link(system, alice))
    assert answer.status_code == 200
    assert "NCT04787263" in answer.text
    assert cast.ALICE in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in answer.headers
    assert re.findall(r"<script[^>]*src=\"([^?\"]+)", answer.text) == ["/static/once.js"]
    assert answer.text.count("<script") == 1


@pytest.mark.slow
async def test_get_and_head_change_nothing(client: httpx.AsyncClient, system: System, alice: int) -> None:
    path = link(system, alice)
    async with reading(system.database) as connection:
        before = await rows.dump(connection)
    for part in ("", "/follow", "/data", "/erase"):
        assert (await client.get(path + part)).status_code == 200
        assert (await client.head(path + part)).status_code == 200
    for part in ("/topic", "/settings", "/pause", "/again", "/address"):
        assert (await client.get(path + part)).status_code in (404, 405)
    async with reading(system.database) as connection:
        assert await rows.dump(connection) == before


@pytest.mark.parametrize("path", ["/preferences/" + "x" * 60, "/preferences/no"])
async def test_an_invalid_link_is_answered_with_the_offer_of_a_fresh_one(
    client: httpx.AsyncClient, path: str
) -> None:
    for part in ("", "/follow", "/data", "/erase"):
        answer = await client.get(path + part)
        assert answer.status_code == 410
        assert 'href="/preferences"' in answer.text


async def test_a_link_works_30_days_and_is_then_offered_a_fresh_one(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    over = link(system, alice, days=-1)
    assert (await client.get(over)).status_code == 410
    answer = await client.post(over + "/pause", data={"until": "2040-01-01"})
    assert answer.status_code == 410
    async with reading(system.database) as connection:
        person = await subscribers.get(connection, alice)
    assert person is not None
    assert person.paused_until is None


async def test_frequency_filters_and_small_changes_of_one_topic_can_be_set(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = link(system, alice)
    form = {
        "subscription": await number_of(system, alice, cast.CONDITION),
        "frequency": "daily",
        "countries": "Germany, it",
        "only_open": "yes",
        "age": "12",
        "kinds": ["now_recruiting"],
        "small_changes": "yes",
        "do": "save",
    }
    page = await followed(client, path, await client.post(path + "/topic", data=form))
    assert status_of(page) == "Your changes have been saved."
    assert "Germany, Italy" in page
    held = await active_topics(system, alice)
    filters = {"countries": ["DE", "IT"], "only_open": True, "age": 12, "kinds": ["now_recruiting"]}
    assert held[cast.CONDITION] == ("daily", filters, True)
    assert held[cast.TRIAL][0] == "weekly"


async def test_new_studies_and_studies_that_open_have_a_check_box_each_at_a_condition(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = link(system, alice)
    html = (await client.get(path)).text
    boxes = {}
    for key in (cast.CONDITION, cast.TRIAL):
        here = html.partition(f'id="kinds-{await number_of(system, alice, key)}"')[2]
        boxes[key] = re.findall(r'name="kinds" value="([a-z_]+)"', here.partition("</fieldset>")[0])
    assert boxes[cast.CONDITION] == ["new_for_condition", "now_recruiting"]
    assert "status" in boxes[cast.TRIAL]
    assert not {"new_for_condition", "now_recruiting"} & {*boxes[cast.TRIAL]}
    form = {
        "subscription": await number_of(system, alice, cast.CONDITION),
        "do": "save",
        "frequency": "daily",
    }
    await client.post(path + "/topic", data=form | {"kinds": boxes[cast.CONDITION]})
    assert (await active_topics(system, alice))[cast.CONDITION][1] in (None, {}), "all ticked is no filter"


@pytest.mark.parametrize(
    ("field", "typed", "reported"),
    [
        ("countries", "Atlantis", "not a known country"),
        ("age", "two", "in whole years"),
        ("frequency", "hourly", "Choose how often"),
    ],
)
async def test_a_mistake_is_named_at_its_field_and_the_input_is_kept(
    client: httpx.AsyncClient, system: System, alice: int, field: str, typed: str, reported: str
) -> None:
    number = await number_of(system, alice, cast.CONDITION)
    form = {"subscription": number, "frequency": "daily", "countries": "Italy", "age": "7"} | {field: typed}
    before = await active_topics(system, alice)
    answer = await client.post(link(system, alice) + "/topic", data=form)
    assert answer.status_code == 422
    assert reported in error_at(answer.text, f"{field}-{number}")
    assert "<title>Error: " in answer.text
    if field != "frequency":
        assert f'value="{typed}"' in answer.text
    assert await active_topics(system, alice) == before


async def test_nobody_can_change_another_persons_subscriptions(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    bob = await cast.follower(system, cast.BOB)
    form = {"subscription": await number_of(system, alice, cast.TRIAL), "do": "unfollow"}
    assert (await client.post(link(system, bob, address=cast.BOB) + "/topic", data=form)).status_code == 303
    assert cast.TRIAL in await active_topics(system, alice)


async def test_a_topic_is_followed_from_a_search_whose_words_are_in_no_url(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    await add_condition(system.database, "condition:MONDO:0005105", "melanoma")
    path = link(system, alice) + "/follow"
    found = await client.post(path, data={"q": "Melano", "do": "search"})
    assert found.status_code == 200
    assert "melanoma" in found.text
    form = {"q": "Melano", "topic": "condition:MONDO:0005105", "frequency": "monthly", "do": "follow"}
    refused = await client.post(path, data=form | {"terms_version": "2020"})
    assert refused.status_code == 422
    nothing = await client.post(path, data=form | {"topic": "", "terms_version": "2026-01"})
    assert nothing.status_code == 422
    answer = await client.post(path, data=form | {"terms_version": "2026-01"})
    assert answer.status_code == 303
    assert "melano" not in answer.headers["location"].lower()
    assert (await active_topics(system, alice))["condition:MONDO:0005105"] == ("monthly", None, False)


@pytest.mark.parametrize("part", ["topic", "settings", "pause", "again", "address", "follow", "erase"])
@pytest.mark.parametrize(
    "sent", [b"{}", b'{"hour": [], "subscription": {"a": 1}, "email": 7, "topic": [3]}', b"[]", b"\xff"]
)
async def test_nonsense_in_forms_is_no_server_error(
    client: httpx.AsyncClient, system: System, alice: int, part: str, sent: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await client.post(f"{link(system, alice)}/{part}", content=sent, headers=headers)
    assert answer.status_code < 500


@pytest.mark.slow
async def test_five_hundred_topics_stand_on_pages_of_a_bounded_size(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    keys = [f"trial:NCT{number:08}" for number in range(498)]
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        for topic_id in (await topics.ensure_topics(connection, keys)).values():
            how = {"frequency": "weekly", "filters": None, "small_changes": False, "now": now}
            await subscriptions.add_pending(connection, alice, topic_id, **how)
        await subscriptions.activate_pending(connection, alice, now)
    path, seen = link(system, alice), set[str]()
    for part in range(1, 14):
        page = await client.get(f"{path}?part={part}")
        assert len(page.content) < 200_000
        seen |= set(re.findall(r"NCT\d{8}", page.text))
        assert ('rel="next"' in page.text) == (part < 13)
    assert seen >= {key.partition(":")[2] for key in keys}
    for odd in ("0", "99", "x", "", "-1", "9" * 50):
        assert (await client.get(path, params={"part": odd})).status_code == 200
    number = await number_of(system, alice, keys[-1])
    sent = {"subscription": number, "frequency": "daily", "part": "13"}
    answer = await client.post(path + "/topic", data=sent)
    assert "part=13" in answer.headers["location"]
    assert "NCT00000497" in await followed(client, path, answer)
    wrong = await client.post(path + "/topic", data=sent | {"frequency": "hourly"})
    assert wrong.status_code == 422
    assert error_at(wrong.text, f"frequency-{number}")

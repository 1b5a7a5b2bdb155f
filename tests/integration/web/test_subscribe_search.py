"""The hosted form's search, as browsers without a script use it, and the time zone that it asks for."""

import re
from typing import Any

import httpx
import pytest

from service.store.sql import tables as t
from service.system import System
from service.web.site.time_zones import likely, offered
from tests.integration.web.signing_up import (
    ALICE,
    LEUKEMIA,
    TERMS,
    TRIAL,
    add_condition,
    publish_terms,
    rows,
    work,
)

pytestmark = pytest.mark.slow

CHILD = "condition:MONDO:0004967"


@pytest.fixture(autouse=True)
async def known(system: System) -> None:
    """Terms and two conditions."""
    await publish_terms(system.database)
    await add_condition(system.database, LEUKEMIA, "leukemia")
    await add_condition(system.database, CHILD, "acute lymphoblastic leukemia")


async def signed_up(system: System) -> tuple[str, list[str]]:
    """The time zone of the one person who signed up, and the topics."""
    await work(system)
    (person,) = await rows(system.database, t.subscriber)
    keys = {topic.id: topic.key for topic in await rows(system.database, t.topic)}
    return person.timezone, [keys[row.topic_id] for row in await rows(system.database, t.subscription)]


def boxes(page: str) -> dict[str, bool]:
    """The topics that a page offers, and whether each is ticked."""
    found = re.findall(r'<input type="checkbox" name="topic" value="([^"]+)"( checked)?>', page)
    return {key: bool(checked) for key, checked in found}


FILLED = {
    "email": ALICE,
    "frequency": "daily",
    "accept_terms": "yes",
    "terms_version": TERMS,
    "timezone": "Europe/Rome",
    "return_to": "https://www.example.org/a",
}


async def test_a_search_keeps_the_input_of_the_form(client: httpx.AsyncClient) -> None:
    """A near spelling finds both; the study that was chosen stays chosen."""
    sent = FILLED | {"topic": TRIAL, "named": "leukemai", "do": "search"}
    answer = await client.post("/subscribe", data=sent)
    assert answer.status_code == 200
    assert boxes(answer.text) == {TRIAL: True, LEUKEMIA: False, CHILD: False}
    assert f'value="{ALICE}"' in answer.text
    assert '<option value="Europe/Rome" selected>' in answer.text
    assert 'value="daily" checked' in answer.text
    assert 'name="named" type="search"' in answer.text
    assert answer.text.count('value="leukemai"') == 2  # the field, and what was searched for
    assert 'name="return_to" value="https://www.example.org/a"' in answer.text


async def test_several_topics_are_followed_together(client: httpx.AsyncClient, system: System) -> None:
    sent = FILLED | {"topic": [TRIAL, CHILD], "named": "leukemai", "searched": "leukemai", "return_to": ""}
    answer = await client.post("/v1/subscriptions", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/sent")
    assert await signed_up(system) == ("Europe/Rome", [TRIAL, CHILD])


async def test_a_typed_name_that_was_not_searched_for_is_one_more_topic(
    client: httpx.AsyncClient, system: System
) -> None:
    sent = FILLED | {"topic": TRIAL, "named": "Leukaemia", "searched": "", "return_to": ""}
    assert (await client.post("/v1/subscriptions", data=sent)).status_code == 303
    assert await signed_up(system) == ("Europe/Rome", [TRIAL, LEUKEMIA])


async def test_an_unknown_name_is_answered_with_similar_ones(client: httpx.AsyncClient) -> None:
    sent = FILLED | {"named": "lymphoblastik", "return_to": ""}
    answer = await client.post("/v1/subscriptions", data=sent)
    assert answer.status_code == 422
    assert boxes(answer.text) == {CHILD: False}
    assert "Choose one from the search." in answer.text
    linked = await client.get("/subscribe", params={"topic": ["condition:lymphoblastik", TRIAL]})
    assert (linked.status_code, boxes(linked.text)) == (200, {TRIAL: True, CHILD: False})


async def test_an_empty_search_result_is_reported(client: httpx.AsyncClient) -> None:
    answer = await client.post("/subscribe", data={"named": "xyzzy", "do": "search"})
    assert "Nothing found. Try a shorter or a different word." in answer.text
    assert boxes(answer.text) == {}


@pytest.mark.parametrize("body", [b"\xff=\xff", b"", b"named=" + b"a" * 5000, b"named=%00&topic=%00"])
async def test_malformed_forms_are_answered(client: httpx.AsyncClient, body: bytes) -> None:
    media = {"content-type": "application/x-www-form-urlencoded"}
    assert (await client.post("/subscribe", content=body, headers=media)).status_code in (200, 400)


@pytest.mark.parametrize(
    ("languages", "zone"),
    [("de-AT,de;q=0.9", "Europe/Vienna"), ("it", "Europe/Rome"), ("en", "UTC"), ("en-US", "America/New_York"),
     ("", "UTC"), ("fr;q=0.5, es-AR", "America/Argentina/Buenos_Aires"), ("ar", "Africa/Cairo")],
)  # fmt: skip
async def test_the_page_offers_the_zone_of_the_languages_country(
    client: httpx.AsyncClient, system: System, languages: str, zone: str
) -> None:
    shown = await client.get("/subscribe", headers={"accept-language": languages})
    assert f'<option value="{zone}" selected>' in shown.text


@pytest.mark.parametrize("media", ["json", "data"])
@pytest.mark.parametrize("given", [{}, {"timezone": ""}, {"timezone": "Etc/Unknown"}, {"timezone": "+05:30"}])
async def test_a_sign_up_without_a_known_zone_means_utc_in_any_language(
    client: httpx.AsyncClient, system: System, media: str, given: dict[str, str]
) -> None:
    sign_up = {"email": ALICE, "topic": [TRIAL], "accept_terms": True, "terms_version": TERMS, **given}
    headers = {"accept-language": "de-AT"}
    sent: Any = {media: sign_up}
    assert (await client.post("/v1/subscriptions", headers=headers, **sent)).status_code in (202, 303)
    assert await signed_up(system) == ("UTC", [TRIAL])


@pytest.mark.parametrize("code", ["en"])
def test_the_zones_are_named_once_each(code: str) -> None:
    names = list(offered(code).values())
    assert len(names) == len(set(names)) > 60
    assert "Italy, Rome" in names


def test_malformed_language_tags_do_not_affect_the_time_zone() -> None:
    assert likely(["x", "-", "de_CH", "zz-ZZ"]) == "Europe/Zurich"
    assert likely(["zz-ZZ"]) == likely([""]) == "UTC"

"""The longest fields of an event: a longer one is refused, and the answer names the field and the limit."""

from typing import Any

import httpx
import pytest

from service.system import System
from tests.events import condition, post, upserted
from tests.integration.web.test_events import stored

TRIAL = "NCT00000001"

TOO_LONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "a title": ({"title": "t" * 1_000_000}, "title", "1,000 characters"),
    "a title by one": ({"title": "t" * 1_001}, "title", "1,000 characters"),
    "an address": ({"url": "https://www.example.org/" + "u" * 2_000}, "url", "2,000 characters"),
    "a summary": ({"summary": "s" * 50_001}, "summary", "50,000 characters"),
    "a text in parts": ({"summary": ["s" * 30_000, "s" * 30_000]}, "summary", "50,000 characters"),
    "criteria": ({"eligibility": {"criteria": "c" * 50_001}}, "eligibility.criteria", "50,000 characters"),
    "a sponsor": ({"sponsor": "s" * 5_001}, "sponsor", "5,000 characters"),
    "an outcome": (
        {"primary_outcomes": [{"measure": "a"}, {"measure": "m" * 5_001}]},
        "primary_outcomes[1].measure",
        "5,000 characters",
    ),
    "a place": ({"locations": [{"city": "c" * 5_001}]}, "locations[0].city", "5,000 characters"),
    "conditions": ({"conditions": [{"name": f"c{n}"} for n in range(10_000)]}, "conditions", "1,000 entries"),
    "a condition": ({"conditions": [{"name": "c" * 501}]}, "conditions[0].name", "500 characters"),
    "places": ({"locations": [{"city": f"c{n}"} for n in range(50_000)]}, "locations", "5,000 entries"),
    "contacts": ({"contacts": [{"name": f"c{n}"} for n in range(1_001)]}, "contacts", "1,000 entries"),
    "phases": ({"phases": ["PHASE1"] * 1_001}, "phases", "1,000 entries"),
    "a phase": ({"phases": ["PHASE1", "P" * 5_001]}, "phases[1]", "5,000 characters"),
    "names": ({"registrant_conditions": ["c"] * 1_001}, "registrant_conditions", "1,000 entries"),
    "participants": ({"enrollment": {"count": 10**40}}, "enrollment.count", "10,000,000,000"),
}


@pytest.mark.parametrize(("changed", "field", "limit"), TOO_LONG.values(), ids=TOO_LONG)
async def test_a_field_that_is_too_long_is_named_with_its_limit(
    client: httpx.AsyncClient, system: System, changed: dict[str, Any], field: str, limit: str
) -> None:
    good, long = upserted("NCT00000002", 1), upserted(TRIAL, 1)
    long["data"] |= changed
    answer = await post(client, good, long)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["index"], error["id"], error["field"]) == (1, long["id"], field)
    assert limit in error["message"]
    assert await stored(system) == 0


async def test_a_status_of_punctuation_and_a_title_that_nobody_can_see_are_refused(
    client: httpx.AsyncClient, system: System
) -> None:
    answer = await post(client, upserted(TRIAL, 1, status="-", title="\u200b", url="https://"))
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"status", "title", "url"}
    assert await stored(system) == 0


async def test_a_condition_has_limits_too(client: httpx.AsyncClient) -> None:
    long = condition("MONDO:1", "n" * 501, ["p"] * 1_001)
    long["data"]["synonyms"] = ["short", "s" * 501]
    answer = await post(client, long)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"name", "parents", "synonyms[1]"}


async def test_fields_of_the_length_found_in_registries_are_accepted(
    client: httpx.AsyncClient, system: System
) -> None:
    event = upserted(TRIAL, 1)
    event["data"] |= {
        "title": "t" * 600,
        "official_title": "t" * 600,
        "summary": "s" * 32_000,
        "eligibility": {"criteria": "c" * 20_000},
        "conditions": [{"name": f"condition {n}"} for n in range(500)],
        "locations": [
            {"facility": f"Hospital {n}", "city": "Roma", "country": "Italy"} for n in range(3_000)
        ],
    }
    answer = await post(client, event)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    assert await stored(system) == 1


async def test_an_event_with_everything_wrong_is_named_briefly(client: httpx.AsyncClient) -> None:
    event = upserted(TRIAL, 1)
    event["data"]["locations"] = [{"city": 1, "country": 2}] * 5_000
    answer = await post(client, event)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 20

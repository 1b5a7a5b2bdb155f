"""Sign-up: each media type, the same answer for everybody, each bad input named at its field."""

from urllib.parse import urlencode

import httpx
import pytest

from service.store.sql import tables as t
from service.system import System
from tests.html_forms import forms_of
from tests.integration.web.signing_up import (
    ALICE,
    LEUKEMIA,
    TERMS,
    TRIAL,
    add_condition,
    post,
    publish_terms,
    rows,
    sign_up,
    work,
)


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)
    await add_condition(system.database, LEUKEMIA, "leukemia", "leukaemia", "blood cancer")
    await add_condition(system.database, "condition:MONDO:0000001", "disease", followable=False)


async def test_json_is_answered_202_and_leaves_pending_subscriptions_and_one_mail(
    client: httpx.AsyncClient, system: System
) -> None:
    answer = await post(client, topic=[TRIAL, "condition:Blood  Cancer"], frequency="daily")
    assert (answer.status_code, answer.json()) == (202, {"status": "confirmation_pending"})
    await work(system)
    found = await rows(system.database, t.subscription)
    topics = {row.id: row.key for row in await rows(system.database, t.topic)}
    assert [(topics[row.topic_id], row.state, row.frequency) for row in found] == [
        (TRIAL, "pending", "daily"),
        (LEUKEMIA, "pending", "daily"),
    ]
    assert [row.kind for row in await rows(system.database, t.delivery)] == ["confirmation"]
    assert await rows(system.database, t.request) == []


@pytest.mark.parametrize("encoding", ["urlencoded", "multipart"])
async def test_a_form_is_answered_303(client: httpx.AsyncClient, system: System, encoding: str) -> None:
    fields = {"email": ALICE, "topic": [TRIAL, LEUKEMIA], "accept_terms": "on", "terms_version": TERMS}
    files = {"nothing": ("", b"")} if encoding == "multipart" else None
    answer = await client.post("/v1/subscriptions", data=fields, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/sent")
    assert "content-type" not in answer.headers
    back = {"return_to": "https://www.example.org/trials/1?a=b#c"}
    answer = await client.post("/v1/subscriptions", data=fields | back, files=files)
    assert answer.headers["location"] == "https://www.example.org/trials/1?a=b&subscribed=pending#c"
    await work(system)
    assert len(await rows(system.database, t.subscription)) == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": None}, "email"),
        ({"email": "alice"}, "email"),
        ({"email": 5}, "email"),
        ({"email": [ALICE, "bob@example.org"]}, "email"),
        ({"email": "a" * 65 + "@example.org"}, "email"),
        ({"email": "alice@example.org\r\nBcc: x@example.org"}, "email"),
        ({"topic": None}, "topic"),
        ({"topic": []}, "topic"),
        ({"topic": "NCT04787263"}, "topic"),
        ({"topic": [TRIAL, 5]}, "topic"),
        ({"topic": [TRIAL, [LEUKEMIA]]}, "topic"),
        ({"topic": "trial:NCT1"}, "topic"),
        ({"topic": "condition:houseitis"}, "topic"),
        ({"topic": "condition:disease"}, "topic"),
        ({"topic": [TRIAL] * 51}, "topic"),
        ({"accept_terms": False}, "accept_terms"),
        ({"accept_terms": None}, "accept_terms"),
        ({"terms_version": None}, "terms_version"),
        ({"terms_version": "2020-01"}, "terms_version"),
        ({"frequency": "hourly"}, "frequency"),
        ({"frequency": 7}, "frequency"),
        ({"filters": {"countries": ["Atlantis"]}}, "filters.countries"),
        ({"filters": 3}, "filters"),
        ({"return_to": "https://evil.example/"}, "return_to"),
        ({"return_to": "//evil.example/"}, "return_to"),
        ({"return_to": "https://www.example.org@evil.example/"}, "return_to"),
        ({"return_to": "https://www.example.org\\@evil.example/"}, "return_to"),
        ({"return_to": "https://www.example.org:443@evil.example:443/"}, "return_to"),
        ({"return_to": "https://www.example.org:8443/"}, "return_to"),
        ({"return_to": "http://www.example.org:443/"}, "return_to"),
        ({"return_to": "javascript:alert(1)"}, "return_to"),
    ],
)
async def test_an_invalid_field_is_named(
    client: httpx.AsyncClient, system: System, changed: dict[str, object], field: str
) -> None:
    answer = await post(client, **changed)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await rows(system.database, t.request) == []


async def test_a_page_with_the_default_port_is_of_its_origin(client: httpx.AsyncClient) -> None:
    fields = {"email": ALICE, "topic": TRIAL, "accept_terms": "on", "terms_version": TERMS}
    page = "https://WWW.example.org:443/a"
    answer = await client.post("/v1/subscriptions", data=fields | {"return_to": page})
    assert answer.headers["location"] == f"{page}?subscribed=pending"


async def test_an_outdated_version_of_the_terms_names_the_current_one(client: httpx.AsyncClient) -> None:
    answer = await post(client, terms_version="2020-01")
    assert TERMS in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"email=a", "text/plain", 415),
        (b"", "", 415),
        (b"x", "multipart/form-data", 400),
        (b"x", "multipart/form-data; boundary=abc", 400),
        (b'{"email": "' + b"a" * 300_000 + b'"}', "application/json", 413),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    client: httpx.AsyncClient, body: bytes, media: str, status: int
) -> None:
    answer = await client.post("/v1/subscriptions", content=body, headers={"content-type": media})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_form_with_errors_comes_back_filled_in_with_each_error_at_its_field(
    client: httpx.AsyncClient,
) -> None:
    fields = sign_up(email="alice at example", accept_terms="", frequency="daily", topic=[LEUKEMIA])
    answer = await client.post("/v1/subscriptions", data=fields)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    for part in (
        'value="alice at example"',
        'aria-describedby="email-error"',
        'id="email-error"',
        'aria-describedby="accept_terms-error"',
        '<a href="#email">',
        f'value="{LEUKEMIA}" checked',
        'value="daily" checked',
    ):
        assert part in answer.text


async def test_the_form_of_a_website_comes_back_in_its_language_with_all_that_it_sent(
    client: httpx.AsyncClient, system: System
) -> None:
    filters = {"countries": ["IT", "FR"], "kinds": "status", "age": "7", "only_open": "yes"}
    kept = {"locale": "it", "timezone": "Europe/Rome", "return_to": "https://www.example.org/trials/1"}
    sent = sign_up(email="alice at example", accept_terms="on", small_changes="on") | filters | kept
    page = await client.post("/v1/subscriptions", data=sent, headers={"accept-language": "de"})
    assert '<html lang="it"' in page.text
    assert "Accetto le" in page.text
    (form,) = forms_of(page.text)
    again = [(control.name, control.value) for control in form.controls if control.is_on]
    body = urlencode([pair for pair in again if pair[0] != "email"] + [("email", ALICE)])
    urlencoded = {"content-type": "application/x-www-form-urlencoded"}
    answer = await client.post("/v1/subscriptions", content=body, headers=urlencoded)
    assert answer.headers["location"] == f"{kept['return_to']}?subscribed=pending"
    await work(system)
    (person,), (followed,) = [await rows(system.database, of) for of in (t.subscriber, t.subscription)]
    assert (person.locale, person.timezone, followed.small_changes) == ("it", "Europe/Rome", True)
    assert followed.filters == {"countries": ["FR", "IT"], "kinds": ["status"], "age": 7, "only_open": True}


async def test_the_form_comes_back_without_a_filter_that_is_wrong(client: httpx.AsyncClient) -> None:
    page = await client.post("/v1/subscriptions", data=sign_up(age="old", countries="IT"))
    (form,) = forms_of(page.text)
    assert {control.name for control in form.controls} & {"age", "countries"} == {"countries"}


@pytest.mark.parametrize("filling", ["http://x", ["http://x", ""], 5, True, {"url": "x"}], ids=str)
async def test_a_filled_honeypot_gets_the_same_answer_and_leaves_nothing(
    client: httpx.AsyncClient, system: System, filling: object
) -> None:
    good, trapped = await post(client), await post(client, email="bob@example.org", website=filling)
    assert (trapped.status_code, trapped.content) == (good.status_code, good.content)
    assert {**trapped.headers, "x-request-id": ""} == {**good.headers, "x-request-id": ""}
    assert len(await rows(system.database, t.request)) == 1


@pytest.mark.parametrize("nothing", ["", " ", None, False, [], [""]], ids=str)
async def test_an_empty_honeypot_in_any_notation_is_no_trap(
    client: httpx.AsyncClient, system: System, nothing: object
) -> None:
    assert (await post(client, website=nothing)).status_code == 202
    assert len(await rows(system.database, t.request)) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Etc/Unknown", "UTC"),
        ("+05:30", "UTC"),
        ("localtime", "UTC"),
        ("posixrules", "UTC"),
        ("../x", "UTC"),
        ("Mars/Olympus", "UTC"),
        (5, "UTC"),
        (None, "UTC"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("europe/rome", "Europe/Rome"),
    ],
)
async def test_a_time_zone_that_is_not_known_is_utc_and_never_refused(
    client: httpx.AsyncClient, system: System, given: object, kept: str
) -> None:
    assert (await post(client, timezone=given)).status_code == 202
    await work(system)
    (person,) = await rows(system.database, t.subscriber)
    assert person.timezone == kept


async def test_a_name_shared_by_two_conditions_needs_a_choice(
    client: httpx.AsyncClient, system: System
) -> None:
    await add_condition(system.database, "condition:MONDO:1", "acute lymphoblastic leukemia", "ALL")
    await add_condition(system.database, "condition:MONDO:2", "allantoic duct lipoma", "ALL")
    await add_condition(system.database, "condition:MONDO:3", "broad family", "ALL", followable=False)
    answer = await post(client, topic=["condition:ALL"])
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "topic"
    assert error["choices"] == [
        {"key": "condition:MONDO:1", "name": "acute lymphoblastic leukemia"},
        {"key": "condition:MONDO:2", "name": "allantoic duct lipoma"},
    ]
    assert all(
        choice["name"] in error["message"] and choice["key"] in error["message"]
        for choice in error["choices"]
    )
    assert (await post(client, topic=["condition:MONDO:2"])).status_code == 202


@pytest.mark.parametrize("typed", [{"named": "all"}, {"topic": "condition:ALL"}])
async def test_the_form_offers_the_conditions_that_share_a_name(
    client: httpx.AsyncClient, system: System, typed: dict[str, str]
) -> None:
    await add_condition(system.database, "condition:MONDO:1", "acute lymphoblastic leukemia", "ALL")
    await add_condition(system.database, "condition:MONDO:2", "allantoic duct lipoma", "ALL")
    sent = {"email": ALICE, "accept_terms": "yes", "terms_version": TERMS}
    answer = await client.post("/v1/subscriptions", data=sent | typed)
    assert answer.status_code == 422
    asked = await client.get("/subscribe", params={"topic": "condition:ALL"})
    for page in (answer.text, asked.text):
        for key in ("condition:MONDO:1", "condition:MONDO:2"):
            assert f'<input type="checkbox" name="topic" value="{key}">' in page
        assert page.partition('name="named"')[2].partition(">")[0].endswith('value=""')
    chosen = await client.post("/v1/subscriptions", data=sent | {"topic": "condition:MONDO:1"})
    assert chosen.status_code == 303

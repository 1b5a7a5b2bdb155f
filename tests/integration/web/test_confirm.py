"""Confirming: a page that changes nothing, a button that activates once, however often it is pressed."""

import asyncio
import html
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from service.crypto.link_tokens import Purpose, make_token
from service.crypto.sealed_json import EVIDENCE, open_json
from service.domain.consent_text import CHOICES
from service.store.people import consents
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.integration.web.signing_up import (
    ALICE,
    LEUKEMIA,
    TRIAL,
    add_condition,
    all_mail_sent,
    everything,
    post,
    publish_terms,
    rows,
    work,
)
from tests.keys import first_id


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)
    await add_condition(system.database, LEUKEMIA, "LEUKEMIA")


async def signed_up(client: httpx.AsyncClient, system: System, **changed: object) -> str:
    """Signs Alice up and returns the path of her confirmation page."""
    await post(client, **({"topic": [TRIAL, LEUKEMIA]} | changed))
    await work(system)
    mail = (await rows(system.database, t.delivery))[-1]
    return "/confirm/" + token(system, Purpose.CONFIRM, hours=48, mail=mail.id)


def token(system: System, purpose: Purpose, *, hours: int, mail: int = 1) -> str:
    """A link to Alice's page for a mail."""
    until, index = datetime.now(UTC) + timedelta(hours=hours), system.addresses.of(ALICE)
    return make_token(system.keyring, purpose, first_id(index), until, email_index=index, reference=mail)


def shown(page: httpx.Response) -> dict[str, str]:
    """The hidden field of a confirmation page."""
    found = re.search(r'name="shown" value="([^"]+)"', page.text)
    assert found, page.text
    return {"shown": found[1]}


def words_of(page: httpx.Response) -> str:
    """A page's text without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", page.text))


async def states(system: System) -> list[str]:
    return [row.state for row in await rows(system.database, t.subscription)]


async def test_only_the_pages_own_form_activates(client: httpx.AsyncClient, system: System) -> None:
    path = await signed_up(client, system)
    before = await everything(system.database)
    for _ in range(5):
        page = await client.get(path)
    head = await client.head(path)
    blind = await client.post(path)
    blind_form = await client.post(path, data={"confirm": "yes"})
    assert (page.status_code, head.status_code, head.content) == (200, 200, b"")
    assert (blind.status_code, blind_form.status_code) == (422, 422)
    assert await everything(system.database) == before
    answer = await client.post(path, data=shown(page))
    assert answer.status_code == 200
    assert await states(system) == ["active", "active"]


async def test_accepting_the_terms_is_no_consent_to_the_topics(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await signed_up(client, system, accept_terms=True)
    assert await states(system) == ["pending", "pending"]
    for sent in ({}, {"accept_terms": "yes"}, {"shown": ""}):
        assert (await client.post(path, data=sent)).status_code == 422
        assert await states(system) == ["pending", "pending"]
    kinds = [row.kind for row in await rows(system.database, t.consent)]
    assert "confirmed" not in kinds
    page = await client.get(path)
    assert "leukemia" in words_of(page).lower()
    await client.post(path, data=shown(page))
    assert await states(system) == ["active", "active"]
    assert [row.kind for row in await rows(system.database, t.consent)] == [*kinds, "confirmed"]


async def test_the_page_shows_the_full_content_of_the_consent(
    client: httpx.AsyncClient, system: System
) -> None:
    page = await client.get(await signed_up(client, system, frequency="daily"))
    for part in (
        "Study NCT04787263",
        "leukemia",
        "once a day",
        "health",
        "2026-11",
        "https://www.example.org/privacy",
    ):
        assert part in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers


async def test_a_name_with_an_apostrophe_is_english_words_in_the_readers_language(
    client: httpx.AsyncClient, system: System
) -> None:
    await add_condition(system.database, "condition:MONDO:0004975", "Alzheimer's disease & <dementia>")
    path = await signed_up(client, system, topic=["condition:MONDO:0004975"], locale="fr")
    name = '<bdi lang="en">Alzheimer&#39;s disease &amp; &lt;dementia&gt;</bdi>'
    assert f"<li>{name}" in (await client.get(path)).text


async def test_a_second_press_shows_the_same_success_and_adds_nothing(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await signed_up(client, system)
    fields = shown(await client.get(path))
    first = await client.post(path, data=fields)
    after = await everything(system.database)
    second, page = await client.post(path, data=fields), await client.get(path)
    assert [answer.status_code for answer in (first, second, page)] == [200, 200, 200]
    for answer in (first, second, page):
        assert "You are signed up" in answer.text
        assert "leukemia" in answer.text
    assert await everything(system.database) == after


async def test_concurrent_presses_are_one_activation(client: httpx.AsyncClient, system: System) -> None:
    path = await signed_up(client, system)
    fields = shown(await client.get(path))
    answers = await asyncio.gather(*(client.post(path, data=fields) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert await states(system) == ["active", "active"]
    kinds = [row.kind for row in await rows(system.database, t.consent)]
    assert kinds == ["requested", "confirmed"]


async def test_a_link_of_another_purpose_or_altered_is_none(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await signed_up(client, system)
    other = token(system, Purpose.PREFERENCES, hours=1)
    for bad in ("/confirm/" + other, path[:-4] + "AAAA", path[:-1], "/confirm/x"):
        assert (await client.get(bad)).status_code == 404
        assert (await client.post(bad, data={"shown": "x"})).status_code == 404
    assert await states(system) == ["pending", "pending"]


async def test_terms_changed_since_the_page_was_shown_are_shown_first(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await signed_up(client, system)
    fields = shown(await client.get(path))
    await publish_terms(system.database, "2026-12")
    answer = await client.post(path, data=fields)
    assert answer.status_code == 409
    assert "This page has changed since you opened it." in answer.text
    assert await states(system) == ["pending", "pending"]
    await client.post(path, data=shown(answer))
    assert await states(system) == ["active", "active"]


async def test_an_expired_link_offers_a_fresh_one(client: httpx.AsyncClient, system: System) -> None:
    await signed_up(client, system)
    mail = (await rows(system.database, t.delivery))[-1]
    path = "/confirm/" + token(system, Purpose.CONFIRM, hours=-1, mail=mail.id)
    page = await client.get(path)
    assert page.status_code == 410
    assert f'action="{path}/again"' in page.text
    assert (await client.post(path, data={"shown": "x"})).status_code == 410
    await all_mail_sent(system.database)
    answer = await client.post(path + "/again")
    await work(system)
    assert answer.status_code == 200
    assert [row.kind for row in await rows(system.database, t.delivery)] == ["confirmation"] * 2


async def test_the_consent_rebuilds_the_screen_that_was_seen(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await signed_up(client, system)
    page = await client.get(path)
    await client.post(path, data=shown(page), headers={"user-agent": "Mozilla/5.0 (iPhone)"})
    async with reading(system.database) as connection:
        requested, confirmed = await consents.of(connection, first_id(system.addresses.of(ALICE)))
    evidence = open_json(system.keyring, EVIDENCE, confirmed.subscriber_id, confirmed.evidence)
    screen = confirmed.wording.replace(CHOICES, "\n".join(evidence["shown"]))
    assert [line for line in screen.split("\n") if line not in words_of(page)] == []
    assert "Study NCT04787263: once a week at most" in screen
    assert confirmed.terms_version == "2026-11"
    delivery = (await rows(system.database, t.delivery))[0]
    assert evidence["topics"] == [TRIAL, LEUKEMIA]
    assert (evidence["network"], evidence["agent"]) == ("127.0.0.0/24", "phone")
    assert evidence["message"] == delivery.message_key
    assert open_json(system.keyring, EVIDENCE, requested.subscriber_id, requested.evidence)["topics"] == [
        TRIAL,
        LEUKEMIA,
    ]


@pytest.mark.parametrize(
    ("given", "browsers", "kept"),
    [
        (None, "America/Los_Angeles", "America/Los_Angeles"),
        ("Europe/Rome", "America/Los_Angeles", "Europe/Rome"),
        ("UTC", "America/Los_Angeles", "UTC"),
        (None, "Etc/Unknown", "UTC"),
        (None, "", "UTC"),
    ],
)
async def test_the_browsers_time_zone_is_used_if_the_sign_up_had_none(
    client: httpx.AsyncClient, system: System, given: str | None, browsers: str, kept: str
) -> None:
    path = await signed_up(client, system, timezone=given)
    page = await client.get(path)
    done = await client.post(path, data=shown(page) | {"timezone": browsers})
    assert done.status_code == 200
    (person,) = await rows(system.database, t.subscriber)
    assert person.timezone == kept
    await client.post(path, data=shown(page) | {"timezone": "Asia/Tokyo"})
    assert (await rows(system.database, t.subscriber))[0].timezone == kept

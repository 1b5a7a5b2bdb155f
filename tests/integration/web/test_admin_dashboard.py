"""The dashboard: signed in with the token, for an hour; every button behind a token of its own."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from sqlalchemy import select

from service.configuration import settings as settings_module
from service.domain.delivery.suppression import Reason
from service.store.people import suppressions, terms
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.conftest import client_of
from tests.integration.web.operating import ALICE, BOB, TOKEN, add_event, csrf, everything, held_run, sign_in
from tests.integration.workers.world import open_world
from tests.smtp_server import On
from workers.deliver.deliver import deliver

#: Every form of the dashboard that acts.
FORMS = [
    "/admin/sign-out",
    "/admin/runs/1/release",
    "/admin/runs/1/cancel",
    "/admin/events/1/replay",
    "/admin/events/1/discard",
    "/admin/search",
    "/admin/suppress",
    "/admin/lift",
]


def attributes(cookie: str) -> set[str]:
    return {part.strip().lower() for part in cookie.split(";")[1:]}


@pytest.mark.parametrize("language", ["", "/de"])
async def test_signing_in_leads_to_the_dashboard_from_an_address_with_a_language_too(
    client: httpx.AsyncClient, language: str
) -> None:
    answer = await client.post(f"{language}/admin/sign-in", data={"token": TOKEN})
    dashboard = await client.get(answer.headers["location"])
    assert "sign-out" in dashboard.text


async def test_the_sign_in_page_asks_for_the_token_and_shows_nothing_else(
    client: httpx.AsyncClient, system: System
) -> None:
    await add_event(system, 1, "dead")
    page = await client.get("/admin")
    assert page.status_code == 200
    assert 'action="/admin/sign-in"' in page.text
    assert "NCT" not in page.text
    assert "set-cookie" not in page.headers
    wrong = await client.post("/admin/sign-in", data={"token": TOKEN + "x"})
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (401, False)
    assert wrong.headers["www-authenticate"] == 'Bearer realm="operators"'
    assert "This is not the token." in wrong.text
    assert TOKEN not in wrong.text


async def test_the_cookie_is_kept_from_scripts_and_other_sites(client: httpx.AsyncClient) -> None:
    answer = await sign_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
    cookie = answer.headers["set-cookie"]
    assert attributes(cookie) == {"httponly", "samesite=strict", "path=/admin", "max-age=3600"}
    assert TOKEN not in cookie
    assert "At a glance" in (await client.get("/admin")).text


async def test_the_cookie_is_secure_if_the_service_is(environ: dict[str, str]) -> None:
    settings = settings_module.read(environ | {"ALERTS_PUBLIC_URL": "https://alerts.example.org"})
    async with client_of(settings) as client:
        assert "secure" in attributes((await sign_in(client)).headers["set-cookie"])


async def test_a_session_ends_after_an_hour(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    value = client.cookies["operators"]
    for minutes, inside in ((59, True), (61, False)):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes), tick=True):
            page = await client.get("/admin", headers={"cookie": f"operators={value}"})
            assert ("At a glance" in page.text) is inside


async def test_a_session_ends_when_the_token_changes(
    client: httpx.AsyncClient, environ: dict[str, str]
) -> None:
    await sign_in(client)
    cookie = {"cookie": f"operators={client.cookies['operators']}"}
    settings = settings_module.read(environ | {"ALERTS_ADMIN_TOKEN": "another-admin-token-5"})
    async with client_of(settings) as other:
        assert "At a glance" not in (await other.get("/admin", headers=cookie)).text


@pytest.mark.parametrize("value", ["", "x", "test-admin-token-1234", "AAAA" * 20, "é"])
async def test_a_made_up_cookie_is_none(client: httpx.AsyncClient, value: str) -> None:
    page = await client.get("/admin", headers={"cookie": b"operators=" + value.encode("latin-1")})
    assert (page.status_code, "At a glance" in page.text) == (200, False)


@pytest.mark.slow
async def test_no_form_acts_without_session_or_with_another_pages_token(
    client: httpx.AsyncClient, system: System
) -> None:
    await add_event(system, 1, "dead")
    async with open_world(system) as world:
        await held_run(world, ALICE)
    before = await everything(system)
    fields = {"email": ALICE, "asked_by_person": "yes"}
    for path in FORMS:
        assert (await client.post(path, data=fields | {"csrf": "0" * 32})).status_code == 401
    assert await everything(system) == before
    await sign_in(client)
    before = await everything(system)
    for path in FORMS:
        for forged in ({}, {"csrf": ""}, {"csrf": "0" * 32}):
            answer = await client.post(path, data=fields | forged)
            assert (answer.status_code, path) == (403, path)
            assert "set-cookie" not in answer.headers
    assert await everything(system) == before


async def test_one_sessions_form_is_nothing_to_another(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    first = await csrf(client)
    await sign_in(client)
    assert await csrf(client) != first
    assert (await client.post("/admin/sign-out", data=first)).status_code == 403


async def test_signing_out_takes_the_cookie_away(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    answer = await client.post("/admin/sign-out", data=await csrf(client))
    assert answer.status_code == 303
    assert "operators" not in client.cookies
    assert "At a glance" not in (await client.get("/admin")).text


async def test_signing_out_ends_the_session_of_a_copied_cookie_and_no_other(
    client: httpx.AsyncClient, system: System
) -> None:
    await sign_in(client)
    other = {"cookie": f"operators={client.cookies['operators']}"}
    client.cookies.clear()
    await sign_in(client)
    copied = {"cookie": f"operators={client.cookies['operators']}"}
    fields = await csrf(client)
    assert (await client.post("/admin/sign-out", data=fields)).status_code == 303
    assert "At a glance" not in (await client.get("/admin", headers=copied)).text
    assert (await client.post("/admin/sign-out", data=fields, headers=copied)).status_code == 401
    assert (
        await client.post("/admin/search", data=fields | {"email": ALICE}, headers=copied)
    ).status_code == 401
    assert "At a glance" in (await client.get("/admin", headers=other)).text
    kept = (await everything(system))["ended_session"]
    assert len(kept) == 1
    assert fields["csrf"] not in repr(kept)


async def test_ended_sessions_are_kept_no_longer_than_they_would_have_lived(
    client: httpx.AsyncClient, system: System
) -> None:
    for hours in (0, 2):
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
            client.cookies.clear()
            await sign_in(client)
            await client.post("/admin/sign-out", data=await csrf(client))
    assert len((await everything(system))["ended_session"]) == 1


async def test_a_held_run_is_released_with_its_button(client: httpx.AsyncClient, system: System) -> None:
    await sign_in(client)
    async with open_world(system) as world:
        number = await held_run(world, ALICE, BOB)
        page = await client.get("/admin")
        assert f'action="/admin/runs/{number}/release"' in page.text
        assert f'action="/admin/runs/{number}/cancel"' in page.text
        answer = await client.post(f"/admin/runs/{number}/release", data=await csrf(client))
        assert answer.status_code == 303
        await deliver(world.mailer)
        assert len(world.mails()) == 2
    page = await client.get(answer.headers["location"])
    assert "The run is released" in page.text
    assert f'action="/admin/runs/{number}/' not in page.text


async def test_a_refused_act_is_explained_on_the_page(client: httpx.AsyncClient, system: System) -> None:
    await sign_in(client)
    async with open_world(system) as world:
        number = await held_run(world, ALICE)
    fields = await csrf(client)
    unsaid = await client.post(f"/admin/runs/{number}/cancel", data=fields)
    assert (unsaid.status_code, "what becomes of the run" in unsaid.text) == (422, True)
    for news in ("later", "never"):
        assert f'name="news" value="{news}"' in unsaid.text
    cancelled = await client.post(f"/admin/runs/{number}/cancel", data=fields | {"news": "later"})
    shown = (await client.get(cancelled.headers["location"])).text
    assert "The run is cancelled" in shown
    assert "the next digests report its news" in shown
    refused = await client.post(f"/admin/runs/{number}/release", data=fields)
    assert (refused.status_code, "Only a held run can be released" in refused.text) == (409, True)
    assert (await client.post("/admin/runs/77/release", data=fields)).status_code == 404


async def test_an_event_in_trouble_is_replayed_with_its_button(
    client: httpx.AsyncClient, system: System
) -> None:
    await sign_in(client)
    number = await add_event(system, 1, "dead", reason="ValueError")
    assert "1 event could not be processed." in (await client.get("/admin")).text
    assert "ValueError" in (await client.get("/admin/events?state=dead")).text
    answer = await client.post(f"/admin/events/{number}/replay", data=await csrf(client))
    assert answer.status_code == 303
    async with reading(system.database) as connection:
        assert (await connection.execute(select(t.event.c.state))).scalar_one() == "received"
    assert "ValueError" not in (await client.get("/admin/events?state=dead")).text


@pytest.mark.slow
async def test_no_address_is_shown_but_the_one_that_was_searched(
    client: httpx.AsyncClient, system: System
) -> None:
    await sign_in(client)
    async with open_world(system) as world:
        await held_run(world, ALICE, BOB)
    page = await client.get("/admin")
    assert "@" not in page.text
    found = await client.post("/admin/search", data=await csrf(client) | {"email": "Alice@example.org"})
    assert found.status_code == 200
    assert "Alice@example.org" in found.text
    assert BOB not in found.text
    assert "NCT" not in found.text
    assert re.search(r"held.*0", found.text, re.DOTALL)
    bad = await client.post("/admin/search", data=await csrf(client) | {"email": "alice"})
    assert bad.status_code == 422
    assert "An email address has an @ in it" in bad.text


async def test_the_mail_servers_reply_is_shown_without_addresses(
    client: httpx.AsyncClient, system: System
) -> None:
    await sign_in(client)
    async with open_world(
        system, On("RCPT", "550 5.2.2 <bob@example.org>: over quota & <b>full</b>")
    ) as world:
        number = await held_run(world, BOB)
        await client.post(f"/admin/runs/{number}/release", data=await csrf(client))
        await deliver(world.mailer)
    found = await client.post("/admin/search", data=await csrf(client) | {"email": BOB})
    assert "550 5.2.2 &lt;(address)&gt;: over quota &amp; &lt;b&gt;full&lt;/b&gt;" in found.text


async def test_an_address_is_suppressed_and_lifted_from_its_page(
    client: httpx.AsyncClient, system: System
) -> None:
    await sign_in(client)
    fields = await csrf(client) | {"email": ALICE}
    assert "is not written to any more" in (await client.post("/admin/suppress", data=fields)).text
    assert "operator" in (await client.post("/admin/search", data=fields)).text
    assert "may be written to again" in (await client.post("/admin/lift", data=fields)).text
    async with writing(system.database) as connection:
        index, now = system.addresses.of(ALICE), datetime.now(UTC)
        await suppressions.add(connection, index, Reason.DECLINED, source="test", now=now)
    refused = await client.post("/admin/lift", data=fields)
    assert (refused.status_code, 'name="asked_by_person"' in refused.text) == (409, True)
    lifted = await client.post("/admin/lift", data=fields | {"asked_by_person": "yes"})
    assert (lifted.status_code, "may be written to again" in lifted.text) == (200, True)


async def test_terms_queues_and_reasons_are_shown(client: httpx.AsyncClient, system: System) -> None:
    await sign_in(client)
    assert "nobody can sign up" in (await client.get("/admin")).text
    await add_event(system, 1, "received")
    async with writing(system.database) as connection:
        now = datetime.now(UTC)
        await terms.publish(connection, "2026-11", "Be kind.", now=now)
        await suppressions.add(connection, b"x", Reason.SOFT_BOUNCES, source="test", now=now)
    overview = (await client.get("/admin")).text
    for words in ("5 minutes", "Events of the ingestor"):
        assert words in overview
    assert "nobody can sign up" not in overview
    assert "2026-11" in (await client.get("/admin/terms")).text
    assert "soft bounces" in (await client.get("/admin/suppressions?reason=soft_bounces")).text


async def test_pages_are_not_stored_indexed_or_framed(client: httpx.AsyncClient) -> None:
    await sign_in(client)
    for page in (
        await client.get("/admin"),
        await client.post("/admin/search", data=await csrf(client) | {"email": ALICE}),
    ):
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in page.headers["x-robots-tag"]
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]

"""GET and HEAD of every page and answer change no row; every page of a link is private."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from service.app import create_app
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.link_tokens import Purpose, make_token, make_unsubscribe_token
from service.crypto.sealed_json import CONTEXT, seal_json
from service.store.people import address_changes
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.web.operating import BEARER, BOB, add_event, held_run, sign_in
from tests.integration.web.signing_up import (
    LEUKEMIA,
    TRIAL,
    add_condition,
    everything,
    post,
    publish_terms,
    rows,
    sign_up,
    work,
)
from tests.integration.workers.world import open_world

pytestmark = pytest.mark.slow

#: So many answers are looked for a changed row at once: reading all rows takes longer than an answer.
SOME = 12


@pytest.fixture
async def paths(client: httpx.AsyncClient, system: System) -> list[str]:
    """Every path with a page about a person."""
    await publish_terms(system.database)
    await add_condition(system.database, LEUKEMIA, "leukemia")
    await post(client, topic=[TRIAL, LEUKEMIA])
    await work(system)
    row = (await rows(system.database, t.subscriber))[0]
    mail = (await rows(system.database, t.delivery))[0]
    secret = decrypt_subscriber(system.keyring, row.sealed, row.public_id).link_secret
    soon, past = (datetime.now(UTC) + timedelta(hours=hours) for hours in (1, -1))

    def link(page: str, purpose: Purpose, until: datetime = soon) -> str:
        return f"/{page}/" + make_token(
            system.keyring, purpose, row.id, until, email_index=row.email_index, reference=mail.id
        )

    return [
        link("confirm", Purpose.CONFIRM),
        link("confirm", Purpose.CONFIRM, past),
        "/unsubscribe/" + make_unsubscribe_token(secret, row.public_id),
        link("decline", Purpose.DECLINE),
        link("terms", Purpose.TERMS),
        "/confirm/nonsense",
        f"/subscribe?topic={TRIAL}&topic=condition:leukemia&topic=nonsense",
        "/subscribe/sent",
    ]


async def valid_values(system: System) -> dict[str, str]:
    """Valid values of the parameters of routes, by the first part of the path and the parameter's name."""
    async with open_world(system) as world:
        run = await held_run(world, BOB)
    event = await add_event(system, 1, "dead")
    now = datetime.now(UTC)
    bob = (await rows(system.database, t.subscriber))[-1]
    async with writing(system.database) as connection:
        sealed = seal_json(system.keyring, CONTEXT, bob.id, {"address": "new@example.org"})
        change = await address_changes.create(connection, bob.id, sealed, now)
    digest = (await rows(system.database, t.digest))[0].id
    secret = decrypt_subscriber(system.keyring, bob.sealed, bob.public_id).link_secret

    def token(purpose: Purpose, subject: int) -> str:
        until = now + timedelta(hours=1)
        return make_token(system.keyring, purpose, subject, until, email_index=bob.email_index)

    return {
        "confirm {token}": token(Purpose.CONFIRM, bob.id),
        "preferences {token}": token(Purpose.PREFERENCES, bob.id),
        "decline {token}": token(Purpose.DECLINE, bob.id),
        "terms {token}": token(Purpose.TERMS, bob.id),
        "digest {token}": token(Purpose.DIGEST, digest),
        "address {token}": token(Purpose.ADDRESS, change),
        "unsubscribe {token}": make_unsubscribe_token(secret, bob.public_id),
        "events {number}": str(event),
        "runs {number}": str(run),
        "deliveries {number}": str((await rows(system.database, t.delivery))[0].id),
        "static {name}": "pages.css",
        "framework {path}": "openapi.json",
        "feedback {provider}": "mailgun",
    }


def get_routes(app: Litestar) -> set[tuple[str, str]]:
    """Every route that answers GET, as GET and HEAD and path with named parameters."""
    return {
        (method, route.path_format)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in ("GET", "HEAD")
        if "GET" in route.methods
    }


def filled(path: str, values: dict[str, str]) -> str:
    """A route's path with values that exist; a new parameter needs one in `valid_values`."""
    parts = path.split("/")
    for number, part in enumerate(parts):
        if part.startswith("{"):
            parts[number] = values[f"{parts[number - 1]} {part}"]
    return "/".join(parts) + (f"?event={values['events {number}']}" if path.endswith("/why") else "")


async def test_no_route_changes_a_row_by_get_or_head(
    client: httpx.AsyncClient, system: System, paths: list[str]
) -> None:
    values = await valid_values(system)
    await sign_in(client)
    routes = get_routes(create_app(system.settings))
    assert len(routes) > 40
    there = [(method, filled(path, values)) for method, path in sorted(routes)]
    others = [(method, path) for path in paths for method in ("GET", "HEAD")]
    others += [("GET", "/v1/topics?q=leuk"), ("GET", "/static/..%2fapp.py")]
    before = await everything(system.database)
    asked = there + others
    for first in range(0, len(asked), SOME):
        some = asked[first : first + SOME]
        for method, path in some:
            answer = await client.request(method, path, headers=BEARER)
            assert answer.status_code < (400 if (method, path) in there else 500), path
            assert method == "GET" or answer.content == b""
        assert await everything(system.database) == before, some


async def test_every_page_is_private(client: httpx.AsyncClient, paths: list[str]) -> None:
    for path in paths:
        headers = (await client.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "set-cookie" not in headers


async def test_no_token_and_no_address_is_logged(
    client: httpx.AsyncClient, paths: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    for path in paths:
        await client.get(path)
    output = "".join(capfd.readouterr())
    assert "/confirm/{token}" in output or "/confirm/…" in output  # by the format that a test before chose
    for path in paths[:5]:
        assert path.rpartition("/")[2] not in output
    assert "alice" not in output
    assert "NCT04787263" not in output


async def test_terms_and_topics_are_there_for_forms(client: httpx.AsyncClient, paths: list[str]) -> None:
    terms = (await client.get("/v1/terms")).json()
    assert terms["version"] == "2026-11"
    assert terms["url"] == "https://www.example.org/terms"
    assert datetime.fromisoformat(terms["published_at"]).tzinfo is not None
    found = (await client.get("/v1/topics", params={"q": "LEUK"})).json()
    assert found == [{"key": LEUKEMIA, "name": "leukemia", "kind": "condition"}]
    assert (await client.get("/v1/topics")).json() == []


async def test_without_terms_sign_up_is_closed(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/terms")).status_code == 503
    answer = await post(client)
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert (await client.get("/subscribe")).status_code == 200


async def test_another_sites_script_may_read_the_answers(client: httpx.AsyncClient, paths: list[str]) -> None:
    for origin, allowed in (("https://www.example.org", True), ("https://evil.example", False)):
        answer = await client.get("/v1/terms", headers={"origin": origin})
        assert ("access-control-allow-origin" in answer.headers) == allowed
        refused = await client.post("/v1/subscriptions", json={}, headers={"origin": origin})
        assert refused.status_code == 422
        assert ("access-control-allow-origin" in refused.headers) == allowed
        taken = await client.post("/v1/subscriptions", json=sign_up(), headers={"origin": origin})
        assert (taken.status_code, taken.headers["cache-control"]) == (202, "no-store")
        assert ("access-control-allow-origin" in taken.headers) == allowed


async def test_new_terms_are_agreed_to_from_the_page_that_showed_them(
    client: httpx.AsyncClient, system: System, paths: list[str]
) -> None:
    path = next(candidate for candidate in paths if candidate.startswith("/terms/"))
    await publish_terms(system.database, "2027-01", "Be kinder.")
    page = await client.get(path)
    assert "Be kinder." in page.text
    assert (await client.post(path)).status_code == 422
    outdated = await client.post(path, data={"shown": "0" * 64})  # of a page from before the new version
    changed = "This page has changed since you opened it."
    assert (outdated.status_code, changed in outdated.text, changed in page.text) == (409, True, False)
    kinds = [row.kind for row in await rows(system.database, t.consent)]
    terms = (await rows(system.database, t.terms))[-1]
    for _ in range(2):
        assert (await client.post(path, data={"shown": terms.sha256})).status_code == 200
    after = await rows(system.database, t.consent)
    assert [row.kind for row in after] == [*kinds, "reaccepted"]
    assert [row.terms_version for row in after] == ["2026-11", "2027-01"]

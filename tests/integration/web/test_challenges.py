"""The proof of work before other mails than that of a sign-up: a link to one's page, a fresh confirmation."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from service import rate_limit
from service.configuration import settings as settings_module
from service.crypto.link_tokens import Purpose, make_token
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.conftest import client_of
from tests.integration.privacy import cast
from tests.integration.web.preferring import link
from tests.integration.web.signing_up import ALICE, publish_terms, rows, sign_up, solved

FORMS = ["preferences", "fresh confirmation"]


@pytest.fixture
async def client(environ: dict[str, str], request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    settings = settings_module.read(environ | getattr(request, "param", {}))
    async with client_of(settings) as http:
        yield http


async def form_of(system: System, name: str) -> tuple[str, str]:
    """The page with the form, and where the form goes; Alice's sign-up waits for a fresh confirmation."""
    if name == "preferences":
        return "/preferences", "/preferences"
    past = datetime.now(UTC) - timedelta(hours=1)
    async with writing(system.database) as connection:
        alice = await cast.sign_up(connection, system, ALICE)
    index = system.addresses.of(ALICE)
    page = "/confirm/" + make_token(system.keyring, Purpose.CONFIRM, alice, past, email_index=index)
    return page, page + "/again"


async def proof(client: httpx.AsyncClient) -> dict[str, str]:
    """A fresh proof of work, as the form's field."""
    return {"challenge": solved((await client.get("/v1/challenge")).json())}


@pytest.mark.parametrize("client", [{"ALERTS_CHALLENGE": "always"}], indirect=True)
@pytest.mark.parametrize("name", FORMS)
async def test_a_mail_is_requested_with_a_proof_of_work_that_is_accepted_once(
    client: httpx.AsyncClient, system: System, name: str
) -> None:
    page, target = await form_of(system, name)
    shown = (await client.get(page)).text
    assert 'data-challenge="/v1/challenge"' in shown
    assert "/static/challenge.js" in shown
    missing = await client.post(target, data={"email": ALICE})
    assert missing.status_code == 422
    assert "Wait for the check to finish, then try again." in missing.text
    assert 'data-challenge="/v1/challenge"' in missing.text
    sent = {"email": ALICE, **await proof(client)}
    assert (await client.post(target, data=sent)).status_code == 200
    again = await client.post(target, data=sent)
    assert again.status_code == 422
    assert "We could not check that you are not a robot. Please try again." in again.text
    assert len(await rows(system.database, t.request)) == 1


@pytest.mark.parametrize("client", [{"ALERTS_CHALLENGE": "always"}], indirect=True)
async def test_a_mistyped_address_costs_no_proof_of_work(client: httpx.AsyncClient, system: System) -> None:
    sent = await proof(client)
    assert (await client.post("/preferences", data={"email": "alice", **sent})).status_code == 422
    assert (await client.post("/preferences", data={"email": ALICE, **sent})).status_code == 200


@pytest.mark.parametrize("name", FORMS)
async def test_a_proof_of_work_is_required_when_requests_are_unusually_many(
    client: httpx.AsyncClient, system: System, name: str
) -> None:
    page, target = await form_of(system, name)
    assert "challenge" not in (await client.get(page)).text
    assert (await client.post(target, data={"email": ALICE})).status_code == 200
    await rate_limit.count_hourly(system, "asked", 400)
    assert "data-challenge" in (await client.get(page)).text
    assert (await client.post(target, data={"email": ALICE})).status_code == 422
    assert (await client.post(target, data={"email": ALICE, **await proof(client)})).status_code == 200


@pytest.mark.parametrize("client", [{"ALERTS_SIGNUP_LIMIT": "2"}], indirect=True)
@pytest.mark.parametrize("name", FORMS)
async def test_a_network_over_its_limit_gets_429_without_a_proof_of_work(
    client: httpx.AsyncClient, system: System, name: str
) -> None:
    _, target = await form_of(system, name)
    statuses = [(await client.post(target, data={"email": ALICE})).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = await client.post(target, data={"email": ALICE})
    assert 1 <= int(refused.headers["retry-after"]) <= 600
    assert "data-challenge" in refused.text
    assert (await client.post(target, data={"email": ALICE, **await proof(client)})).status_code == 200


@pytest.mark.parametrize("client", [{"ALERTS_CHALLENGE": "always"}], indirect=True)
async def test_a_reader_without_scripts_reads_what_to_do_and_not_to_wait(
    client: httpx.AsyncClient, system: System
) -> None:
    await publish_terms(system.database)
    answer = await client.post("/v1/subscriptions", data=sign_up(), headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert "We could not check that you are not a robot" in answer.text
    for page in (answer, await client.get("/preferences")):
        assert "<noscript>" in page.text
        assert "This form needs JavaScript at the moment" in page.text
        assert "ten minutes" not in page.text


@pytest.mark.parametrize("client", [{"ALERTS_CHALLENGE": "always"}, {}], indirect=True)
@pytest.mark.parametrize(
    ("form", "wrong"),
    [("address", {"email": "alice"}), ("pause", {"until": "soon"}), ("settings", {"hour": "25"})],
)
async def test_a_preferences_page_with_a_mistake_asks_for_the_same_proof_of_work(
    client: httpx.AsyncClient, system: System, alice: int, form: str, wrong: dict[str, str]
) -> None:
    page = link(system, alice)
    shown, refused = await client.get(page), await client.post(f"{page}/{form}", data=wrong)
    assert refused.status_code == 422
    for words in ('data-challenge="/v1/challenge"', "/static/challenge.js"):
        assert (words in refused.text) == (words in shown.text)

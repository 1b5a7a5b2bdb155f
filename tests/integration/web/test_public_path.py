"""ALERTS_PUBLIC_URL with a path: everything that leads a browser back to us stands below it."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from service.app import create_app
from service.configuration import settings as settings_module
from service.configuration.settings import Settings, SettingsError
from service.crypto.link_tokens import Purpose, make_token
from service.system import System
from tests.conftest import app_of, serving
from tests.e2e.journey.processes import run_command
from tests.integration.web.signing_up import ALICE, TRIAL, publish_terms, sign_up, work
from tests.integration.workers.world import open_world, text_of
from tests.keys import first_id
from workers.deliver.deliver import deliver

pytestmark = pytest.mark.slow

BASE = "/trial-news/alerts"
_PATHS = re.compile(r"(?:href|action|src|data-challenge)=\"(/[^\"]*)\"")


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    return environ | {"ALERTS_PUBLIC_URL": f"http://testserver.local{BASE}/"}


@pytest.fixture(params=["stripped", "kept"])
async def browser(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before a proxy that serves us below BASE alone, and takes BASE off or not."""

    class Proxy(httpx.ASGITransport):
        async def handle_async_request(self, asked: httpx.Request) -> httpx.Response:
            path = asked.url.raw_path.decode()
            if not path.startswith(BASE + "/"):
                return httpx.Response(404, text="not below the public path", request=asked)
            if request.param == "stripped":
                asked.url = asked.url.copy_with(raw_path=path.removeprefix(BASE).encode())
            return await super().handle_async_request(asked)

    with app_of(settings) as app:
        transport = Proxy(app=app)  # type: ignore[arg-type]
        headers = {"accept": "text/html,*/*;q=0.8"}
        async with (
            serving(app),
            httpx.AsyncClient(
                transport=transport, base_url="http://testserver.local", headers=headers
            ) as http,
        ):
            yield http


async def assert_links_below(browser: httpx.AsyncClient, page: httpx.Response) -> None:
    """Every path in a page is below BASE; none of them is answered 404."""
    paths = set(_PATHS.findall(page.text))
    assert paths, page.text
    assert {path for path in paths if not path.startswith(BASE + "/")} == set()
    for path in paths:
        answer = await browser.get(path)
        assert answer.status_code != 404, path


async def test_a_person_gets_from_the_form_to_the_preferences(
    browser: httpx.AsyncClient, system: System
) -> None:
    await publish_terms(system.database)
    form = await browser.get(f"{BASE}/subscribe?topic={TRIAL}")
    assert form.status_code == 200
    await assert_links_below(browser, form)
    action = re.findall(r'<form method="post" action="([^"]+)"', form.text)[0]
    sent = await browser.post(action, data={**sign_up(), "accept_terms": "yes"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{BASE}/subscribe/sent")
    assert (await browser.get(sent.headers["location"])).status_code == 200
    again = await browser.post(action, data={"email": "x"})
    assert again.status_code == 422
    await assert_links_below(browser, again)


async def test_every_link_in_mail_opens(browser: httpx.AsyncClient, system: System) -> None:
    await publish_terms(system.database)
    await browser.post(f"{BASE}/v1/subscriptions", json=sign_up())
    async with open_world(system) as world:
        await work(system)
        await deliver(world.mailer)
        mails = [text_of(mail) for mail in world.mails()]
    links = {urlsplit(link).path for mail in mails for link in re.findall(r"http://testserver\S+", mail)}
    assert {path.removeprefix(BASE).split("/")[1] for path in links} >= {"confirm", "decline"}
    for path in links:
        page = await browser.get(path)
        assert page.status_code == 200
        await assert_links_below(browser, page)


async def test_links_on_pages_of_a_person_are_below_the_public_path(
    browser: httpx.AsyncClient, system: System
) -> None:
    await publish_terms(system.database)
    await browser.post(f"{BASE}/v1/subscriptions", json=sign_up())
    await work(system)
    until, index = datetime.now(UTC) + timedelta(days=1), system.addresses.of(ALICE)
    token = make_token(system.keyring, Purpose.PREFERENCES, first_id(index), until, email_index=index)
    page = await browser.get(f"{BASE}/preferences/{token}")
    assert (page.status_code, ALICE in page.text) == (200, True)
    await assert_links_below(browser, page)
    saved = await browser.post(f"{BASE}/preferences/{token}/settings", data={"locale": "en", "hour": "8"})
    if saved.status_code == 303:
        assert saved.headers["location"].startswith(f"{BASE}/preferences/{token}?")
    for path in ("/preferences", "/unsubscribe/x", "/preferences/x", "/confirm/x", "/docs"):
        await assert_links_below(browser, await browser.get(BASE + path))


async def test_operators_sign_in_and_out(browser: httpx.AsyncClient, settings: Settings) -> None:
    await assert_links_below(browser, await browser.get(f"{BASE}/admin"))
    answer = await browser.post(f"{BASE}/admin/sign-in", data={"token": settings.admin_token})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BASE}/admin")
    assert f"path={BASE}/admin" in answer.headers["set-cookie"].replace("Path", "path")
    board = await browser.get(f"{BASE}/admin")
    assert "Sign out" in board.text
    await assert_links_below(browser, board)


async def test_the_api_description_names_the_public_url(browser: httpx.AsyncClient) -> None:
    described = (await browser.get(f"{BASE}/openapi.json")).json()
    assert described["servers"] == [{"url": f"http://testserver.local{BASE}"}]
    assert "/v1/subscriptions" in described["paths"]


async def test_the_script_for_other_sites_finds_its_folder(browser: httpx.AsyncClient) -> None:
    script = (await browser.get(f"{BASE}/embed.js")).text
    assert f'{{"base":"http://testserver.local{BASE}"' in script
    assert 'new URL(".", running.src)' in script
    assert ".origin" not in script


def given(url: str) -> dict[str, str]:
    return {"ALERTS_PUBLIC_URL": url}


@pytest.mark.parametrize(
    "url",
    ["https://x.example/a?b=c", "https://x.example/a#b", "https://x.example/a//b", "https://x.example/../a",
     "https://x.example/a b", "https://user:word@x.example/", "https://x.example/ä",
     "https://x.example/a#", "https://x.example/a?", "https://x.example /a", "https://exämple.org"],
)  # fmt: skip
def test_a_public_url_that_is_no_plain_path_stops_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="ALERTS_PUBLIC_URL must"):
        settings_module.read(given(url), only={"public_url"})


def test_scheme_and_host_are_written_as_browsers_do() -> None:
    read = settings_module.read(given("HTTPS://Alerts.Example.org:8443/Path/"), only={"public_url"})
    assert read.public_url == "https://alerts.example.org:8443/Path"


@pytest.mark.parametrize("first", ["v1", "confirm", "static", "de"])
def test_a_public_path_that_is_one_of_our_routes_stops_the_start(settings: Settings, first: str) -> None:
    with pytest.raises(SettingsError, match=rf"ALERTS_PUBLIC_URL must not .* /{first}"):
        create_app(settings.model_copy(update={"public_url": f"https://x.example/{first}/alerts"}))


@pytest.mark.parametrize("processes", ["1", "2"])
def test_serve_reports_it_and_ends(environ: dict[str, str], processes: str) -> None:
    environ = environ | {"ALERTS_PUBLIC_URL": "https://x.example/v1"}
    ended = run_command("serve", "--port", "0", "--processes", processes, **environ)
    assert ended.returncode != 0
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "ALERTS_PUBLIC_URL must not have a path that begins with /v1" in ended.stderr

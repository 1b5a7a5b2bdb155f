"""The website's name, address and colour on every page, and the style sheets that carry them."""

import gzip
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from service.configuration.settings import Settings, SettingsError
from service.configuration.settings import read as read_settings
from service.system import sender_profile
from tests.conftest import client_of

NAME, URL, COLOUR = "Kinderkrebs & Co.", "https://www.example.org/de", "#ffcc00"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the frame of a page comes from no database."""
    return sqlite_url


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    return environ | {"ALERTS_SITE_NAME": NAME, "ALERTS_SITE_URL": URL + "/", "ALERTS_SITE_COLOUR": COLOUR}


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(settings) as http:
        http.headers["accept"] = "text/html"
        yield http


@pytest.mark.parametrize("path", ["/subscribe", "/subscribe/sent", "/preferences", "/confirm/x", "/nothing"])
async def test_every_page_names_the_website_and_links_back(client: httpx.AsyncClient, path: str) -> None:
    page = (await client.get(path)).text
    head, _, rest = page.partition("<main")
    foot = rest.partition("</main>")[2]
    assert f'<a class="name" href="{URL}">Kinderkrebs &amp; Co.</a>' in head
    assert f'<a href="{URL}">Back to Kinderkrebs &amp; Co.</a>' in foot
    assert "– Kinderkrebs &amp; Co.</title>" in head


async def test_the_style_sheet_carries_the_colour_and_a_tone_that_reads(client: httpx.AsyncClient) -> None:
    page = (await client.get("/subscribe")).text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    styles = (await client.get(address)).text
    assert f"--brand: {COLOUR};" in styles
    assert f"--accent: {COLOUR};" in styles  # yellow reads on black
    assert styles.count("--accent: #") == 2


@pytest.mark.slow
async def test_the_address_of_a_style_sheet_changes_with_the_colour(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    page = (await client.get("/subscribe")).text
    async with client_of(settings.model_copy(update={"site_colour": "#123456"})) as other:
        assert page.partition("?v=")[2][:12] != (await other.get("/subscribe")).text.partition("?v=")[2][:12]


async def test_a_browser_keeps_a_file_for_long_only_if_it_is_the_one_that_a_page_names(
    client: httpx.AsyncClient,
) -> None:
    named = re.search(r"/static/pages\.css\?v=[0-9a-f]{12}", (await client.get("/subscribe")).text)
    assert named
    kept = (await client.get(named[0])).headers["cache-control"]
    assert kept == "public, max-age=31536000, immutable"
    for other in ("/static/pages.css", "/static/pages.css?v=", "/static/pages.css?v=0123456789ab"):
        answer = await client.get(other)  # as of a page that a process of another version made
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache"), other


@pytest.mark.parametrize("path", ["/static/pages.css", "/embed.js"])
async def test_files_come_compressed_and_once(client: httpx.AsyncClient, path: str) -> None:
    plain = await client.get(path, headers={"accept-encoding": "identity"})
    packed = await client.get(path, headers={"accept-encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    size = len(gzip.compress(plain.content, mtime=0))
    assert int(packed.headers["content-length"]) == size < len(plain.content) / 2
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert packed.headers["etag"] != plain.headers["etag"]
    tag = packed.headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):  # a proxy makes tags weak
        again = await client.get(path, headers={"accept-encoding": "gzip", "if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
    changed = await client.get(path, headers={"accept-encoding": "gzip", "if-none-match": 'W/"other"'})
    assert changed.status_code == 200
    refused = await client.get(path, headers={"accept-encoding": "gzip;q=0, deflate"})
    assert refused.content == plain.content
    assert "content-encoding" not in refused.headers


def test_the_sender_and_the_first_origin_stand_for_a_website_without_settings(
    environ: dict[str, str],
) -> None:
    for name in ("NAME", "URL", "COLOUR"):
        del environ[f"ALERTS_SITE_{name}"]
    environ |= {
        "ALERTS_MAIL_FROM": "Example Updates <updates@mail.example.org>",
        "ALERTS_WEBSITE_ORIGINS": "https://www.example.org, https://other.example.org",
    }
    website = sender_profile(read_settings(environ)).website
    assert (website.name, website.url) == ("Example Updates", "https://www.example.org")
    bare = {"ALERTS_WEBSITE_ORIGINS": "", "ALERTS_MAIL_FROM": "updates@example.org"}
    without = read_settings(environ | bare)
    assert (without.site_name, without.site_url) == ("example.org", "")


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("NAME", "two\nlines", "must be a name of one line, of 80 characters at most"),
        ("NAME", "a" * 81, "must be a name of one line, of 80 characters at most"),
        ("URL", "www.example.org", "must be a URL that begins with http:// or https://"),
        ("COLOUR", "blue", "must be a colour such as #1f5f8b"),
    ],
)
def test_an_invalid_name_url_or_colour_is_named(
    environ: dict[str, str], variable: str, value: str, sentence: str
) -> None:
    with pytest.raises(SettingsError, match=f"ALERTS_SITE_{variable} {sentence}"):
        read_settings(environ | {f"ALERTS_SITE_{variable}": value})

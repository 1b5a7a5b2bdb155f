"""The language of pages, problems and mails: by address, else by person, else by browser."""

import html
import re
from hashlib import sha256
from html import unescape
from urllib.parse import urljoin

import httpx
import pytest

from service.crypto.sealed_json import EVIDENCE, open_json
from service.store.sql import tables as t
from service.system import System
from tests.integration.privacy import cast
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.preferring import link as preferences_link
from tests.integration.web.signing_up import TRIAL, post, publish_terms, rows, sign_up
from tests.pseudo_language import accent, plain_words

pytestmark = pytest.mark.slow

ITALIAN = {"accept-language": "it-CH, en;q=0.5"}
AGREED = {"accept": "text/html"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The language of a page does not depend on the kind of database."""
    return sqlite_url


@pytest.fixture
async def client(client: httpx.AsyncClient, system: System, accented: str) -> httpx.AsyncClient:
    """A visitor of a service that knows English and, with accents on every word, Italian."""
    await publish_terms(system.database)
    return client


def language_of(page: str) -> str:
    found = re.search(r'<html lang="([^"]+)" dir="ltr">', page)
    assert found is not None
    return found.group(1)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


async def test_a_page_is_in_the_language_that_the_browser_prefers(client: httpx.AsyncClient) -> None:
    for headers, code in ((ITALIAN, "it"), ({"accept-language": "zz"}, "en"), ({}, "en")):
        answer = await client.get("/subscribe", headers=headers)
        assert language_of(answer.text) == answer.headers["content-language"] == code
        assert "accept-language" in answer.headers["vary"].lower()


async def test_an_address_chooses_the_language_for_all_that_follows(client: httpx.AsyncClient) -> None:
    for path in ("/it/subscribe", "/subscribe?lang=it", "/subscribe?lang=it-CH"):
        page = (await client.get(path)).text
        assert language_of(page) == "it"
        assert 'action="/it/v1/subscriptions"' in page
    for path, code in (
        ("/en/subscribe", "en"),
        ("/it/subscribe?lang=en", "en"),
        ("/subscribe?lang=xx", "it"),
        ("/subscribe?lang=", "it"),
    ):
        assert language_of((await client.get(path, headers=ITALIAN)).text) == code
    assert (await client.get("/xx/subscribe")).status_code == 404
    assert (await client.get("/it/static/pages.css")).status_code == 200


async def test_each_page_links_itself_in_every_language(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/subscribe?topic={TRIAL}&lang=it")).text
    links = re.findall(
        r'<a href="([^"]+)" lang="(\w+)" hreflang="\w+" dir="ltr"( aria-current="true")?>', page
    )
    query = "?topic=trial%3ANCT04787263&amp;lang="
    assert links == [(f"{query}en", "en", ""), (f"{query}it", "it", ' aria-current="true"')]
    assert ">English</a>" in page
    assert ">Italiano</a>" in page


async def test_after_a_form_the_links_lead_to_a_page_that_can_be_opened(client: httpx.AsyncClient) -> None:
    answer = await client.post("/it/v1/subscriptions", data=sign_up(email="nobody"), headers=AGREED)
    assert answer.status_code == 422
    links = re.findall(r'<a href="([^"]+)" lang="\w+" hreflang', answer.text)
    assert [link.partition("?")[0] for link in links] == ["/subscribe"] * 2
    assert [(await client.get(html.unescape(link))).status_code for link in links] == [200, 200]


async def test_a_form_with_errors_keeps_its_topics_in_another_language(client: httpx.AsyncClient) -> None:
    """So does the way back of whoever had asked never to be written to."""
    form = {"email": "nobody", "topic": TRIAL, "again": "token"}
    answer = await client.post("/v1/subscriptions", data=form, headers=ITALIAN)
    assert answer.status_code == 422
    links = re.findall(r'<a href="([^"]+)" lang="\w+" hreflang', answer.text)
    query = "/subscribe?topic=trial%3ANCT04787263&amp;again=token&amp;lang="
    assert links == [f"{query}en", f"{query}it"]
    again = (await client.get(html.unescape(links[0]), headers=ITALIAN)).text
    assert f'value="{TRIAL}" checked' in again
    assert 'name="again" value="token"' in again
    links = re.findall(r'<a href="([^"]+)" lang="\w+" hreflang', (await client.get("/preferences")).text)
    assert links == ["?lang=en", "?lang=it"]


async def test_the_links_of_a_page_hold_no_token(client: httpx.AsyncClient, system: System) -> None:
    person = await cast.follower(system)
    path = preferences_link(system, person)
    wrong = await client.post(f"{path}/settings", data={"locale": "xx"})
    assert wrong.status_code == 422
    links = re.findall(r'<a href="([^"]+)" lang="\w+" hreflang', wrong.text)
    assert links == [".?lang=en", ".?lang=it"]
    page = await client.get(urljoin(f"{path}/settings", links[1]))
    assert (page.status_code, language_of(page.text)) == (200, "it")


async def test_the_errors_of_a_form_and_of_json_are_in_the_readers_language(
    client: httpx.AsyncClient,
) -> None:
    expected = accent("Enter your email address.")
    by_form = await client.post("/it/v1/subscriptions", data=sign_up(email=" "), headers=AGREED)
    by_json = await client.post("/v1/subscriptions", json=sign_up(email=" "), headers=ITALIAN)
    assert expected in by_form.text
    assert by_json.json()["errors"] == [{"field": "email", "message": expected}]
    assert by_json.json()["detail"] == accent("Some fields need your attention.")
    assert by_json.headers["content-language"] == "it"
    assert (await post(client, email=" ")).json()["errors"][0]["message"] == "Enter your email address."


async def test_a_reader_gets_mail_and_pages_in_the_language_of_their_sign_up(
    client: httpx.AsyncClient, inbox: Inbox, system: System
) -> None:
    form = (await client.get(f"/it/subscribe?topic={TRIAL}")).text
    answer = await client.post(
        "/v1/subscriptions", data=sign_up(locale=hidden(form)["locale"]), headers=AGREED
    )
    assert answer.status_code == 303
    mail = await inbox.one()
    assert mail["Content-Language"] == "it"
    assert mail["Subject"] == accent("Please confirm your email address")
    page = (await client.get(link_in(mail, "confirm"), headers={"accept-language": "en"})).text
    assert language_of(page) == "it"
    words = re.sub(r"<style.*?</style>|<[^>]*>|NCT04787263|2026-11|English|Italiano", " ", page)
    assert plain_words(words.replace("Example Updates", "")) == []


@pytest.mark.parametrize("language", ["it", "en"])
async def test_the_wording_of_a_consent_is_kept_in_the_language_that_was_shown(
    client: httpx.AsyncClient, inbox: Inbox, system: System, language: str
) -> None:
    await post(client, locale="it")
    path = link_in(await inbox.one(), "confirm")
    page = (await client.get(f"/{language}{path}")).text
    # A post without a language in its path agrees to the text that was shown all the same.
    assert (await client.post(path, data={"shown": hidden(page)["shown"]})).status_code == 200
    (kept,) = await rows(system.database, t.wording)
    assert kept.sha256 == sha256(kept.text.encode()).hexdigest()
    seen = unescape(re.sub(r"<[^>]*>", "", page))
    for line in kept.text.splitlines():
        assert line == "[…]" or line in seen
    question = "Do you want us to send you emails about what is listed here?"
    assert kept.text.splitlines()[0] == (accent(question) if language == "it" else question)
    confirmed = (await rows(system.database, t.consent))[-1]
    assert (
        open_json(system.keyring, EVIDENCE, confirmed.subscriber_id, confirmed.evidence)["locale"] == language
    )


async def test_the_guide_has_its_examples_in_the_language_of_the_page(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/embed?topic={TRIAL}&topic=condition:x", headers=ITALIAN)).text
    found = re.findall(r'<code id="(\w+)">(.*?)</code>', page, re.DOTALL)
    examples = {name: unescape(text) for name, text in found}
    for attribute in ('lang="it"', 'name="locale" value="it"', "(véřšíóň 2026-11)"):
        assert attribute in examples["plain"]
    assert (
        plain_words(re.sub(r"<style>.*?</style>|<[^>]*>|2026-11", " ", examples["plain"], flags=re.DOTALL))
        == []
    )
    for name in ("script", "element"):
        assert f'topics="{TRIAL}" lang="it"' in examples[name]
    assert "/subscribe?topic=trial%3ANCT04787263&amp;lang=it" in examples["element"]
    assert f">{accent('Get updates by email')}</a>" in examples["element"]
    assert accent("In a plugin of one file") in examples["wordpress"]
    english = (await client.get("/embed?lang=en", headers=ITALIAN)).text
    assert f"topics=&#34;{TRIAL}&#34; async" in english
    assert f"topics=&#34;{TRIAL}&#34;&gt;" in english

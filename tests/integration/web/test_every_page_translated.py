"""Every page in every language, and in one whose words all carry accents: nothing is left in English."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from babel import Locale

from service.languages import supported
from service.system import System
from service.web import pages
from tests.integration.web.every_page import walk
from tests.integration.web.inbox import Inbox
from tests.pseudo_language import plain_words, sentences

pytestmark = pytest.mark.slow

FOLDER = Path(pages.__file__).parent
BROWSER = {"accept": "text/html,application/xhtml+xml"}

#: Texts of pages that are no sentences of ours: names of places, languages, people and things.
DATA = (
    r"leukemia|canary \w+|Be kind\w*\.|Example Updates|English|Italiano|Atlantis|Europe/\w+|UTC"
    r"|nobody|trial:|condition:|ISRCTN\d+|immediate|daily|weekly|monthly|countries, only_open, kinds, age"
    r"|Hospital|Roma|Italia|application/[\w-]+|multipart/[\w-]+|WordPress|React"
)

#: The names of Italian days and months, which are the accented language's too.
_LOCALE = Locale.parse("it")
CALENDAR = "|".join(
    [*_LOCALE.days["stand-alone"]["wide"].values(), *_LOCALE.months["format"]["wide"].values()]
)
#: Time zones go by country and town, in the words of Unicode CLDR.
ZONES = re.compile(r'<select id="timezone".*?</select>', re.DOTALL)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The words of a page do not depend on the kind of database."""
    return sqlite_url


class Words(HTMLParser):
    """The words of a page that a reader sees or hears: texts, and attributes that are read out. No code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "input", "br", "hr", "img"):
            self._open.append(tag)
        for name, value in attributes:
            if name in ("aria-label", "title", "alt", "placeholder") or name.startswith("data-said"):
                self.found.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"style", "script", "datalist", "code"} & set(self._open):
            self.found.append(data)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the templates that were used."""
    names: set[str] = set()
    load = pages.PageTemplates.get_source

    def get_source(self: pages.PageTemplates, environment: Any, template: str) -> Any:
        names.add(template)
        return load(self, environment, template)

    monkeypatch.setattr(pages.PageTemplates, "get_source", get_source)
    return names


@dataclass
class Reader:
    """A browser that asks for a language, and the words of each page that it got, by path."""

    client: httpx.AsyncClient
    texts: list[tuple[str, str]] = field(default_factory=list)

    async def walk(self, system: System, inbox: Inbox, code: str) -> None:
        """Gets every page, each of which says that it is in this language."""

        async def look(response: httpx.Response) -> None:
            await response.aread()
            if response.headers.get("content-type", "").startswith("text/html"):
                assert response.headers["content-language"] == code, response.url
                assert f'<html lang="{code}"' in response.text, response.url
                words = " ".join(Words(ZONES.sub("", response.text)).found)
                self.texts.append((response.url.path, " ".join(words.split())))

        self.client.headers.update(BROWSER | {"accept-language": code})
        self.client.event_hooks["response"].append(look)
        await walk(self.client, system, inbox, code)


async def test_every_page_is_marked_for_translation(
    accented: str, client: httpx.AsyncClient, system: System, inbox: Inbox, seen: set[str]
) -> None:
    reader = Reader(client)
    await reader.walk(system, inbox, accented)
    shown = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html")}
    for_readers = {name for name in shown if not name.startswith(pages.IN_ENGLISH)}
    assert for_readers - seen == set()
    data = re.compile(f"{DATA}|{CALENDAR}")
    plain = [(path, words) for path, text in reader.texts if (words := plain_words(data.sub(" ", text)))]
    assert plain == []


@pytest.mark.parametrize("code", [code for code in supported() if code != "en"])
async def test_no_page_holds_a_sentence_of_another_language(
    client: httpx.AsyncClient, system: System, inbox: Inbox, code: str
) -> None:
    reader = Reader(client)
    await reader.walk(system, inbox, code)
    own = sentences(code)
    foreign = [sentence for other in supported() if other != code for sentence in sentences(other)]
    foreign = [sentence for sentence in foreign if not any(sentence in mine for mine in own)]
    assert [(path, sentence) for path, text in reader.texts for sentence in foreign if sentence in text] == []

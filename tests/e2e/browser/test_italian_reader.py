"""A reader of Italian, from the sign-up to the last goodbye: no sentence on their way is English.

Names of studies and conditions are the registry's, in English, and say so to the browser (`lang="en"`). What
stands outside of them is compared with the sentences of the catalogue, and holds no English word.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from service.languages import LOCALES, language
from tests.e2e.journey.processes import Dev, eventually

Open = Callable[..., Page]
TRIAL, LEUKEMIA = "trial:NCT04787263", "condition:acute lymphoblastic leukemia"
OLD, NEW = "lettrice@example.org", "nuovo@example.net"

#: Words of English sentences that Italian doesn't have.
ENGLISH_WORDS = re.compile(
    r"\b(the|and|you|your|our|we|is|was|were|this|that|these|with|for|of|from|not|will|have|has|been|or|by|what"
    r"|which|when|if|about|to|please|email|emails|study|studies|updates)\b",
    re.IGNORECASE,
)
#: The name of the website, which it gave itself.
SITE = "Example Updates"

#: The texts of a document, read or heard: those outside of elements marked as English, and those inside.
READ = """() => {
  const body = document.body.cloneNode(true);
  body.querySelectorAll("style, script, datalist").forEach((part) => part.remove());
  const words = (part) => [...part.querySelectorAll("*"), part].flatMap((element) =>
    [...["aria-label", "title", "alt", "placeholder"].map((name) => element.getAttribute(name) ?? ""),
     ...[...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data)]);
  const english = [...body.querySelectorAll("[lang=en]")];
  const names = english.map((part) => part.textContent);
  english.forEach((part) => part.remove());
  return { lang: document.documentElement.lang, names, words: [document.title, ...words(body)].join("\\n") };
}"""


def english_sentences() -> list[str]:
    """The English of the catalogue, cut at its placeholders and markup, as far as it is no Italian too."""
    pieces: dict[bool, set[str]] = {True: set(), False: set()}
    with (LOCALES / "it" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file):
            for is_english, forms in ((True, message.id), (False, message.string)):
                for text in [forms] if isinstance(forms, str) else forms:
                    cut = re.split(r"%\(\w+\)s|\{\w*\}|<[^<>]*>", text)
                    pieces[is_english] |= {piece.strip() for piece in cut}
    whole = [piece for piece in pieces[True] if len(piece) > 8 and " " in piece]
    return [piece for piece in whole if not any(piece in own for own in pieces[False])]


ENGLISH = english_sentences()


def english_in(text: str) -> list[str]:
    """The English of a text."""
    text = " ".join(text.replace(SITE, "").split())
    alone = re.sub(r"\S*(?:://|@)\S*", "", text)
    return [piece for piece in ENGLISH if piece in text] + ENGLISH_WORDS.findall(alone)


class Reader:
    """The reader's browser, and the English that it met: by the name of the page or mail."""

    def __init__(self, page: Page, running: Dev) -> None:
        self.page, self.running = page, running
        self.met: dict[str, list[str]] = {}
        self._italian = language("it").gettext

    def look(self, name: str) -> None:
        """Reads the page that is open."""
        read = self.page.evaluate(READ)
        assert read["lang"] == "it", name
        self.met[name] = english_in(read["words"])

    def open(self, name: str, link: str) -> None:
        """Opens a link."""
        self.page.goto(link)
        self.look(name)

    def press(self, name: str, button: str = "") -> None:
        """Presses a button by its English words, or the first of the page."""
        buttons = self.page.locator("main form").get_by_role("button")
        if button:
            buttons = self.page.get_by_role("button", name=self._italian(button), exact=True)
        with self.page.expect_navigation():
            buttons.first.click()
        self.look(name)

    def mail(self, name: str, address: str, number: int) -> list[str]:
        """Reads the `number`th mail to an address: subject, HTML and text. Its links."""
        mail = self.running.mail(address, number)
        drawn = self.page.context.new_page()
        drawn.set_content(mail["html"])
        read = drawn.evaluate(READ)
        drawn.close()
        assert read["lang"] == "it", name
        text = " ".join(mail["text"].split())
        for given in sorted((" ".join(given.split()) for given in read["names"]), key=len, reverse=True):
            text = text.replace(given, " ")
        self.met[name] = english_in(f"{mail['subject']}\n{read['words']}\n{text}")
        links: list[str] = mail["links"]
        return links


def link(links: list[str], part: str) -> str:
    """The link of that kind."""
    return next(link for link in links if part in link)


def change(running: Dev, what: str, address: str, number: int) -> None:
    """A change of the study, until the person has their `number`th mail."""
    values = {"trial": TRIAL.removeprefix("trial:"), "change": what}
    assert running.post("/dev/events", data=values).status_code < 400

    def digest_arrived() -> bool:
        running.command("digests", "send-now", "--email", address)
        return len(running.mails(address)) >= number

    eventually(digest_arrived, what="a digest")


@pytest.fixture
def reader(open_page: Open, running: Dev) -> Reader:
    """Somebody with an Italian phone."""
    page = open_page(
        f"/subscribe?topic={TRIAL}&topic={LEUKEMIA}",
        width=390,
        locale="it-IT",
        timezone_id="Europe/Rome",
        expected="422",
    )
    return Reader(page, running)


def test_a_reader_of_italian_meets_no_english(reader: Reader, running: Dev) -> None:
    page = reader.page
    reader.look("form")
    reader.press("form with errors", "Sign up")
    page.locator("#email").fill(OLD)
    page.locator("[name=frequency][value=immediate]").check()
    page.locator("[name=accept_terms]").check()
    reader.press("sent", "Sign up")
    reader.open("last step", link(reader.mail("mail to confirm", OLD, 1), "/confirm/"))
    reader.press("signed up", "Yes, send me these emails")

    change(running, "older-people", OLD, 2)
    preferences = link(reader.mail("first digest", OLD, 2), "/preferences/")
    reader.open("preferences", preferences)
    page.locator("[name=email]").fill(NEW)
    reader.press("address to confirm", "Send the link")
    links = reader.mail("mail to the new address", NEW, 1)
    reader.open("new address", link(links, "/address/"))
    reader.press("address changed")
    reader.mail("mail to the old address", OLD, 3)

    change(running, "results", NEW, 2)
    links = reader.mail("digest", NEW, 2)
    reader.open("stop one study", link(links, "?topic=0"))
    reader.press("one study stopped", "Stop emails about this")
    reader.press("undone")
    reader.open("unsubscribe", link(links, "/unsubscribe/").partition("?")[0])
    reader.press("goodbye", "Stop all emails")
    reader.open("preferences of nothing", link(links, "/preferences/"))
    reader.open("erase", link(links, "/preferences/").partition("?")[0] + "/erase")
    reader.press("erased", "Erase everything now")
    assert {name: found for name, found in reader.met.items() if found} == {}
    assert len(reader.met) == 22


def test_english_is_distinguished() -> None:
    """Or the walk would prove nothing."""
    found: dict[str, Any] = {
        text: english_in(text) for text in ("You follow: X", "Lei segue: X", "Sign up again")
    }
    assert found == {
        "You follow: X": ["You follow", "You"],
        "Lei segue: X": [],
        "Sign up again": ["Sign up again"],
    }

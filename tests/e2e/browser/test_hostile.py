"""Titles and names that are markup or templates: words on every page, in every mail, in the embedded form."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.embed.foreign_site import ForeignSite, foreign_site
from tests.e2e.journey.processes import Dev, dev, eventually
from tests.events import SECRET, condition, signed, upserted

Open = Callable[..., Page]
Look = Callable[[str], Page]
ADDRESS, TRIAL, KEY = "alice@example.org", "NCT07777777", "MONDO:0007777"
RUNS = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"
WORDS = "{{ 7*7 }} {% raw %} %(x)s"
TITLE = f"""{RUNS} "'><svg onload=window.hacked=1> {WORDS} &amp; </title></textarea> end"""
NAME = f'leukemia {RUNS} </option>" end'

#: Elements that would exist if any of it were markup.
MARKUP = "window.hacked ?? document.querySelectorAll('[onerror], [onload], main script').length"


@pytest.fixture(scope="module")
def site() -> Iterator[ForeignSite]:
    with foreign_site() as opened:
        yield opened


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, site: ForeignSite) -> Iterator[Dev]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    environ = {
        "ALERTS_CHALLENGE": "off",
        "ALERTS_WEBHOOK_SECRETS": SECRET,
        "ALERTS_WEBSITE_ORIGINS": site.url,
    }
    with dev(folder / "data", environ) as system:
        send(system, condition(KEY, NAME, []), study(1))
        eventually(lambda: TRIAL in system.get(f"/v1/topics?q={TRIAL}").text, what="the trial")
        yield system


def study(revision: int, **changed: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": TITLE,
        "summary": TITLE,
        "sponsor": TITLE,
        "outlook": {"active_substance": TITLE},
        "conditions": [{"id": KEY, "name": NAME}],
        "locations": [{"facility": TITLE, "city": RUNS, "country": RUNS}],
        "interventions": [{"type": "DRUG", "name": TITLE}],
    }
    return upserted(TRIAL, revision, **{**fields, **changed})


def send(running: Dev, *events: dict[str, Any]) -> None:
    body = json.dumps(events).encode()
    assert running.post("/v1/events", content=body, headers=signed(body)).status_code == 202


def assert_harmless(page: Page) -> None:
    for frame in page.frames:
        assert frame.evaluate(MARKUP) == 0


@pytest.fixture
def look(open_page: Open) -> Look:
    """Opens a page and sees that none of it ran; `open_page` fails for anything that a policy had to stop."""
    page = open_page("/demo/terms")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))

    def look_(path: str) -> Page:
        page.goto(path)
        assert_harmless(page)
        return page

    return look_


def test_hostile_names_are_text_on_every_page_and_in_every_mail(running: Dev, look: Look) -> None:
    page = look(f"/subscribe?topic=trial:{TRIAL}&topic=condition:{KEY}")
    expect(page.locator("main")).to_contain_text(TITLE)
    page.get_by_label("Your email address").fill(ADDRESS)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.locator("main form button").last.click()
    mail = running.mail(ADDRESS)
    assert_harmless(page)
    assert TITLE in " ".join(mail["text"].split())
    in_mailbox(look, mail)
    page = look(next(link for link in mail["links"] if "/confirm/" in link))
    page.locator("main form button").first.click()
    assert_harmless(page)

    send(running, study(2, status="SUSPENDED", why_stopped=TITLE))
    digest = eventually(lambda: newest_digest(running), what="the digest")
    assert "hacked" not in json.dumps([mail["headers"], digest["headers"]])
    assert " ".join(digest["text"].split()).count(WORDS) >= 3, "title, reason and interventions"
    in_mailbox(look, digest)
    for purpose in ("/unsubscribe/", "/preferences/"):
        look(next(link for link in digest["links"] if purpose in link))
    look("/dev/mailbox")
    look("/dev/mailbox?q=%3Cscript%3Ewindow.hacked%3D1%3C/script%3E")


def in_mailbox(look: Look, mail: dict[str, Any]) -> None:
    page = look(f"/dev/mailbox/{mail['id']}")
    expect(page.frame_locator("iframe.mail").locator("body")).to_contain_text(WORDS)
    assert_harmless(page)


def newest_digest(running: Dev) -> dict[str, Any] | None:
    running.post("/dev/digests")
    mails = running.mails(ADDRESS)
    return mails[0] if len(mails) > 1 else None


def test_hostile_names_are_text_in_the_embedded_form(running: Dev, site: ForeignSite, look: Look) -> None:
    script = f'<script src="{running.url}/embed.js" async></script>'
    form = f'<trial-alerts-signup topics="trial:{TRIAL} condition:{KEY}"></trial-alerts-signup>'
    page = look(site.put("/", form, head=script))
    expect(page.get_by_text(WORDS).first).to_be_visible()
    assert_harmless(page)

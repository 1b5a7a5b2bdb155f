"""Every page that readers meet, walked without a browser in one language, and kept as it was answered.

A page that a form answers, or that a second look would no longer show, can so be drawn at any width.
"""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import httpx
from litestar import Request

from service.crypto.keyring import Keyring
from service.crypto.link_tokens import Purpose, make_token, read_token
from service.domain.design import Website
from service.domain.wording.messages import lazy_gettext
from service.web.error_pages import page_or_problem
from service.web.http.problems import problem_response
from service.web.http.reader import serve_reader
from service.web.http.website_shown import serve_for
from tests.e2e.journey.processes import Dev, eventually
from tests.e2e.journey.visitor import Visitor

TRIAL, OTHER_TRIAL = "trial:NCT04787263", "trial:NCT05658640"
LEUKEMIA, LYMPHOMA = "condition:acute lymphoblastic leukemia", "condition:lymphoma"
FORM = "/v1/subscriptions"


@dataclass(frozen=True)
class Kept:
    """A page as it was answered."""

    html: str


class Walk:
    """Somebody who reads one language, and the pages that they meet."""

    def __init__(self, running: Dev, code: str) -> None:
        self.running, self.code = running, code
        self.mark = f"{code}-{token_hex(3)}"  # of the addresses, so that a walk can be repeated
        self.visitor = Visitor(running.url, language=code)
        self.kept: dict[str, Kept] = {}
        secrets = (running.data / "dev.env").read_text()
        found = re.search(r"ALERTS_SECRET_KEYS=[\"']?([^\s\"']+)", secrets)
        assert found is not None
        self.keyring = Keyring(found[1].split(","))

    def keep(self, name: str, answer: httpx.Response) -> httpx.Response:
        """Keeps a page by a name."""
        assert answer.headers["content-type"].startswith("text/html"), (name, answer.status_code)
        self.kept[name] = Kept(answer.text)
        return answer

    def get(self, name: str, path: str) -> httpx.Response:
        """Opens a page."""
        return self.keep(name, self.visitor.get(path))

    def send(self, name: str, page: httpx.Response, action: str, **values: str | list[str]) -> httpx.Response:
        """Sends a form."""
        return self.keep(name, self.visitor.submit(page, action, **values))

    def link(self, address: str, part: str, number: int = 1) -> str:
        """The link of a mail to an address."""
        links = self.running.mail(address, number)["links"]
        return next(link for link in links if f"/{part}/" in link)

    def expired(self, link: str, purpose: Purpose) -> str:
        """A link of the same person that is out of time."""
        now = datetime.now(UTC)
        base, _, token = link.rpartition("/")
        read = read_token(self.keyring, purpose, token, now)
        over = make_token(
            self.keyring,
            purpose,
            read.subject,
            now - timedelta(hours=1),
            email_index=read.address.to_bytes(8, "big"),
            reference=read.reference,
        )
        return f"{base}/{over}"


def walked(running: Dev, code: str) -> dict[str, Kept]:
    """The pages by a name for each."""
    walk = Walk(running, code)
    preferences = _signing_up(walk)
    _preferring(walk, preferences)
    _leaving(walk, preferences)
    _going_wrong(walk)
    walk.visitor.close()
    return walk.kept


def _signing_up(walk: Walk) -> str:
    address = f"reader-{walk.mark}@example.org"
    empty = walk.get("subscribe-empty", "/subscribe")
    walk.send("subscribe-errors", empty, FORM, email="nobody", timezone="UTC")
    walk.get("subscribe-found", "/subscribe?topic=condition:leukemai")
    walk.get("subscribe-nothing-found", "/subscribe?topic=condition:xyzzy")
    walk.get("embed", f"/embed?topic={TRIAL}&topic={LEUKEMIA}")
    form = walk.get("subscribe", f"/subscribe?topic={TRIAL}&topic={LEUKEMIA}&topic={LYMPHOMA}")
    walk.send("sent", form, FORM, email=address, accept_terms="yes", timezone="Europe/Rome")
    confirm = walk.link(address, "confirm")
    page = walk.get("confirm", confirm)
    walk.get("confirm-expired", walk.expired(confirm, Purpose.CONFIRM))
    done = walk.send("confirmed", page, "/confirm/")
    walk.get("confirmed-already", confirm)
    decline = walk.get("decline", walk.link(address, "decline"))
    assert decline.status_code == 200
    return _preferences(done.text)


def _preferring(walk: Walk, path: str) -> None:
    address = f"reader-{walk.mark}@example.org"
    sign_in = walk.get("sign-in", "/preferences")
    walk.send("sign-in-error", sign_in, "/preferences", email="nobody")
    walk.send("sign-in-sent", sign_in, "/preferences", email=address)
    walk.get("link-over", "/preferences/nothing")
    page = walk.get("preferences", path)
    walk.send("preferences-errors", page, "/settings", timezone="Nowhere", hour="99")
    walk.send("preferences-saved", page, "/settings", discreet="yes")
    until = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    walk.send("preferences-paused", page, "/pause", do="pause", until=until)
    follow = walk.get("follow", f"{path}/follow")
    walk.send("follow-found", follow, "/follow", do="search", q="leuk")
    walk.send("address-sent", page, "/address", email=f"new-{walk.mark}@example.org")
    change = walk.link(f"new-{walk.mark}@example.org", "address")
    walk.get("address", change)
    walk.get("address-decline", f"{change}/decline")
    walk.get("address-over", walk.expired(change, Purpose.ADDRESS))
    walk.get("erase", f"{path}/erase")
    many = f"many-{walk.mark}@example.org"
    topics = [TRIAL, LEUKEMIA, *(f"trial:NCT{number:08}" for number in range(18))]
    form = walk.visitor.get(f"/subscribe?topic={TRIAL}")
    walk.visitor.submit(form, FORM, email=many, accept_terms="yes", topic=topics)
    done = walk.visitor.submit(walk.visitor.get(walk.link(many, "confirm")), "/confirm/")
    walk.get("preferences-many", _preferences(done.text))


def _leaving(walk: Walk, path: str) -> None:
    """A digest of two studies, its page to unsubscribe, stopping one, undoing it, stopping all, erasing."""
    address = f"leaver-{walk.mark}@example.org"
    form = walk.visitor.get(f"/subscribe?topic={TRIAL}&topic={OTHER_TRIAL}")
    walk.visitor.submit(form, FORM, email=address, accept_terms="yes", frequency="daily")
    done = walk.visitor.submit(walk.visitor.get(walk.link(address, "confirm")), "/confirm/")
    for number in (TRIAL, OTHER_TRIAL):
        _change(walk, number.removeprefix("trial:"))
    eventually(lambda: _has_news_of_both(walk, address), what="news of both studies")
    eventually(lambda: _sent_now(walk, address), what="a digest")
    link = walk.link(address, "unsubscribe", 2).partition("?")[0]
    walk.get("digest", _whole_digest(walk, done.text))
    page = walk.get("unsubscribe", link)
    walk.get("unsubscribe-one", f"{link}?topic=0")
    walk.send("unsubscribe-none-chosen", page, "/unsubscribe/", scope="topic")
    ended = walk.send("unsubscribed-topic", page, "/unsubscribe/", scope="topic", topic=[TRIAL])
    walk.send("unsubscribe-undone", ended, "/undo")
    ended = walk.send("unsubscribed", page, "/unsubscribe/", scope="all")
    walk.get("unsubscribe-again", link)
    other = f"other-{walk.mark}@example.org"
    walk.visitor.submit(form, FORM, email=other, accept_terms="yes")
    declining = walk.visitor.get(walk.link(other, "decline"))
    walk.send("declined", declining, "/decline/")
    walk.send("erased", walk.visitor.get(f"{_preferences(done.text)}/erase"), "/erase", do="erase")


def _preferences(html: str) -> str:
    """The link to the preferences on the page after a confirmation."""
    found = re.search(r'href="(?:/\w\w)?(/preferences/[^"]+)"', html)
    assert found is not None
    return found[1]


def _whole_digest(walk: Walk, html: str) -> str:
    """The page of the newest digest, which only a large one links to."""
    now = datetime.now(UTC)
    person = read_token(walk.keyring, Purpose.PREFERENCES, _preferences(html).rpartition("/")[2], now)
    with closing(sqlite3.connect(walk.running.data / "trial-alerts.sqlite3")) as database:
        found = database.execute("SELECT max(id) FROM digest WHERE subscriber_id = ?", [person.subject])
        (number,) = found.fetchone()
    index = person.address.to_bytes(8, "big")
    return "/digest/" + make_token(
        walk.keyring, Purpose.DIGEST, number, now + timedelta(hours=1), email_index=index
    )


def _has_news_of_both(walk: Walk, address: str) -> bool:
    preview = walk.running.command("digests", "preview", "--email", address).stdout
    return all(trial.removeprefix("trial:") in preview for trial in (TRIAL, OTHER_TRIAL))


def _sent_now(walk: Walk, address: str) -> bool:
    walk.running.command("digests", "send-now", "--email", address)
    return len(walk.running.mails(address)) > 1


def _change(walk: Walk, number: str) -> None:
    values = {"trial": number, "change": "older-people"}
    assert walk.running.post("/dev/events", data=values).status_code < 400, values


def _going_wrong(walk: Walk) -> None:
    walk.get("error-404", "/nothing/here")
    walk.get("error-405", FORM)
    walk.get("bad-link", "/unsubscribe/nothing")
    form = {"content-type": "application/x-www-form-urlencoded"}
    walk.keep("error-413", walk.visitor.post("/subscribe", content=b"x" * 300_000, headers=form))
    walk.keep("error-415", walk.visitor.post("/subscribe", content=b"x"))
    for status in _DETAILS:
        walk.kept[f"error-{status}"] = Kept(_error_page(walk.code, status))


#: The service's own text with each status.
_DETAILS = {
    401: "This needs a valid token.",
    422: "Some fields need your attention.",
    429: "Too many requests came from your network. Please try again in a few minutes.",
    500: "Something went wrong on our side. Please try again later.",
    503: "The database can’t be reached right now. Nothing was saved; please send it again.",
}


def _error_page(code: str, status: int) -> str:
    """The page for a problem that a walk does not meet."""
    scope: Any = {
        "type": "http",
        "method": "GET",
        "path": "/error",
        "query_string": b"",
        "headers": [(b"accept", b"text/html"), (b"accept-language", code.encode())],
    }
    serve_for(Website("Example Updates", "https://www.example.org/", terms_url="/t", privacy_url="/p"))
    serve_reader(scope, "")
    problem = problem_response(status, lazy_gettext(_DETAILS[status]))
    page = page_or_problem(lambda request, error: problem)(Request(scope), None)
    return str(page.content)

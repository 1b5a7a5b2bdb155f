"""The product's description: from a sign-up on a trial's page to a digest, and out again.

Real processes all the way: the pages over HTTP, the changes as signed webhooks, the mail over SMTP.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.journey.processes import Dev, dev, eventually
from tests.e2e.journey.visitor import Visitor

TRIAL = "NCT04787263"
OTHER_TRIAL = "NCT05326516"
ANNA, BOB = "anna@example.org", "bob@example.org"


@pytest.fixture
def running(tmp_path: Path, database_url: str) -> Iterator[Dev]:
    """The whole system, on SQLite and on PostgreSQL."""
    with dev(tmp_path / "data", {"ALERTS_DATABASE_URL": database_url}) as system:
        yield system


@pytest.fixture
def visitor(running: Dev) -> Iterator[Visitor]:
    """Somebody with a browser that runs no scripts."""
    one = Visitor(running.url)
    yield one
    one.close()


def sign_up(visitor: Visitor, address: str, **choices: str | list[str]) -> None:
    """Fills in the form on the trial's page."""
    page = eventually(lambda: _with_form(visitor), what="the sign-up form")
    answer = visitor.submit(page, "/v1/subscriptions", email=address, accept_terms="yes", **choices)
    assert "Almost done" in answer.text, answer.text


def _with_form(visitor: Visitor) -> httpx.Response | None:
    page = visitor.get(f"/demo/trials/{TRIAL}")
    return page if "/v1/subscriptions" in page.text else None


def confirm(visitor: Visitor, mail: dict[str, object]) -> None:
    """Follows the mail's link and presses the button of the page behind it."""
    page = visitor.get(link(mail, "/confirm/"))
    answer = visitor.submit(page, "/confirm/")
    assert answer.status_code == 200, answer.text


def link(mail: dict[str, object], part: str) -> str:
    """The mail's link that holds `part`."""
    links = mail["links"]
    assert isinstance(links, list)
    return next(str(url) for url in links if part in url)


def unwrapped(text: str) -> str:
    """The words of a text, however its lines are broken."""
    return " ".join(text.split())


def preview(running: Dev) -> str:
    """Anna's next digest, as the operators' command previews it."""
    return unwrapped(running.command("digests", "preview", "--email", ANNA).stdout)


def something_happens(visitor: Visitor, change: str, trial: str = TRIAL) -> None:
    """The website's ingestor sends a change of a trial."""
    answer = visitor.post("/dev/events", data={"trial": trial, "change": change})
    assert answer.status_code == 303, answer.text


def followed(running: Dev, visitor: Visitor, frequency: str = "immediate") -> None:
    """Anna follows the trial and the condition, and the mails so far are away."""
    condition = "condition:acute lymphoblastic leukemia"
    sign_up(visitor, ANNA, topic=[f"trial:{TRIAL}", condition], frequency=frequency)
    confirm(visitor, running.mail(ANNA))


def is_discreet(*outside: str) -> None:
    """Fails if a mail names the condition or the trial where it is seen without being opened.

    Only whole words are looked for: the letters of a short one may meet by chance in the token of a link.
    """
    for text in outside:
        for word in ("lymphoblastic", "leukemia", TRIAL.lower()):
            assert word not in text.lower()


def has_headers_of_a_subscription(headers: Any) -> None:
    """Fails if a mail lacks what mail programs need to end a subscription, sort and not answer it."""
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert {"List-Id", "Feedback-ID", "Message-ID", "Date"} <= set(headers)


def test_from_a_sign_up_to_a_digest_and_out_again(running: Dev, visitor: Visitor) -> None:
    # Anna reads the page of a trial and signs up for its changes, and of new trials for the condition.
    sign_up(
        visitor, ANNA, topic=[f"trial:{TRIAL}", "condition:acute lymphoblastic leukemia"], frequency="weekly"
    )

    # One mail asks whether she meant it. It names no condition outside its body, and nothing is active yet.
    asked = running.mail(ANNA)
    assert "List-Unsubscribe" not in asked["headers"]
    is_discreet(asked["subject"], *asked["links"], *map(str, asked["headers"].values()))

    # Looking at the link changes nothing; the button of its page does.
    confirm(visitor, asked)

    # The registry changes: the trial takes participants again and has a new site; another trial is new.
    something_happens(visitor, "site-milano")
    something_happens(visitor, "recruiting")
    something_happens(visitor, "new-trial", trial="")

    # An operator can see what the next digest would say, and need not wait for the week to end.
    eventually(lambda: "number 1)" in preview(running), what="the news in the preview")
    visitor.post("/dev/digests")

    # The digest is one mail that reports all of it, in both of its parts.
    digest = running.mail(ANNA, 2)
    for part in ("text", "html"):
        body = unwrapped(str(digest[part]))
        assert "taking participants again" in body
        assert "Milano" in body
        assert "Engineered immune cells take on childhood leukemia and lymphoma" in body
        assert "A demonstration study of a new medicine for leukemia (number 1)" in body

    # It carries what mail programs need, and nothing that reveals its subject to a passer-by.
    headers = digest["headers"]
    has_headers_of_a_subscription(headers)
    is_discreet(str(headers))

    # One click of the mail program's own button ends it, without a page, a cookie or a question.
    one_click = str(headers["List-Unsubscribe"]).strip("<>")
    ended = visitor.post(one_click, data={"List-Unsubscribe": "One-Click"})
    assert ended.status_code == 200
    assert "set-cookie" not in ended.headers

    # Nothing more arrives after further changes.
    before = len(running.mails(ANNA))
    something_happens(visitor, "results")
    something_happens(visitor, "new-trial", trial="")
    watch(running, visitor)
    assert len(running.mails(ANNA)) == before


def watch(running: Dev, visitor: Visitor) -> None:
    """Lets everything settle: Bob follows another trial and gets its news, after all before."""
    sign_up(visitor, BOB, topic=[f"trial:{OTHER_TRIAL}"], frequency="immediate")
    confirm(visitor, running.mail(BOB))
    something_happens(visitor, "results", trial=OTHER_TRIAL)
    visitor.post("/dev/digests")
    running.mail(BOB, 2)


def test_nothing_is_sent_to_an_address_that_was_never_confirmed(running: Dev, visitor: Visitor) -> None:
    sign_up(visitor, ANNA, topic=[f"trial:{TRIAL}"])
    running.mail(ANNA)
    for _ in range(3):
        visitor.get(link(running.mail(ANNA), "/confirm/"))  # a mail scanner follows every link
    something_happens(visitor, "recruiting")
    watch(running, visitor)
    assert len(running.mails(ANNA)) == 1


def test_an_immediate_follower_is_notified_at_once(running: Dev, visitor: Visitor) -> None:
    followed(running, visitor)
    something_happens(visitor, "results")
    assert "Results are now posted" in unwrapped(running.mail(ANNA, 2)["text"])


def test_a_change_that_was_reversed_is_not_reported(running: Dev, visitor: Visitor) -> None:
    followed(running, visitor, "weekly")
    something_happens(visitor, "recruiting")
    something_happens(visitor, "not-recruiting")
    something_happens(visitor, "rewritten")
    watch(running, visitor)
    assert len(running.mails(ANNA)) == 1


def test_a_person_who_did_not_sign_up_can_decline(running: Dev, visitor: Visitor) -> None:
    sign_up(visitor, ANNA, topic=[f"trial:{TRIAL}"])
    page = visitor.get(link(running.mail(ANNA), "/decline/"))
    assert visitor.submit(page, "/decline/").status_code == 200
    sign_up(visitor, ANNA, topic=[f"trial:{TRIAL}"])
    watch(running, visitor)
    assert len(running.mails(ANNA)) == 1


def test_an_emptied_redis_loses_nothing(running: Dev, visitor: Visitor) -> None:
    import redis

    followed(running, visitor)
    something_happens(visitor, "results")
    url = next(
        line.split("=", 1)[1].strip("'")
        for line in (running.data / "dev.env").read_text().splitlines()
        if line.startswith("ALERTS_REDIS_URL=")
    )
    with redis.Redis.from_url(url) as doorbell:
        doorbell.flushall()
    assert "Results are now posted" in unwrapped(running.mail(ANNA, 2)["text"])


def test_operators_commands_find_the_system_that_runs(running: Dev, visitor: Visitor) -> None:
    followed(running, visitor, "monthly")
    something_happens(visitor, "results")

    def digests() -> list[dict[str, object]] | None:
        done = running.command("digests", "send-now", "--email", ANNA)
        assert done.returncode == 0, done.stderr
        return running.mails(ANNA)[:-1] or None

    assert "Results are now posted" in unwrapped(str(eventually(digests, 60, "the digest")[0]["text"]))
    unknown = running.command("digests", "send-now", "--email", "nobody@example.org")
    assert (unknown.returncode, unknown.stderr) == (1, "trial-alerts: No subscriber has this address.\n")

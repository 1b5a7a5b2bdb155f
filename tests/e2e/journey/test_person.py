"""A person in charge: everything about one's data by links and buttons, and nothing shown to a passer-by."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from service.store.sql.database import create_database, reading
from tests.e2e.journey.processes import Dev, dev, eventually
from tests.e2e.journey.test_journey import ANNA, TRIAL, link, sign_up, something_happens, unwrapped
from tests.e2e.journey.visitor import Visitor
from tests.integration.privacy import rows

NEW = "anna.elsewhere@example.net"

#: Texts that name Anna or her topics; none of them may be where a passer-by can see it.
CANARIES = ("lymphoblastic", "leukemia", TRIAL.lower(), ANNA, NEW)


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


def following(running: Dev, visitor: Visitor) -> str:
    """Anna follows the trial and the condition; the page after her word leads to her preferences."""
    condition = "condition:acute lymphoblastic leukemia"
    sign_up(visitor, ANNA, topic=[f"trial:{TRIAL}", condition], frequency="immediate")
    question = visitor.get(link(running.mail(ANNA), "/confirm/"))
    thanks = visitor.submit(question, "/confirm/").text
    found = re.search(r'href="(/preferences/[^"]+)"', thanks)
    assert found, thanks
    return found.group(1)


def move(running: Dev, visitor: Visitor, page: str) -> None:
    """Anna asks to be written to elsewhere, and says yes from there."""
    answer = visitor.submit(visitor.get(page), "/address", email=NEW)
    assert "a message with a link is on its way" in unwrapped(answer.text)
    question = visitor.get(link(running.mail(NEW), "/address/"))
    assert "Your address has been changed" in visitor.submit(question, "/address/", do="confirm").text


def dump(database_url: str) -> str:
    """Every row of every table, as text."""

    async def read() -> dict[str, list[dict[str, Any]]]:
        database = create_database(database_url)
        async with reading(database) as connection:
            whole = await rows.dump(connection)
        await database.dispose()
        return whole

    return str(asyncio.run(read()))


def doorbell(running: Dev) -> str:
    """Every key and value in Redis, as text."""
    settings = (running.data / "dev.env").read_text().splitlines()
    url = next(line.split("=", 1)[1].strip("'") for line in settings if line.startswith("ALERTS_REDIS_URL="))
    with redis.Redis.from_url(url) as held:
        return str([(key, held.dump(key)) for key in held.scan_iter()]).lower()


def test_a_change_of_address_keeps_everything(running: Dev, visitor: Visitor) -> None:
    page = following(running, visitor)
    assert "Engineered immune cells" in visitor.get(page).text
    move(running, visitor, page)
    assert "was changed" in unwrapped(running.mail(ANNA, 2)["text"])
    something_happens(visitor, "results")
    digest = running.mail(NEW, 2)
    assert "Results are now posted" in unwrapped(digest["text"])
    assert len(running.mails(ANNA)) == 2, "the old address hears nothing more"
    assert "This link no longer works" in visitor.get(page).text, "the old mailbox keeps no keys"
    new_page = link(digest, "/preferences/")
    listed = eventually(lambda: _digest_of(visitor, new_page), what="the digest in the list of mails")
    assert "Engineered immune cells" in listed


def _digest_of(visitor: Visitor, page: str) -> str | None:
    _, _, sent = visitor.get(page).text.partition('id="sent"')
    return sent if "Updates" in sent and "Engineered" in sent else None


def test_an_erased_persons_old_links_still_answer(running: Dev, visitor: Visitor, database_url: str) -> None:
    page = following(running, visitor)
    something_happens(visitor, "recruiting")
    unsubscribe = str(running.mail(ANNA, 2)["headers"]["List-Unsubscribe"]).strip("<>")
    held = visitor.get(page + "/data").json()
    assert held["person"]["address"] == ANNA
    assert held["consents"][-1]["wording"]
    answer = visitor.submit(visitor.get(page + "/erase"), "/erase", do="erase")
    assert "Everything has been erased" in answer.text
    assert "erased" in visitor.get(page).text
    assert visitor.post(unsubscribe, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    something_happens(visitor, "results")
    eventually(lambda: "RESULTS" in dump(database_url).upper() or None, what="the change in the store")
    assert len(running.mails(ANNA)) == 2
    left = dump(database_url)
    assert ANNA not in left
    assert held["person"]["public_id"] not in left


def test_no_header_subject_log_metric_or_note_names_a_condition_a_trial_or_a_person(
    running: Dev, visitor: Visitor, database_url: str
) -> None:
    move(running, visitor, following(running, visitor))
    something_happens(visitor, "results")
    running.mail(NEW, 2)
    mails = [*running.mails(ANNA), *running.mails(NEW)]
    for mail in mails:
        envelope = {name: value for name, value in mail["headers"].items() if name not in ("To", "to")}
        links = [url for url in mail["links"] if "/demo/trials/" not in url]
        seen = f"{mail['subject']} {envelope} {links}".lower()
        assert not [canary for canary in CANARIES if canary in seen]
    log = (running.data.parent / f"{running.data.name}.log").read_text().lower()
    assert "request" in log, "the log is on"
    places = {"log": log, "metrics": visitor.get("/metrics").text.lower(), "redis": doorbell(running)}
    for place, words in places.items():
        assert not [canary for canary in CANARIES if canary in words], place
    held = dump(database_url).lower()
    assert ANNA not in held
    assert NEW not in held
    assert TRIAL.lower() in held, "the dump is whole"

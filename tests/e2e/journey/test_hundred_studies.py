"""A hundred studies by the documented commands: a condition's followers get the news of its studies."""

import json
import re
from pathlib import Path

import httpx

from tests.e2e.journey.processes import PATIENCE, Dev, dev, eventually
from tests.e2e.journey.test_journey import confirm, sign_up, unwrapped
from tests.e2e.journey.visitor import Visitor
from tests.integration.workers.test_hundred_studies import ALICE, BOB, CAROL, CONCERNED, SLICE, hundred

FOLLOWED = {
    ALICE: "condition:leukemia",
    BOB: "condition:Acute Lymphoblastic Leukaemia",
    CAROL: "condition:lymphoma",
}


def test_followers_of_three_conditions_get_exactly_their_own_news(tmp_path: Path, database_url: str) -> None:
    studies = hundred()
    source = {f"NCT{number:08}": study.pop("source") for number, study in enumerate(studies, 1)}
    records, events = tmp_path / "studies.json", tmp_path / "events.json"
    records.write_text(json.dumps(studies))
    settings = {"ALERTS_DATABASE_URL": database_url, "ALERTS_CHALLENGE": "off", "ALERTS_RUN_HOLD": "0"}
    with dev(tmp_path / "data", settings) as running:
        _done(running, "conditions", "import", str(SLICE))
        visitor = Visitor(running.url)
        eventually(lambda: "leukemia" in visitor.get("/v1/topics?q=leukemia").text, what="the hierarchy")
        for person, topic in FOLLOWED.items():
            sign_up(visitor, person, topic=[topic], frequency="weekly")
        for person in FOLLOWED:
            confirm(visitor, running.mail(person))
        page = ("--url", "https://www.example.org/trials/{nct_id}")
        state = ("--state", str(tmp_path / "registry.sqlite3"))
        _done(running, "registry", "convert", str(records), "--out", str(events), *state, *page)
        _done(running, "events", "send", str(events), "--url", running.url)
        eventually(lambda: _all_ingested(running), what="a hundred events")
        _done(running, "digests", "send-now")
        for person, concerned in CONCERNED.items():
            text = unwrapped(running.mail(person, 2)["text"])
            read_about = set(re.findall(r"www\.example\.org/trials/(NCT\d{8})", text))
            assert read_about == {nct_id for nct_id, of in source.items() if of in concerned}
        _done(running, "digests", "send-now")
        assert [len(running.mails(person)) for person in FOLLOWED] == [2, 2, 2]
        visitor.close()


def _done(running: Dev, *command: str) -> None:
    done = running.command(*command)
    assert done.returncode == 0, done.stderr


def _all_ingested(running: Dev) -> bool:
    written = dict(line.split("=", 1) for line in (running.data / "dev.env").read_text().splitlines())
    token = written["ALERTS_ADMIN_TOKEN"].strip("'")
    found = httpx.get(
        f"{running.url}/v1/admin/events?state=received",
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE,
        trust_env=False,
    )
    return found.json()["items"] == []

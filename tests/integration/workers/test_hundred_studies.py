"""A hundred studies: each follower gets the news of their own, whenever the hierarchy is imported.

They are 32 real records, each under several numbers: 18 of leukemia, which 54 of the hundred are made of, and
others that don't concern it. They take the way of the
documented commands: convert, conditions import, events, digests."""

import copy
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.cli.conditions import import_conditions
from service.domain.trials.registry.record import to_event
from service.domain.trials.registry.revisions import Revised
from service.system import System
from tests.events import upserted
from tests.integration.workers.ingested import received
from tests.integration.workers.world import open_world
from tests.unit.domain.trials import OF_ALL
from workers.ingest.events import ingest_events

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[2] / "data"


SLICE = DATA / "conditions" / "mondo_heme_slice.obo"


NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


ALICE, BOB, CAROL = "alice@example.org", "bob@example.org", "carol@example.org"


ONE, TWO, THREE, FOUR = "NCT00000001", "NCT00000002", "NCT00000003", "NCT00000004"


def _records() -> list[dict[str, Any]]:
    """The real records of open studies, the newest of each."""
    paths = sorted((DATA / "registry" / "studies").glob("*.json"))
    newest = {path.name[:11]: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    return [newest[key] for key in sorted(newest) if len(json.dumps(newest[key])) < 200_000]


def hundred() -> list[dict[str, Any]]:
    """A hundred open studies: the real ones again and again, each with a number of its own."""
    made, records = [], _records()
    while len(made) < 100:
        study = copy.deepcopy(records[len(made) % len(records)])
        section = study["protocolSection"]
        study["source"] = section["identificationModule"]["nctId"]
        section["identificationModule"]["nctId"] = f"NCT{len(made) + 1:08}"
        section["statusModule"]["overallStatus"] = "RECRUITING"
        made.append(study)
    return made


#: The records that concern each follower, read by hand with the ontology beside them.
_OF_LEUKEMIA = OF_ALL | {
    "NCT02349698",
    "NCT02724163",
    "NCT04100187",
    "NCT04265963",
    "NCT04571138",
    "NCT05942599",
}


#: Mondo has acute lymphoblastic leukemia below non-Hodgkin lymphoma.
CONCERNED = {ALICE: _OF_LEUKEMIA, BOB: OF_ALL, CAROL: OF_ALL | {"NCT02349698", "NCT04571138"}}


async def _came(system: System, studies: Iterable[dict[str, Any]]) -> None:
    """The studies' events are ingested, twenty at a time."""
    numbers = iter(range(1, 1_000))
    events = [
        to_event(
            study,
            now=NOW,
            source="https://clinicaltrials.gov/api/v2",
            url="https://www.example.org/trials/{nct_id}",
            revise=lambda _: Revised(next(numbers)),
        )
        for study in studies
    ]
    for start in range(0, len(events), 20):
        await received(system, *events[start : start + 20])


@pytest.mark.parametrize("first", ["hierarchy", "trials", "between"])
async def test_each_follower_of_a_hundred_studies_gets_exactly_their_own_news(
    system: System, first: str
) -> None:
    known = [
        upserted(ONE.replace("0", "9"), 1, reason="backfill", conditions=[{"name": name}])
        for name in ("Leukemia", "Lymphoma", "Acute Lymphoblastic Leukaemia")
    ]
    studies = hundred()
    async with open_world(system) as world:
        for number, event in enumerate(known, 1):
            event["data"]["revision"] = number
            await received(system, event)
        await world.follow(ALICE, "condition:leukemia")
        await world.follow(BOB, "condition:acute-lymphoblastic-leukaemia")
        await world.follow(CAROL, "condition:lymphoma")
        if first == "hierarchy":
            await import_conditions(system, SLICE, now=NOW)
            await ingest_events(system)
        await _came(system, studies[:60])
        if first == "between":
            await world.send_all()
            await import_conditions(system, SLICE, now=NOW)
            await ingest_events(system)
        await _came(system, studies[60:])
        if first == "trials":
            await import_conditions(system, SLICE, now=NOW)
            await ingest_events(system)
        await world.send_all()
        notified = {
            person: [
                nct_id
                for text in world.texts(person)
                for nct_id in (f"NCT{number:08}" for number in range(1, 101))
                if nct_id in text
            ]
            for person in (ALICE, BOB, CAROL)
        }
    source = {f"NCT{number:08}": study["source"] for number, study in enumerate(studies, 1)}
    for person, found in notified.items():
        assert len(found) == len(set(found))
        assert sorted(found) == sorted(key for key, record in source.items() if record in CONCERNED[person])

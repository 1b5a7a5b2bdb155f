"""Conditions meet: whatever a trial calls one, and whenever that is learned, its followers hear once.

The hundred studies are real records that concern the blood, each under several numbers, and others that
don't; they take the way of the documented commands: convert, conditions import, events, digests.
"""

import copy
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.cli.conditions import import_conditions
from service.digests.planner import plan_now
from service.domain.trials.registry_record import to_event
from service.store.people import subscribers, subscriptions, topics
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.events import condition, upserted
from tests.integration.workers.taken_in import received
from tests.integration.workers.world import World, open_world, text_of
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events

DATA = Path(__file__).parents[2] / "data"
SLICE = DATA / "conditions" / "mondo_heme_slice.obo"
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ALICE, BOB, CAROL = "alice@example.org", "bob@example.org", "carol@example.org"
ONE, TWO, THREE, FOUR = "NCT00000001", "NCT00000002", "NCT00000003", "NCT00000004"
LEUKEMIA, LYMPHOMA, ALL = "MONDO:0005059", "MONDO:0005062", "MONDO:0004967"


async def sent(world: World) -> None:
    """Everything pending is sent."""
    await plan_now(world.system)
    await deliver(world.mailer)


def texts(world: World, person: str) -> list[str]:
    return [text_of(mail) for mail in world.mails(person)]


async def followed(system: System, person: int, *states: str) -> list[str]:
    async with reading(system.database) as connection:
        return [row.key for row in await subscriptions.with_states(connection, person, *states)]


async def test_a_name_learned_later_moves_its_followers_once_and_silently(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1, conditions=[{"name": "Blood Cancer"}]))
        alice = await world.follow(ALICE, "condition:blood-cancer")
        bob = await world.follow(BOB, "condition:blood-cancer", confirmed=False)
        await received(system, upserted(TWO, 1, conditions=[{"name": "Blood cancers"}]))
        await sent(world)
        assert [TWO in text for text in texts(world, ALICE)] == [True]

        learned = condition(LEUKEMIA, "leukemia", [], synonyms=["blood cancer"])
        await received(system, learned)
        await received(system, learned | {"id": "again", "time": "2026-07-02T08:00:00Z"})
        await sent(world)
        assert len(texts(world, ALICE)) == 1
        assert await followed(system, alice, "active") == [f"condition:{LEUKEMIA}"]
        assert await followed(system, bob, "pending") == [f"condition:{LEUKEMIA}"]

        await received(system, upserted(THREE, 1, conditions=[{"name": "Leukaemia"}]))
        await sent(world)
        assert [THREE in text for text in texts(world, ALICE)] == [False, True]
        assert ONE not in texts(world, ALICE)[1]
        assert TWO not in texts(world, ALICE)[1]
        assert "You follow leukemia." in texts(world, ALICE)[1]


async def test_what_was_not_told_before_the_names_met_is_told_after(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1, conditions=[{"name": "Blood Cancer"}], reason="backfill"))
        await received(system, condition(LEUKEMIA, "leukemia", []))
        await world.follow(ALICE, "condition:blood-cancer", frequency="daily")
        await world.follow(BOB, f"condition:{LEUKEMIA}", frequency="daily")
        await received(system, upserted(TWO, 1, conditions=[{"name": "Blood cancer"}]))
        await received(system, upserted(THREE, 1, conditions=[{"name": "leukemia"}]))
        await world.follow(CAROL, f"condition:{LEUKEMIA}", frequency="daily")
        await received(
            system,
            condition(LEUKEMIA, "leukemia", [], synonyms=["blood cancer"], time="2026-07-02T08:00:00Z"),
        )
        await sent(world)
        for person in (ALICE, BOB):
            (text,) = texts(world, person)
            assert TWO in text
            assert THREE in text
        assert texts(world, CAROL) == []  # both were new before she followed
        await sent(world)
        assert [len(texts(world, person)) for person in (ALICE, BOB)] == [1, 1]


async def test_each_side_hears_once_what_only_the_other_was_told(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1, conditions=[{"name": "Blood Cancer"}], reason="backfill"))
        await received(system, condition(LEUKEMIA, "leukemia", []))
        await world.follow(ALICE, "condition:blood-cancer")
        await world.follow(BOB, f"condition:{LEUKEMIA}")
        both = [{"name": "blood cancer"}, {"name": "leukemia"}]
        await received(system, upserted(FOUR, 1, conditions=both))
        await received(system, upserted(TWO, 1, conditions=both[:1]), upserted(THREE, 1, conditions=both[1:]))
        await sent(world)
        before = {person: "".join(texts(world, person)) for person in (ALICE, BOB)}
        assert (TWO in before[ALICE], THREE in before[ALICE]) == (True, False)
        assert (TWO in before[BOB], THREE in before[BOB]) == (False, True)
        await received(
            system,
            condition(LEUKEMIA, "leukemia", [], synonyms=["blood cancer"], time="2026-07-02T08:00:00Z"),
        )
        await sent(world)
        after = {person: "".join(texts(world, person)[1:]) for person in (ALICE, BOB)}
        assert (TWO in after[ALICE], THREE in after[ALICE]) == (False, True)
        assert (TWO in after[BOB], THREE in after[BOB]) == (True, False)
        assert FOUR not in after[ALICE] + after[BOB]


async def test_who_stops_after_the_names_met_hears_nothing_of_either(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1, conditions=[{"name": "Blood Cancer"}], reason="backfill"))
        alice = await world.follow(ALICE, "condition:blood-cancer")
        await received(system, upserted(TWO, 1, conditions=[{"name": "Blood cancer"}]))
        await plan_now(system)  # its digest waits
        await received(system, condition(LEUKEMIA, "leukemia", [], synonyms=["blood cancer"]))
        async with writing(system.database) as connection:
            await subscribers.lock(connection, alice)
            (row,) = await subscriptions.active(connection, alice)
            ended = {"reason": "unfollowed", "now": NOW, "topic_ids": [row.topic_id]}
            await subscriptions.end(connection, alice, **ended)
        await received(system, upserted(THREE, 1, conditions=[{"name": "Blood cancer"}]))
        await sent(world)
        assert texts(world, ALICE) == []


async def test_a_digest_that_waited_while_the_names_met_tells_what_it_covers(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1, conditions=[{"name": "Blood Cancer"}], reason="backfill"))
        await world.follow(ALICE, "condition:blood-cancer")
        await received(system, upserted(TWO, 1, conditions=[{"name": "Blood cancer"}]))
        await plan_now(system)
        await received(system, condition(LEUKEMIA, "leukemia", [], synonyms=["blood cancer"]))
        await deliver(world.mailer)
        await sent(world)
        assert [TWO in text for text in texts(world, ALICE)] == [True]


async def test_two_ontologies_side_by_side_are_one_topic_in_any_order(system: System) -> None:
    terms = [
        condition("MESH:D007938", "Leukemia", ["MESH:D009369"]),
        condition("DOID:1240", "leucosis", [], xrefs=["MSH:D007938"]),
        condition(LEUKEMIA, "leukemia", ["MONDO:1"], xrefs=["mesh:D007938"]),
        condition("MESH:D9", "Leukemia, Odd", ["DOID:1240"]),
    ]
    for one in terms:
        await received(system, one)
    async with reading(system.database) as connection:
        closure = await connection.execute(select(t.condition_closure))
        assert {tuple(row) for row in closure} == {
            (LEUKEMIA, LEUKEMIA), (LEUKEMIA, "MONDO:1"), (LEUKEMIA, "MESH:D009369"),
            ("MESH:D9", "MESH:D9"), ("MESH:D9", LEUKEMIA), ("MESH:D9", "MONDO:1"),
            ("MESH:D9", "MESH:D009369"),
        }  # fmt: skip
        for name in ("DOID:1240", "doid:1240", "MESH:D000007938", "Leukaemias", "leucosis", LEUKEMIA):
            (found,) = await topics.find_conditions(connection, name)
            assert (found.key, found.name) == (f"condition:{LEUKEMIA}", "leukemia")


async def test_an_id_taken_for_another_of_its_name_becomes_its_own_term_without_loss(system: System) -> None:
    async with open_world(system) as world:
        await received(
            system, condition(LEUKEMIA, "leukemia", []), condition("DOID:2", "blood disorder", ["DOID:1"])
        )
        await world.follow(ALICE, f"condition:{LEUKEMIA}")
        await world.follow(BOB, "condition:DOID:2")
        await received(system, upserted(ONE, 1, conditions=[{"id": "DOID:1240", "name": "Leukemia"}]))
        await received(system, condition("DOID:1240", "leukemia of dogs", ["DOID:2"]))
        await sent(world)
        assert [ONE in text for person in (ALICE, BOB) for text in texts(world, person)] == [True, True]


async def test_an_obsolete_term_leads_its_followers_to_what_replaced_it(system: System) -> None:
    cases = DATA / "registry" / "cases"
    await import_conditions(system, cases / "11_obsolete_replaced_by_v1.obo", now=NOW)
    await ingest_events(system)
    async with open_world(system) as world:
        alice = await world.follow(ALICE, "condition:MONDO:9000005")
        await received(system, upserted(ONE, 1, conditions=[{"name": "old lymphoma name"}]))
        await sent(world)
        later = datetime(2026, 11, 21, tzinfo=UTC)
        await import_conditions(system, cases / "11_obsolete_replaced_by_v2.obo", now=later)
        await ingest_events(system)
        await sent(world)
        assert len(texts(world, ALICE)) == 1
        assert await followed(system, alice, "active") == ["condition:MONDO:9000009"]
        old = {"id": "MONDO:9000005", "name": "old"}
        await received(system, upserted(TWO, 1, conditions=[old]))
        await sent(world)
        assert "You follow new lymphoma name." in texts(world, ALICE)[1]
        async with reading(system.database) as connection:
            for name in ("MONDO:9000005", "old lymphoma name", "New Lymphoma Names"):
                assert [one.key for one in await topics.find_conditions(connection, name)] == [
                    "condition:MONDO:9000009"
                ]


# A hundred studies


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


#: The records that concern each follower, read by hand with the ontology beside them. Two studies of
#: leukaemia are not here: "Acute Lymphocytic Leukemia" (NCT05923112) and "Relapsed Acute Myeloid Leukaemia"
#: (NCT05942599) are no names of terms in this slice, and no derived heading helps.
_OF_ALL = {"NCT04811560", "NCT05326516", "NCT05521087", "NCT05774990", "NCT05918692"}
_OF_LEUKEMIA = _OF_ALL | {
    "NCT02349698",
    "NCT02724163",
    "NCT03319901",
    "NCT03564470",
    "NCT04100187",
    "NCT04265963",
    "NCT04571138",
    "NCT04767152",
    "NCT05086315",
    "NCT05164042",
    "NCT05658640",
}
#: Mondo puts B-cell chronic lymphocytic leukemia below acute lymphoblastic leukemia, and that below lymphoma.
_ODDLY = {"NCT04100187"}
CONCERNED = {
    ALICE: _OF_LEUKEMIA,
    BOB: _OF_ALL | _ODDLY,
    CAROL: _OF_ALL | _ODDLY | {"NCT02349698", "NCT04571138", "NCT05658640"},
}


async def _came(system: System, studies: Iterable[dict[str, Any]], **options: Any) -> None:
    numbers = iter(range(1, 1_000))
    for study in studies:
        event = to_event(
            study,
            now=NOW,
            source="https://clinicaltrials.gov/api/v2",
            url="https://www.example.org/trials/{nct_id}",
            revise=lambda *_: next(numbers),
            **options,
        )
        await received(system, event)


@pytest.mark.parametrize("first", ["hierarchy", "trials", "between"])
async def test_of_a_hundred_studies_each_follower_hears_of_those_they_should_and_of_nothing_else(
    system: System, first: str
) -> None:
    known = [
        upserted(ONE.replace("0", "9"), 1, reason="backfill", conditions=[{"name": name}])
        for name in ("Leukemia", "Lymphoma", "Acute Lymphoblastic Leukaemia")
    ]
    studies = hundred()
    async with open_world(system) as world:
        for number, one in enumerate(known, 1):
            one["data"]["revision"] = number
            await received(system, one)
        await world.follow(ALICE, "condition:leukemia")
        await world.follow(BOB, "condition:acute-lymphoblastic-leukaemia")
        await world.follow(CAROL, "condition:lymphoma")
        if first == "hierarchy":
            await import_conditions(system, SLICE, now=NOW)
            await ingest_events(system)
        await _came(system, studies[:60])
        if first == "between":
            await sent(world)
            await import_conditions(system, SLICE, now=NOW)
            await ingest_events(system)
        await _came(system, studies[60:])
        if first == "trials":
            await import_conditions(system, SLICE, now=NOW)
            await ingest_events(system)
        await sent(world)
        heard = {
            person: [
                nct_id
                for text in texts(world, person)
                for nct_id in (f"NCT{number:08}" for number in range(1, 101))
                if nct_id in text
            ]
            for person in (ALICE, BOB, CAROL)
        }
    source = {f"NCT{number:08}": study["source"] for number, study in enumerate(studies, 1)}
    for person, found in heard.items():
        assert len(found) == len(set(found))
        assert sorted(found) == sorted(key for key, one in source.items() if one in CONCERNED[person])

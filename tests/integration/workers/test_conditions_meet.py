"""Names of conditions meet: under any name, learned at any time, followers are notified once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from service.cli.conditions import import_conditions
from service.digests.planner import plan_now
from service.store.people import subscribers, subscriptions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.store.topics import topics
from service.system import System
from tests.events import condition, upserted
from tests.integration.workers.ingested import received
from tests.integration.workers.world import open_world
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_bucket")]

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ALICE, BOB, CAROL = "alice@example.org", "bob@example.org", "carol@example.org"
ONE, TWO, THREE, FOUR = "NCT00000001", "NCT00000002", "NCT00000003", "NCT00000004"
LEUKEMIA, LYMPHOMA, ALL = "MONDO:0005059", "MONDO:0005062", "MONDO:0004967"


async def followed(system: System, person: int, *states: str) -> list[str]:
    async with reading(system.database) as connection:
        return [row.key for row in await subscriptions.with_states(connection, person, *states)]


@pytest.mark.on_both_databases
async def test_a_name_learned_later_moves_its_followers_once_and_silently(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1, conditions=[{"name": "Blood Cancer"}]))
        alice = await world.follow(ALICE, "condition:blood-cancer")
        bob = await world.follow(BOB, "condition:blood-cancer", confirmed=False)
        await world.follow(CAROL, f"condition:{LEUKEMIA}", confirmed=False)
        await received(system, upserted(TWO, 1, conditions=[{"name": "Blood cancers"}]))
        await world.send_all()
        assert [TWO in text for text in world.texts(ALICE)] == [True]

        learned = condition(LEUKEMIA, "leukemia", [], synonyms=["blood cancer"])
        await received(system, learned)
        await received(system, learned | {"id": "again", "time": "2026-07-02T08:00:00Z"})
        await world.send_all()
        assert len(world.texts(ALICE)) == 1
        assert await followed(system, alice, "active") == [f"condition:{LEUKEMIA}"]
        assert await followed(system, bob, "pending") == [f"condition:{LEUKEMIA}"]

        await received(system, upserted(THREE, 1, conditions=[{"name": "Leukaemia"}]))
        await world.send_all()
        assert [THREE in text for text in world.texts(ALICE)] == [False, True]
        assert ONE not in world.texts(ALICE)[1]
        assert TWO not in world.texts(ALICE)[1]
        assert "You follow leukemia." in world.texts(ALICE)[1]


async def test_news_unreported_before_two_names_met_is_reported_after(system: System) -> None:
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
        await world.send_all()
        for person in (ALICE, BOB):
            (text,) = world.texts(person)
            assert TWO in text
            assert THREE in text
        assert world.texts(CAROL) == []  # both were new before she followed
        await world.send_all()
        assert [len(world.texts(person)) for person in (ALICE, BOB)] == [1, 1]


async def test_each_side_is_notified_once_of_the_trials_known_only_to_the_other(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1, conditions=[{"name": "Blood Cancer"}], reason="backfill"))
        await received(system, condition(LEUKEMIA, "leukemia", []))
        await world.follow(ALICE, "condition:blood-cancer")
        await world.follow(BOB, f"condition:{LEUKEMIA}")
        both = [{"name": "blood cancer"}, {"name": "leukemia"}]
        await received(system, upserted(FOUR, 1, conditions=both))
        await received(system, upserted(TWO, 1, conditions=both[:1]), upserted(THREE, 1, conditions=both[1:]))
        await world.send_all()
        before = {person: "".join(world.texts(person)) for person in (ALICE, BOB)}
        assert (TWO in before[ALICE], THREE in before[ALICE]) == (True, False)
        assert (TWO in before[BOB], THREE in before[BOB]) == (False, True)
        await received(
            system,
            condition(LEUKEMIA, "leukemia", [], synonyms=["blood cancer"], time="2026-07-02T08:00:00Z"),
        )
        await world.send_all()
        after = {person: "".join(world.texts(person)[1:]) for person in (ALICE, BOB)}
        assert (TWO in after[ALICE], THREE in after[ALICE]) == (False, True)
        assert (TWO in after[BOB], THREE in after[BOB]) == (True, False)
        assert FOUR not in after[ALICE] + after[BOB]


async def test_a_reader_who_unfollows_after_two_names_met_is_notified_of_neither(system: System) -> None:
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
        await world.send_all()
        assert world.texts(ALICE) == []


async def test_a_digest_that_waited_while_two_names_met_reports_its_period(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1, conditions=[{"name": "Blood Cancer"}], reason="backfill"))
        await world.follow(ALICE, "condition:blood-cancer")
        await received(system, upserted(TWO, 1, conditions=[{"name": "Blood cancer"}]))
        await plan_now(system)
        await received(system, condition(LEUKEMIA, "leukemia", [], synonyms=["blood cancer"]))
        await deliver(world.mailer)
        await world.send_all()
        assert [TWO in text for text in world.texts(ALICE)] == [True]


async def test_two_ontologies_side_by_side_are_one_topic_in_any_order(system: System) -> None:
    terms = [
        condition("MESH:D007938", "Leukemia", ["MESH:D009369"]),
        condition("DOID:1240", "leucosis", [], xrefs=["MSH:D007938"]),
        condition(LEUKEMIA, "leukemia", ["MONDO:1"], xrefs=["mesh:D007938"]),
        condition("MESH:D9", "Leukemia, Odd", ["DOID:1240"]),
    ]
    for term in terms:
        await received(system, term)
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


async def test_followers_of_terms_of_one_name_in_two_ontologies_get_the_same_news(system: System) -> None:
    async with open_world(system) as world:
        await received(system, condition("DOID:1240", "Leukaemia", []))
        await world.follow(ALICE, "condition:DOID:1240")
        await received(system, condition(LEUKEMIA, "leukemia", []))
        await world.follow(BOB, f"condition:{LEUKEMIA}")
        by_name, by_id = [{"name": "Leukemias"}], [{"id": "DOID:1240", "name": "leukaemia"}]
        await received(
            system,
            upserted(ONE, 1, conditions=by_name),
            upserted(TWO, 1, conditions=by_id, status="RECRUITING"),
        )
        await world.send_all()
        for person in (ALICE, BOB):
            assert [(ONE in text, TWO in text) for text in world.texts(person)] == [(True, True)]


async def test_an_id_matched_by_name_becomes_its_own_term_without_loss(system: System) -> None:
    async with open_world(system) as world:
        await received(
            system, condition(LEUKEMIA, "leukemia", []), condition("DOID:2", "blood disorder", ["DOID:1"])
        )
        await world.follow(ALICE, f"condition:{LEUKEMIA}")
        await world.follow(BOB, "condition:DOID:2")
        await received(system, upserted(ONE, 1, conditions=[{"id": "DOID:1240", "name": "Leukemia"}]))
        await received(system, condition("DOID:1240", "leukemia of dogs", ["DOID:2"]))
        await world.send_all()
        assert [ONE in text for person in (ALICE, BOB) for text in world.texts(person)] == [True, True]


async def test_the_followers_of_an_obsolete_term_follow_its_replacement(system: System) -> None:
    cases = DATA / "registry" / "cases"
    await import_conditions(system, cases / "11_obsolete_replaced_by_v1.obo", now=NOW)
    await ingest_events(system)
    async with open_world(system) as world:
        alice = await world.follow(ALICE, "condition:MONDO:9000005")
        await received(system, upserted(ONE, 1, conditions=[{"name": "old lymphoma name"}]))
        await world.send_all()
        later = datetime(2026, 11, 21, tzinfo=UTC)
        await import_conditions(system, cases / "11_obsolete_replaced_by_v2.obo", now=later)
        await ingest_events(system)
        await world.send_all()
        assert len(world.texts(ALICE)) == 1
        assert await followed(system, alice, "active") == ["condition:MONDO:9000009"]
        old = {"id": "MONDO:9000005", "name": "old"}
        await received(system, upserted(TWO, 1, conditions=[old]))
        await world.send_all()
        assert "You follow new lymphoma name." in world.texts(ALICE)[1]
        async with reading(system.database) as connection:
            for name in ("MONDO:9000005", "old lymphoma name", "New Lymphoma Names"):
                assert [
                    found_by_name.key for found_by_name in await topics.find_conditions(connection, name)
                ] == ["condition:MONDO:9000009"]


async def test_names_that_meet_plan_no_digest_for_readers_who_know_all_of_it(system: System) -> None:
    async with open_world(system) as world:
        both = [{"name": "Blood Cancer"}, {"id": LEUKEMIA, "name": "leukemia"}]
        await received(system, condition(LEUKEMIA, "leukemia", []))
        await received(system, upserted(ONE, 1, conditions=[both[0]], reason="backfill"))
        await world.follow(ALICE, "condition:blood-cancer")
        await received(system, upserted(TWO, 1, conditions=both))
        await world.send_all()
        await world.follow(BOB, "condition:blood-cancer")
        again = condition(LEUKEMIA, "leukemia", [], synonyms=["blood cancer"])
        await received(system, again | {"id": "again", "time": "2026-07-02T08:00:00Z"})
        assert await plan_now(system) == 0

        await received(system, upserted(THREE, 1, conditions=both[1:]))
        await world.send_all()
        assert [THREE in text for text in world.texts(ALICE)] == [False, True]
        assert [THREE in text for text in world.texts(BOB)] == [True]

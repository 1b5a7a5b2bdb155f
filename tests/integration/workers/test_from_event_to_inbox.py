"""From the ingestor's event to the inbox: the cases in which earlier digests decide on the next one."""

import pytest
from sqlalchemy import select

from service.digests.planner import plan_now
from service.store.sql import tables as t
from service.system import System
from tests.events import ALL, LEUKEMIA, condition, merged, removed, upserted
from tests.integration.workers.ingested import received
from tests.integration.workers.world import World, open_world, text_of
from workers.deliver.deliver import deliver

ALICE, BOB = "alice@example.org", "bob@example.org"
HIERARCHY = (
    condition(LEUKEMIA["id"], LEUKEMIA["name"], []),
    condition(ALL["id"], ALL["name"], [LEUKEMIA["id"]]),
)
ONE, TWO = "NCT00000001", "NCT00000002"


async def digests(world: World) -> dict[str, list[str]]:
    """Everything pending is sent; the texts of all mails so far, by person."""
    await plan_now(world.system)
    await deliver(world.mailer)
    return {person: [text_of(mail) for mail in world.mails(person)] for person in (ALICE, BOB)}


@pytest.mark.slow
async def test_a_correction_goes_only_to_readers_of_the_first_report(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1, status="RECRUITING"))
        await world.follow(ALICE, f"trial:{ONE}")
        await received(system, upserted(ONE, 2, status="TERMINATED"))
        assert "stopped early" in (await digests(world))[ALICE][0]
        await world.follow(BOB, f"trial:{ONE}")
        await received(system, upserted(ONE, 3, status="RECRUITING", reason="correction"))
        mails = await digests(world)
        assert "An earlier notice was reversed" in mails[ALICE][1]
        assert mails[BOB] == []


@pytest.mark.slow
@pytest.mark.usefixtures("one_bucket")
async def test_each_mail_of_a_batch_is_kept_with_the_topics_that_its_unsubscribe_link_stops(
    system: System,
) -> None:
    async with open_world(system) as world:
        reported = {}
        for person, trial in ((ALICE, ONE), (BOB, TWO)):
            await received(system, upserted(trial, 1, status="RECRUITING"))
            reported[await world.follow(person, f"trial:{trial}")] = [f"trial:{trial}"]
        await received(system, *(upserted(trial, 2, status="SUSPENDED") for trial in (ONE, TWO)))
        await digests(world)
        async with system.reading() as connection:
            rows = await connection.execute(select(t.digest.c.subscriber_id, t.digest.c.reported))
            assert {person: told["topics"] for person, told in rows} == reported


async def test_a_removal_is_reported_once_and_ends_the_subscription(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1))
        await world.follow(ALICE, f"trial:{ONE}")
        await received(system, removed(ONE, 2))
        assert len((await digests(world))[ALICE]) == 1
        await received(system, upserted(ONE, 3, status="SUSPENDED"))
        assert len((await digests(world))[ALICE]) == 1


async def test_followers_are_notified_of_the_end_of_a_trial_whose_record_never_came(system: System) -> None:
    async with open_world(system) as world:
        await world.follow(ALICE, f"trial:{ONE}")
        await world.follow(BOB, f"trial:{TWO}")
        await received(system, removed(ONE, 2), merged(TWO, 2, "NCT00000003"))
        sent = await digests(world)
        assert "This study was removed from the website." in " ".join(sent[ALICE][0].split())
        assert "This study is now listed as NCT00000003." in " ".join(sent[BOB][0].split())
        await received(system, upserted(ONE, 1), upserted(TWO, 1))
        assert await digests(world) == sent


@pytest.mark.slow
async def test_followers_of_a_merged_trial_are_notified_of_the_other_from_then_on(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(ONE, 1), upserted(TWO, 1))
        await world.follow(ALICE, f"trial:{ONE}")
        await received(system, merged(ONE, 2, TWO))
        assert TWO in (await digests(world))[ALICE][0]
        await received(system, upserted(TWO, 2, status="SUSPENDED"))
        mails = (await digests(world))[ALICE]
        assert len(mails) == 2
        assert "paused" in mails[1]


async def test_followers_of_a_condition_that_is_too_broad_by_now_are_notified_as_before(
    system: System,
) -> None:
    broad = condition(LEUKEMIA["id"], LEUKEMIA["name"], [], followable=False, time="2026-07-02T08:00:00Z")
    async with open_world(system) as world:
        await received(system, *HIERARCHY)
        await world.follow(ALICE, f"condition:{LEUKEMIA['id']}")
        await received(system, broad)
        await received(system, upserted(ONE, 1))
        assert ONE in (await digests(world))[ALICE][0]
        await received(system, upserted(TWO, 1, conditions=[{"name": "B-ALL"}]))
        await received(system, condition("MONDO:0020511", "B-ALL", [ALL["id"]]))
        assert TWO in (await digests(world))[ALICE][1]


@pytest.mark.slow
async def test_a_trial_known_to_the_reader_is_not_new_for_another_condition(
    system: System,
) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY)
        await world.follow(ALICE, f"condition:{LEUKEMIA['id']}", frequency="immediate")
        await world.follow(ALICE, "condition:lymphoma", frequency="weekly")
        await world.follow(BOB, "condition:lymphoma")
        await received(system, upserted(ONE, 1, conditions=[ALL]))
        first = await digests(world)
        assert len(first[ALICE]) == 1
        assert first[BOB] == []
        await received(system, upserted(ONE, 2, conditions=[ALL, {"name": "lymphoma"}]))
        mails = await digests(world)
        assert len(mails[ALICE]) == 1
        assert len(mails[BOB]) == 1


@pytest.mark.slow
async def test_one_trial_announced_at_two_frequencies_is_reported_once(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY)
        await world.follow(ALICE, f"condition:{LEUKEMIA['id']}", frequency="daily")
        await world.follow(ALICE, f"condition:{ALL['id']}", frequency="weekly")
        await received(system, upserted(ONE, 1, conditions=[ALL]))
        assert len((await digests(world))[ALICE]) == 1


@pytest.mark.slow
async def test_a_trial_reported_by_the_last_digest_is_not_new_again_in_the_next(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY)
        await world.follow(ALICE, f"condition:{LEUKEMIA['id']}", "condition:lymphoma")
        await world.follow(BOB, "condition:lymphoma")
        await received(system, upserted(ONE, 1, conditions=[ALL]))
        assert ONE in (await digests(world))[ALICE][0]
        both = [ALL, {"name": "lymphoma"}]
        await received(system, upserted(ONE, 2, conditions=both), upserted(TWO, 1, conditions=both))
        mails = await digests(world)
        assert TWO in mails[ALICE][1]
        assert ONE not in mails[ALICE][1]
        assert ONE in mails[BOB][0]


async def test_a_trial_is_not_announced_as_new_to_its_follower(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY, upserted(ONE, 1, conditions=[ALL]))
        await world.follow(ALICE, f"trial:{ONE}", frequency="weekly")
        for person in (ALICE, BOB):
            await world.follow(person, "condition:lymphoma")
        await received(system, upserted(ONE, 2, conditions=[ALL, {"name": "lymphoma"}]))
        mails = await digests(world)
        assert "New study" in mails[BOB][0]
        assert "New study" not in "".join(mails[ALICE])


async def test_news_filtered_at_one_frequency_is_reported_at_the_other(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY)
        elsewhere = {"countries": ["JP"]}
        await world.follow(ALICE, f"condition:{LEUKEMIA['id']}", frequency="immediate", filters=elsewhere)
        await world.follow(ALICE, f"condition:{ALL['id']}", frequency="daily")
        await received(system, upserted(ONE, 1, conditions=[ALL]))
        mails = (await digests(world))[ALICE]
        assert len(mails) == 1
        assert ONE in mails[0]

"""A known trial that starts to take participants, as reported to followers of its conditions."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from service.cli.digests import preview
from service.digests.planner import plan, plan_now
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.events import ALL, LEUKEMIA, condition, upserted
from tests.integration.workers.ingested import received
from tests.integration.workers.world import World, open_world, text_of
from workers.deliver.deliver import deliver

pytestmark = pytest.mark.slow

ALICE, BOB = "alice@example.org", "bob@example.org"
ONE = "NCT00000001"
LYMPHOMA = {"name": "lymphoma"}
HIERARCHY = (
    condition(LEUKEMIA["id"], LEUKEMIA["name"], []),
    condition(ALL["id"], ALL["name"], [LEUKEMIA["id"]]),
)
OPEN = "The registry now says this study is looking for participants."
AGAIN = "The registry now says this study has started taking participants again."


async def mails(world: World, person: str = ALICE) -> list[str]:
    """Everything pending is sent; the texts of all mails of a person so far, each in one line."""
    await plan_now(world.system)
    await deliver(world.mailer)
    return [" ".join(text_of(mail).split()) for mail in world.mails(person)]


async def follow(world: World, *keys: str, **options: object) -> None:
    await world.follow(ALICE, *(keys or (f"condition:{LEUKEMIA['id']}",)), **options)  # type: ignore[arg-type]


async def test_followers_are_notified_with_the_reason_when_a_known_study_opens(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY, upserted(ONE, 1, status="NOT_YET_RECRUITING"))
        await follow(world)
        await received(system, upserted(ONE, 2, status="RECRUITING"))
        (mail,) = await mails(world)
        assert OPEN in mail
        assert "You follow leukemia." in mail
        assert "New study" not in mail
        assert len(await mails(world)) == 1, "told once"


async def test_each_opening_of_a_study_announced_as_new_is_reported(
    system: System,
) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY)
        await follow(world)
        for revision, status in enumerate(("NOT_YET_RECRUITING", "RECRUITING", "SUSPENDED", "RECRUITING"), 1):
            await received(system, upserted(ONE, revision, status=status))
            await mails(world)
        new, opened, again = await mails(world)
        assert "This study is new in the registry" in new
        assert OPEN in opened
        assert AGAIN in again


async def test_an_old_closed_study_that_opens_is_reported(system: System) -> None:
    async with open_world(system) as world:
        await received(
            system, *HIERARCHY, upserted(ONE, 1, status="UNKNOWN", registry_first_posted="2019-01-01")
        )
        await follow(world)
        await received(system, upserted(ONE, 2, registry_first_posted="2019-01-01"))
        assert OPEN in (await mails(world))[0]


@pytest.mark.parametrize(
    "statuses",
    [
        ("NOT_YET_RECRUITING", "RECRUITING", "NOT_YET_RECRUITING"),
        ("COMPLETED", "RECRUITING", "COMPLETED"),
        ("RECRUITING", "SUSPENDED", "RECRUITING"),
        ("RECRUITING", "SUSPENDED"),
    ],
    ids=" ".join,
)
async def test_a_status_without_a_net_opening_in_the_interval_is_not_reported(
    system: System, statuses: tuple[str, ...]
) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY, upserted(ONE, 1, status=statuses[0]))
        await follow(world)
        for revision, status in enumerate(statuses[1:], 2):
            await received(system, upserted(ONE, revision, status=status))
        assert await mails(world) == []


@pytest.mark.parametrize("silent", [{"notify": "suppress"}, {"reason": "backfill"}, {"reason": "remapped"}])
async def test_a_silent_revision_that_opens_it_is_not_reported(
    system: System, silent: dict[str, str]
) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY, upserted(ONE, 1, status="NOT_YET_RECRUITING"))
        await follow(world)
        await received(system, upserted(ONE, 2, **silent))
        assert await mails(world) == []


@pytest.mark.parametrize("frequency", ["immediate", "weekly"])
async def test_a_follower_of_the_trial_itself_gets_its_status_once(system: System, frequency: str) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY, upserted(ONE, 1, status="NOT_YET_RECRUITING"))
        await follow(world)
        await follow(world, f"trial:{ONE}", frequency=frequency)
        await received(system, upserted(ONE, 2))
        (mail,) = await mails(world)
        assert "You follow this study." in mail
        assert "You follow leukemia." not in mail
        assert mail.count(OPEN) == 1


@pytest.mark.parametrize("frequency", ["immediate", "weekly"])
async def test_an_opening_is_reported_once_for_two_conditions(system: System, frequency: str) -> None:
    async with open_world(system) as world:
        both = [ALL, LYMPHOMA]
        await received(system, *HIERARCHY, upserted(ONE, 1, status="NOT_YET_RECRUITING", conditions=both))
        await follow(world)
        await follow(world, "condition:lymphoma", frequency=frequency)
        for revision, status in enumerate(("RECRUITING", "SUSPENDED", "RECRUITING"), 2):
            await received(system, upserted(ONE, revision, status=status, conditions=both))
            reported = await mails(world)
            assert [mail.count(OPEN) + mail.count(AGAIN) for mail in reported] == [1] * (revision // 2)


async def test_each_of_the_two_kinds_of_news_can_be_switched_off(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY)
        await follow(world, filters={"kinds": ["new_for_condition"]})
        await world.follow(BOB, f"condition:{LEUKEMIA['id']}", filters={"kinds": ["now_recruiting"]})
        await received(system, upserted(ONE, 1, status="NOT_YET_RECRUITING"))
        assert ["new in the registry" in mail for mail in await mails(world)] == [True]
        assert await mails(world, BOB) == []
        await received(system, upserted(ONE, 2))
        assert len(await mails(world)) == 1
        assert [OPEN in mail for mail in await mails(world, BOB)] == [True]


async def test_a_study_that_is_new_and_opens_in_one_interval_is_new_to_some_and_open_to_others(
    system: System,
) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY)
        await follow(world)
        await world.follow(BOB, f"condition:{LEUKEMIA['id']}", filters={"kinds": ["now_recruiting"]})
        await received(system, upserted(ONE, 1, status="NOT_YET_RECRUITING"), upserted(ONE, 2))
        (new,), (opened,) = await mails(world), await mails(world, BOB)
        assert "This study is new in the registry. The registry says it is taking participants." in new
        assert OPEN not in new
        assert OPEN in opened


async def digests(system: System) -> int:
    async with reading(system.database) as connection:
        return (await connection.execute(select(func.count()).select_from(t.digest))).scalar_one()


async def test_a_study_that_closes_causes_no_digest_for_its_conditions_followers(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY, upserted(ONE, 1, status="RECRUITING"))
        await follow(world)
        await received(system, upserted(ONE, 2, status="SUSPENDED"))
        assert await mails(world) == []
        assert await digests(system) == 0


@pytest.mark.parametrize("closed", ["SUSPENDED", "COMPLETED"])
async def test_a_study_that_opens_again_in_a_later_period_than_it_closed_is_reported(
    system: System, closed: str
) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY, upserted(ONE, 1, status="RECRUITING"))
        await follow(world, frequency="weekly")
        await received(system, upserted(ONE, 2, status=closed))
        assert await mails(world) == []
        await received(system, upserted(ONE, 3, status="RECRUITING"))
        assert await digests(system) == 0
        shown = " ".join("".join(mail.text for mail in await preview(system, ALICE)).split())
        (mail,) = await mails(world)
        for text in (mail, shown):
            assert OPEN in text or AGAIN in text


async def test_periods_of_the_schedule_end_without_a_digest_too(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *HIERARCHY, upserted(ONE, 1, status="RECRUITING"))
        await follow(world)
        at_once = replace(system, settings=system.settings.model_copy(update={"settle_seconds": 0}))
        for revision, status in enumerate(("SUSPENDED", "RECRUITING"), 2):
            await received(system, upserted(ONE, revision, status=status))
            await plan(at_once)
        await deliver(world.mailer)
        assert [AGAIN in mail for mail in await mails(world)] == [True]
        assert await digests(system) == 1


OPEN_ONLY = {"only_open": True}


@pytest.mark.parametrize("at_once", [True, False], ids=["planned together", "one after the other"])
@pytest.mark.parametrize("filters", [(OPEN_ONLY, None), (None, OPEN_ONLY), (OPEN_ONLY, OPEN_ONLY)], ids=str)
async def test_with_filters_too_it_is_reported_once_at_two_frequencies(
    system: System, filters: tuple[dict[str, bool] | None, ...], at_once: bool
) -> None:
    async with open_world(system) as world:
        both = [ALL, LYMPHOMA]
        await received(system, *HIERARCHY, upserted(ONE, 1, status="NOT_YET_RECRUITING", conditions=both))
        await follow(world, frequency="weekly", filters=filters[0])
        await follow(world, "condition:lymphoma", filters=filters[1])
        await received(system, upserted(ONE, 2, conditions=both))
        if not at_once:
            await plan(replace(system, settings=system.settings.model_copy(update={"settle_seconds": 0})))
            await deliver(world.mailer)
        assert [mail.count(OPEN) for mail in await mails(world)] == [1]


async def test_an_opening_filtered_by_one_subscription_is_reported_by_another(system: System) -> None:
    async with open_world(system) as world:
        both = [ALL, LYMPHOMA]
        await received(system, *HIERARCHY, upserted(ONE, 1, status="NOT_YET_RECRUITING", conditions=both))
        await follow(world, frequency="weekly")
        await follow(world, "condition:lymphoma", filters={"age": 130, "countries": ["JP"]})
        await received(system, upserted(ONE, 2, conditions=both))
        assert [mail.count(OPEN) for mail in await mails(world)] == [1]

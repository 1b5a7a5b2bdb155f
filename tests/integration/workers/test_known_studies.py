"""A study that a reader knows already is not announced to them as new."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.already_known import AnnouncementCache
from service.digests.content_cache import ContentCache
from service.digests.planner import plan_now
from service.domain.trials.change import Kind
from service.system import System
from tests.events import ALL, condition, merged, removed, upserted
from tests.integration.workers.ingested import received
from tests.integration.workers.world import World, open_world
from workers.deliver.deliver import deliver

pytestmark = pytest.mark.slow

ALICE = "alice@example.org"
OLD, NEW, THIRD = "NCT00000001", "NCT00000002", "NCT00000003"
LYMPHOMA = {"id": "MONDO:0005062", "name": "lymphoma"}
OPENS, IS_NEW = "is looking for participants", "This study is new in the registry"


async def mails(world: World) -> list[str]:
    """Everything pending is sent; the texts of all mails so far."""
    await plan_now(world.system)
    await deliver(world.mailer)
    return world.texts(ALICE)


async def follow(world: World, *keys: str, **options: Any) -> None:
    await world.follow(ALICE, *keys, **options)


@pytest.mark.parametrize(
    "frequencies", [("immediate", "immediate"), ("immediate", "daily"), ("weekly", "daily")]
)
@pytest.mark.parametrize(("status", "said"), [("RECRUITING", IS_NEW), ("NOT_YET_RECRUITING", OPENS)])
async def test_a_reported_study_is_not_new_for_a_further_condition(
    system: System, status: str, said: str, frequencies: tuple[str, str]
) -> None:
    """Whether it was announced as new, or as known and now taking participants."""
    async with open_world(system) as world:
        for key in (ALL, LYMPHOMA):
            await received(system, condition(key["id"], key["name"], []))
        of_first, of_other = frequencies
        person = await world.follow(ALICE, f"condition:{ALL['id']}", frequency=of_first)
        await world.follow_too(person, f"condition:{LYMPHOMA['id']}", frequency=of_other)
        if status != "RECRUITING":
            await received(system, upserted(OLD, 1, status=status, reason="backfill"))
        await received(system, upserted(OLD, 2))
        (mail,) = await mails(world)
        assert said in mail
        await received(system, upserted(OLD, 3, conditions=[ALL, LYMPHOMA]))
        assert len(await mails(world)) == 1


async def test_a_study_whose_opening_the_reader_did_not_want_is_new_for_a_further_condition(
    system: System,
) -> None:
    async with open_world(system) as world:
        await received(system, condition(LYMPHOMA["id"], LYMPHOMA["name"], []))
        await received(system, upserted(OLD, 1, status="NOT_YET_RECRUITING", reason="backfill"))
        person = await world.follow(ALICE, f"condition:{ALL['id']}", filters={"kinds": ["new_for_condition"]})
        await world.follow_too(person, f"condition:{LYMPHOMA['id']}")
        await received(system, upserted(OLD, 2))
        assert await mails(world) == []
        await received(system, upserted(OLD, 3, conditions=[ALL, LYMPHOMA]))
        (mail,) = await mails(world)
        assert IS_NEW in mail


async def test_an_opening_is_reported_where_an_earlier_one_was_of_a_further_condition(system: System) -> None:
    async with open_world(system) as world:
        await received(system, condition(LYMPHOMA["id"], LYMPHOMA["name"], []))
        await received(
            system, upserted(OLD, 1, status="SUSPENDED", conditions=[ALL, LYMPHOMA], reason="backfill")
        )
        await follow(world, f"condition:{ALL['id']}", f"condition:{LYMPHOMA['id']}")
        await received(system, upserted(OLD, 2, conditions=[ALL, LYMPHOMA]))
        await mails(world)
        await received(system, upserted(OLD, 3, status="SUSPENDED"))
        await mails(world)
        await received(system, upserted(OLD, 4))
        assert ["started taking participants again" in mail for mail in await mails(world)] == [True, True]


async def test_a_study_whose_opening_its_closing_cancelled_is_new_for_a_further_condition(
    system: System,
) -> None:
    async with open_world(system) as world:
        await received(system, condition(LYMPHOMA["id"], LYMPHOMA["name"], []))
        await received(system, upserted(OLD, 1, reason="backfill"))
        await follow(world, f"condition:{ALL['id']}", f"condition:{LYMPHOMA['id']}")
        await received(system, upserted(OLD, 2, status="SUSPENDED"))
        await received(system, upserted(OLD, 3))
        assert await mails(world) == []
        await received(system, upserted(OLD, 4, conditions=[ALL, LYMPHOMA]))
        (mail,) = await mails(world)
        assert IS_NEW in mail


async def test_a_study_that_came_to_fit_a_filter_is_not_new_for_a_further_condition(system: System) -> None:
    rome, paris = ({"city": city, "country": country} for city, country in (("Roma", "IT"), ("Paris", "FR")))
    async with open_world(system) as world:
        await received(system, condition(LYMPHOMA["id"], LYMPHOMA["name"], []))
        await received(system, upserted(OLD, 1, locations=[paris], reason="backfill"))
        person = await world.follow(ALICE, f"condition:{ALL['id']}", filters={"countries": ["IT"]})
        await world.follow_too(person, f"condition:{LYMPHOMA['id']}")
        await received(system, upserted(OLD, 2, locations=[paris, rome]))
        (mail,) = await mails(world)
        assert "This study now has a site in another country: Italy." in mail
        await received(system, upserted(OLD, 3, locations=[paris, rome], conditions=[ALL, LYMPHOMA]))
        assert len(await mails(world)) == 1


async def test_a_study_that_a_filter_kept_from_its_reader_is_new_for_a_further_condition(
    system: System,
) -> None:
    """Though it would pass the filter by now: the digest that it was left out of was not sent."""
    rome, paris = ({"city": city, "country": country} for city, country in (("Roma", "IT"), ("Paris", "FR")))
    async with open_world(system) as world:
        await received(system, condition(LYMPHOMA["id"], LYMPHOMA["name"], []))
        person = await world.follow(ALICE, f"condition:{ALL['id']}", filters={"countries": ["IT"]})
        await world.follow_too(person, f"condition:{LYMPHOMA['id']}")
        await received(system, upserted(OLD, 1, locations=[paris]))
        assert await mails(world) == []
        await received(system, upserted(OLD, 2, locations=[paris, rome], reason="backfill"))
        await received(system, upserted(OLD, 3, locations=[paris, rome], conditions=[ALL, LYMPHOMA]))
        (mail,) = await mails(world)
        assert IS_NEW in mail


class _SharedCache(AnnouncementCache):
    """A worker's cache in which another batch, of a later run, looks something up after each look-up."""

    async def load(
        self, connection: AsyncConnection, nct_ids: Collection[str], up_to_seq: int, kind: Kind
    ) -> Any:
        found = await super().load(connection, nct_ids, up_to_seq, kind)
        await super().load(connection, [], up_to_seq + 1, kind)
        return found


async def test_a_study_is_not_new_for_a_further_condition_while_digests_of_another_run_are_written(
    system: System,
) -> None:
    async with open_world(system) as world:
        mailer = replace(world.mailer, content_cache=ContentCache(news=_SharedCache()))
        world = replace(world, mailer=mailer)
        await received(system, condition(LYMPHOMA["id"], LYMPHOMA["name"], []))
        await received(system, upserted(OLD, 1, status="NOT_YET_RECRUITING", reason="backfill"))
        await follow(world, f"condition:{ALL['id']}", f"condition:{LYMPHOMA['id']}")
        await received(system, upserted(OLD, 2))
        (mail,) = await mails(world)
        assert OPENS in mail
        await received(system, upserted(OLD, 3, conditions=[ALL, LYMPHOMA]))
        assert len(await mails(world)) == 1


ENDS = [merged(OLD, 2, NEW)], [removed(OLD, 2)], []


@pytest.mark.parametrize("ends", ENDS, ids=["merged", "removed", "kept"])
@pytest.mark.parametrize("is_first", [True, False])
async def test_a_study_is_not_new_under_another_number(
    system: System, ends: list[dict[str, Any]], is_first: bool
) -> None:
    """The end of the old number comes before its successor, or after."""
    async with open_world(system) as world:
        await follow(world, f"condition:{ALL['id']}")
        await received(system, upserted(OLD, 1))
        assert len(await mails(world)) == 1
        successor = upserted(NEW, 1, aliases=[OLD])
        for events in (ends, [successor]) if is_first else ([successor], ends):
            await received(system, *events)
            assert len(await mails(world)) == 1
        await received(system, upserted(NEW, 2, aliases=[OLD], status="SUSPENDED"))
        await received(system, upserted(NEW, 3, aliases=[OLD]))
        assert len(await mails(world)) == 1
        await received(system, upserted(NEW, 4, aliases=[OLD], status="SUSPENDED"))
        await mails(world)
        await received(system, upserted(NEW, 5, aliases=[OLD]))
        assert "started taking participants again" in (await mails(world))[-1]


@pytest.mark.parametrize("ends", ENDS[:2], ids=["merged", "removed"])
async def test_a_reported_study_that_was_gone_is_not_new_for_a_further_condition(
    system: System, ends: list[dict[str, Any]]
) -> None:
    async with open_world(system) as world:
        await received(system, condition(LYMPHOMA["id"], LYMPHOMA["name"], []))
        await follow(world, f"condition:{ALL['id']}", f"condition:{LYMPHOMA['id']}")
        await received(system, upserted(OLD, 1))
        assert len(await mails(world)) == 1
        await received(system, *ends, upserted(THIRD, 1))
        assert len(await mails(world)) == 2
        await received(system, upserted(OLD, 3, conditions=[ALL, LYMPHOMA]))
        assert len(await mails(world)) == 2


async def test_a_follower_of_the_older_number_gets_no_study_as_new(system: System) -> None:
    async with open_world(system) as world:
        await received(system, upserted(OLD, 1, reason="backfill"))
        await follow(world, f"trial:{OLD}", f"condition:{ALL['id']}")
        await received(system, upserted(NEW, 1, aliases=[OLD]))
        assert await mails(world) == []


async def test_a_study_that_nobody_reported_under_the_older_number_is_new(system: System) -> None:
    async with open_world(system) as world:
        await follow(world, f"condition:{ALL['id']}")
        await received(system, upserted(OLD, 1))
        await received(system, merged(OLD, 2, NEW))
        assert await mails(world) == []
        await received(system, upserted(NEW, 1))
        (mail,) = await mails(world)
        assert IS_NEW in mail


async def test_a_study_that_took_nobody_under_the_older_number_is_reported_as_it_opens(
    system: System,
) -> None:
    async with open_world(system) as world:
        await follow(world, f"condition:{ALL['id']}")
        await received(system, upserted(OLD, 1, status="NOT_YET_RECRUITING"))
        await mails(world)
        await received(system, merged(OLD, 2, NEW), upserted(NEW, 1))
        _, mail = await mails(world)
        assert "The registry says it is taking participants." in mail

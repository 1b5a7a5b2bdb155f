"""Forms that a person opened before the registry merged the study, or a condition's name was recognised."""

import re

import httpx
import pytest

from service.digests.planner import plan
from service.store.sql import tables as t
from service.system import System
from tests.events import condition, merged, upserted
from tests.integration.web import preferring
from tests.integration.web.preferring import status_of
from tests.integration.web.signing_up import publish_terms, rows
from tests.integration.web.test_undo_unsubscribe import form
from tests.integration.web.test_unsubscribe_choice import ALICE, followed, offered, unsubscribe_path
from tests.integration.workers.ingested import received
from tests.integration.workers.world import World, open_world, text_of
from workers.deliver.deliver import deliver

OLD, NEW, OTHER = "NCT00000011", "NCT00000012", "NCT00000013"
ODD = "condition:odd-illness"
MERGER = merged(OLD, 3, NEW)


async def mailed_about_the_old_one(world: World) -> str:
    """The path of the unsubscribe link in Alice's mail; she follows another study too."""
    await publish_terms(world.system.database)
    await received(world.system, *(upserted(number, 1) for number in (OLD, NEW, OTHER)))
    await world.follow(ALICE, f"trial:{OLD}", f"trial:{OTHER}")
    await received(world.system, upserted(OLD, 2, status="SUSPENDED"))
    return await unsubscribe_path(world)


async def test_a_study_chosen_before_its_merger_is_stopped_and_can_be_restored(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        path = await mailed_about_the_old_one(world)
    shown = offered((await client.get(f"{path}?topic=0")).text)
    assert shown == [f"trial:{OLD}"]
    await received(system, MERGER)
    assert await followed(system) == [f"trial:{OTHER}", f"trial:{NEW}"]
    done = await client.post(path, data={"scope": "topic", "topic": shown})
    assert NEW in done.text, "it names what it ended"
    assert await followed(system) == [f"trial:{OTHER}"]
    again = await client.post(f"{path}/undo", data=form(done.text))
    assert NEW in again.text
    assert await followed(system) == [f"trial:{OTHER}", f"trial:{NEW}"]


@pytest.mark.slow
@pytest.mark.parametrize("queued", [False, True])
@pytest.mark.parametrize("page", ["unsubscribe", "preferences"])
async def test_a_person_who_stops_the_study_that_goes_on_is_not_told_that_they_follow_it(
    client: httpx.AsyncClient, system: System, page: str, queued: bool
) -> None:
    async with open_world(system) as world:
        path = await mailed_about_the_old_one(world)
        await received(system, MERGER, upserted(OTHER, 2, status="SUSPENDED"))
        if queued:
            assert await plan(system) == 1
        if page == "unsubscribe":
            await client.post(path, data={"scope": "topic", "topic": f"trial:{NEW}"})
        else:
            newest = (await rows(system.database, t.subscription))[-1]
            path = preferring.link(system, newest.subscriber_id, address=ALICE)
            await client.post(f"{path}/topic", data={"subscription": str(newest.id), "do": "unfollow"})
        assert await followed(system) == [f"trial:{OTHER}"]
        if not queued:
            assert await plan(system) == 1
        await deliver(world.mailer)
        text = text_of(world.mails(ALICE)[-1])
    assert OTHER in text
    assert not {OLD, NEW} & set(re.findall(r"NCT\d{8}", text))


@pytest.mark.slow
async def test_a_study_restored_after_a_merger_is_named(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        path = await mailed_about_the_old_one(world)
    done = await client.post(path, data={"scope": "topic", "topic": f"trial:{OLD}"})
    await received(system, MERGER)
    again = await client.post(f"{path}/undo", data=form(done.text))
    assert NEW in again.text
    assert await followed(system) == [f"trial:{OTHER}", f"trial:{NEW}"]


@pytest.mark.slow
async def test_a_condition_chosen_before_its_name_was_recognised_is_stopped(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        named = {"conditions": [{"name": "Odd Illness"}]}
        await received(system, upserted(OTHER, 1, **named))
        await world.follow(ALICE, ODD, f"trial:{OTHER}")
        await received(system, upserted(OLD, 1, **named))
        path = await unsubscribe_path(world)
    shown = offered((await client.get(path)).text)
    assert shown == [ODD]
    await received(system, condition("MONDO:9", "illness of an odd kind", [], synonyms=["Odd Illness"]))
    assert offered((await client.get(path)).text) == ["condition:MONDO:9"]
    await client.post(path, data={"scope": "topic", "topic": shown})
    assert await followed(system) == [f"trial:{OTHER}"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "notice", "remaining"),
    [
        ({"do": "unfollow"}, "You no longer follow this", [f"trial:{OTHER}"]),
        ({"do": "save", "frequency": "monthly"}, "saved", [f"trial:{OTHER}", f"trial:{NEW}"]),
    ],
)
async def test_the_preferences_of_a_merged_study_are_those_of_the_study_that_goes_on(
    client: httpx.AsyncClient, system: System, sent: dict[str, str], notice: str, remaining: list[str]
) -> None:
    async with open_world(system) as world:
        await received(system, *(upserted(number, 1) for number in (OLD, NEW, OTHER)))
        alice = await world.follow(ALICE, f"trial:{OLD}", f"trial:{OTHER}")
    path = preferring.link(system, alice, address=ALICE)
    number = next(row.id for row in await rows(system.database, t.subscription))
    await received(system, merged(OLD, 2, NEW))
    answer = await client.post(f"{path}/topic", data={"subscription": str(number), **sent})
    assert notice in status_of(await preferring.followed(client, path, answer))
    assert await followed(system) == remaining
    active = [row for row in await rows(system.database, t.subscription) if row.state == "active"]
    assert [row.frequency for row in active] == ["immediate", sent.get("frequency")][: len(remaining)]

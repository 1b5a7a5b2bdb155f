"""An older number of a trial leads to it: at sign-up, in the search, and for those who followed it before."""

from itertools import pairwise

import httpx
import pytest
from sqlalchemy import select

from service.digests.planner import plan_now
from service.domain.buckets import BUCKETS
from service.store.sql import tables as t
from service.store.topics import topic_search, topics
from service.system import System
from tests.events import merged, post, removed, upserted
from tests.integration.workers.world import open_world, text_of
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events
from workers.ingest.late_followers import move_late_followers

NEW, OLD, ELSEWHERE = "NCT04787263", "NCT00000001", "ISRCTN12345678"
ALIASES = {"aliases": [OLD, ELSEWHERE.lower()]}


async def named(system: System, *numbers: str) -> list[str]:
    """The keys of the topics that these numbers lead to."""
    async with system.reading() as connection:
        found = await topics.by_keys(connection, [f"trial:{number}" for number in numbers])
    return [found[f"trial:{number}"].key for number in numbers]


async def test_every_number_of_a_trial_finds_it(client: httpx.AsyncClient, system: System) -> None:
    await post(client, upserted(NEW, 1, **ALIASES))
    await ingest_events(system)
    assert await named(system, NEW, OLD, ELSEWHERE) == [f"trial:{NEW}"] * 3
    async with system.reading() as connection:
        for number in (NEW, OLD, ELSEWHERE, "isrctn12345678"):
            found = await topic_search.search(connection, number)
            assert [topic.key for topic in found] == [f"trial:{NEW}"], number


@pytest.mark.slow
async def test_a_follower_of_an_older_number_is_notified_of_the_trial_once(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        await world.follow("anna@example.org", f"trial:{OLD}")
        await world.follow("bob@example.org", f"trial:{OLD}", f"trial:{NEW}")
        await post(client, upserted(NEW, 1, status="NOT_YET_RECRUITING", **ALIASES))
        await ingest_events(world.system)
        await world.follow("carol@example.org", f"trial:{ELSEWHERE}")
        assert await plan_now(world.system) == 0
        await post(client, upserted(NEW, 2, status="RECRUITING", **ALIASES))
        await ingest_events(world.system)
        await plan_now(world.system)
        await deliver(world.mailer)
        for name in ("anna", "bob", "carol"):
            (mail,) = world.mails(f"{name}@example.org")
            text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
            assert text.count("looking for participants") == 1, text
    async with system.reading() as connection:
        s, topic = t.subscription.c, t.topic.c
        active = select(topic.key).join(t.subscription, s.topic_id == topic.id).where(s.state == "active")
        active = active.where(s.bucket >= 0)
        assert set((await connection.execute(active)).scalars()) == {f"trial:{NEW}"}


@pytest.mark.slow
async def test_followers_of_a_trial_that_was_merged_into_an_older_number_follow_the_present_one(
    client: httpx.AsyncClient, system: System
) -> None:
    gone, later = "NCT00000002", "NCT00000003"
    async with open_world(system) as world:
        for number in (gone, later):
            await world.follow(f"{number.lower()}@example.org", f"trial:{number}")
        await post(client, upserted(gone, 1), upserted(later, 1), merged(later, 2, OLD))
        await ingest_events(system)
        await post(client, upserted(NEW, 1, **ALIASES))
        await ingest_events(system)
        await post(client, merged(gone, 2, OLD))
        await ingest_events(system)
        await plan_now(world.system)
        await post(client, upserted(NEW, 2, status="SUSPENDED", **ALIASES))
        await ingest_events(system)
        await plan_now(world.system)
        await deliver(world.mailer)
        for number in (gone, later):
            texts = [text_of(mail) for mail in world.mails(f"{number.lower()}@example.org")]
            assert ["paused" in text for text in texts] == [False, True], number


@pytest.mark.slow
async def test_a_merger_into_an_older_number_leads_to_where_that_trial_goes_on(
    client: httpx.AsyncClient, system: System
) -> None:
    gone, lost, removed_one, last = "NCT00000002", "NCT00000003", "NCT00000004", "NCT00000005"
    async with open_world(system) as world:
        for number in (gone, lost):
            await world.follow(f"{number.lower()}@example.org", f"trial:{number}")
        old = upserted(removed_one, 1, aliases=["NCT00000006"])
        await post(client, *(upserted(number, 1) for number in (gone, lost, last)), old)
        await post(client, upserted(NEW, 1, **ALIASES))
        await ingest_events(system)
        await post(client, merged(NEW, 2, last), removed(removed_one, 2))
        await ingest_events(system)
        await post(client, merged(gone, 2, OLD), merged(lost, 2, "NCT00000006"))
        await ingest_events(system)
        await plan_now(system)
        await deliver(world.mailer)
        (mail,) = world.mails(f"{gone.lower()}@example.org")
        assert f"https://www.example.org/trials/{last}" in text_of(mail)
        assert len(world.mails(f"{lost.lower()}@example.org")) == 1
    async with system.reading() as connection:
        s, topic = t.subscription.c, t.topic.c
        active = select(topic.key).join(t.subscription, s.topic_id == topic.id).where(s.state == "active")
        active = active.where(s.bucket >= 0)
        assert list((await connection.execute(active)).scalars()) == [f"trial:{last}"]


async def test_a_number_with_a_record_of_its_own_is_no_alias(
    client: httpx.AsyncClient, system: System
) -> None:
    await post(client, upserted(OLD, 1))
    await post(client, upserted(NEW, 1, **ALIASES))
    await ingest_events(system)
    assert await named(system, OLD, ELSEWHERE) == [f"trial:{OLD}", f"trial:{NEW}"]


async def test_a_later_record_of_its_own_ends_an_alias(client: httpx.AsyncClient, system: System) -> None:
    await post(client, upserted(NEW, 1, **ALIASES))
    await ingest_events(system)
    await post(client, upserted(OLD, 1))
    await ingest_events(system)
    assert await named(system, OLD, ELSEWHERE) == [f"trial:{OLD}", f"trial:{NEW}"]


@pytest.mark.slow
@pytest.mark.parametrize("numbers", [(NEW, OLD), (OLD, NEW)])
@pytest.mark.parametrize("together", [True, False])
async def test_followers_are_notified_once_when_two_trials_that_name_each_other_are_removed(
    client: httpx.AsyncClient, system: System, numbers: tuple[str, str], together: bool
) -> None:
    first, second = numbers
    async with open_world(system) as world:
        for number in numbers:
            await world.follow(f"{number.lower()}@example.org", f"trial:{number}")
        await post(client, upserted(first, 1, aliases=[second]), upserted(second, 1, aliases=[first]))
        await ingest_events(system)
        ends = [removed(first, 2), removed(second, 2), removed(first, 3)]
        for events in [ends] if together else [[event] for event in ends]:
            await post(client, *events)
            await ingest_events(system)
        await world.send_all()
        for number in numbers:
            (text,) = world.texts(f"{number.lower()}@example.org")
            assert "This study was removed from the website" in text
    async with system.reading() as connection:
        s = t.subscription.c
        active = select(s.id).where(s.bucket >= 0, s.state == "active")
        assert not (await connection.execute(active)).all()
        itself = select(t.topic.c.key).where(t.topic.c.joined_id == t.topic.c.id)
        assert not (await connection.execute(itself)).all()


@pytest.mark.slow
@pytest.mark.parametrize("between", [[], ["NCT00000002"]])
@pytest.mark.parametrize("backwards", [False, True])
async def test_followers_of_a_trial_that_was_merged_into_its_own_older_number_follow_that(
    client: httpx.AsyncClient, system: System, between: list[str], backwards: bool
) -> None:
    chain = [NEW, *between, OLD]
    mergers = [merged(number, 2, into) for number, into in pairwise(chain)]
    async with open_world(system) as world:
        await world.follow("anna@example.org", f"trial:{NEW}")
        await post(client, upserted(NEW, 1, **ALIASES), *(upserted(number, 1) for number in between))
        await ingest_events(system)
        for event in mergers[::-1] if backwards else mergers:
            await post(client, event)
            await ingest_events(system)
        await world.send_all()
        (text,) = world.texts("anna@example.org")
        assert f"This study is now listed as {OLD}. You follow that one from now on." in text
        assert [await move_late_followers(system, bucket) for bucket in BUCKETS] == [0] * len(BUCKETS)
        assert await named(system, OLD, ELSEWHERE) == [f"trial:{OLD}", f"trial:{NEW}"]
        await post(client, upserted(OLD, 1))
        await ingest_events(system)
        await post(client, upserted(OLD, 2, status="SUSPENDED"))
        await ingest_events(system)
        await world.send_all()
        assert ["paused" in text for text in world.texts("anna@example.org")] == [False, True]


@pytest.mark.slow
async def test_followers_return_with_a_trial_whose_successor_became_an_older_number(
    client: httpx.AsyncClient, system: System
) -> None:
    gone = "NCT00000002"
    async with open_world(system) as world:
        await world.follow("anna@example.org", f"trial:{gone}")
        await post(client, upserted(gone, 1), upserted(NEW, 1))
        await ingest_events(system)
        await post(client, merged(gone, 2, OLD))
        await ingest_events(system)
        await post(client, upserted(NEW, 2, **ALIASES))
        await ingest_events(system)
        await post(client, upserted(gone, 3, status="SUSPENDED"))
        await ingest_events(system)
        await world.send_all()
        assert ["paused" in text for text in world.texts("anna@example.org")] == [True]
    async with system.reading() as connection:
        s, topic = t.subscription.c, t.topic.c
        active = select(topic.key).join(t.subscription, s.topic_id == topic.id).where(s.state == "active")
        active = active.where(s.bucket >= 0)
        assert list((await connection.execute(active)).scalars()) == [f"trial:{gone}"]

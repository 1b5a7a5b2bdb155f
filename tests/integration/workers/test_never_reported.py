"""After a run that was cancelled for good, digests begin at what their readers were told, not at its news."""

from datetime import UTC, datetime

import pytest

from service.digests.planner import plan
from service.digests.preview import preview
from service.domain.digests.run import CancelledNews
from service.system import System
from tests.integration.web.operating import cancel_run, plan_held
from tests.integration.workers.world import TRIAL, World, open_world, snapshot, text_of
from workers.deliver.deliver import deliver

pytestmark = pytest.mark.on_both_databases

ALICE, BOB, TOPIC = "alice@example.org", "bob@example.org", f"trial:{TRIAL}"
PAUSED = "The registry now says this study is paused."
RESULTS = "Results are now posted."
AGAIN = "The registry now says this study has started taking participants again."


async def withhold(world: World, news: CancelledNews = CancelledNews.NEVER) -> None:
    """What waits is planned as a run, which is held and cancelled."""
    assert await cancel_run(world.system, await plan_held(world.system), news)


async def mailed(world: World, person: int, address: str = ALICE) -> list[str]:
    """What the person's next digest says of the study; it is sent, and its mail says the same."""
    shown = [
        sentence.text
        for digest in await preview(world.system, person, datetime.now(UTC))
        for sentence in digest.blocks[0].sentences
    ]
    before = len(world.mails(address))
    await plan(world.system)
    await deliver(world.mailer)
    mails = world.mails(address)[before:]
    assert len(mails) == bool(shown)
    for mail in mails:
        assert all(text in text_of(mail) for text in shown)
    return shown


@pytest.mark.slow
async def test_the_way_back_from_withheld_news_is_no_change(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot(status="SUSPENDED", has_results=False)
        await world.hold(before)
        alice = await world.follow(ALICE, TOPIC)
        wrong = await world.change(before, status="WITHDRAWN")
        await withhold(world)
        bob = await world.follow(BOB, TOPIC)  # who saw the study as it was shown by then
        right = await world.change(wrong, status="SUSPENDED")
        assert await mailed(world, bob, BOB) == [f"An earlier notice was reversed. {PAUSED}"]
        assert world.mails(ALICE) == []
        await world.change(right, has_results=True)
        (results,) = await mailed(world, alice)
        assert results.startswith(RESULTS)


@pytest.mark.slow
async def test_a_later_change_of_the_same_kind_begins_at_the_value_that_readers_know(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot(status="RECRUITING", has_results=False)
        await world.hold(before)
        alice = await world.follow(ALICE, TOPIC)
        wrong = await world.change(before, status="TERMINATED", minimum_age="2 Years")
        await withhold(world)
        right = await world.change(wrong, status="SUSPENDED", has_results=True)
        assert await mailed(world, alice) == [PAUSED, RESULTS]
        await world.change(right, status="RECRUITING")
        assert await mailed(world, alice) == [AGAIN]


@pytest.mark.slow
async def test_news_cancelled_until_later_is_reported(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot(status="RECRUITING")
        await world.hold(before)
        alice = await world.follow(ALICE, TOPIC)
        await world.change(before, status="SUSPENDED")
        await withhold(world, CancelledNews.LATER)
        assert await mailed(world, alice) == [PAUSED]

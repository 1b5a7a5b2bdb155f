"""The unsubscribe page offers the topics that its mail reported, one by one, and ends the chosen ones."""

import html
import re

import httpx
import pytest
from sqlalchemy import select, update

from service.digests.planner import plan
from service.domain.trials.change import Change, Kind, Level
from service.languages import language, supported
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.events import merged, upserted
from tests.integration.workers.ingested import received
from tests.integration.workers.world import LEUKEMIA, TRIAL, World, open_world, snapshot
from workers.deliver.deliver import deliver

ALICE, OTHER = "alice@example.org", "NCT00000002"


async def unsubscribe_path(world: World) -> str:
    """The path of the link in Alice's newest mail."""
    assert await plan(world.system) == 1
    await deliver(world.mailer)
    header = world.mails(ALICE)[-1]["List-Unsubscribe"]
    return header.strip("<>").removeprefix("http://testserver.local")


def offered(page: str) -> list[str]:
    """The topics that the page's form would send, chosen or not."""
    return [html.unescape(key) for key in re.findall(r'name="topic" value="([^"]+)"', page)]


def buttons(page: str) -> list[str]:
    """The words of the page's buttons."""
    return re.findall(r"<button[^>]*>([^<]*)</button>", page)


async def followed(system: System) -> list[str]:
    async with reading(system.database) as connection:
        keys = select(t.topic.c.key).join(t.subscription, t.subscription.c.topic_id == t.topic.c.id)
        active = keys.where(t.subscription.c.state == "active").order_by(t.subscription.c.id)
        return list((await connection.execute(active)).scalars())


async def two_trials_and_a_condition(world: World) -> None:
    """Alice follows all three; the trial that changed is announced to the condition's followers as well."""
    for nct_id in (TRIAL, OTHER):
        await world.hold(snapshot(nct_id))
    await world.follow(ALICE, f"trial:{TRIAL}", f"trial:{OTHER}", LEUKEMIA)


async def test_a_topic_that_moved_but_was_not_reported_is_not_offered(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        await two_trials_and_a_condition(world)
        await world.change(snapshot(), status="RECRUITING")
        news = {"recent": True, "status": "RECRUITING"}
        await world.append_changes(TRIAL, [Change(Kind.NEW_FOR_CONDITION, Level.HIGH, None, news)], LEUKEMIA)
        path = await unsubscribe_path(world)
    page = (await client.get(path)).text
    assert offered(page) == [f"trial:{TRIAL}"]
    await client.post(path, data={"scope": "topic"})  # as a page of an earlier version would
    assert await followed(system) == [f"trial:{OTHER}", LEUKEMIA]


async def test_the_link_at_a_study_offers_that_study_alone(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        await two_trials_and_a_condition(world)
        for nct_id in (TRIAL, OTHER):
            await world.change(snapshot(nct_id), status="RECRUITING")
        path = await unsubscribe_path(world)
        text = " ".join(world.mails(ALICE)[-1].get_body(("plain",)).get_content().split())
    for nct_id in (TRIAL, OTHER):
        (link,) = re.findall(rf"Stop following this study \({nct_id}\): http://testserver.local(\S+)", text)
        assert link.startswith(path + "?topic=")
        assert offered((await client.get(link)).text) == [f"trial:{nct_id}"]
    for wrong in ("?topic=2", "?topic=-1", "?topic=x", "?topic=99999999999", "?topic=²"):
        page = await client.get(path + wrong)
        assert (page.status_code, len(offered(page.text))) == (200, 2)
    assert len(await followed(system)) == 3


async def test_the_link_at_the_only_study_that_is_followed_names_it_beside_one_button(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        await world.hold(snapshot())
        await world.follow(ALICE, f"trial:{TRIAL}")
        await world.change(snapshot(), status="RECRUITING")
        path = await unsubscribe_path(world)
    for code in supported():
        _ = language(code).gettext
        everything = (await client.get(f"/{code}{path}")).text
        assert (offered(everything), buttons(everything)) == ([], [_("Stop all emails")])
        page = (await client.get(f"/{code}{path}?topic=0")).text
        assert re.search(rf"<p>{_('Stop emails about:')} <strong>.*{TRIAL}.*</strong></p>", page)
        assert (offered(page), buttons(page)) == ([f"trial:{TRIAL}"], [_("Stop emails about this")])
        assert _("Or choose from everything the email was about") not in page
        assert _("You also follow") not in page
    assert offered((await client.get(f"{path}?topic=1")).text) == []
    done = await client.post(path, data={"scope": "topic", "topic": offered(page)})
    assert TRIAL in done.text
    assert await followed(system) == []


async def test_the_person_chooses_the_topics_of_the_mail_to_stop(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        await two_trials_and_a_condition(world)
        for nct_id in (TRIAL, OTHER):
            await world.change(snapshot(nct_id), status="RECRUITING")
        path = await unsubscribe_path(world)
    page = (await client.get(path)).text
    assert sorted(offered(page)) == sorted([f"trial:{TRIAL}", f"trial:{OTHER}"])
    none = await client.post(path, data={"scope": "topic", "choose": "yes"})
    assert (none.status_code, "Choose at least one" in none.text) == (422, True)
    assert len(await followed(system)) == 3
    done = await client.post(path, data={"scope": "topic", "choose": "yes", "topic": f"trial:{OTHER}"})
    assert done.status_code == 200
    assert await followed(system) == [f"trial:{TRIAL}", LEUKEMIA]
    await client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert await followed(system) == []


async def test_all_that_is_followed_can_be_stopped_one_by_one_too(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        for nct_id in (TRIAL, OTHER):
            await world.hold(snapshot(nct_id))
        await world.follow(ALICE, f"trial:{TRIAL}", f"trial:{OTHER}")
        for nct_id in (TRIAL, OTHER):
            await world.change(snapshot(nct_id), status="RECRUITING")
        path = await unsubscribe_path(world)
    assert len(offered((await client.get(path)).text)) == 2
    stopped = "We won’t write to you about this any more."
    links = {
        offered((await client.get(link)).text)[0]: link for link in (f"{path}?topic=0", f"{path}?topic=1")
    }
    assert stopped not in (await client.get(links[f"trial:{TRIAL}"])).text
    await client.post(path, data={"scope": "topic", "topic": f"trial:{TRIAL}"})
    assert await followed(system) == [f"trial:{OTHER}"]
    assert stopped in (await client.get(links[f"trial:{TRIAL}"])).text
    assert stopped not in (await client.get(links[f"trial:{OTHER}"])).text


@pytest.mark.slow
async def test_a_link_that_is_opened_after_everything_was_stopped_says_so_and_offers_nothing_to_press(
    client: httpx.AsyncClient, system: System
) -> None:
    gone = "We won’t write to you any more."
    async with open_world(system) as world:
        await world.hold(snapshot(TRIAL))
        await world.follow(ALICE, f"trial:{TRIAL}")
        await world.change(snapshot(TRIAL), status="RECRUITING")
        path = await unsubscribe_path(world)
    assert gone not in (await client.get(path)).text
    await client.post(path, data={"List-Unsubscribe": "One-Click"})
    for link in (path, f"{path}?topic=0"):
        page = (await client.get(link)).text
        assert (gone in page, buttons(page)) == (True, [])
    late = await client.post(path, data={"scope": "topic", "choose": "yes"})
    assert (late.status_code, gone in late.text, "Error" in late.text) == (200, True, False)
    async with writing(system.database) as connection:
        await connection.execute(
            update(t.subscription).values(state="pending", ended_at=None, end_reason=None)
        )
    page = (await client.get(path)).text
    assert (gone in page, buttons(page)) == (False, ["Stop all emails"])


async def test_the_link_at_a_study_offers_it_after_others_of_the_mail_were_merged(
    client: httpx.AsyncClient, system: System
) -> None:
    numbers = [f"NCT0000001{number}" for number in range(4)]
    async with open_world(system) as world:
        await received(system, *(upserted(number, 1) for number in numbers))
        await world.follow(ALICE, *(f"trial:{number}" for number in numbers))
        await received(system, *(upserted(number, 2, status="COMPLETED") for number in numbers))
        await unsubscribe_path(world)
        text = " ".join(world.mails(ALICE)[-1].get_body(("plain",)).get_content().split())
        await received(system, merged(numbers[0], 3, numbers[1]))
    for number, present in zip(numbers, [numbers[1], *numbers[1:]], strict=True):
        (link,) = re.findall(rf"Stop following this study \({number}\): http://testserver.local(\S+)", text)
        assert offered((await client.get(link)).text) == [f"trial:{present}"]


async def test_the_mail_of_a_merger_stops_the_study_that_goes_on(
    client: httpx.AsyncClient, system: System
) -> None:
    one, two, three = "NCT00000011", "NCT00000012", "NCT00000013"
    async with open_world(system) as world:
        await received(system, *(upserted(number, 1) for number in (one, two, three)))
        await world.follow(ALICE, f"trial:{one}", f"trial:{three}")
        await received(system, merged(one, 2, two))
        await unsubscribe_path(world)
        text = " ".join(world.mails(ALICE)[-1].get_body(("plain",)).get_content().split())
    (link,) = re.findall(r"Stop following this study \(NCT00000012\): http://testserver.local(\S+)", text)
    page = (await client.get(link)).text
    assert offered(page) == [f"trial:{two}"]
    await client.post(link, data={"scope": "topic", "topic": offered(page)})
    assert await followed(system) == [f"trial:{three}"]

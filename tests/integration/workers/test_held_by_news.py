"""A run whose news is far more than usual is held, the first one too; an operator sees whose fault it is."""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from service.digests import planner
from service.digests.planner import plan, plan_now
from service.domain.digests.run_size import TopicNews, Usual, count_news, held_because
from service.store.digests import planning, runs
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.e2e.journey.processes import run_command
from tests.events import ALL, post, upserted
from tests.integration.web.operating import BEARER, sign_in
from tests.integration.workers.breaking_off import plan_until_the_second_chunk
from tests.integration.workers.world import World, open_world
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events

pytestmark = pytest.mark.slow

CONDITION = f"condition:{ALL['id']}"
NEW = 60


async def mapping_fault(client: httpx.AsyncClient, world: World, first: int = 1, count: int = NEW) -> None:
    """So many trials become new for one condition at once."""
    await post(client, *(upserted(f"NCT{number:08}", 1) for number in range(first, first + count)))
    await ingest_events(world.system)


async def followers(client: httpx.AsyncClient, world: World, count: int = 20, **options: Any) -> None:
    """People who follow the condition, with immediate digests."""
    await mapping_fault(client, world, first=90_000, count=1)
    for number in range(count):
        await world.follow(f"person{number}@example.org", CONDITION, **options)


async def newest_run(system: System) -> runs.Run:
    async with reading(system.database) as connection:
        return (await runs.page(connection, limit=1))[0]


async def test_the_first_run_of_a_mapping_fault_is_held(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        await followers(client, world)
        await mapping_fault(client, world)
        await plan(system)
        await deliver(world.mailer)
        assert world.smtp.mails == []
    run = await newest_run(system)
    assert (run.state, run.digests, run.mails) == ("held", 20, {"held": 20})
    assert run.held_because == f"{CONDITION} alone has news of {NEW} trials, and 50 would be many."


async def test_a_run_planned_by_send_now_is_held_as_well(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        await followers(client, world)
        await mapping_fault(client, world)
        assert await plan_now(system) == 20
    assert (await newest_run(system)).state == "held"


async def test_ordinary_news_is_sent_and_reported_news_is_not_counted_again(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        await followers(client, world)
        for first in (1, 101, 201):
            await mapping_fault(client, world, first, 40)
            await plan_now(system)
            assert (await newest_run(system)).state == "queued"
            await deliver(world.mailer)
        assert len(world.smtp.mails) == 60


async def test_few_people_hold_nothing(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        await followers(client, world, 3)
        await mapping_fault(client, world)
        await plan(system)
    assert (await newest_run(system)).state == "queued"


async def test_a_planning_that_broke_off_stays_held(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of the people alone would not hold it: the first decision holds all of them."""
    monkeypatch.setattr(planner, "CHUNK", 15)
    monkeypatch.setattr(planner, "LANES", 1)
    async with open_world(system) as world:
        await followers(client, world)
        await mapping_fault(client, world)
        await plan_until_the_second_chunk(system, monkeypatch)
        await plan(system)
    async with reading(system.database) as connection:
        states = (
            await connection.execute(
                select(t.run.c.state, t.delivery.c.state).join(t.delivery, t.delivery.c.run_id == t.run.c.id)
            )
        ).all()
    assert [tuple(row) for row in states] == [("held", "held")] * 20


async def test_a_run_left_half_planned_by_a_command_is_completed_and_held(
    client: httpx.AsyncClient, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(system) as world:
        await followers(client, world)
        await mapping_fault(client, world)
        with monkeypatch.context() as broken:

            async def dies(*_: object, **__: object) -> None:
                raise ConnectionResetError("killed")

            broken.setattr(planning, "close_run", dies)
            with pytest.raises(OSError, match="killed"):
                await plan_now(system)
        assert (await newest_run(system)).state == "planning"
        monkeypatch.setattr(planner, "ABANDONED_AFTER", -planner.ABANDONED_AFTER)
        await plan(system)
    run = await newest_run(system)
    assert (run.state, run.digests, run.mails) == ("held", 20, {"held": 20})


@pytest.mark.on_both_databases
async def test_an_operator_sees_the_reason_the_source_and_a_sample(
    client: httpx.AsyncClient, system: System, environ: dict[str, str]
) -> None:
    async with open_world(system) as world:
        await followers(client, world)
        await mapping_fault(client, world)
        await plan(system)
    run = await newest_run(system)
    found = (await client.get(f"/v1/admin/runs/{run.id}/contents", headers=BEARER)).json()
    assert found["run"]["held_because"] == run.held_because
    assert found["topics"][0]["key"] == CONDITION
    assert found["topics"][0]["trials"] == NEW
    (source,) = found["sources"]
    assert (source["type"], source["events"]) == ("trial.upserted", NEW)
    assert source["reasons"] == ["registry"]
    assert found["sample_trials"] == NEW
    assert "NCT0000000" in found["sample"]
    assert "@example.org" not in str(found["sample"])
    await sign_in(client)
    page = await client.get(f"/admin/runs/{run.id}")
    assert (page.status_code, run.held_because in page.text) == (200, True)
    assert (await client.get("/admin/runs/99")).status_code == 404
    shown = run_command("runs", "show", str(run.id), **environ)
    assert f"It was held: {run.held_because}" in shown.stdout
    assert f"{NEW} trial.upserted from" in shown.stdout
    listed = run_command("runs", "list", "--state", "held", **environ).stdout
    assert run.held_because in listed
    mails = f"{run.mails['held']} held"
    assert re.search(rf" {run.digests} digests?: {mails}$", listed, re.MULTILINE), "it did not say of which"
    assert run_command("runs", "list", "--state", "nonsense", **environ).returncode == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_send_now_names_the_held_run(
    client: httpx.AsyncClient, system: System, environ: dict[str, str]
) -> None:
    async with open_world(system) as world:
        await followers(client, world)
        await mapping_fault(client, world)
    done = run_command("digests", "send-now", **environ)
    assert done.stdout.splitlines()[0] == "0 digests queued."
    assert "Run 1 with 20 digests is held:" in done.stdout


@pytest.mark.parametrize(
    ("mails", "news", "usual", "held"),
    [
        (1_500, (TopicNews("t", 5_000, 1_500),), Usual(None, None), True),
        (1_500, (TopicNews("t", 90, 1_500),), Usual(None, None), False),
        (3, (TopicNews("t", 300, 3),), Usual(None, None), False),
        (1_500, (TopicNews("t", 900, 1_500),), Usual(1_400, 200), False),
        (1_500, (TopicNews("t", 1_001, 1_500),), Usual(1_400, 200), True),
        (6_000, (), Usual(1_000, 0), True),
        (5_000, (), Usual(1_000, 0), False),
        (900, (), Usual(10, 0), False),
    ],
)
def test_a_run_is_held_above_the_usual_and_minimum_numbers(
    mails: int, news: tuple[TopicNews, ...], usual: Usual, held: bool
) -> None:
    assert (held_because(5, "daily", mails, news, usual) is not None) is held
    assert held_because(0, "daily", mails, news, usual) is None


def test_news_is_counted_from_the_cursor_of_each_follower() -> None:
    entries = [(10, "A"), (11, "B"), (12, "A"), (13, "C")]
    counted = count_news("t", entries, {0: 5, 10: 2, 12: 1, 13: 9})
    assert sorted(counted) == [TopicNews("t", 1, 1), TopicNews("t", 3, 7)]


@pytest.mark.usefixtures("one_bucket")
async def test_the_sample_is_a_mail_that_filters_leave_something_in(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        await followers(client, world, filters={"kinds": ["now_recruiting"]})
        await world.follow("last@example.org", CONDITION)
        await mapping_fault(client, world)
        await plan(system)
    run = await newest_run(system)
    found = (await client.get(f"/v1/admin/runs/{run.id}/contents", headers=BEARER)).json()
    assert found["sample_trials"] == NEW

"""Held runs: listed, released so that their mails arrive, cancelled so that none does; once."""

import asyncio

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from service.cli import runs as commands
from service.cli.context import CommandFailed
from service.cli.main import cli
from service.digests.planner import plan, plan_now
from service.domain.digests.run import CancelledNews
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.web.operating import ALICE, BEARER, BOB, csrf, held_run, plan_held, sign_in
from tests.integration.workers.world import open_world, text_of
from workers.deliver.deliver import deliver

pytestmark = pytest.mark.slow

LATER, NEVER = {"news": "later"}, {"news": "never"}


async def mails(system: System) -> list[tuple[str, str | None]]:
    async with reading(system.database) as connection:
        found = await connection.execute(
            select(t.delivery.c.state, t.delivery.c.outcome).order_by(t.delivery.c.id)
        )
        return [(row.state, row.outcome) for row in found]


async def test_a_held_run_is_shown_with_its_mails(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE, BOB)
        await deliver(world.mailer)
        assert world.mails() == []
    answer = (await client.get("/v1/admin/runs?state=held", headers=BEARER)).json()
    (run,) = answer["items"]
    assert (run["id"], run["state"], run["digests"], run["mails"]) == (number, "held", 2, {"held": 2})
    assert answer["next"] is None
    assert (await client.get(f"/v1/admin/runs/{number}", headers=BEARER)).json() == run
    assert (await client.get("/v1/admin/runs?state=queued", headers=BEARER)).json()["items"] == []


async def test_a_title_from_right_to_left_turns_no_figure_around(
    client: httpx.AsyncClient, system: System
) -> None:
    title = "\u202eמחקר"
    await sign_in(client)
    async with open_world(system) as world:
        number = await held_run(world, ALICE)
        async with writing(system.database) as connection:
            await connection.execute(update(t.topic).values(name=title))
    page = (await client.get(f"/admin/runs/{number}")).text
    assert f"(<bdi>{title}</bdi>): 1 trial" in page


async def test_a_run_released_several_times_arrives_once(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE, BOB)
        path = f"/v1/admin/runs/{number}/release"
        answers = await asyncio.gather(*(client.post(path, headers=BEARER) for _ in range(3)))
        assert [answer.status_code for answer in answers] == [200] * 3
        assert sorted(answer.json()["changed"] for answer in answers) == [0, 0, 2]
        assert {job.function for job in await system.redis.queued_jobs()} == {"deliver"}
        await deliver(world.mailer)
        assert (await client.post(path, headers=BEARER)).json() == {"changed": 0}
        await deliver(world.mailer)
        assert [len(world.mails(who)) for who in (ALICE, BOB)] == [1, 1]
    assert (await client.get(f"/v1/admin/runs/{number}", headers=BEARER)).json()["state"] == "released"
    assert await mails(system) == [("sent", "sent")] * 2


async def test_the_news_of_a_postponed_run_is_reported_once_by_the_next_digest(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE, BOB)
        path = f"/v1/admin/runs/{number}/cancel"
        assert (await client.post(path, headers=BEARER, json=LATER)).json() == {"changed": 2}
        assert (await client.post(path, headers=BEARER, json=LATER)).json() == {"changed": 0}
        await deliver(world.mailer)
        assert world.mails() == []
        assert await plan(world.system) == 2
        await deliver(world.mailer)
        for reader in (ALICE, BOB):
            (mail,) = world.mails(reader)
            assert "looking for participants" in text_of(mail)
        assert await plan_now(world.system) == 0
    shown = (await client.get(f"/v1/admin/runs/{number}", headers=BEARER)).json()
    assert (shown["state"], shown["news"]) == ("cancelled", "later")


@pytest.mark.parametrize("body", [None, {}, {"news": None}, {"news": "perhaps"}, {"news": ["never"]}])
async def test_a_cancellation_must_decide_on_the_news(
    client: httpx.AsyncClient, system: System, body: object
) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE)
    answer = await client.post(f"/v1/admin/runs/{number}/cancel", headers=BEARER, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert (await client.get(f"/v1/admin/runs/{number}", headers=BEARER)).json()["state"] == "held"


async def test_the_decision_on_a_cancelled_runs_news_holds_for_claimed_mails_too(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE)
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        async with writing(system.database) as connection:
            await connection.execute(update(t.delivery).values(state="claimed", claim="x"))
        await client.post(f"/v1/admin/runs/{number}/cancel", headers=BEARER, json=LATER)
        async with writing(system.database) as connection:
            await connection.execute(update(t.delivery).values(state="queued", claim=None))
        await deliver(world.mailer)
        assert world.mails() == []
        assert await mails(system) == [("cancelled", "run_put_off")]
        assert await plan(world.system) == 1
        await deliver(world.mailer)
        assert len(world.mails(ALICE)) == 1


async def test_each_release_and_cancellation_leaves_one_row_in_the_audit_log(
    client: httpx.AsyncClient, system: System
) -> None:
    await sign_in(client)
    async with open_world(system) as world:
        number = await held_run(world, ALICE)
        others = [await plan_held(system) for _ in range(2)]
    fields = await csrf(client)
    await client.post(f"/admin/runs/{number}/release", data=fields)
    await client.post(f"/admin/runs/{number}/cancel", data=fields | LATER)
    await client.post(f"/v1/admin/runs/{others[0]}/release", headers=BEARER)
    await client.post(f"/v1/admin/runs/{number}/cancel", headers=BEARER, json=LATER)
    await commands.release(system, others[1])
    await commands.cancel(system, number, CancelledNews.LATER)
    await client.post(f"/v1/admin/runs/{number}/cancel", headers=BEARER, json=NEVER)  # refused: no act
    acts = (await client.get("/v1/admin/audit", headers=BEARER)).json()["items"]
    acts = [act for act in acts[::-1] if act["action"].startswith("runs.")]
    assert [(act["actor"].partition(":")[0], act["action"], act["target"]) for act in acts] == [
        ("dashboard", "runs.release", f"run:{number}"),
        ("dashboard", "runs.cancel", f"run:{number}"),
        ("api", "runs.release", f"run:{others[0]}"),
        ("api", "runs.cancel", f"run:{number}"),
        ("command", "runs.release", f"run:{others[1]}"),
        ("command", "runs.cancel", f"run:{number}"),
    ]


@pytest.mark.parametrize("flags", [[], ["--tell-later", "--never-tell"]])
def test_the_command_requires_exactly_one_of_two_flags(flags: list[str]) -> None:
    answer = CliRunner().invoke(cli, ["runs", "cancel", "1", *flags])
    assert answer.exit_code == 2
    assert "--never-tell" in answer.output


async def test_a_cancelled_run_never_arrives_nor_is_it_reported_later(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE)
        path = f"/v1/admin/runs/{number}/cancel"
        assert (await client.post(path, headers=BEARER, json=NEVER)).json() == {"changed": 1}
        assert (await client.post(path, headers=BEARER, json=NEVER)).json() == {"changed": 0}
        other = await client.post(path, headers=BEARER, json=LATER)
        assert (other.status_code, "never reported" in other.json()["detail"]) == (409, True)
        await deliver(world.mailer)
        assert await plan_now(world.system) == 0
        assert world.mails() == []
    assert await mails(system) == [("cancelled", "run_cancelled")]
    refused = await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
    assert (refused.status_code, refused.json()["title"]) == (409, "Conflict")
    assert "is cancelled" in refused.json()["detail"]


async def test_a_concurrent_release_and_cancellation_end_in_a_cancellation(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE)
        await asyncio.gather(
            client.post(f"/v1/admin/runs/{number}/release", headers=BEARER),
            client.post(f"/v1/admin/runs/{number}/cancel", headers=BEARER, json=NEVER),
        )
        await deliver(world.mailer)
        state = (await client.get(f"/v1/admin/runs/{number}", headers=BEARER)).json()["state"]
        assert state == "cancelled"  # a released run can still be cancelled, a cancelled one stays so
        assert world.mails() == []
    assert await mails(system) == [("cancelled", "run_cancelled")]


async def test_a_run_that_is_released_can_be_stopped_half_way(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE, BOB)
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        async with writing(system.database) as connection:
            first = select(t.delivery.c.id).order_by(t.delivery.c.id).limit(1).scalar_subquery()
            sent = update(t.delivery).where(t.delivery.c.id == first).values(state="sent", outcome="sent")
            await connection.execute(sent)
        answer = await client.post(f"/v1/admin/runs/{number}/cancel", headers=BEARER, json=NEVER)
        assert answer.json() == {"changed": 1}
        await deliver(world.mailer)
        assert world.mails() == []
    assert await mails(system) == [("sent", "sent"), ("cancelled", "run_cancelled")]


async def test_an_impossible_act_on_a_run_is_refused_with_the_reason(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE)
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        await deliver(world.mailer)
        over = await client.post(f"/v1/admin/runs/{number}/cancel", headers=BEARER, json=NEVER)
        async with writing(system.database) as connection:
            await connection.execute(update(t.run).values(state="planning"))
        planned = [
            await client.post(f"/v1/admin/runs/{number}/cancel", headers=BEARER, json=NEVER),
            await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER),
        ]
    unknown = await client.post("/v1/admin/runs/999/release", headers=BEARER)
    assert [answer.status_code for answer in (over, *planned, unknown)] == [409, 409, 409, 404]
    assert "none of its mails waits" in over.json()["detail"]
    assert "still being planned" in planned[0].json()["detail"]
    assert "is planning" in planned[1].json()["detail"]


async def test_pages_of_runs_hold_each_run_once(client: httpx.AsyncClient, system: System) -> None:
    numbers = [await plan_held(system) for _ in range(5)]
    seen, before = [], ""
    for _ in range(5):
        page = (await client.get(f"/v1/admin/runs?limit=2{before}", headers=BEARER)).json()
        seen += [run["id"] for run in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == numbers[::-1]


async def test_the_command_does_the_same(system: System) -> None:
    async with open_world(system) as world:
        first = await held_run(world, ALICE)
        (run,) = await commands.newest(system, state="held")
        assert (run.id, run.waiting) == (first, 1)
        assert await commands.release(system, first) == 1
        await deliver(world.mailer)
        assert len(world.mails(ALICE)) == 1
    with pytest.raises(CommandFailed, match="none of its mails waits"):
        await commands.cancel(system, first, CancelledNews.NEVER)
    with pytest.raises(CommandFailed, match="There is no run 999"):
        await commands.release(system, 999)

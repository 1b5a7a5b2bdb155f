"""`why` from the event to the mail: each answer names the fault, and the remedy or that none is needed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from service.actions.why import person as person_account
from service.domain.delivery import advice
from service.domain.delivery.explanations import OUTCOMES
from service.domain.delivery.suppression import Reason
from service.domain.trials.lifecycle import EventState
from service.store.mail import sent_counts
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.e2e.journey.processes import run_command
from tests.integration.web.asking_why import OPERATOR, answer, changed, followed, planned, the_mail
from tests.integration.web.operating import (
    ALICE,
    BEARER,
    TOPIC,
    add_event,
    csrf,
    held_run,
    report_worker,
    sign_in,
)
from tests.integration.workers.world import TRIAL, open_world
from tests.smtp_server import On
from workers.deliver.deliver import deliver

pytestmark = pytest.mark.slow


async def test_a_missing_waiting_dead_or_conflicting_event_is_explained(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        await world.follow(ALICE, TOPIC)
    what, do = await answer(client)
    assert what == f"No event about {TRIAL} has come, or none is kept any more."
    assert "whether the ingestor sends this study" in do
    assert "refused events" in do
    for state, reason, expected, then in (
        ("received", None, "It waits for a worker to read it.", "see whether a worker runs"),
        ("conflict", None, "received before with other content", "under a higher revision"),
        ("dead", "InvalidSnapshot", "could not be processed", "trial-alerts events replay --id"),
    ):
        number = await add_event(system, len(expected), state, reason=reason)
        what, do = await answer(client)
        assert expected in what
        assert then in do
        assert (await answer(client, event=number)) == (what, do)
    assert what.endswith("The reason: InvalidSnapshot")
    assert f"--id {number}" in do


async def test_a_silent_or_unchanged_event_is_explained(client: httpx.AsyncClient, system: System) -> None:
    async with followed(client, system):
        await changed(client, system, 2, notify="suppress", reason="backfill")
        what, do = await answer(client)
        assert what.startswith("It was sent without notice (notify “suppress”, reason “backfill”)")
        assert "correct the ingestor" in do
        await changed(client, system, 3, status="COMPLETED", reason="remapped")
        assert (await answer(client))[0].startswith("It was sent without notice (reason “remapped”)")
        await changed(client, system, 4, status="COMPLETED")
        what, do = await answer(client)
        assert what.startswith("It changed nothing that is reported: no material difference")
        assert "compare its content" in do


async def test_news_that_the_filters_leave_out_is_explained(
    client: httpx.AsyncClient, system: System
) -> None:
    async with followed(client, system, filters={"kinds": ["results"]}) as (world, _):
        await planned(client, system)
        await deliver(world.mailer)
        what, do = await answer(client)
    assert what.startswith("The filters of this subscription leave it out")
    assert "on the preferences page" in do


async def test_news_that_is_planned_later_is_explained(client: httpx.AsyncClient, system: System) -> None:
    async with followed(client, system, frequency="monthly"):
        await changed(client, system)
        what, do = await answer(client)
    assert what.startswith("It is not planned yet: the next monthly digest is due")
    assert "trial-alerts digests send-now" in do


@pytest.mark.parametrize(
    ("frequency", "due"), [("daily", "2027-10-31 07:00"), ("weekly", "2027-11-06 07:00")]
)
async def test_the_next_digest_is_named_on_the_day_before_the_clocks_go_back(
    client: httpx.AsyncClient, system: System, frequency: str, due: str
) -> None:
    now = datetime(2027, 10, 30, 6, 30, tzinfo=UTC)
    async with followed(client, system, frequency=frequency):
        await changed(client, system)
        async with writing(system.database) as connection:
            await connection.execute(update(t.slot).values(zone="Europe/Rome", hour=8, weekday=5))
        found = await person_account.for_address(system, OPERATOR, ALICE, None, now)
    assert found.answer == f"It is not planned yet: the next {frequency} digest is due {due} UTC."


async def test_a_large_change_is_explained_though_small_ones_came_with_it(
    client: httpx.AsyncClient, system: System
) -> None:
    def of(count: int) -> dict[str, object]:
        return {"enrollment": {"count": count, "type": "ACTUAL"}, "sponsor": f"Sponsor {count}"}

    async with followed(client, system, frequency="monthly"):
        await changed(client, system, 2, **of(31))
        await changed(client, system, 3, status="COMPLETED", **of(32))
        what, _ = await answer(client)
        assert what.startswith("It is not planned yet: the next monthly digest is due")
        await changed(client, system, 4, status="COMPLETED", **of(33))
        what, _ = await answer(client)
    assert what.startswith("It is small, and alone it causes no mail")


async def test_a_held_run_is_explained_with_the_reason_and_the_remedy(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        run = await held_run(world, ALICE)
    what, do = await answer(client)
    assert "The run is held: it is far larger than usual" in what
    for words in (
        f"trial-alerts runs show {run}",
        f"runs release {run}",
        f"runs cancel {run}",
        "--tell-later or --never-tell",
        "Whoever has the operators’ token can.",
    ):
        assert words in do


async def test_a_claim_of_a_dead_worker_is_explained(client: httpx.AsyncClient, system: System) -> None:
    async with followed(client, system):
        await planned(client, system)
        for minutes, expected in ((1, "A worker is sending it."), (-1, "its lease expired at")):
            until = datetime.now(UTC) + timedelta(minutes=minutes)
            async with writing(system.database) as connection:
                claimed = update(t.delivery).values(state="claimed", claim="gone", lease_until=until)
                await connection.execute(claimed)
            what, do = await answer(client)
            assert expected in what
            assert "another one sends it" in do or "wait a minute" in do
        async with writing(system.database) as connection:
            await connection.execute(t.worker.delete())
        what, do = await answer(client)
        assert what.endswith("No worker is running.")
        assert do.startswith("Start trial-alerts worker")


async def test_a_refusal_and_a_bounce_are_explained_with_the_servers_reply(
    client: httpx.AsyncClient, system: System
) -> None:
    refusal = "550 5.7.1 Blocked by policy, see our postmaster page"
    async with followed(client, system, On("RCPT", refusal)) as (world, _):
        await planned(client, system)
        await deliver(world.mailer)
        what, do = await answer(client)
        assert what == "It failed for good: the server refused us by its policy."
        assert "trial-alerts doctor" in do
        found = await client.get("/v1/admin/why", params={"email": ALICE}, headers=BEARER)
        assert f"The server's words: {refusal}" in found.text
        gone = {"state": "bounced", "outcome": "hard_bounce", "server_reply": "550 5.1.1 no", "history": None}
        async with writing(system.database) as connection:
            await connection.execute(update(t.delivery).values(**gone))
        what, do = await answer(client)
    assert what == "A bounce came back: the mailbox does not exist."
    assert "an address that works" in do


async def test_a_paused_domain_an_unavailable_server_and_a_used_quota_are_explained(
    client: httpx.AsyncClient, system: System
) -> None:
    now = datetime.now(UTC)
    async with followed(client, system):
        await planned(client, system)
        until = (now + timedelta(minutes=20)).isoformat(timespec="seconds")
        await report_worker(system, paused={"example.org": until})
        what, do = await answer(client)
        assert "Mail to example.org is paused until" in what
        assert "write to the provider" in do
        number = await the_mail(client)
        assert "Mail to example.org is paused" in (await answer(client, delivery=number))[0]
        await report_worker(system, mail={"server": "mail:25", "reason": "login"})
        what, do = await answer(client)
        assert what.endswith("No worker can use the mail server: login.")
        assert "check user and password" in do
        await report_worker(system)
        limited = replace(system, settings=system.settings.model_copy(update={"smtp_quota": (10, 0)}))
        async with writing(system.database) as connection:
            await sent_counts.add(connection, (10, 0), 10, now)
        found = await person_account.for_address(limited, OPERATOR, ALICE, None, now)
    assert found.answer.endswith("The quota of ALERTS_SMTP_QUOTA is used up.")
    assert "Raise the quota" in found.do


async def test_the_dashboard_and_the_command_name_the_remedy(
    client: httpx.AsyncClient, system: System, environ: dict[str, str]
) -> None:
    async with open_world(system) as world:
        await world.follow(ALICE, TOPIC)
    await sign_in(client)
    page = await client.post("/admin/why", data={"email": ALICE} | await csrf(client))
    assert "<strong>What to do:</strong> See whether the ingestor sends this study" in page.text
    command = await asyncio.to_thread(run_command, "why", "--email", ALICE, **environ)
    assert command.stdout.splitlines()[1].startswith("What to do: See whether the ingestor sends this study")


def test_there_is_advice_on_every_outcome_event_and_suppression() -> None:
    assert set(advice.OUTCOMES) == set(OUTCOMES)
    assert {*advice.EVENTS, EventState.PROCESSED} == set(EventState)
    assert set(advice.SUPPRESSIONS) == set(Reason)

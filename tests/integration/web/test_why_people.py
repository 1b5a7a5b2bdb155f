"""`why` about people: who is unknown, suppressed or paused, or follows no more, with the remedy."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from service.actions import terms
from service.domain.delivery.suppression import Reason
from service.domain.subscription import EndReason
from service.store.people import subscribers, subscriptions, suppressions
from service.store.sql.database import writing
from service.system import System
from tests.events import post as post_events
from tests.events import removed
from tests.integration.web.asking_why import OPERATOR, answer, followed, planned
from tests.integration.web.operating import (
    ALICE,
    BEARER,
    TOPIC,
    report_worker,
)
from tests.integration.web.signing_up import post as sign_up
from tests.integration.web.signing_up import publish_terms
from tests.integration.workers.world import TRIAL, open_world
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events
from workers.visitor_requests import process_requests


async def test_an_unknown_or_unconfirmed_person_is_explained(
    client: httpx.AsyncClient, system: System
) -> None:
    what, do = await answer(client)
    assert what.startswith("Nobody is known by this address")
    assert "the person signs up" in do
    async with open_world(system) as world:
        await report_worker(system)
        await publish_terms(system.database)
        await sign_up(client, email=ALICE)
        await process_requests(system)
        await deliver(world.mailer)
    what, do = await answer(client)
    assert what.endswith("has not confirmed. The last confirmation mail: The mail server accepted it.")
    assert do == "The person opens the link in the confirmation mail, or signs up again for a fresh one."


async def test_a_sign_up_that_no_worker_has_processed_is_explained(
    client: httpx.AsyncClient, system: System
) -> None:
    """Who asks while no worker runs is not told that nobody signed up."""
    await publish_terms(system.database)
    await sign_up(client, email="Bob@example.org")
    await sign_up(client, email=ALICE)
    what, do = await answer(client)
    assert re.fullmatch(r"A sign-up of \d{4}-\d\d-\d\d \d\d:\d\d UTC waits for a worker\.", what)
    assert do == "Start trial-alerts worker; see its log for why it ended."
    await report_worker(system)
    assert (await answer(client))[1] == "Wait a minute; if it stays so, see task_failed in the worker’s log."
    await process_requests(system)
    assert (await answer(client))[0].startswith("Subscriber ")
    await client.post("/preferences", data={"email": ALICE})
    what, _ = await answer(client)
    assert what.startswith("A request for a link to the preferences of ")
    assert what.endswith(" waits for a worker.")


@pytest.mark.slow
async def test_a_suppressed_address_is_explained(client: httpx.AsyncClient, system: System) -> None:
    async with followed(client, system):
        await planned(client, system)
    for reason, expected in (
        (Reason.COMPLAINT, "Only the person can lift it: they reported a mail as spam."),
        (Reason.DECLINED, "Only the person can lift it"),
        (Reason.HARD_BOUNCE, "If the mailbox exists now, lift it under Suppressions"),
        (Reason.OPERATOR, "see the audit log"),
        (Reason.UNSUBSCRIBED, "a new sign-up of the person lifts it"),
        (Reason.SOFT_BOUNCES, "A new sign-up lifts it"),
    ):
        index = system.addresses.of(ALICE)
        async with writing(system.database) as connection:
            await suppressions.lift(connection, index)
            await suppressions.add(connection, index, reason, source="test", now=datetime.now(UTC))
        what, do = await answer(client)
        assert what.startswith(f"The address is suppressed ({reason.replace('_', ' ')}, by test)")
        assert expected in do


@pytest.mark.slow
async def test_terms_not_accepted_a_pause_and_an_ended_subscription_are_explained(
    client: httpx.AsyncClient, system: System
) -> None:
    async with followed(client, system) as (_, person):
        await planned(client, system)
        now = datetime.now(UTC)
        async with writing(system.database) as connection:
            await subscribers.change(connection, person, paused_until=now + timedelta(days=3))
        what, do = await answer(client)
        until = now + timedelta(days=3)
        assert f"no digest is planned until {until:%Y-%m-%d %H:%M}" in what
        assert what.endswith(": the person has paused all mail; a later digest reports its news.")
        assert "when the person ends it on the preferences page" in do
        async with writing(system.database) as connection:
            await subscribers.change(connection, person, paused_until=None)
        long_ago, since = now - timedelta(days=40), now - timedelta(days=1)
        await terms.publish(system, OPERATOR, "2", "Be kinder.", now=long_ago, material=True, pause_at=since)
        what, do = await answer(client)
        assert "the person has not agreed to the current terms" in what
        assert "agrees by the link in the mail about the new terms" in do
        async with writing(system.database) as connection:
            await subscribers.change(connection, person, terms_version="2")
            await subscriptions.end(connection, person, reason=EndReason.UNSUBSCRIBED, now=now)
        what, do = await answer(client)
    assert what.startswith(f"Followed {TOPIC} (")
    assert what.endswith("the person unsubscribed.")
    assert do == "Only the person can follow it again, on the preferences page or by a new sign-up."


async def test_a_removed_study_is_explained_before_the_digest_that_reports_it(
    client: httpx.AsyncClient, system: System
) -> None:
    async with followed(client, system, frequency="weekly"):
        await post_events(client, removed(TRIAL, 2))
        await ingest_events(system)
        found = await client.get("/v1/admin/why", params={"email": ALICE}, headers=BEARER)
    told = [stage["sentence"] for stage in found.json()["stages"]]
    ended = next(place for place, words in enumerate(told) if words.startswith(f"Followed {TOPIC} ("))
    assert re.fullmatch(rf"Event \d+ \(trial.removed on {TRIAL}, revision 2\) came\.", told[ended + 1])
    assert found.json()["answer"].startswith("It is not planned yet: the next weekly digest is due")

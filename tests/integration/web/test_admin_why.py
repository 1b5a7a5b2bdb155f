"""`why` follows news from the event to the server's words, for one address, one mail or one event."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from service.actions import mail_hold
from service.digests.planner import plan
from service.domain.delivery.suppression import Reason
from service.domain.subscription import EndReason
from service.store.audit import Operator
from service.store.mail import deliveries
from service.store.people import subscribers, subscriptions, suppressions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.e2e.journey.processes import run_command
from tests.events import post as post_events
from tests.events import upserted
from tests.integration.web.operating import ALICE, BEARER, BOB, TOPIC, csrf, held_run, sign_in
from tests.integration.web.signing_up import LEUKEMIA, add_condition, publish_terms
from tests.integration.web.signing_up import post as sign_up
from tests.integration.workers.world import TRIAL, open_world
from tests.smtp_server import On
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events
from workers.visitor_requests import process_requests


async def asked(client: httpx.AsyncClient, **question: Any) -> dict[str, Any]:
    answer = await client.get("/v1/admin/why", params=question, headers=BEARER)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def story(found: dict[str, Any]) -> str:
    """All sentences, each with its stage."""
    return "\n".join(f"{stage['stage']}: {stage['sentence']}" for stage in found["stages"])


async def the_mail(system: System) -> int:
    """The number of the one mail."""
    async with reading(system.database) as connection:
        return int((await connection.execute(select(t.delivery.c.id))).scalar_one())


async def reported(client: httpx.AsyncClient, system: System, *rules: On) -> tuple[dict[str, Any], str]:
    """Alice follows a trial whose status an event changes; what `why` says after the mail was sent."""
    async with open_world(system, *rules) as world:
        await post_events(client, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"))
        await ingest_events(system)
        await world.follow(ALICE, TOPIC)
        await post_events(client, upserted(TRIAL, 2, status="RECRUITING"))
        await ingest_events(system)
        await plan(system)
        await deliver(world.mailer)
    found = await asked(client, email=ALICE)
    return found, story(found)


@pytest.mark.slow
async def test_news_that_arrived_is_followed_from_the_event_to_the_mail(
    client: httpx.AsyncClient, system: System
) -> None:
    found, words = await reported(client, system)
    assert f"Follows {TOPIC}" in words
    assert "event: Event 2 (trial.upserted on NCT04787263, revision 2) came." in words
    assert "It was compared with what was known." in words
    assert "change: It differed from what was known: status of NCT04787263" in words
    number = await the_mail(system)
    assert re.search(rf"planning: Run 1 \(immediate\) planned digest \d+ as mail {number}\.", words)
    assert "delivery: The mail server accepted it." in words
    assert not any(stage["stops"] for stage in found["stages"])
    assert ALICE not in str(found)
    event = await asked(client, event=2)
    assert event["answer"] == "1 of 1 planned mails reported it."
    assert "ten followers or fewer" in story(event)
    mail = await asked(client, delivery=number)
    assert mail["subject"] == f"delivery {number}"
    assert f"It reported 1 trial: {TRIAL}." in story(mail)


@pytest.mark.slow
async def test_a_mail_before_the_person_unsubscribed_is_explained_too(
    client: httpx.AsyncClient, system: System
) -> None:
    await reported(client, system)
    async with writing(system.database) as connection:
        (person,) = (await connection.execute(select(t.subscriber.c.id))).scalars()
        now = datetime.now(UTC)
        await subscriptions.end(connection, person, reason=EndReason.UNSUBSCRIBED, now=now)
    await post_events(client, upserted(TRIAL, 3, status="SUSPENDED"))
    await ingest_events(system)
    found = await asked(client, email=ALICE)
    words = story(found)
    assert "the person unsubscribed" in found["answer"]
    assert "event: Event 2 (trial.upserted on NCT04787263, revision 2) came." in words
    assert f"as mail {await the_mail(system)}." in words
    assert "delivery: The mail server accepted it." in words
    assert "revision 3" not in words


async def test_a_refusal_and_a_bounce_are_shown_with_the_servers_reply(
    client: httpx.AsyncClient, system: System
) -> None:
    found, words = await reported(client, system, On("RCPT", f"450 4.2.0 <{ALICE}> greylisted, come back"))
    assert "It was tried once: the recipient's server put it off. The next attempt is due" in words
    assert "reply: The server's words: 450 4.2.0 <(address)> greylisted, come back" in words
    assert found["answer"].startswith("It was tried once")
    number = await the_mail(system)
    async with writing(system.database) as connection:
        await connection.execute(update(t.delivery).values(state="sent", outcome="sent", server_reply=None))
        await deliveries.mark_bounced(connection, number, "hard_bounce", "550 5.1.1 no", datetime.now(UTC))
    words = story(await asked(client, delivery=number))
    assert "delivery: The mail server accepted it." in words
    assert "bounce: A bounce came back: the mailbox does not exist." in words


async def test_the_state_of_a_confirmation_mail_is_given(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system, On("MAIL", "451 4.3.0 come back", times=1)) as world:
        await publish_terms(system.database)
        await sign_up(client, email=BOB)
        await process_requests(system)
        answer = (await asked(client, email=BOB))["answer"]
        assert "has not confirmed. The last confirmation mail: It is due since" in answer
        await deliver(world.mailer)
        answer = (await asked(client, email=BOB))["answer"]
        assert "It was tried once: the mail server could not be used" in answer
        async with writing(system.database) as connection:
            await connection.execute(update(t.delivery).values(due_at=datetime.now(UTC)))
        await deliver(world.mailer)
    answer = (await asked(client, email=BOB))["answer"]
    assert answer.endswith("has not confirmed. The last confirmation mail: The mail server accepted it.")


async def test_each_obstacle_to_mail_for_a_person_is_named(client: httpx.AsyncClient, system: System) -> None:
    nobody = await asked(client, email="nobody@example.org")
    assert nobody["answer"].startswith("Nobody is known by this address")
    async with open_world(system) as world:
        person = await world.follow(ALICE, TOPIC)
        await world.follow(BOB, TOPIC, confirmed=False)
    assert "has not confirmed" in (await asked(client, email=BOB))["answer"]
    assert "No event about NCT04787263 has come" in (await asked(client, email=ALICE))["answer"]
    async with writing(system.database) as connection:
        until = datetime.now(UTC) + timedelta(days=3)
        await subscribers.change(connection, person, paused_until=until)
    assert "the person has paused all mail" in (await asked(client, email=ALICE))["answer"]
    async with writing(system.database) as connection:
        index = system.addresses.of(ALICE)
        await suppressions.add(connection, index, Reason.COMPLAINT, source="arf", now=datetime.now(UTC))
    assert "The address is suppressed (complaint, by arf)" in story(await asked(client, email=ALICE))
    other = await asked(client, email=ALICE, topic=TOPIC)
    assert f"Follows {TOPIC}" in story(other)


@pytest.mark.slow
async def test_a_held_run_and_held_mail_are_named(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        await held_run(world, ALICE)
    found = await asked(client, email=ALICE)
    assert "The run is held" in found["answer"]
    await mail_hold.hold(system, Operator("test", "test"), datetime.now(UTC))
    assert (await asked(client, email=ALICE))["answer"].startswith("All mail is held since")


async def test_a_mail_that_was_released_from_the_hold_is_not_said_to_be_held(
    client: httpx.AsyncClient, system: System
) -> None:
    await reported(client, system, On("RCPT", "451 4.3.0 later"))
    number, operator = await the_mail(system), Operator("test", "test")
    await mail_hold.hold(system, operator, datetime.now(UTC))
    for question in ({"email": ALICE}, {"delivery": number}):
        assert (await asked(client, **question))["answer"].startswith("All mail is held since")
    await mail_hold.release(system, operator, datetime.now(UTC), kinds=["confirmation"])
    for question in ({"email": ALICE}, {"delivery": number}):
        assert (await asked(client, **question))["answer"].startswith("All mail is held since")
    await mail_hold.release(system, operator, datetime.now(UTC), kinds=["digest"])
    for question in ({"email": ALICE}, {"delivery": number}):
        found = await asked(client, **question)
        assert "It was tried once" in found["answer"]
        assert "Released by hand: kind:confirmation, kind:digest." in story(found)


async def test_news_before_the_subscription_or_not_yet_due_is_explained(
    client: httpx.AsyncClient, system: System
) -> None:
    await post_events(client, upserted(TRIAL, 1, status="NOT_YET_RECRUITING"))
    await post_events(client, upserted(TRIAL, 2, status="RECRUITING"))
    await ingest_events(system)
    async with open_world(system) as world:
        await world.follow(ALICE, TOPIC, frequency="weekly")
        assert "before this subscription became active" in (await asked(client, email=ALICE))["answer"]
        await post_events(client, upserted(TRIAL, 3, status="COMPLETED"))
        await ingest_events(system)
    assert "the next weekly digest is due" in story(await asked(client, email=ALICE))
    event = await asked(client, event=3)
    assert "No digest covers it yet" in event["answer"]


async def test_an_event_that_changed_nothing_is_explained(client: httpx.AsyncClient, system: System) -> None:
    await post_events(client, upserted(TRIAL, 1, notify="suppress"))
    await ingest_events(system)
    assert "It was sent without notice (notify “suppress”)" in (await asked(client, event=1))["answer"]


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ({}, 400),
        ({"email": ALICE, "event": 1}, 400),
        ({"email": "no address"}, 422),
        ({"email": ALICE, "topic": "trial:NCT00000099"}, 422),
        ({"event": 99}, 404),
        ({"delivery": 99}, 404),
    ],
)
async def test_an_unanswerable_question_is_a_problem(
    client: httpx.AsyncClient, question: dict[str, Any], status: int
) -> None:
    answer = await client.get("/v1/admin/why", params=question, headers=BEARER)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.slow
async def test_a_topic_is_named_as_in_a_sign_up(client: httpx.AsyncClient, system: System) -> None:
    await reported(client, system)
    for typed in (TOPIC, "TRIAL:nct04787263", " trial: NCT04787263 "):
        assert f"Follows {TOPIC}" in story(await asked(client, email=ALICE, topic=typed))
    await add_condition(system.database, LEUKEMIA, "leukemia", "leukaemia")
    for typed in (LEUKEMIA, "condition:Leukaemia", "condition:mondo:0005059"):
        assert "This person follows no such topic." in story(await asked(client, email=ALICE, topic=typed))


@pytest.mark.slow
async def test_the_dashboard_explains_an_address_a_mail_and_an_event(
    client: httpx.AsyncClient, system: System
) -> None:
    await reported(client, system)
    await sign_in(client)
    form = await csrf(client)
    person = await client.post("/admin/why", data={"email": ALICE, "topic": TOPIC} | form)
    assert (person.status_code, "The mail server accepted it." in person.text) == (200, True)
    assert ALICE not in person.text
    for query in (f"delivery={await the_mail(system)}", "event=2"):
        shown = await client.get(f"/admin/why?{query}")
        assert (shown.status_code, "Each stage" in shown.text) == (200, True)
    assert (await client.get("/admin/why?event=99")).status_code == 404
    assert (await client.get("/admin/why")).status_code == 400
    wrong = await client.post("/admin/why", data={"email": ALICE, "topic": "x"} | form)
    assert (wrong.status_code, "There is no such topic" in wrong.text) == (422, True)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_answers_in_sentences_or_json(environ: dict[str, str]) -> None:
    text = run_command("why", "--email", "nobody@example.org", **environ)
    assert (text.returncode, text.stdout.splitlines()[0]) == (
        0, "Nobody is known by this address: nobody signed up with it, or they were erased.",
    )  # fmt: skip
    as_json = run_command("why", "--email", "nobody@example.org", "--json", **environ)
    assert '"stages"' in as_json.stdout
    assert run_command("why", "--event", "7", **environ).returncode == 1
    assert run_command("why", **environ).returncode == 2
    assert run_command("why", "--topic", TOPIC, "--event", "7", **environ).returncode == 2

"""Somebody is erased at the moment when something else is done for them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from service import request_queue
from service.actions import change_address, personal_data, subject_rights
from service.actions.change_address import AddressTaken
from service.actions.subscribe import subscribe
from service.crypto.link_tokens import Purpose, make_token
from service.crypto.sealed_json import CONTEXT, seal_json
from service.domain.buckets import bucket_of
from service.store.audit import Operator
from service.store.digests import planning
from service.store.mail import deliveries, requests
from service.store.mail.claim_names import new_claim
from service.store.people import address_changes, subscribers, subscriptions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.conftest import POSTGRESQL
from tests.integration.privacy import cast, rows
from tests.integration.workers.test_late_followers import waits
from tests.integration.workers.world import open_world
from workers.deliver.batch import render_batch
from workers.visitor_requests import process_requests


async def ask(system: System) -> None:
    """Alice's sign-up is accepted."""
    now = datetime.now(UTC)
    sign_up = request_queue.SignUp(
        email=cast.ALICE,
        topics=[cast.TRIAL],
        terms_version="2026-01",
        origin=request_queue.RequestOrigin(at=now),
    )
    async with writing(system.database) as connection:
        kind = request_queue.RequestKind.SUBSCRIBE
        await request_queue.enqueue(connection, system.keyring, 1, kind, sign_up, now)


async def left(system: System) -> tuple[int, int, int]:
    """How many people, subscriptions and requests there are."""
    async with reading(system.database) as connection:
        found = await rows.dump(connection)
    return len(found["subscriber"]), len(found["subscription"]), len(found["request"])


async def erase(system: System, person: int) -> None:
    """Erases a person in a transaction of its own."""
    async with system.writing() as connection:
        await personal_data.erase(connection, system, person)


async def planned_mail(connection: AsyncConnection, person: int, claim: str, now: datetime) -> Sequence[int]:
    """The mail of a digest that is planned for a person, claimed."""
    run = await planning.open_run(connection, slot_id=None, frequency="weekly", due_at=now, to_seq=1, now=now)
    await connection.execute(t.topic.update().values(last_any_seq=1, last_seq=1))
    assert await planning.plan_chunk(connection, run, [person], held=False, now=now) == 1
    return await deliveries.claim(connection, claim=claim, limit=1, now=now, lease_until=now)


@pytest.mark.parametrize(("requested", "expected"), [(True, (0, 0, 0)), (False, (1, 1, 0))])
@pytest.mark.parametrize("processed", ["after", "meanwhile"])
async def test_a_sign_up_is_erased_by_its_persons_wish_and_outlives_their_unconfirmed_past(
    system: System, requested: bool, expected: tuple[int, int, int], processed: str
) -> None:
    async with writing(system.database) as connection:
        alice = await cast.sign_up(connection, system, cast.ALICE)
    await ask(system)
    async with writing(system.database) as connection:
        await subscribers.lock(connection, alice)
        if processed == "meanwhile":
            task = asyncio.create_task(process_requests(system))
            await waits(connection, system, task)
        await personal_data.erase(connection, system, alice, requested=requested)
    await (task if processed == "meanwhile" else process_requests(system))
    assert await left(system) == expected
    if not requested:
        async with reading(system.database) as connection:
            (mail,) = await connection.execute(t.delivery.select())
        assert (mail.kind, mail.state) == ("confirmation", "queued")


async def test_a_sign_up_that_a_worker_processes_while_its_address_is_erased_leaves_nobody(
    system: System,
) -> None:
    await ask(system)
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        (request,) = await requests.waiting(connection, 1, 0, 10)
        sealed = request_queue.decrypt(system.keyring, request.kind, request.sealed).content
        sign_up = msgspec.json.decode(sealed, type=request_queue.SignUp)
        assert await subscribe(connection, system, sign_up, now)
        assert await requests.remove(connection, request.id)
        operator = Operator("tests", "command")
        task = asyncio.create_task(subject_rights.erase(system, operator, cast.ALICE, now=now))
        await waits(connection, system, task)
    assert (await task)["subscriber"] == 1
    assert await left(system) == (0, 0, 0)


async def test_a_digest_that_is_being_planned_is_erased_as_well(system: System) -> None:
    alice = await cast.follower(system)
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        run = await planning.open_run(
            connection, slot_id=None, frequency="weekly", due_at=now, to_seq=1, now=now
        )
        topic = await cast.topic_id(connection, cast.TRIAL)
        await connection.execute(
            t.topic.update().where(t.topic.c.id == topic).values(last_any_seq=1, last_seq=1)
        )
        assert await planning.plan_chunk(connection, run, [alice], held=False, now=now) == 1

        task = asyncio.create_task(erase(system, alice))
        await waits(connection, system, task)
    await task
    async with reading(system.database) as connection:
        found = await rows.dump(connection)
    assert (found["digest"], found["delivery"], found["cursor"]) == ([], [], [])


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_an_erasure_waits_for_a_worker_that_writes_a_mail(system: System) -> None:
    """A worker stores what the mail is about, and then that it is over: the one in digest, then delivery."""
    alice, now = await cast.follower(system), datetime.now(UTC)
    claim = new_claim(bucket_of(alice))
    async with writing(system.database) as connection:
        (mail,) = await planned_mail(connection, alice, claim, now)

    async with writing(system.database) as connection:
        await deliveries.store_covered_topics(connection, {mail: {"trials": [], "topics": []}})
        task = asyncio.create_task(erase(system, alice))
        await waits(connection, system, task)
        await deliveries.finish(connection, claim, [mail], state="empty", outcome="", now=now)
    await task
    async with reading(system.database) as connection:
        found = await rows.dump(connection)
    assert (found["digest"], found["delivery"], found["subscriber"]) == ([], [], [])


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_an_erasure_and_the_end_of_a_paused_persons_mail_meet_in_no_deadlock(system: System) -> None:
    """The worker puts the mail's news back, for which it waits until the erasure has ended."""
    alice, now = await cast.follower(system), datetime.now(UTC)
    claim = new_claim(bucket_of(alice))
    async with writing(system.database) as connection:
        (mail,) = await planned_mail(connection, alice, claim, now)
        await subscribers.change(connection, alice, paused_until=now + timedelta(days=1))
    async with open_world(system) as world:
        async with writing(system.database) as connection:
            await subscribers.lock(connection, alice)
            writes = asyncio.create_task(render_batch(world.mailer, claim, [mail], now))
            await waits(connection, system, writes)
            await personal_data.erase(connection, system, alice)
        assert (await writes)[0] == []
    async with reading(system.database) as connection:
        found = await rows.dump(connection)
    assert (found["digest"], found["delivery"], found["subscriber"]) == ([], [], [])


async def test_somebody_who_confirms_at_the_moment_when_their_address_is_taken_over_stays(
    system: System,
) -> None:
    alice = await cast.follower(system)
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        bob = await cast.sign_up(connection, system, cast.BOB)
        sealed = seal_json(system.keyring, CONTEXT, alice, {"address": cast.BOB})
        change = await address_changes.create(connection, alice, sealed, now)
    token = make_token(
        system.keyring,
        Purpose.ADDRESS,
        change,
        now + timedelta(hours=1),
        email_index=system.addresses.of(cast.BOB),
    )

    async def take_over() -> None:
        async with system.writing() as other:
            await change_address.confirm(other, system, token, now)

    async with writing(system.database) as connection:
        await cast.confirm(connection, system, bob)
        task = asyncio.create_task(take_over())
        await waits(connection, system, task)
    with pytest.raises(AddressTaken):
        await task
    async with reading(system.database) as connection:
        assert len(await subscriptions.active(connection, bob)) == 2

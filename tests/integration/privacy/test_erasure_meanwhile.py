"""Somebody is erased at the moment when something else is done for them."""

import asyncio
from datetime import UTC, datetime

import pytest

from service import request_queue
from service.actions import personal_data
from service.store.digests import planning
from service.store.people import subscribers
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast, rows
from tests.integration.workers.test_late_followers import waits
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

        async def erase() -> None:
            async with system.writing() as other:
                await personal_data.erase(other, system, alice)

        task = asyncio.create_task(erase())
        await waits(connection, system, task)
    await task
    async with reading(system.database) as connection:
        found = await rows.dump(connection)
    assert (found["digest"], found["delivery"], found["cursor"]) == ([], [], [])

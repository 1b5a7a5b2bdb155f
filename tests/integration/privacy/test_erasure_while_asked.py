"""A sign-up of somebody who is erased at the same moment: by their own request, or as never confirmed."""

import asyncio
from datetime import UTC, datetime

import pytest

from service import request_queue
from service.actions import personal_data
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

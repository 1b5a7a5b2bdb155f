"""A worker that is asked to stop stops listening, whatever its Redis client makes of that."""

import asyncio
from dataclasses import replace
from typing import Any

from service.jobs import Job, connect
from service.system import System
from workers.main import listen


async def hear(_: Any) -> None:
    """A bell that nobody minds."""


async def test_listening_ends_with_the_system_though_the_client_swallowed_its_cancellation(
    system: System,
) -> None:
    nowhere = connect("unix:///nowhere/redis.sock")
    listening = asyncio.create_task(listen(replace(system, redis=nowhere), {Job.DELIVER: hear}))
    await asyncio.sleep(0.1)
    assert not listening.done(), "an absent Redis is waited for"
    system.stopping.set()
    async with asyncio.timeout(10):
        await listening
    await nowhere.aclose()

"""A worker that is asked to stop stops listening, even if its Redis client swallows the cancellation."""

import asyncio
import random
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from service.redis.job_queue import Job
from service.system import System
from tests.waiting import PATIENCE
from workers.worker import listen_for_notifications, stop_listening

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]


#: Connections after which the listener has failed more than once, however often its client tries again.
ATTEMPTS = 12


async def on_notification(_: Any) -> None:
    """A notifier that nobody minds."""


async def test_listening_ends_with_the_system_though_the_client_swallowed_its_cancellation(
    system: System,
) -> None:
    nowhere = system.settings.model_copy(update={"redis_url": "unix:///nowhere/redis.sock"})
    listening = asyncio.create_task(
        listen_for_notifications(replace(system, settings=nowhere), {Job.DELIVER: on_notification})
    )
    await asyncio.sleep(0.1)
    assert not listening.done(), "an absent Redis is waited for"
    system.stopping.set()
    async with asyncio.timeout(PATIENCE):
        await listening


async def test_an_unavailable_redis_is_tried_each_second_and_logged_once_a_minute(system: System) -> None:
    tried = 0

    async def close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tried
        tried += 1
        writer.close()

    async with await asyncio.start_server(close, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        broken = system.settings.model_copy(update={"redis_url": f"redis://127.0.0.1:{port}"})
        with capture_logs() as logged:
            listening = asyncio.create_task(
                listen_for_notifications(replace(system, settings=broken), {Job.DELIVER: on_notification})
            )
            async with asyncio.timeout(PATIENCE):
                while tried < ATTEMPTS:
                    await asyncio.sleep(0.05)
            system.stopping.set()
            await stop_listening(listening)
    assert [line["event"] for line in logged] == ["listener_failed"]


async def test_listening_ends_at_every_stop(system: System) -> None:
    """One by one, the client would forget about four of three hundred cancellations."""
    chance = random.Random(7)

    async def listen_for_a_while() -> None:
        one = replace(system, stopping=asyncio.Event())
        listening = asyncio.create_task(listen_for_notifications(one, {Job.DELIVER: on_notification}))
        await asyncio.sleep(chance.uniform(0.2, 0.7))
        one.stopping.set()
        await stop_listening(listening)

    for _ in range(6):
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(listen_for_a_while() for _ in range(50)))

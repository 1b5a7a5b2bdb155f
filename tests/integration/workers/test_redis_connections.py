"""Connections to Redis: how long they live."""

import asyncio
from collections.abc import Callable

import pytest
from arq import ArqRedis

from service.redis.job_queue import connect, connect_listener
from tests.servers import start_redis


@pytest.mark.parametrize("opened", [connect, connect_listener])
async def test_a_closed_client_leaves_no_connection(opened: Callable[[str], ArqRedis]) -> None:
    with start_redis() as url:
        client, other = opened(url), connect(url)
        await asyncio.gather(*(client.ping() for _ in range(5)))
        await client.aclose()
        left = await other.client_list()
        assert [connection["cmd"] for connection in left] == ["client|list"]
        await other.aclose()

"""The registry, the service's endpoint and the watch between them, for the tests of `registry watch`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.cli.registry_world import World
from tests.servers import served


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path)
    async with served(world.registry.app()) as api, served(world.receiver.app()) as url:
        world.api, world.url = f"{api}/api/v2", url
        yield world

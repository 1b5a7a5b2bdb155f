"""The digest of a reader who follows many studies: others are served while it is put into words."""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from service.digests import content
from service.digests.preview import preview
from service.system import System
from tests.events import upserted
from tests.integration.workers.ingested import received
from tests.integration.workers.world import open_world

NUMBERS = [f"NCT{number:08}" for number in range(1, 31)]


async def test_others_get_a_turn_before_each_study_of_a_digest(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(system) as world:
        await received(system, *(upserted(number, 1) for number in NUMBERS))
        alice = await world.follow("alice@example.org", *(f"trial:{number}" for number in NUMBERS))
        await received(system, *(upserted(number, 2, status="SUSPENDED") for number in NUMBERS))
    turns, begun = 0, list[int]()
    in_words = content._blocks

    def observed(*values: Any) -> Any:
        begun.append(turns)
        return in_words(*values)

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    monkeypatch.setattr(content, "_blocks", observed)
    task = asyncio.create_task(others())
    (digest,) = await preview(system, alice, datetime.now(UTC))
    task.cancel()
    assert len(digest.blocks) == len(begun) == len(NUMBERS)
    assert all(earlier < later for earlier, later in pairwise(begun))

"""A planning that breaks off in the middle, as when its process dies."""

from typing import Any

import pytest

from service.digests.planner import plan
from service.store.digests import planning
from service.system import System


async def plan_until_the_second_chunk(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans due digests; fails as the second chunk begins."""
    with monkeypatch.context() as broken:
        whole, calls = planning.plan_chunk, []

        async def breaks_off(*arguments: Any, **options: Any) -> int:
            calls.append(1)
            if len(calls) == 2:
                raise ConnectionResetError("the power went")
            return await whole(*arguments, **options)

        broken.setattr(planning, "plan_chunk", breaks_off)
        with pytest.raises(OSError, match="power"):
            await plan(system)

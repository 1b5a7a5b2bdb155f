"""Confirmed followers of one trial, imported as an operator would, and a change of that trial."""

import asyncio

from service.actions.import_subscriptions import Import, import_subscriptions
from service.domain.imported_columns import FileLine
from service.store.audit import Operator
from service.system import System
from tests.integration.workers.world import TRIAL, World, snapshot


async def gather_people(system: System, first: int, count: int) -> list[str]:
    """Adds confirmed followers of the trial; returns their addresses."""
    addresses = [f"person{number}@example.org" for number in range(first, first + count)]
    values = {"topic": f"trial:{TRIAL}", "frequency": "immediate", "consent_source": "The tests"}
    lines = [FileLine(number, values | {"email": address}) for number, address in enumerate(addresses, 2)]
    rejected: list[tuple[int, str]] = []
    job = Import(system, lambda number, reason: rejected.append((number, reason)))
    done = await import_subscriptions(
        job, Operator("tests", "command"), lines, progress=lambda _: None, stopping=asyncio.Event()
    )
    assert (done.new, rejected) == (count, [])
    return addresses


async def change_trial(system: System, revision: int) -> None:
    """Changes the trial; the workers plan and deliver by themselves."""
    world = World(system, None, None)  # type: ignore[arg-type]
    before = snapshot(revision=revision, status="SUSPENDED")
    await world.change(before, status="RECRUITING")

"""Mergers in a circle: that of the highest number is set aside, in any order of arrival."""

import itertools
from typing import Any

import pytest
from sqlalchemy import select

from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.events import merged, upserted
from tests.integration.workers.ingested import received
from tests.integration.workers.test_chains_of_mergers import followed
from tests.integration.workers.world import open_world

pytestmark = pytest.mark.slow

A, B, C = (f"NCT0000000{number}" for number in range(1, 4))
KNOWN = [upserted(nct_id, 1, title=f"Study {nct_id[-1]}") for nct_id in (A, B, C)]
TWO = [merged(A, 2, B), merged(B, 3, A)]
THREE = [merged(A, 4, B), merged(B, 3, C), merged(C, 4, A)]


async def ends(system: System) -> dict[str, str]:
    """The merged trials, each with the trial that it was merged into."""
    c = t.trial.c
    async with reading(system.database) as connection:
        rows = await connection.execute(select(c.nct_id, c.merged_into).where(c.merged_into.is_not(None)))
        return {row.nct_id: row.merged_into for row in rows}


async def conflicts(system: System) -> list[str]:
    c = t.event.c
    async with reading(system.database) as connection:
        return list((await connection.execute(select(c.subject).where(c.state == "conflict"))).scalars())


@pytest.mark.parametrize("are_known", [True, False])
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
async def test_the_merger_of_the_higher_number_of_two_is_set_aside(
    system: System, order: tuple[int, ...], at_once: bool, are_known: bool
) -> None:
    events = [TWO[number] for number in order]
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}")
        bob = await world.follow("bob@example.org", f"trial:{B}")
        await received(system, *(KNOWN if are_known else ()))
        for batch in [events] if at_once else [[event] for event in events]:
            await received(system, *batch)
        assert [await followed(system, person) for person in (alice, bob)] == [[(B, "immediate")]] * 2
    assert await ends(system) == {A: B}
    assert await conflicts(system) == [B]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_the_merger_of_the_highest_number_of_three_is_set_aside(
    system: System, order: tuple[int, ...]
) -> None:
    async with open_world(system) as world:
        readers = [await world.follow(f"{nct_id}@example.org", f"trial:{nct_id}") for nct_id in (A, B, C)]
        await received(system, *KNOWN)
        for number in order:
            await received(system, THREE[number])
        assert [await followed(system, person) for person in readers] == [[(C, "immediate")]] * 3
    assert await ends(system) == {A: B, B: C}
    assert await conflicts(system) == [C]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_a_merger_set_aside_takes_effect_when_the_circle_is_broken(
    system: System, order: tuple[int, ...]
) -> None:
    events = [*TWO, upserted(A, 5, title="Study 1")]
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}")
        bob = await world.follow("bob@example.org", f"trial:{B}")
        await received(system, *KNOWN)
        for number in order:
            await received(system, events[number])
        assert [await followed(system, person) for person in (alice, bob)] == [[(A, "immediate")]] * 2
    assert await ends(system) == {B: A}
    assert await conflicts(system) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
async def test_a_merger_before_the_one_set_aside_is_reconsidered_too(
    system: System, order: tuple[int, ...]
) -> None:
    events = [merged(B, 2, C), merged(B, 5, A), merged(A, 3, B), merged(C, 4, A)]
    await received(system, *KNOWN)
    for number in order:
        await received(system, events[number])
    assert await ends(system) == {A: B, B: C}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_a_merger_that_was_repeated_later_is_in_no_circle_any_more(
    system: System, order: tuple[int, ...]
) -> None:
    events = [merged(A, 1, C), merged(A, 2, C), merged(C, 1, A)]
    for number in order:
        await received(system, events[number])
    async with reading(system.database) as connection:
        c = t.trial.c
        rows = await connection.execute(select(c.nct_id, c.revision, c.merged_into))
        assert list(map(tuple, rows)) == [(A, 2, C)]


async def test_a_reader_notified_of_a_merger_set_aside_later_follows_the_right_trial(system: System) -> None:
    async with open_world(system) as world:
        bob = await world.follow("bob@example.org", f"trial:{B}")
        await received(system, *KNOWN, TWO[1])
        await world.send_all()
        assert "now listed as “Study 1”" in world.texts("bob@example.org")[-1]
        await received(system, TWO[0])
        assert await followed(system, bob) == [(B, "immediate")]
        await world.send_all()
        mails: list[Any] = world.texts("bob@example.org")
        assert "now listed as “Study 2”" in mails[-1]

"""Chains of mergers: one trial goes on as another, which goes on as a third, in any order of arrival."""

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from service.domain.subscription import EndReason, SubscriptionState
from service.store.people import subscriptions
from service.store.sql.database import reading, writing
from service.store.topics import topics
from service.system import System
from tests.events import merged, removed, upserted
from tests.integration.workers.ingested import received
from tests.integration.workers.world import open_world

pytestmark = pytest.mark.slow

A, B, C, D = (f"NCT0000000{number}" for number in range(1, 5))
KNOWN = [
    upserted(nct_id, 1, title=f"Study {letter}") for letter, nct_id in zip("ABC", (A, B, C), strict=True)
]
CHAIN = [merged(A, 2, B), merged(B, 2, C)]


async def followed(system: System, person: int, *states: SubscriptionState) -> list[tuple[str, str]]:
    """The trials that a person follows, and how often."""
    async with reading(system.database) as connection:
        rows = await subscriptions.with_states(connection, person, *(states or [SubscriptionState.ACTIVE]))
    return sorted((row.key.removeprefix("trial:"), row.frequency) for row in rows)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize(
    ("returns", "expected"),
    [
        (upserted(A, 3), [(A, "daily"), (C, "weekly")]),
        (upserted(B, 3), [(B, "weekly")]),
        (None, [(C, "weekly")]),
    ],
    ids=["the first returns", "the second returns", "none returns"],
)
async def test_followers_follow_the_trial_that_the_newest_states_lead_to(
    system: System, order: tuple[int, ...], returns: dict[str, Any] | None, expected: list[tuple[str, str]]
) -> None:
    events = [*CHAIN, returns or upserted(C, 2, title="Study C")]
    async with open_world(system) as world:
        both = await world.follow("alice@example.org", f"trial:{A}", frequency="daily")
        await world.follow_too(both, f"trial:{B}", frequency="weekly")
        await received(system, *KNOWN)
        for number in order:
            await received(system, events[number])
        assert await followed(system, both) == expected


@pytest.mark.parametrize("backwards", [False, True])
async def test_a_reader_is_notified_once_of_the_end_of_a_chain(system: System, backwards: bool) -> None:
    async with open_world(system) as world:
        await world.follow("alice@example.org", f"trial:{A}")
        await received(system, *KNOWN)
        for event in CHAIN[::-1] if backwards else CHAIN:
            await received(system, event)
        await world.send_all()
        await world.send_all()
        (text,) = world.texts("alice@example.org")
    assert f"now listed as “Study C” ({C})" in text
    assert text.count("is now listed as") == 1
    assert "Study B" not in text


async def test_a_reader_notified_of_the_first_merger_is_notified_of_the_second(system: System) -> None:
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}")
        await received(system, *KNOWN)
        for event, end in zip(CHAIN, ("Study B", "Study C"), strict=True):
            await received(system, event)
            await world.send_all()
            assert f"now listed as “{end}”" in world.texts("alice@example.org")[-1]
        assert await followed(system, alice) == [(C, "immediate")]
        await received(system, upserted(B, 3, title="Study B"))
        await world.send_all()
        assert len(world.texts("alice@example.org")) == 2
        assert await followed(system, alice) == [(C, "immediate")]


@pytest.mark.parametrize("backwards", [False, True])
async def test_a_trial_that_goes_on_as_a_removed_one_is_removed(system: System, backwards: bool) -> None:
    events = [merged(A, 2, B), removed(B, 2)]
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}")
        await received(system, *KNOWN)
        for event in events[::-1] if backwards else events:
            await received(system, event)
        assert await followed(system, alice) == []
        await world.send_all()
        (text,) = world.texts("alice@example.org")
        assert "You follow that one" not in text
        assert "removed" in text
        await received(system, upserted(B, 3))
        assert await followed(system, alice) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_followers_of_a_chain_follow_its_last_trial_when_it_returns(
    system: System, order: tuple[int, ...]
) -> None:
    events = [merged(A, 2, B), removed(B, 2), upserted(B, 3)]
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}")
        finn = await world.follow("finn@example.org", f"trial:{A}", confirmed=False)
        await received(system, *KNOWN)
        for number in order:
            await received(system, events[number])
        assert await followed(system, alice) == [(B, "immediate")]
        assert await followed(system, finn, SubscriptionState.PENDING) == [(B, "immediate")]


@pytest.mark.on_both_databases
async def test_a_choice_made_between_mergers_moves_along_the_chain_and_back(system: System) -> None:
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}", frequency="weekly")
        await received(system, *KNOWN, CHAIN[0])
        await world.follow_too(alice, f"trial:{B}", frequency="monthly", small_changes=True)
        assert await followed(system, alice) == [(B, "monthly")]
        await received(system, CHAIN[1])
        assert await followed(system, alice) == [(C, "monthly")]
        await received(system, upserted(A, 3))
        assert await followed(system, alice) == [(A, "monthly")]


@pytest.mark.parametrize("then", [CHAIN[1], upserted(A, 3), merged(D, 2, B)], ids=["on", "back", "beside"])
async def test_a_reader_who_unfollowed_between_mergers_is_not_moved(
    system: System, then: dict[str, Any]
) -> None:
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}")
        await received(system, *KNOWN, upserted(D, 1), CHAIN[0])
        async with writing(system.database) as connection:
            ids = await topics.ensure_topics(connection, [f"trial:{B}"])
            await subscriptions.end(
                connection,
                alice,
                reason=EndReason.UNFOLLOWED,
                now=datetime.now(UTC),
                topic_ids=ids.values(),
            )
        await received(system, then)
        assert await followed(system, alice) == []


async def test_a_request_that_waits_for_confirmation_keeps_its_link(system: System) -> None:
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}", confirmed=False, confirmation_id=7)
        await received(system, *KNOWN, *CHAIN)
        async with writing(system.database) as connection:
            (request,) = await subscriptions.named_by(connection, alice, 7)
            assert request.key == f"trial:{C}"
            await subscriptions.activate_pending(connection, alice, datetime.now(UTC), ids=[request.id])
        assert await followed(system, alice) == [(C, "immediate")]
        await received(system, upserted(A, 3))
        assert await followed(system, alice) == [(C, "immediate")]
        assert await followed(system, alice, SubscriptionState.PENDING) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_a_merger_that_was_turned_round_is_no_circle(system: System, order: tuple[int, ...]) -> None:
    events = [merged(A, 2, B), upserted(A, 3), merged(B, 2, A)]
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}")
        bob = await world.follow("bob@example.org", f"trial:{B}")
        await received(system, *KNOWN)
        for number in order:
            await received(system, events[number])
        assert [await followed(system, person) for person in (alice, bob)] == [[(A, "immediate")]] * 2


@pytest.mark.usefixtures("one_bucket")
@pytest.mark.on_both_databases
async def test_readers_of_one_bucket_move_and_come_back_each_by_their_own_choices(system: System) -> None:
    async with open_world(system) as world:
        alice = await world.follow("alice@example.org", f"trial:{A}", frequency="weekly")
        bob = await world.follow("bob@example.org", f"trial:{A}", f"trial:{B}", frequency="daily")
        carol = await world.follow("carol@example.org", f"trial:{A}", frequency="daily")
        dora = await world.follow("dora@example.org", f"trial:{A}")
        finn = await world.follow("finn@example.org", f"trial:{A}", confirmed=False)
        await world.follow("gina@example.org", f"trial:{A}", f"trial:{B}", confirmed=False)
        await received(system, *KNOWN, CHAIN[0])
        assert [await followed(system, person) for person in (alice, bob, carol)] == [
            [(B, "weekly")],
            [(B, "daily")],
            [(B, "daily")],
        ]
        assert await followed(system, finn, SubscriptionState.PENDING) == [(B, "immediate")]
        await world.follow_too(carol, f"trial:{B}", frequency="monthly")
        await world.follow_too(carol, f"trial:{A}")
        await world.follow_too(dora, f"trial:{B}", frequency="monthly")
        await received(system, upserted(A, 3))
        assert [await followed(system, person) for person in (alice, bob, carol, dora)] == [
            [(A, "weekly")],
            [(A, "daily"), (B, "daily")],
            [(A, "immediate")],
            [(A, "monthly")],
        ]
        assert await followed(system, finn, SubscriptionState.PENDING) == [(A, "immediate")]


@pytest.mark.usefixtures("one_bucket")
async def test_the_notice_of_another_reader_of_the_bucket_holds_nobody_back(system: System) -> None:
    async with open_world(system) as world:
        await received(system, *KNOWN, upserted(D, 1, title="Study D"))
        await world.follow("bob@example.org", f"trial:{D}")
        await received(system, merged(D, 2, B))
        await world.send_all()
        alice = await world.follow("alice@example.org", f"trial:{A}")
        await received(system, CHAIN[0])
        assert await followed(system, alice) == [(B, "immediate")]
        await received(system, upserted(A, 3))
        assert await followed(system, alice) == [(A, "immediate")]

"""The time that the answer to a sign-up takes reveals nothing of the address (no enumeration)."""

import random
import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import httpx
import pytest

from service.store.people import subscribers, subscriptions, suppressions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.web.signing_up import post, publish_terms, rows, work

STATES = ("new", "pending", "active", "unsubscribed", "declined", "limited")
ROUNDS = 60

#: How far two distributions may lie apart. One state's 60 times against the other states' 300 pass it by
#: chance once in a million runs (Kolmogorov–Smirnov, two samples: sqrt(-ln(a / 2) / 2 * (n + m) / (n * m))).
APART = 0.38


def distance(some: Sequence[float], others: Sequence[float]) -> float:
    """The statistic of Kolmogorov and Smirnov: 0 for the same distribution, 1 for two without overlap."""
    one, two = sorted(some), sorted(others)
    return max(abs(bisect_right(one, x) / len(one) - bisect_right(two, x) / len(two)) for x in one + two)


def farthest(times: Mapping[str, Sequence[float]]) -> tuple[float, str]:
    """The state whose times differ most from those of all others, and by how much."""
    return max(
        (distance(some, [x for other in times if other != state for x in times[other]]), state)
        for state, some in times.items()
    )


def address(state: str) -> str:
    return f"{state}@example.org"


async def prepare(client: httpx.AsyncClient, system: System) -> None:
    """Brings the address of each state into it."""
    await publish_terms(system.database)
    for state in STATES[1:]:
        await post(client, email=address(state))
    await work(system)
    limited, now = system.addresses.mailbox(address("limited")), datetime.now(UTC)
    people = {bytes(row.email_index): row.id for row in await rows(system.database, t.subscriber)}
    async with writing(system.database) as connection:
        await connection.execute(t.mail_quota.delete().where(t.mail_quota.c.mailbox != limited))
    async with writing(system.database) as connection:
        active = people[system.addresses.of(address("active"))]
        await subscribers.change(connection, active, confirmed_at=now)
        await subscriptions.activate_pending(connection, active, now)
        for reason in ("unsubscribed", "declined"):
            index = system.addresses.of(address(reason))
            await suppressions.add(connection, index, reason, source="test", now=now)


@pytest.mark.slow
async def test_the_time_of_the_answer_is_the_same_for_everybody(
    client: httpx.AsyncClient, system: System
) -> None:
    await prepare(client, system)
    await post(client, email="warm@example.org")
    times: dict[str, list[float]] = {state: [] for state in STATES}
    shuffled = random.Random(4)
    for _ in range(ROUNDS):
        for state in shuffled.sample(STATES, len(STATES)):
            before = time.perf_counter()
            answer = await post(client, email=address(state))
            times[state].append(time.perf_counter() - before)
            assert answer.status_code == 202
    apart, state = farthest(times)
    assert apart < APART, state


@pytest.mark.parametrize("slow", STATES)
def test_the_comparison_of_times_finds_five_milliseconds(slow: str) -> None:
    chance = random.Random(5)
    times = {state: [0.004 + chance.expovariate(1 / 0.002) for _ in range(ROUNDS)] for state in STATES}
    assert farthest(times)[0] < APART
    times[slow] = [seconds + 0.005 for seconds in times[slow]]
    apart, state = farthest(times)
    assert apart > APART
    assert state == slow

"""Through any sequence of events in a person's life, no change is reported twice, and none is missed.

A plain model gives the expected news of each person, the planned digests the actual ones.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlmodel import SQLModel

from service.configuration.settings import read
from service.digests.covered_elsewhere import covered_by_others
from service.digests.digest_input import DigestRequest
from service.digests.planner import plan, plan_now
from service.domain.trials.change import Change, Kind, Level
from service.store.digests import planned_digests, rollback
from service.store.digests.digests import read_topics
from service.store.people import cursors, subscribers, subscriptions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System, open_system
from tests.fuzzing import examples
from tests.integration.workers.world import World
from tests.smtp_server import SmtpServer

pytestmark = pytest.mark.slow

PEOPLE = ("alice@example.org", "bob@example.org")
TOPICS = ("trial:NCT00000001", "trial:NCT00000002", "condition:leukemia")
FREQUENCIES = ("immediate", "daily", "weekly", "monthly")
START = datetime(2026, 11, 2, 10, 30, tzinfo=UTC)

people, topics, frequencies = (st.sampled_from(names) for names in (PEOPLE, TOPICS, FREQUENCIES))
actions = st.one_of(
    st.tuples(st.just("follow"), people, topics, frequencies),
    st.tuples(st.just("unfollow"), people, topics),
    st.tuples(st.just("move"), people, topics, frequencies),
    st.tuples(st.just("pause"), people),
    st.tuples(st.just("resume"), people),
    st.tuples(st.just("reschedule"), people, st.integers(0, 23), st.integers(0, 6)),
    # The most frequent steps are listed several times.
    *[st.tuples(st.just("change"), topics)] * 3,
    *[st.tuples(st.just("plan"), st.integers(0, 24 * 9))] * 2,
    *[st.tuples(st.just("plan_now"), people | st.none())] * 3,
    st.tuples(st.just("move"), people, topics, frequencies),
    st.tuples(st.just("lose"), people),
    st.tuples(st.just("lose_oldest"), people),
)


@dataclass
class Model:
    """The followers of each topic, and the changes due to each: those between following and stopping."""

    followed: dict[tuple[str, str], str] = field(default_factory=dict)
    due: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    def changed(self, topic: str, seq: int) -> None:
        for person, followed in self.followed:
            if followed == topic:
                self.due.setdefault((person, topic), set()).add(seq)

    def left(self, person: str, topic: str) -> None:
        if self.followed.pop((person, topic), None):
            self.due.pop((person, topic), None)


class Life:
    """Does the actions to the service and to the model."""

    def __init__(self, world: World) -> None:
        self.world, self.system, self.model = world, world.system, Model()
        self.ids: dict[str, int] = {}

    async def follow(self, person: str, topic: str, frequency: str) -> None:
        self.ids[person] = await self.world.follow(person, topic, frequency=frequency)
        self.model.followed[person, topic] = frequency

    async def unfollow(self, person: str, topic: str) -> None:
        if person in self.ids:
            async with writing(self.system.database) as connection:
                await subscribers.lock(connection, self.ids[person])
                found = select(t.topic.c.id).where(t.topic.c.key == topic)
                topic_ids = (await connection.execute(found)).scalars().all()
                await subscriptions.end(
                    connection,
                    self.ids[person],
                    reason="unsubscribed",
                    now=datetime.now(UTC),
                    topic_ids=topic_ids,
                )
            self.model.left(person, topic)

    async def move(self, person: str, topic: str, frequency: str) -> None:
        if (person, topic) in self.model.followed:
            async with writing(self.system.database) as connection:
                row = await subscribers.lock(connection, self.ids[person])
                assert row is not None
                active = await subscriptions.active(connection, self.ids[person])
                (followed,) = (subscription for subscription in active if subscription.key == topic)
                await subscriptions.change_frequency(connection, row, followed, frequency, datetime.now(UTC))

    async def pause(self, person: str) -> None:
        if person in self.ids:
            now = datetime.now(UTC)
            async with writing(self.system.database) as connection:
                await subscribers.lock(connection, self.ids[person])
                until = now + timedelta(days=4000)
                await subscribers.change(connection, self.ids[person], paused_until=until)
                await rollback.roll_back_queued(connection, self.ids[person], now)
                await cursors.mark_behind(connection, self.ids[person])

    async def resume(self, person: str) -> None:
        if person in self.ids:
            async with writing(self.system.database) as connection:
                await subscribers.change(connection, self.ids[person], paused_until=None)

    async def reschedule(self, person: str, hour: int, weekday: int) -> None:
        if person in self.ids:
            async with writing(self.system.database) as connection:
                await subscribers.lock(connection, self.ids[person])
                await subscriptions.schedule(
                    connection,
                    self.ids[person],
                    hour=hour,
                    weekday=weekday,
                    zone="UTC",
                    now=datetime.now(UTC),
                )

    async def change(self, topic: str) -> None:
        news = Change(Kind.STATUS, Level.HIGH, "RECRUITING", "SUSPENDED")
        seq = await self.world.append_changes("NCT00000001", [news], topic)
        self.model.changed(topic, seq)

    async def plan(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))
        await plan(self.system)

    async def plan_now(self, person: str | None) -> None:
        if person is None or person in self.ids:
            await plan_now(self.system, self.ids[person] if person else None)

    async def lose(self, person: str) -> None:
        """Every waiting digest of the person fails for good; the next ones report its news instead."""
        if person in self.ids:
            async with writing(self.system.database) as connection:
                waiting = (t.delivery.c.subscriber_id == self.ids[person]) & (t.delivery.c.state == "queued")
                failed = update(t.delivery).where(waiting).values(state="failed", outcome="soft_bounce")
                lost = (await connection.execute(failed.returning(t.delivery.c.digest_id))).scalars().all()
                for digest_id in lost:
                    await rollback.roll_back_digest(connection, digest_id)

    async def lose_oldest(self, person: str) -> None:
        """Only the digest of the person that waits longest fails for good, not those planned after it."""
        if person in self.ids:
            async with writing(self.system.database) as connection:
                waiting = (t.delivery.c.subscriber_id == self.ids[person]) & (t.delivery.c.state == "queued")
                oldest = select(func.min(t.delivery.c.id)).where(waiting).scalar_subquery()
                failed = update(t.delivery).where(t.delivery.c.id == oldest).values(state="failed")
                lost = (await connection.execute(failed.returning(t.delivery.c.digest_id))).scalars().all()
                await rollback.roll_back_digests(connection, lost)

    async def run(self, action: tuple[Any, ...], clock: Any) -> None:
        self.clock = clock
        await getattr(self, action[0])(*action[1:])

    async def reported(self) -> dict[tuple[str, str], Counter[int]]:
        """The coverage of the digests that were not rolled back, by person and topic, each change counted."""
        names = {number: person for person, number in self.ids.items()}
        notified: dict[tuple[str, str], Counter[int]] = {}
        async with reading(self.system.database) as connection:
            rows = await connection.execute(select(t.topic.c.id, t.topic.c.key))
            keys = {row.id: row.key for row in rows}
            log: dict[int, list[int]] = {}
            for topic_id, seq in await connection.execute(select(t.change_topic)):
                log.setdefault(topic_id, []).append(seq)
            mail, digest = t.delivery.c, t.digest.c
            of_digest = (mail.bucket == digest.bucket) & (mail.digest_id == digest.id)
            planned = select(t.digest).join(t.delivery, of_digest)
            kept = planned.where(t.delivery.c.state.not_in(("failed", "cancelled")))
            for row in (await connection.execute(kept)).all():
                covers = read_topics(row.topics)
                person, upto = row.subscriber_id, row.to_seq
                wanted = DigestRequest(row.id, person, row.run_id, covers, upto, "", row.catches_up)
                beside = (await covered_by_others(connection, [wanted])).get(row.id, {})
                for topic_id, lower in covers.items():
                    reported = beside.get(topic_id, ())
                    covered = [
                        seq
                        for seq in log.get(topic_id, ())
                        if lower < seq <= upto and not any(low < seq <= high for low, high in reported)
                    ]
                    notified.setdefault((names[person], keys[topic_id]), Counter()).update(covered)
        return notified


@asynccontextmanager
async def fresh(system_environ: dict[str, str]) -> AsyncIterator[System]:
    async with open_system(read(system_environ)) as system:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name not in ("log_head", "wrapped_key", "bucket_lease"):
                async with writing(system.database) as connection:  # Citus allows no such mix in one
                    await connection.execute(delete(table))
        async with writing(system.database) as connection:
            await connection.execute(update(t.log_head).values(seq=0))
        yield system


async def live(environ: dict[str, str], history: list[tuple[Any, ...]]) -> None:
    async with fresh(environ) as system:
        life = Life(World(system, None, SmtpServer()))  # type: ignore[arg-type]
        with time_machine.travel(START, tick=False) as clock:
            for action in history:
                clock.shift(timedelta(seconds=1))
                await life.run(action, clock)
            for person in life.ids:
                await life.resume(person)
            await plan_now(system)
            reported = await life.reported()
        for (person, topic), seqs in life.model.due.items():
            assert seqs <= set(reported.get((person, topic), ())), f"{person} missed news of {topic}"
        for pair, times in reported.items():
            assert max(times.values(), default=1) == 1, f"reported twice: {pair}"


ALICE, BOB = PEOPLE
ONE, TWO, LEUKEMIA = TOPICS
PROLOGUE = [
    ("follow", ALICE, ONE, "daily"),
    ("follow", ALICE, LEUKEMIA, "weekly"),
    ("follow", BOB, ONE, "immediate"),
]


@pytest.fixture(autouse=True)
def as_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The few people here are planned as a whole, as thousands are on PostgreSQL; other tests plan few."""
    monkeypatch.setattr(planned_digests, "MANY", 1)


@settings(examples(100), suppress_health_check=[*HealthCheck])
@example(history=[("change", ONE), ("plan_now", None), ("move", ALICE, ONE, "weekly"), ("plan_now", None)])
@example(history=[("change", ONE), ("move", ALICE, ONE, "weekly"), ("change", ONE), ("plan", 200)])
@example(history=[("change", ONE), ("plan_now", None), ("lose", ALICE), ("change", ONE), ("plan", 30)])
@example(history=[("change", ONE), ("plan", 30), ("change", ONE), ("plan", 30), ("lose_oldest", ALICE)] * 2)
@example(history=[("pause", ALICE), ("change", ONE), ("plan", 30), ("resume", ALICE), ("plan", 30)])
@example(history=[("change", ONE), ("plan", 30), ("pause", ALICE), ("resume", ALICE), ("plan", 30)])
@example(history=[("change", ONE), ("plan", 0), ("follow", BOB, ONE, "daily"), ("pause", BOB)])
@example(history=[("change", ONE), ("reschedule", ALICE, 3, 2), ("plan", 30), ("plan", 30)])
@given(history=st.lists(actions, min_size=5, max_size=40))
def test_nobody_is_notified_twice_or_misses_anything(
    environ: dict[str, str], history: list[tuple[Any, ...]]
) -> None:
    asyncio.run(live(environ, [*PROLOGUE, *history]))

"""Everybody does something at once: visitors, the ingestor, operators, the mail server and the workers."""

import pytest
import time_machine
from sqlalchemy import func, select

from service.digests.planner import plan_now
from service.domain.delivery.states import DeliveryState
from service.domain.digests.run import RunState
from service.domain.subscription import SubscriptionState
from service.domain.trials.change import Level
from service.domain.trials.lifecycle import EventState
from service.store.digests.digests import read_topics
from service.store.mail.eligibility import barred
from service.store.people.trial_endings import OPEN
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.store.sql.rows import named
from service.system import System
from tests import fuzzing
from tests.conftest import client_of
from tests.integration.web.operating import BEARER
from tests.integration.web.signing_up import add_condition, publish_terms
from tests.integration.workers.at_once import CONDITIONS, Crowd
from tests.integration.workers.world import open_world
from tests.smtp_script import On

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]


async def unfinished(system: System) -> dict[str, int]:
    """How much is left undone, and who follows a trial that goes on under another number."""
    event, mail, s = t.event.c, t.delivery.c, t.subscription.c
    merged = select(t.trial.c.topic_id).where(t.trial.c.merged_into.is_not(None))
    sought = {
        "events": event.state.in_((EventState.RECEIVED, EventState.DEAD)),
        "requests": t.request.c.id > 0,
        "mails": mail.state == DeliveryState.CLAIMED,
        "runs": t.run.c.state == RunState.PLANNING,
        "left behind": s.state.in_(OPEN) & s.topic_id.in_(merged),
    }
    async with reading(system.database) as connection:
        counts = {
            what: (await connection.execute(select(func.count()).where(condition))).scalar_one()
            for what, condition in sought.items()
        }
    return {what: count for what, count in counts.items() if count}


async def unreported(system: System) -> list[tuple[int, int]]:
    """Changes worth a mail that no digest covers for somebody who follows their topic, and may get mail.

    Not those of before they followed it: who is moved to a trial hears of what happens there from then on.
    A change that is derived late counts as reported with the leap that included it (`notified_seq`).
    """
    s, log, of_topic, now = t.subscription.c, t.change.c, t.change_topic.c, system.now()
    changes = (
        select(log.seq, log.due_seq, named(log.notified_seq), log.recorded_at, of_topic.topic_id)
        .join(t.change_topic, of_topic.seq == log.seq)
        .where(log.replaced_seq.is_(None), log.level >= Level.MEDIUM)
    )
    async with reading(system.database) as connection:
        worth = (await connection.execute(changes)).all()
        followed = (await connection.execute(select(s).where(s.state == SubscriptionState.ACTIVE))).all()
        digests = (await connection.execute(select(t.digest).where(~t.digest.c.rolled_back))).all()
        people = {row.subscriber_id for row in followed}
        mailed = {person for person in people if not await barred(connection, person, now)}
    covered: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for digest in digests:
        for topic, low in read_topics(digest.topics).items():
            covered.setdefault((digest.subscriber_id, topic), []).append((low, digest.to_seq))
    return [
        (row.id, change.seq)
        for row in followed
        if row.subscriber_id in mailed
        for change in worth
        if change.topic_id == row.topic_id and change.seq > row.active_seq
        if change.recorded_at > row.created_at
        if (change.due_seq or change.seq) > row.active_seq
        if not any(
            low < seq <= high
            for low, high in covered.get((row.subscriber_id, row.topic_id), ())
            for seq in (change.due_seq or change.seq, change.notified_seq or change.seq)
        )
    ]


async def test_nothing_fails_and_nothing_is_left_undone_when_everybody_acts_at_once(
    system: System, clock: time_machine.Traveller
) -> None:
    random, rounds = fuzzing.chance(160)
    await publish_terms(system.database)
    for key in CONDITIONS:
        await add_condition(system.database, f"condition:{key}", key)
    refusal = On("RCPT", times=0)
    async with client_of(system.settings) as http, open_world(system, refusal) as world:
        crowd = Crowd(world, http, random, refusal, clock)
        await crowd.act(rounds)
        await http.post("/v1/admin/mail/release", json={}, headers=BEARER)
        await crowd.settle()
        assert crowd.troubles == []
        assert await unfinished(world.system) == {}
        assert await unreported(world.system) == []
        assert await plan_now(world.system) == 0
    assert crowd.answers["sign-up", 202] > 0
    assert world.smtp.mails

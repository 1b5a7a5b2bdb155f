"""The figures are right, and no subtraction gives away how few follow a topic."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from service.domain.delivery.complaint_rate import Complaints
from service.domain.delivery.suppression import FEEDBACK, Reason
from service.store.admin import daily, stats
from service.store.admin.daily import DailyName
from service.store.admin.stats import HIDDEN_UP_TO, safe_length
from service.store.people import suppressions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.store.topics import topics
from service.system import System
from tests.integration.web.operating import ALICE, BEARER, BOB, add_event, held_run
from tests.integration.workers.world import open_world
from tests.keys import key, key_of
from tests.odd_rows import store_row, store_rows
from workers.complaint_monitor import ComplaintMonitor
from workers.deliver.deliver import deliver


async def figures(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/v1/admin/stats", headers=BEARER)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def follow(system: System, followers: dict[str, int]) -> None:
    """So many people follow each topic: each person follows the first topics of the list."""
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        ids = await topics.ensure_topics(connection, list(followers))
        for number in range(max(followers.values())):
            person = {
                **key(number % 3),
                "public_id": b"p%d" % number,
                "email_index": b"e%d" % number,
                "sealed": b"",
                "key_id": 1,
            }
            await store_row(connection, t.subscriber, created_at=now, confirmed_at=now, **person)
        people = (
            (await connection.execute(select(t.subscriber.c.id).order_by(t.subscriber.c.id))).scalars().all()
        )
        rows = [
            {
                **key_of(person),
                "topic_id": ids[key],
                "state": "active",
                "frequency": "weekly",
                "created_at": now,
            }
            for key, number in followers.items()
            for person in people[:number]
        ]
        await store_rows(connection, t.subscription, rows)


@pytest.mark.slow
async def test_everything_is_counted(client: httpx.AsyncClient, system: System) -> None:
    await add_event(system, 1, "received")
    await add_event(system, 2, "dead")
    async with open_world(system) as world:
        number = await held_run(world, ALICE, BOB)
        await world.follow("carol@example.org", "trial:NCT00000009", confirmed=False)
        held = await figures(client)
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        due = await figures(client)
        await deliver(world.mailer)
    async with writing(system.database) as connection:
        now = datetime.now(UTC)
        await suppressions.add(connection, b"x", Reason.HARD_BOUNCE, source="test", now=now)
    sent = await figures(client)
    assert sent["subscribers"] == {"confirmed": 2, "unconfirmed": 1}
    assert sent["subscriptions"] == {"active": {"immediate": 2}, "pending": {"immediate": 1}}
    assert sent["events"] == {"received": 1, "dead": 1}
    assert sent["suppressions"] == {"hard_bounce": 1}
    assert sent["log_head"] == held["log_head"] == 1
    assert (held["deliveries_day"], sent["deliveries_day"]) == ({"held": 2}, {"sent": 2})
    assert (held["queues"]["held"]["depth"], sent["queues"]["held"]["depth"]) == (2, 0)
    assert [answer["queues"]["deliveries"]["depth"] for answer in (held, due, sent)] == [0, 2, 0]
    assert sent["queues"]["events"]["depth"] == 1
    assert sent["queues"]["events"]["oldest_seconds"] >= 300
    assert sent["runs"] == {"released": 1}


async def test_a_day_and_a_week_are_distinguished(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        await held_run(world, ALICE, BOB)
    async with writing(system.database) as connection:
        mails = (await connection.execute(select(t.delivery.c.id))).scalars().all()
        for number, days in zip(mails, (3, 30), strict=True):
            then = datetime.now(UTC) - timedelta(days=days)
            await connection.execute(
                t.delivery.update().where(t.delivery.c.id == number).values(created_at=then)
            )
    found = await figures(client)
    assert (found["deliveries_day"], found["deliveries_week"]) == ({}, {"held": 1})


async def test_a_topic_that_few_follow_is_not_shown(client: httpx.AsyncClient, system: System) -> None:
    await follow(system, {"trial:NCT00000001": 15, "trial:NCT00000002": 12, "trial:NCT00000003": 10})
    await follow_more(system, "trial:NCT00000004", 4)
    shown = {topic["key"]: topic["followers"] for topic in (await figures(client))["top_topics"]}
    assert shown == {"trial:NCT00000001": 15, "trial:NCT00000002": 12}


async def follow_more(system: System, key: str, number: int) -> None:
    async with writing(system.database) as connection:
        topic = (await topics.ensure_topics(connection, [key]))[key]
        people = (await connection.execute(select(t.subscriber.c.id).limit(number))).scalars().all()
        now = datetime.now(UTC)
        follows = {"topic_id": topic, "state": "active", "frequency": "daily", "created_at": now}
        await store_rows(connection, t.subscription, [{**key_of(person), **follows} for person in people])


async def test_the_total_less_the_shown_topics_reveals_no_small_count(
    client: httpx.AsyncClient, system: System
) -> None:
    """Differencing: 30 of 34 subscriptions shown would say that a hidden topic has 4 followers."""
    await follow(system, {"trial:NCT00000001": 18, "trial:NCT00000002": 12, "trial:NCT00000003": 4})
    found = await figures(client)
    total = sum(found["subscriptions"]["active"].values())
    shown = [topic["followers"] for topic in found["top_topics"]]
    assert (total, shown) == (34, [18])
    assert total - sum(shown) > HIDDEN_UP_TO


@given(st.lists(st.integers(1, 40), max_size=12), st.integers(1, 6))
def test_no_subtraction_reveals_a_small_count(followers: list[int], limit: int) -> None:
    large = sorted((count for count in followers if count > HIDDEN_UP_TO), reverse=True)[:limit]
    shown = large[: safe_length(large, sum(followers))]
    hidden = list(followers)
    for count in shown:
        hidden.remove(count)
    assert all(count > HIDDEN_UP_TO for count in shown)
    assert not shown or sum(hidden) == 0 or sum(hidden) > HIDDEN_UP_TO
    for number in range(len(shown)):
        for part in itertools.combinations(shown, number):
            rest = sum(followers) - sum(part)
            assert rest == 0 or rest > HIDDEN_UP_TO


async def run_of(system: System, digests: int, complaints: int) -> None:
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        run = {"due_at": now, "planned_at": now, "to_seq": 1, "state": "queued", "digests": digests}
        await store_row(connection, t.run, frequency="daily", **run)
        for number in range(complaints):
            index = b"c%d" % number
            await suppressions.add(connection, index, Reason.COMPLAINT, source=FEEDBACK, now=now)


async def test_one_complaint_in_a_thousand_mails_alerts(
    client: httpx.AsyncClient, system: System, capsys: Any
) -> None:
    await run_of(system, 1_001, 1)
    assert (await figures(client))["complaints_too_many"] is False
    await ComplaintMonitor().check(system)
    assert "complaints_high" not in "".join(capsys.readouterr())
    async with writing(system.database) as connection:
        await connection.execute(t.run.update().values(digests=1_000))
    found = await figures(client)
    assert (found["complaints_too_many"], found["complaint_rate_week"]) == (True, 0.001)
    watch = ComplaintMonitor()
    async with writing(system.database) as connection:
        await connection.execute(text("ALTER TABLE run RENAME TO away"))
    with pytest.raises(DBAPIError):
        await watch.check(system)
    async with writing(system.database) as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO run"))
    await watch.check(system)
    await watch.check(system)
    assert "".join(capsys.readouterr()).count("complaints_high") == 1
    assert "trial_alerts_complaint_alert 1.0" in (await client.get("/metrics")).text


async def test_imported_complaints_about_another_service_are_no_alarm(
    client: httpx.AsyncClient, system: System
) -> None:
    await run_of(system, 1_000, 0)
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        for number in range(40):
            index = b"i%d" % number
            await suppressions.add(connection, index, Reason.COMPLAINT, source="import", now=now)
        assert (await daily.count_traffic(connection, now.date()))[DailyName.COMPLAINTS] == 0
    assert (await figures(client))["complaints_too_many"] is False
    assert "trial_alerts_complaint_alert 0.0" in (await client.get("/metrics")).text


async def test_complaints_of_last_month_are_over(system: System) -> None:
    await run_of(system, 1_000, 2)
    async with writing(system.database) as connection:
        before = datetime.now(UTC) - timedelta(days=8)
        await connection.execute(t.suppression.update().values(created_at=before))
        now = Complaints(*await stats.complaints(connection, datetime.now(UTC) - stats.WEEK))
    assert (now.number, now.mails, now.too_many) == (0, 1_000, False)


def test_too_few_mails_cause_no_alert() -> None:
    assert not Complaints(1, 999).too_many
    assert Complaints(1, 1_000).too_many
    assert not Complaints(0, 0).too_many

"""Rows past their retention period are deleted, by a moved clock; rows still needed stay."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from service.domain.buckets import BUCKETS, bucket_of
from service.domain.delivery.suppression import Reason
from service.domain.digests.schedule import Frequency
from service.domain.subscription import EndReason
from service.store import audit
from service.store.audit import Operator
from service.store.mail import deliveries, quota
from service.store.mail.eligibility import agreed_condition
from service.store.people import consents, retention, subscribers, subscriptions, suppressions, terms
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.store.topics import topics
from service.system import System
from tests.integration.privacy import cast, rows
from tests.integration.workers.test_late_followers import waits
from tests.keys import key, key_of
from tests.odd_rows import store_row
from workers.retention import sweep_retention

#: Whom a person shares the bucket with changes nothing for them.
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_bucket")]

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def _sweep(system: System, after: timedelta) -> dict[str, list[dict[str, object]]]:
    """The rows left by a sweep that long after THEN, in the buckets of people if there are any."""
    async with reading(system.database) as connection:
        before = await rows.dump(connection)
    personal = (row for name, found in before.items() if name != "bucket_lease" for row in found)
    buckets = {int(str(row["bucket"])) for row in personal if isinstance(row.get("bucket"), int)}
    with time_machine.travel(THEN + after, tick=False):
        await sweep_retention(system, sorted(buckets & {*BUCKETS}) or BUCKETS)
    async with reading(system.database) as connection:
        return await rows.dump(connection)


async def test_a_sign_up_never_confirmed_is_gone_a_week_after_its_link_expired(system: System) -> None:
    async with writing(system.database) as connection:
        await cast.sign_up(connection, system, cast.ALICE, now=THEN)
    assert len((await _sweep(system, timedelta(hours=48, days=6)))["subscriber"]) == 1
    left = await _sweep(system, timedelta(hours=49, days=7))
    assert [left[name] for name in ("subscriber", "subscription", "consent")] == [[], [], []]


async def test_the_retention_of_a_sign_up_counts_from_its_sent_mail(system: System) -> None:
    late = THEN + timedelta(days=5)
    async with writing(system.database) as connection:
        alice = await cast.sign_up(connection, system, cast.ALICE, now=THEN)
        mail = await deliveries.queue(connection, alice, "confirmation", now=THEN, due_at=late)
    assert len((await _sweep(system, timedelta(hours=49, days=30)))["subscriber"]) == 1, "it waits still"
    async with writing(system.database) as connection:
        sent = t.delivery.update().where(t.delivery.c.id == mail)
        await connection.execute(sent.values(state="sent", finished_at=late))
    left = await _sweep(system, timedelta(hours=48, days=11))
    assert [len(left[name]) for name in ("subscriber", "subscription", "consent")] == [1, 2, 1]
    left = await _sweep(system, timedelta(hours=49, days=12))
    assert [left[name] for name in ("subscriber", "subscription", "consent")] == [[], [], []]


async def test_a_deleted_sign_up_leaves_the_quota_of_its_mailbox(system: System) -> None:
    mailbox, later = system.addresses.mailbox(cast.ALICE), THEN + timedelta(days=10)
    async with writing(system.database) as connection:
        await cast.sign_up(connection, system, cast.ALICE, now=THEN)
        for _ in range(5):  # for other spellings
            await quota.reserve(connection, mailbox, later)
    left = await _sweep(system, timedelta(days=10, hours=1))
    assert (left["subscriber"], len(left["mail_quota"])) == ([], 5)


async def test_a_later_sign_up_keeps_an_unconfirmed_person(system: System) -> None:
    async with writing(system.database) as connection:
        alice = await cast.sign_up(connection, system, cast.ALICE, now=THEN)
        ids = await topics.ensure_topics(connection, [cast.TRIAL])
        again = {"frequency": Frequency.DAILY, "filters": None, "small_changes": False}
        later = THEN + timedelta(days=6)
        await subscriptions.add_pending(connection, alice, ids[cast.TRIAL], now=later, **again)
    assert len((await _sweep(system, timedelta(hours=49, days=7)))["subscriber"]) == 1


async def test_an_unconfirmed_sign_up_of_a_subscriber_is_deleted_and_the_rest_stays(system: System) -> None:
    alice = await cast.follower(system, now=THEN - timedelta(days=1))
    async with writing(system.database) as connection:
        await cast.sign_up(connection, system, cast.ALICE, now=THEN)
    bob = await cast.follower(system, cast.BOB, now=THEN + timedelta(days=1))
    left = await _sweep(system, timedelta(hours=49, days=7))
    assert {row["state"] for row in left["subscription"]} == {"active"}
    kept = [row["kind"] for row in left["consent"] if row["subscriber_id"] == alice]
    assert kept == ["requested", "confirmed"], "what somebody else confirmed is no answer to it"
    assert [row["id"] for row in left["subscriber"]] == [alice, bob]


async def test_a_sign_up_that_ended_unconfirmed_goes_as_the_others_do(system: System) -> None:
    alice = await cast.follower(system, now=THEN - timedelta(days=1))
    async with writing(system.database) as connection:
        await cast.sign_up(connection, system, cast.ALICE, now=THEN)
        await subscriptions.end(connection, alice, reason="unsubscribed", now=THEN)
    confirmed = [
        row["activated_at"] is not None for row in (await _sweep(system, timedelta(days=7)))["subscription"]
    ]
    assert sorted(confirmed) == [False, False, True, True]
    left = await _sweep(system, timedelta(hours=49, days=7))
    assert [(row["state"], row["activated_at"] is None) for row in left["subscription"]] == [
        ("ended", False),
        ("ended", False),
    ]


async def test_a_reader_who_left_is_erased_at_the_end_of_the_limitation_period(system: System) -> None:
    alice = await cast.follower(system, now=THEN - timedelta(days=10))
    bob = await cast.follower(system, cast.BOB, now=THEN + timedelta(days=10))
    async with writing(system.database) as connection:
        await subscriptions.end(connection, alice, reason="unsubscribed", now=THEN)
    assert len((await _sweep(system, timedelta(days=1095)))["subscriber"]) == 2
    left = await _sweep(system, timedelta(days=1097))
    assert [row["id"] for row in left["subscriber"]] == [bob]
    assert {row["subscriber_id"] for row in left["consent"]} == {bob}


async def test_details_of_mails_go_after_90_days_and_the_runs_count_stays(system: System) -> None:
    alice = await cast.follower(system, now=THEN)
    async with writing(system.database) as connection:
        run = {"frequency": "weekly", "due_at": THEN, "planned_at": THEN, "to_seq": 1, "state": "queued"}
        run_id = await store_row(connection, t.run, digests=1, **run)
        digest = {**key_of(alice), "run_id": run_id, "frequency": "weekly", "from_seq": 0, "to_seq": 1}
        digest |= {"topics": "1:0", "reported": {"trials": ["NCT04787263"], "topics": []}}
        digest_id = await store_row(connection, t.digest, **digest)
        old = await deliveries.queue(connection, alice, "digest", now=THEN)
        finished = {"state": "sent", "finished_at": THEN, "digest_id": digest_id, "run_id": run_id}
        await connection.execute(update(t.delivery).where(t.delivery.c.id == old).values(**finished))
        waiting = await deliveries.queue(connection, alice, "preferences_link", now=THEN)
    assert len((await _sweep(system, timedelta(days=89)))["delivery"]) == 2
    left = await _sweep(system, timedelta(days=91))
    assert [row["id"] for row in left["delivery"]] == [waiting], "a mail that waits is not forgotten"
    assert left["digest"] == []
    assert [row["digests"] for row in left["run"]] == [1]


async def test_bodies_of_events_go_after_30_days_but_for_those_not_ingested(system: System) -> None:
    event = {"source": "s", "type": "trial.upserted", "subject": "x", "received_at": THEN, "body": "{}"}
    async with writing(system.database) as connection:
        for number, state in enumerate(("done", "dead", "received")):
            await store_row(connection, t.event, event_id=str(number), state=state, **event)
    assert all(row["body"] for row in (await _sweep(system, timedelta(days=29)))["event"])
    left = (await _sweep(system, timedelta(days=31)))["event"]
    bodies = sorted(((row["state"], row["body"]) for row in left), reverse=True)
    assert bodies == [("received", "{}"), ("done", None), ("dead", None)]


async def test_auxiliary_rows_are_deleted_once_they_are_of_no_use(system: System) -> None:
    alice = await cast.follower(system, now=THEN)
    async with writing(system.database) as connection:
        await quota.reserve(connection, b"bucket", THEN)
        receipt = {"bucket": 1, "claim": "01c", "number": 1, "ids": "1 2"}
        asked = {**key(2), "kind": "subscribe", "sealed": b"x"}
        await store_row(connection, t.webhook, id="w", received_at=THEN)
        await store_row(connection, t.send_receipt, **receipt, at=THEN)
        await store_row(connection, t.request, **asked, received_at=THEN)
        for done in (None, THEN):
            change = {**key_of(alice), "sealed": b"x", "created_at": THEN, "done_at": done}
            await store_row(connection, t.address_change, **change)
    kept = {"mail_quota": 23, "send_receipt": 23, "webhook": 76, "request": 24 * 7, "address_change": 24 * 7}
    for name, hours in sorted(kept.items(), key=lambda item: item[1]):
        assert (await _sweep(system, timedelta(hours=hours)))[name], name
    left = await _sweep(system, timedelta(days=10))
    assert [left[name] for name in ("mail_quota", "send_receipt", "webhook", "request")] == [[], [], [], []]
    assert [row["done_at"] for row in left["address_change"]] == [THEN]
    assert (await _sweep(system, timedelta(days=91)))["address_change"] == []


async def test_acts_of_operators_go_after_three_years(system: System) -> None:
    async with writing(system.database) as connection:
        await audit.record(connection, Operator("api", "192.0.2.0/24"), "events.replay", now=THEN)
    assert len((await _sweep(system, timedelta(days=1095)))["audit"]) == 1
    assert (await _sweep(system, timedelta(days=1097)))["audit"] == []


async def test_material_terms_are_announced_once_to_those_who_have_not_agreed(system: System) -> None:
    alice = await cast.follower(system, now=THEN - timedelta(days=5))
    bob = await cast.follower(system, cast.BOB, now=THEN - timedelta(days=5))
    carol = await cast.follower(system, "carol@example.org", now=THEN - timedelta(days=5))
    dave = await cast.follower(system, "dave@example.org", now=THEN - timedelta(days=5))
    async with writing(system.database) as connection:
        pause = THEN + timedelta(days=30)
        await terms.publish(connection, "2026-03", "Stricter.", now=THEN, material=True, pause_at=pause)
        await subscribers.change(connection, bob, terms_version="2026-03")
        index = system.addresses.of("carol@example.org")
        await suppressions.add(connection, index, Reason.UNSUBSCRIBED, source="test", now=THEN)
        await subscriptions.end(connection, dave, reason=EndReason.UNFOLLOWED, now=THEN)
    for hours in (1, 2):
        left = await _sweep(system, timedelta(hours=hours))
    assert [(row["subscriber_id"], row["kind"]) for row in left["delivery"]] == [(alice, "terms_changed")]
    async with writing(system.database) as connection:
        await suppressions.lift(connection, index)
    left = await _sweep(system, timedelta(hours=3))
    assert [row["subscriber_id"] for row in left["delivery"]] == [alice, carol]


async def test_terms_are_announced_once_however_long_ago_that_was(system: System) -> None:
    alice = await cast.follower(system, now=THEN - timedelta(days=5))
    pause = THEN + timedelta(days=30)
    async with writing(system.database) as connection:
        await terms.publish(connection, "2026-03", "Stricter.", now=THEN, material=True, pause_at=pause)
    (notice,) = (await _sweep(system, timedelta(hours=1)))["delivery"]
    bob = await cast.follower(system, cast.BOB, now=THEN)
    async with writing(system.database) as connection:
        await deliveries.queue(connection, alice, "preferences_link", now=THEN)
        sent = {"state": "sent", "finished_at": THEN + timedelta(hours=2)}
        await connection.execute(update(t.delivery).values(**sent))
    left = await _sweep(system, timedelta(days=91))
    assert [row["subscriber_id"] for row in left["delivery"]] == [alice, bob]
    assert notice["id"] in {row["id"] for row in left["delivery"]}
    async with writing(system.database) as connection:
        await subscribers.change(connection, alice, terms_version="2026-03")
    left = await _sweep(system, timedelta(days=92))
    assert [row["subscriber_id"] for row in left["delivery"]] == [bob], "who has not agreed"


@pytest.mark.parametrize(("days", "reported"), [(29, True), (31, False)])
async def test_only_readers_who_agreed_get_mail_after_the_pause(
    system: System, days: int, reported: bool
) -> None:
    alice = await cast.follower(system, now=THEN)
    bob = await cast.follower(system, cast.BOB, now=THEN)
    async with writing(system.database) as connection:
        later = THEN + timedelta(hours=1)
        pause = THEN + timedelta(days=30)
        await terms.publish(connection, "2026-03", "Stricter.", now=later, material=True, pause_at=pause)
        await terms.publish(connection, "2026-04", "A comma.", now=later + timedelta(hours=1))
        await subscribers.change(connection, bob, terms_version="2026-04")
        may = select(t.subscriber.c.id).where(agreed_condition(THEN + timedelta(days=days)))
        written_to = set((await connection.execute(may)).scalars())
        rows_kept = [row.terms_version for row in await consents.of(connection, alice)]
    assert written_to == ({alice, bob} if reported else {bob})
    assert rows_kept == ["2026-01", "2026-01"], "old rows are never upgraded"


@pytest.mark.on_both_databases
async def test_a_sign_up_followed_from_the_page_as_it_is_due_for_deletion_stays(system: System) -> None:
    alice = await cast.follower(system)
    async with writing(system.database) as connection:
        ids = await topics.ensure_topics(connection, ["trial:NCT00000001"])
        asked = {"frequency": Frequency.DAILY, "filters": None, "small_changes": False, "now": THEN}
        number = await subscriptions.add_pending(connection, alice, ids["trial:NCT00000001"], **asked)

    async def delete() -> int:
        async with writing(system.database) as other:
            return await retention.delete_unconfirmed_subscriptions(
                other, bucket_of(alice), THEN + timedelta(days=1), 100
            )

    async with writing(system.database) as connection:
        await subscribers.lock(connection, alice)
        await subscriptions.activate_pending(connection, alice, datetime.now(UTC), ids=[number])
        task = asyncio.create_task(delete())
        await waits(connection, system, task)
    assert await task == 0
    async with reading(system.database) as connection:
        assert number in {row.id for row in await subscriptions.active(connection, alice)}

"""Unusable values of one person concern that person alone; the log and a metric report them."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import insert, update
from structlog.testing import capture_logs

from service import person_errors
from service.actions import key_rotation, personal_data
from service.cli.context import CommandFailed
from service.cli.subscriptions import export, import_file
from service.crypto.keyring import Keyring
from service.digests.planner import plan
from service.domain.buckets import bucket_of
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast, rows
from tests.integration.workers.world import TRIAL, World, open_world, snapshot
from tests.keys import key
from tests.odd_rows import store_row
from tests.smtp_server import On
from workers.deliver.deliver import deliver
from workers.retention import sweep_retention

pytestmark = pytest.mark.slow

ALICE, BOB = "alice@example.org", "bob@example.org"
TOPIC = f"trial:{TRIAL}"


async def two_followers(world: World, frequency: str = "immediate") -> tuple[int, dict[str, Any]]:
    """Alice, who will have an unusable value, and Bob. Returns her number and the trial before it changes."""
    before = snapshot()
    await world.hold(before)
    alice = await world.follow(ALICE, TOPIC, frequency=frequency)
    await world.follow(BOB, TOPIC, frequency=frequency)
    return alice, before


async def spoil(system: System, statement: Any) -> None:
    async with writing(system.database) as connection:
        await connection.execute(statement)


@pytest.fixture
async def world(system: System) -> AsyncIterator[World]:
    async with open_world(system) as opened:
        yield opened


def of(person: int, table: Any, **values: Any) -> Any:
    column = table.c.id if table is t.subscriber else table.c.subscriber_id
    return update(table).where(column == person).values(**values)


@pytest.mark.parametrize(
    ("spoilt", "alice_is_notified"),
    [
        (lambda alice: of(alice, t.subscriber, locale="tlh"), True),
        (lambda alice: of(alice, t.subscriber, locale=""), True),
        (lambda alice: of(alice, t.subscription, filters={"nonsense": 1}), True),
        (lambda alice: of(alice, t.subscription, filters=[1]), True),
        (lambda alice: of(alice, t.subscription, filters={"kinds": {"a": 1}}), True),
        (lambda alice: of(alice, t.subscriber, sealed=b""), False),
        (lambda alice: of(alice, t.subscriber, sealed=b"x" * 60), False),
    ],
)
async def test_a_mail_that_cannot_be_rendered_delays_no_other(
    world: World, spoilt: Any, alice_is_notified: bool
) -> None:
    alice, before = await two_followers(world)
    await world.change(before, status="RECRUITING")
    await spoil(world.system, spoilt(alice))
    assert await plan(world.system) == 2
    with capture_logs() as logged:
        await deliver(world.mailer)
    assert len(world.mails(BOB)) == 1
    assert len(world.mails(ALICE)) == alice_is_notified
    assert [line["subscriber"] for line in logged if line["event"] == "person_error"] == [alice]
    assert (await person_errors.counts(world.system.redis))["deliver"] == 1


async def test_an_address_that_is_no_text_delays_no_other_mail(world: World) -> None:
    alice, before = await two_followers(world)
    await world.change(before, status="RECRUITING")
    async with reading(world.system.database) as connection:
        (person,) = [row for row in (await rows.dump(connection))["subscriber"] if row["id"] == alice]
    sealed = world.system.keyring.seal(b"s" * 16 + b"\xff\xfe", "address", person["public_id"])
    await spoil(world.system, of(alice, t.subscriber, sealed=sealed))
    await plan(world.system)
    await deliver(world.mailer)
    assert (len(world.mails(BOB)), len(world.mails(ALICE))) == (1, 0)


async def test_a_digest_with_unreadable_topics_delays_no_other(world: World) -> None:
    alice, before = await two_followers(world)
    await world.change(before, status="RECRUITING")
    await plan(world.system)
    await spoil(world.system, of(alice, t.digest, topics="x:y"))
    await deliver(world.mailer)
    assert (len(world.mails(BOB)), len(world.mails(ALICE))) == (1, 0)


async def test_a_slot_of_an_unknown_zone_is_planned_in_utc_and_the_others_as_usual(world: World) -> None:
    alice, before = await two_followers(world, "daily")
    await world.change(before, status="RECRUITING")
    slot = t.slot.insert().values(
        frequency="daily", zone="localtime", hour=8, weekday=0, low_water_seq=0, due_at=datetime.now(UTC)
    )
    async with writing(world.system.database) as connection:
        number = (await connection.execute(slot.returning(t.slot.c.id))).scalar_one()
        await connection.execute(of(alice, t.subscriber, timezone="localtime"))
        await connection.execute(of(alice, t.cursor, slot_id=number))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2), tick=True), capture_logs() as logged:
        assert await plan(world.system) == 2
    assert [line["subscriber"] for line in logged if line["event"] == "person_error"] == [alice]
    assert (await person_errors.counts(world.system.redis))["plan"] == 1


async def test_a_slot_that_can_not_be_planned_stops_no_other(world: World) -> None:
    slot = t.slot.insert().values(
        frequency="daily", zone="UTC", hour=99, weekday=0, low_water_seq=0, due_at=datetime.now(UTC)
    )
    async with writing(world.system.database) as connection:
        number = (await connection.execute(slot.returning(t.slot.c.id))).scalar_one()
    alice, before = await two_followers(world, "daily")
    await world.change(before, status="RECRUITING")
    await spoil(world.system, of(alice, t.cursor, slot_id=number))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2), tick=True):
        assert await plan(world.system) == 1


@pytest.mark.parametrize("failures", [["yesterday"], [5], {"a": 1}, ["2026-11-01T00:00:00"]])
async def test_a_bounce_is_stored_despite_unreadable_earlier_ones(system: System, failures: Any) -> None:
    async with open_world(system, On("RCPT", "550 5.2.2 mailbox full", times=99)) as world:
        alice, before = await two_followers(world)
        await spoil(
            system,
            insert(t.bounce_count).values(bucket=bucket_of(alice), subscriber_id=alice, failures=failures),
        )
        await world.change(before, status="RECRUITING")
        await plan(system)
        await deliver(world.mailer)
    async with reading(system.database) as connection:
        mails = (await rows.dump(connection))["delivery"]
    assert "claimed" not in {mail["state"] for mail in mails}


async def test_unreadable_requests_stop_no_erasure_and_no_export(system: System) -> None:
    number = await cast.follower(system)
    async with writing(system.database) as connection:
        for content in (b"no JSON", b"[1]", b'{"email": 5}', b'{"subscriber_id": {}}', b'"text"'):
            sealed = system.keyring.seal(content, "request", b"subscribe")
            values = {"kind": "subscribe", "sealed": sealed, "received_at": datetime.now(UTC)}
            await store_row(connection, t.request, **key(3), **values)
        person = await personal_data.find(connection, system, cast.ALICE)
        assert person is not None
        held = await personal_data.export_person(connection, system, person, datetime.now(UTC))
        assert held["person"]["number"] == number
        assert (await personal_data.erase(connection, system, number))["subscriber"] == 1


async def test_a_failed_erasure_does_not_prevent_others(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = await cast.follower(system, ALICE)
    await cast.follower(system, BOB)
    await spoil(system, update(t.subscriber).values(confirmed_at=None))
    await spoil(system, update(t.subscription).values(state="pending"))
    erase = personal_data.erase

    async def failing(
        connection: Any, system: Any, subscriber_id: int, *, requested: bool = True
    ) -> dict[str, int]:
        if subscriber_id == bad:
            raise ValueError("something of hers")
        return await erase(connection, system, subscriber_id, requested=requested)

    monkeypatch.setattr(personal_data, "erase", failing)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=60), tick=True):
        await sweep_retention(system)
    async with reading(system.database) as connection:
        left = (await rows.dump(connection))["subscriber"]
    assert [row["id"] for row in left] == [bad]
    assert (await person_errors.counts(system.redis))["retention"] >= 1


async def test_an_export_has_all_others_and_reports_the_missing_people(system: System) -> None:
    bad = await cast.follower(system, ALICE)
    await cast.follower(system, BOB)
    await spoil(system, of(bad, t.subscriber, sealed=b"x" * 60))
    out = io.StringIO()
    with pytest.raises(CommandFailed, match="1 people are missing"):
        await export(system, out, lambda done: None)
    assert BOB in out.getvalue()
    assert ALICE not in out.getvalue()


async def test_a_line_that_can_not_be_stored_is_rejected_alone(system: System, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        f"email,topic,consent_source\n{ALICE},{TOPIC},a\0b\n{BOB},{TOPIC},paper\n", encoding="utf-8"
    )
    done = await import_file(system, file, tmp_path / "report.csv", lambda done, total: None)
    assert done.new + done.rejected == 2
    assert done.new >= 1


async def test_a_rotation_goes_on_past_a_value_that_no_key_opens(system: System) -> None:
    bad = await cast.follower(system, ALICE)
    await cast.follower(system, BOB)
    await spoil(system, of(bad, t.subscriber, sealed=b"", key_id=0))
    both = Keyring(["another-test-secret-key-of-more-than-32-characters", *system.settings.secret_keys])
    done = await key_rotation.reencrypt(system.database, both, seconds=60)
    assert (done.done, done.unreadable) == (True, 1)

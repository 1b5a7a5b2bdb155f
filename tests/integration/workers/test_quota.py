"""ALERTS_SMTP_QUOTA holds over all workers together; mails that people wait for have a share of their own."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from service.configuration.settings import SettingsError
from service.configuration.settings import read as read_settings
from service.digests.planner import plan
from service.domain.delivery.redaction import redact_accepted
from service.store.mail import deliveries, sent_counts
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.workers.test_engine import crowd
from tests.integration.workers.world import World, open_world
from tests.smtp_server import On
from workers.deliver.deliver import deliver
from workers.deliver.mailer import open_mailer


def limited(system: System, hour: int, day: int) -> System:
    return replace(system, settings=system.settings.model_copy(update={"smtp_quota": (hour, day)}))


async def counted(system: System) -> int:
    async with reading(system.database) as connection:
        return sum((await connection.execute(select(t.sent_count.c.mails))).scalars())


async def test_two_workers_together_send_no_more_than_the_quota(system: System) -> None:
    async with open_world(limited(system, 100, 0)) as world, open_mailer(world.system) as other:
        await crowd(world, 150)
        await plan(world.system)
        await asyncio.gather(deliver(world.mailer), deliver(other))
        await asyncio.gather(deliver(world.mailer), deliver(other))
        assert len(world.smtp.mails) == 90, "a tenth is kept for mails that people wait for"
        await ask_for_preferences(world)
        await deliver(world.mailer)
        assert len(world.smtp.mails) == 91


async def test_a_quota_of_one_mail_is_not_kept_from_digests(system: System) -> None:
    """A tenth of it, rounded up, was all: no digest ever left."""
    async with open_world(limited(system, 1, 5)) as world:
        await crowd(world, 2)
        await plan(world.system)
        await deliver(world.mailer)
        assert len(world.smtp.mails) == 1


async def ask_for_preferences(world: World) -> None:
    async with writing(world.system.database) as connection:
        person = (await connection.execute(select(t.subscriber.c.id).limit(1))).scalar_one()
        await deliveries.queue(connection, person, "preferences_link", now=datetime.now(UTC))


@pytest.mark.slow
async def test_room_comes_back_with_time_and_the_day_has_its_own(system: System) -> None:
    async with open_world(limited(system, 20, 30)) as world:
        await crowd(world, 60)
        await plan(world.system)
        await deliver(world.mailer)
        assert len(world.smtp.mails) == 18
        since = t.sent_count.c.since
        async with writing(system.database) as connection:
            for moment in (await connection.execute(select(since).where(t.sent_count.c.mails > 0))).scalars():
                earlier = update(t.sent_count).where(since == moment)
                await connection.execute(earlier.values(since=moment - timedelta(hours=2)))
        await deliver(world.mailer)
        assert len(world.smtp.mails) == 27, "nine tenths of the day's"


async def test_mails_offered_to_no_server_are_not_counted(system: System) -> None:
    async with open_world(limited(system, 100, 0)) as world, open_mailer(limited(system, 100, 0)) as cut_off:
        await crowd(world, 30)
        await plan(world.system)
        await deliver(cut_off)
        assert await counted(system) == 0
        async with writing(system.database) as connection:
            await connection.execute(update(t.delivery).values(due_at=datetime.now(UTC)))
        await deliver(world.mailer)
        assert (len(world.smtp.mails), await counted(system)) == (30, 30)


async def test_mails_whose_content_cannot_be_read_are_not_counted(system: System) -> None:
    """Each attempt, one in half a minute, counted them again: those that could leave waited for an hour."""
    async with open_world(limited(system, 100, 0)) as world:
        await crowd(world, 30)
        await plan(world.system)
        async with system.writing() as connection:
            await connection.execute(text("ALTER TABLE trial RENAME TO gone"))
        with pytest.raises(DBAPIError):
            await deliver(world.mailer)
        async with system.writing() as connection:
            await connection.execute(text("ALTER TABLE gone RENAME TO trial"))
        assert (len(world.smtp.mails), await counted(system)) == (0, 0)


async def test_without_a_quota_nothing_is_counted(system: System) -> None:
    async with open_world(system) as world:
        await crowd(world, 5)
        await plan(system)
        await deliver(world.mailer)
        assert (len(world.smtp.mails), await counted(system)) == (5, 0)
        async with reading(system.database) as connection:
            room = await sent_counts.room(connection, (0, 0), datetime.now(UTC))
        assert room.within(1_000) == 1_000


@pytest.mark.parametrize(
    ("given", "parsed"), [("0/0", (0, 0)), ("500/10000", (500, 10_000)), (" 5 / 0 ", (5, 0))]
)
def test_the_setting_is_mails_an_hour_and_a_day(
    environ: dict[str, str], given: str, parsed: tuple[int, int]
) -> None:
    assert read_settings(environ | {"ALERTS_SMTP_QUOTA": given}).smtp_quota == parsed
    with pytest.raises(SettingsError, match="ALERTS_SMTP_QUOTA must be mails an hour and a day"):
        read_settings(environ | {"ALERTS_SMTP_QUOTA": "many"})


async def test_the_reply_of_an_accepting_server_is_kept(system: System) -> None:
    replies = On("BODY", "250 2.0.0 Ok: queued as 4Fd2Xk1lQ9z3abcdefghijklmnop", times=1)
    quoting = On("BODY", "250 2.6.0 <secret@example.org>", skip=1, times=1)
    async with open_world(system, replies, quoting) as world:
        await crowd(world, 3)
        await plan(system)
        await deliver(world.mailer)
    async with reading(system.database) as connection:
        kept = set((await connection.execute(select(t.delivery.c.server_reply))).scalars())
        states = set((await connection.execute(select(t.delivery.c.state))).scalars())
    assert states == {"sent"}
    assert "250 2.0.0 Ok: queued as 4Fd2Xk1lQ9z3abcdefghijklmnop" in kept
    assert not any("secret@" in words for words in kept)
    assert len(kept) == 3


@pytest.mark.parametrize("reply", ["2.0.0 Ok: for Alice.Blum", "2.0.0 <alice.blum@example.org> ok", "ok\x07"])
def test_an_accepting_reply_that_quotes_the_recipient_is_redacted(reply: str) -> None:
    kept = redact_accepted(reply, ("alice.blum@example.org", "b-1@bounces.example"))
    assert "blum" not in kept.lower()
    assert kept.isprintable()

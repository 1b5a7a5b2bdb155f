"""Mail is held by an operator, after a restored backup and after a long stop; and released by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from service.actions import mail_hold
from service.actions.mail_hold import UnknownPart, check_liveness
from service.digests.planner import plan
from service.domain.delivery.hold import HoldReason
from service.store.audit import Operator
from service.store.mail import holds
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.e2e.journey.processes import run_command
from tests.integration.workers.test_engine import crowd
from tests.integration.workers.world import World, open_world
from workers.deliver.deliver import deliver
from workers.deliver.mailer import open_mailer

OPERATOR = Operator("command:test", "command")


async def queued(world: World, people: int = 3) -> None:
    """So many digests, queued."""
    await crowd(world, people)
    await plan(world.system)


@pytest.mark.slow
async def test_no_mail_is_sent_while_mail_is_held(system: System) -> None:
    async with open_world(system) as world:
        await queued(world)
        assert await mail_hold.hold(system, OPERATOR, datetime.now(UTC))
        assert not await mail_hold.hold(system, OPERATOR, datetime.now(UTC))
        await deliver(world.mailer)
        assert world.smtp.mails == []
        found = await mail_hold.status(system)
        assert (found.held, found.reason, found.queued) == (True, "operator", {"digest": 3})
        assert await mail_hold.release(system, OPERATOR, datetime.now(UTC))
        assert not await mail_hold.release(system, OPERATOR, datetime.now(UTC))
        await deliver(world.mailer)
        assert len(world.smtp.mails) == 3
    async with reading(system.database) as connection:
        of_mail = select(t.audit.c.action, t.audit.c.changed).where(t.audit.c.action.startswith("mail."))
        acts = (await connection.execute(of_mail.order_by(t.audit.c.id))).all()
    assert [tuple(act) for act in acts] == [
        ("mail.hold", 1), ("mail.hold", 0), ("mail.release", 1), ("mail.release", 0),
    ]  # fmt: skip


async def test_an_operator_can_release_a_run_or_a_kind(system: System) -> None:
    async with open_world(system) as world:
        await queued(world)
        await mail_hold.hold(system, OPERATOR, datetime.now(UTC))
        now = datetime.now(UTC)
        assert await mail_hold.release(system, OPERATOR, now, kinds=["confirmation"])
        await deliver(world.mailer)
        assert world.smtp.mails == []
        with pytest.raises(UnknownPart, match="no kind of mail nonsense"):
            await mail_hold.release(system, OPERATOR, now, kinds=["nonsense"])
        with pytest.raises(UnknownPart, match="no run 999"):
            await mail_hold.release(system, OPERATOR, now, runs=[1, 999])
        assert await mail_hold.release(system, OPERATOR, now, runs=[1])
        await deliver(world.mailer)
        assert len(world.smtp.mails) == 3
        found = await mail_hold.status(system)
        assert (found.held, list(found.released)) == (True, ["kind:confirmation", "run:1"])
        await mail_hold.release(system, OPERATOR, now)
        assert (await mail_hold.status(system)).released == []


@pytest.mark.slow
@pytest.mark.parametrize("released", [{}, {"kinds": ["digest"]}, {"runs": [1]}])
async def test_a_mail_tried_before_a_long_hold_has_the_whole_time_for_retries_after_it(
    system: System, released: dict[str, Any]
) -> None:
    async with open_world(system) as world, open_mailer(system) as cut_off:
        await queued(world)
        await deliver(cut_off)
        now = datetime.now(UTC)
        await mail_hold.hold(system, OPERATOR, now)
        days_ago = {"first_attempt_at": now - timedelta(days=5), "due_at": now - timedelta(days=5)}
        async with writing(system.database) as connection:
            await connection.execute(update(t.delivery).values(days_ago))
        assert await mail_hold.release(system, OPERATOR, now, **released)
        await deliver(cut_off)
    async with reading(system.database) as connection:
        states = (await connection.execute(select(t.delivery.c.state))).scalars().all()
    assert states == ["queued"] * 3


async def test_a_release_made_as_the_hold_ended_does_not_outlive_the_next_release(system: System) -> None:
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        await holds.release(connection, "kind:digest", now)
    assert not await mail_hold.release(system, OPERATOR, now)
    await mail_hold.hold(system, OPERATOR, now)
    assert (await mail_hold.status(system)).released == []


async def set_alive(system: System, at: datetime) -> None:
    """As if a worker had last written to this database then."""
    async with writing(system.database) as connection:
        await connection.execute(update(t.liveness).values(at=at))


async def test_a_long_stop_holds_queued_mail(system: System) -> None:
    now = datetime.now(UTC)
    async with open_world(system) as world:
        assert await check_liveness(system, None, now) is None, "the first start"
        await queued(world)
        assert await check_liveness(system, None, now + timedelta(hours=23)) is None
        await system.redis.flushall()
        (system.settings.data_folder / "alive").unlink()
        assert await check_liveness(system, None, now + timedelta(hours=48)) is HoldReason.LONG_STOP
        await deliver(world.mailer)
        assert world.smtp.mails == []


async def test_a_long_stop_with_nothing_queued_holds_nothing(system: System) -> None:
    now = datetime.now(UTC)
    await check_liveness(system, None, now)
    assert await check_liveness(system, None, now + timedelta(days=9)) is None


@pytest.mark.parametrize("memory", ["redis", "file", "process"])
async def test_a_database_that_lost_minutes_is_a_restored_one(system: System, memory: str) -> None:
    """An hour was needed: after a backup of half an hour ago the day's digests could leave twice."""
    now = datetime.now(UTC)
    await check_liveness(system, None, now)
    await set_alive(system, now - timedelta(minutes=10))
    if memory != "redis":
        await system.redis.flushall()
    if memory != "file":
        (system.settings.data_folder / "alive").unlink()
    seen = now if memory == "process" else None
    assert await check_liveness(system, seen, now + timedelta(minutes=1)) is HoldReason.RESTORED
    assert await check_liveness(system, seen, now + timedelta(minutes=2)) is None, "known now"
    assert (await mail_hold.status(system)).reason == "restored"


async def test_a_standby_that_took_over_holds_no_mail(system: System) -> None:
    now = datetime.now(UTC)
    await check_liveness(system, None, now)
    await set_alive(system, now - timedelta(minutes=1))
    assert await check_liveness(system, now, now + timedelta(minutes=1)) is None


async def test_a_dump_in_another_database_is_a_restored_one(system: System) -> None:
    now = datetime.now(UTC)
    await check_liveness(system, None, now)
    async with writing(system.database) as connection:
        await connection.execute(update(t.liveness).values(database_id="postgresql:1"))
    assert await check_liveness(system, None, now) is HoldReason.RESTORED


async def test_the_automatic_hold_can_be_turned_off(system: System, tmp_path: Path) -> None:
    never = system.settings.model_copy(update={"hold_after_hours": 0})
    now = datetime.now(UTC)
    await check_liveness(system, None, now)
    await set_alive(system, now - timedelta(hours=3))
    assert await check_liveness(replace(system, settings=never), now, now) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.slow
def test_the_commands_report_their_result(environ: dict[str, str]) -> None:
    held, again = (run_command("mail", "hold", **environ) for _ in range(2))
    status = run_command("mail", "status", **environ)
    part = run_command("mail", "release", "--kind", "confirmation", **environ)
    wrong = run_command("mail", "release", "--kind", "x", **environ)
    released, nothing = (run_command("mail", "release", **environ) for _ in range(2))
    assert "All mail is held" in held.stdout
    assert again.stdout == "Mail is held already.\n"
    assert "An operator held it." in status.stdout
    assert part.stdout == "Released; all other mail stays held.\n"
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert released.stdout == "The hold has ended.\n"
    assert nothing.stdout == "Nothing was held, or it was released before.\n"

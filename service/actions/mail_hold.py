"""Holds all outgoing mail and releases it: for an operator, and after a restore or a long stop."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.hold import EXPLANATIONS, HoldReason, automatic_hold
from service.domain.delivery.kinds import MAIL_KINDS
from service.redis.job_queue import Job
from service.store import audit
from service.store.admin import workers
from service.store.admin.workers import Liveness
from service.store.audit import Operator
from service.store.digests import runs as digest_runs
from service.store.digests.runs import NoSuchRun
from service.store.mail import holds
from service.store.sql.ids import skip_numbers
from service.system import System

_log = structlog.get_logger("mail_hold")

_KEY = "trial-alerts:{alive}"
_WORKER = Operator("worker", "worker")


class UnknownPart(ValueError):
    """A part of the held mail to release does not exist. The message is one sentence for an operator.

    `field`: `kinds` or `runs`.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class HoldStatus:
    """Whether mail is held: since when and why; the parts released by hand; queued mails by kind."""

    held: bool
    since: datetime | None
    reason: str | None
    explanation: str
    released: Sequence[str]
    queued: dict[str, int]


async def status(system: System) -> HoldStatus:
    """The present hold, if any."""
    async with system.reading() as connection:
        return await read_status(connection)


async def read_status(connection: AsyncConnection) -> HoldStatus:
    """The present hold, if any."""
    hold, queued = await holds.current(connection), await holds.waiting(connection)
    if hold is None:
        return HoldStatus(False, None, None, "Mail leaves as soon as it is due.", [], queued)
    by_hand = await holds.released(connection)
    return HoldStatus(True, hold.since, str(hold.reason), EXPLANATIONS[hold.reason], by_hand, queued)


async def hold(system: System, operator: Operator, now: datetime) -> bool:
    """Holds all mail: workers claim none any more. False if it is held already."""
    async with system.writing() as connection:
        begun = await holds.begin(connection, HoldReason.OPERATOR, now)
        await audit.record(connection, operator, "mail.hold", now=now, changed=int(begun))
    return begun


async def release(
    system: System,
    operator: Operator,
    now: datetime,
    *,
    kinds: Sequence[str] = (),
    runs: Sequence[int] = (),
) -> bool:
    """Ends the hold; or, with `kinds` or `runs`, lets their mails leave and keeps holding all others.

    False if nothing was held or all of it was released before. Raises UnknownPart.
    """
    for kind in kinds:
        if kind not in MAIL_KINDS:
            known = ", ".join(sorted(MAIL_KINDS))
            raise UnknownPart("kinds", f"There is no kind of mail {kind}: use one of {known}.")
    parts = [*(f"kind:{kind}" for kind in kinds), *(f"run:{run}" for run in runs)]
    async with system.writing() as connection:
        for run in runs:
            try:
                await digest_runs.get(connection, run)
            except NoSuchRun as problem:
                raise UnknownPart("runs", str(problem)) from None
        if not parts:
            changed = int(await holds.end(connection, now))
            await audit.record(connection, operator, "mail.release", now=now, changed=changed)
        elif await holds.current(connection) is None:
            return False
        else:
            changed = 0
            for part in parts:
                changed += await holds.release(connection, part, now)
                await audit.record(connection, operator, "mail.release", now=now, target=part)
    await system.notifier.notify_now(Job.DELIVER, times=4)
    return changed > 0


async def check_liveness(system: System, seen: datetime | None, now: datetime) -> HoldReason | None:
    """Stores that a worker is running `now`, and holds all mail if the database or its queue is an old one.

    `seen`: when this process last did so. Redis and the data folder keep the moment as well: if the database
    has an older one, a backup was restored. Returns why mail is held from now on.
    """
    file = system.settings.data_folder / "alive"
    remembered = max([at for at in (seen, await _in_redis(system), _in_file(file)) if at], default=None)
    hold_after = timedelta(hours=system.settings.hold_after_hours)
    reason = None
    async with system.writing() as connection:
        here = await workers.database_id(connection)
        last = await workers.liveness(connection, lock=True)
        if last is not None:
            reason = automatic_hold(
                now=now,
                alive_at=last.at,
                remembered=remembered,
                moved=here != last.database_id,
                anything_queued=await holds.anything_queued(connection),
                hold_after=hold_after,
            )
        if reason is HoldReason.RESTORED:
            await skip_numbers(connection)
        if reason is not None and await holds.begin(connection, reason, now):
            await audit.record(connection, _WORKER, "mail.hold", now=now, target=f"reason:{reason}")
            _log.error("mail_held", reason=str(reason), advice="Look at what is queued, then: mail release")
        await workers.set_liveness(connection, Liveness(now, here))
    await _remember(system, file, now)
    return reason


async def _in_redis(system: System) -> datetime | None:
    try:
        found = await system.redis.get(_KEY)
        return datetime.fromisoformat(found.decode()) if found else None
    except (RedisError, OSError, TimeoutError, ValueError):
        return None


def _in_file(file: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


async def _remember(system: System, file: Path, now: datetime) -> None:
    """Outside of the database; a data folder that can't be written is none."""
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        await system.redis.set(_KEY, now.isoformat())
    await asyncio.to_thread(_write, file, now)


def _write(file: Path, now: datetime) -> None:
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(now.isoformat(), encoding="ascii")

"""Claims due deliveries, rechecks eligibility, renders, sends, records the outcome."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from service.domain.buckets import BUCKETS
from service.domain.delivery.kinds import TRANSACTIONAL
from service.domain.delivery.smtp_reply import OutcomeKind
from service.redis.job_queue import Job
from service.runtime import tracing
from service.store.mail import deliveries
from service.store.mail.claim_names import new_claim
from service.store.sql import clock
from service.store.sql.database import is_away
from workers import database_trouble
from workers.deliver.batch import render_batch
from workers.deliver.claiming import QuotaUsedUp, claim_due, return_unattempted
from workers.deliver.due_buckets import DueBuckets
from workers.deliver.mailer import Mailer
from workers.deliver.outcomes import OutcomeRecorder

_log = structlog.get_logger("deliver")

#: Concurrent batches: while one is being sent, the next ones are loaded and rendered.
LANES = 3
#: Seconds after which a run yields to other jobs and notifies itself for the rest.
SLICE = 20.0
#: Seconds that mails in flight have to finish after a stop signal.
STOP_SECONDS = 5.0

#: The claims of this worker's lanes, each with the end of its lease: then another worker may take over.
Leases = dict[str, datetime]


def lease(mailer: Mailer) -> timedelta:
    """How long a claim is valid without renewal; a killed worker's mails wait that long."""
    return timedelta(seconds=mailer.system.settings.lease_seconds)


def _now(mailer: Mailer) -> datetime:
    """The database's time: another worker compares a lease with its own reading of that."""
    return clock.now(mailer.system.database)


async def deliver(mailer: Mailer, buckets: Sequence[int] = BUCKETS) -> None:
    """Sends due deliveries of these buckets in batches: while one is sent, the next ones are rendered.

    When a lane fails, the leases of the others are renewed until they end too; then its error is raised.
    """
    until = time.monotonic() + SLICE
    leases: Leases = {}
    helpers = [asyncio.create_task(_renew_leases(mailer, leases)), asyncio.create_task(_stop_sending(mailer))]
    try:
        due = DueBuckets(mailer.system, buckets)
        lanes = [_lane(mailer, due, leases, until) for _ in range(LANES)]
        results = await asyncio.gather(*lanes, return_exceptions=True)
    finally:
        for helper in helpers:
            helper.cancel()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    if any(results) and time.monotonic() >= until:
        mailer.system.notifier.notify(Job.DELIVER)


async def _renew_leases(mailer: Mailer, leases: Leases) -> None:
    """Renews the leases of running batches only: a failed batch's claims expire.

    A claim that has lost its rows, because this worker slept or was cut off for too long, is not renewed.
    """
    while True:
        await asyncio.sleep(lease(mailer).total_seconds() / 3)
        until = _now(mailer) + lease(mailer)
        try:
            async with mailer.system.writing() as connection:
                renewed = await deliveries.extend_leases(connection, list(leases), until)
            leases.update(dict.fromkeys(renewed & leases.keys(), until))
        except Exception as error:  # the cause may pass; without this task every lease would expire
            database_trouble.log(mailer.system.database, error, "lease_renewal_failed", job="deliver")


async def _stop_sending(mailer: Mailer) -> None:
    """After a stop signal: mails in flight may finish, the rest is released unattempted."""
    await mailer.system.stopping.wait()
    await mailer.sender.drain(STOP_SECONDS)


async def _lane(mailer: Mailer, due: DueBuckets, leases: Leases, until: float) -> int:
    """Runs batch after batch, each of one bucket; returns how many deliveries it claimed.

    A failed batch's lease expires.
    """
    total = 0
    while time.monotonic() < until and not mailer.system.stopping.is_set():
        claim = ""
        try:
            bucket = await due.next()
            if bucket is None:
                break
            claim, began = new_claim(bucket), time.monotonic()
            leases[claim] = _now(mailer) + lease(mailer)
            size = mailer.batch_size.next
            claimed = await _send_batch(mailer, claim, leases, size)
        except QuotaUsedUp:
            break
        except Exception as error:
            if not is_away(error):
                raise
            database_trouble.log(mailer.system.database, error, "task_failed", job="deliver")
            break
        finally:
            leases.pop(claim, None)
        total += claimed
        due.served(bucket, claimed)
        mailer.batch_size.measured(size, claimed, time.monotonic() - began)
    return total


async def _send_batch(mailer: Mailer, claim: str, leases: Leases, size: int) -> int:
    """One batch of at most `size`, from claim to outcomes; returns how many deliveries it claimed."""
    now = _now(mailer)
    ids = await claim_due(mailer.system, claim, size, now=now, lease_until=leases[claim])
    if not ids:
        return 0
    with tracing.span("send_mails", claim=claim, mails=len(ids)):
        return await _send_claimed(mailer, claim, leases, ids, now)


async def _send_claimed(mailer: Mailer, claim: str, leases: Leases, ids: Sequence[int], now: datetime) -> int:
    outcomes: Mapping[OutcomeKind, int] = {}
    try:
        mails, rows = await render_batch(mailer, claim, ids, now)
        urgent = any(rows[mail.id].priority == TRANSACTIONAL for mail in mails)
        recorder = OutcomeRecorder(mailer, claim, rows, {mail.id: mail.domain for mail in mails})
        outcomes = recorder.counts
        try:
            await mailer.sender.send(
                mails, recorder.record, urgent=urgent, may_go=lambda: _now(mailer) < leases[claim]
            )
        finally:
            await recorder.close()
    finally:
        await return_unattempted(mailer.system, len(ids), outcomes, now)
    runs = sorted({row.run_id for row in rows.values() if row.run_id is not None})
    counts = {str(kind): number for kind, number in outcomes.items()}
    _log.info("mails_sent", claim=claim, claimed=len(ids), runs=runs, **counts)
    return len(ids)

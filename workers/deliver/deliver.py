"""Claims due deliveries, rechecks eligibility, renders, sends, records the outcome."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors, tracing
from service.crypto.keyring import DecryptionError
from service.digests.content import YIELD_EVERY, digest_contents
from service.digests.covered_elsewhere import covered_by_others
from service.domain.buckets import BUCKETS
from service.domain.delivery.kinds import TRANSACTIONAL
from service.domain.delivery.states import DeliveryState
from service.domain.digests.blocks import Ranges, TrialBlock, covered_topics
from service.job_queue import Job
from service.mail.smtp.sender import LazyMessage, Mail, SmtpMessage
from service.person_errors import Stage
from service.store.digests import rollback
from service.store.mail import deliveries
from service.store.mail.claim_names import new_claim
from service.store.mail.claims import ClaimedDelivery, load
from service.store.sql.database import is_away, prefer_index_scans
from workers.deliver.batch_sizes import FIRST_BATCH, batch_size, next_batch
from workers.deliver.claiming import QuotaUsedUp, claim_due, return_unattempted
from workers.deliver.due_buckets import DueBuckets
from workers.deliver.mailer import Mailer
from workers.deliver.outcomes import OutcomeRecorder
from workers.deliver.render import build_message, decrypt_recipient, lazy_digest_message, to_smtp_message
from workers.deliver.written_batch import (
    CARRIED_OVER,
    EMPTY,
    UNREADABLE,
    UNWRITABLE,
    Ending,
    RenderedBatch,
    cancellation_reason,
    digest_requests,
    in_supported_language,
    is_digest,
)

_log = structlog.get_logger("deliver")

#: Concurrent batches: while one is being sent, the next ones are loaded and rendered.
LANES = 3
#: Seconds after which a run yields to other jobs and notifies itself for the rest.
SLICE = 20.0
#: Seconds that mails in flight have to finish when the worker is asked to stop.
STOP_SECONDS = 5.0
#: Delay of a delivery whose rows the database failed to read.
READ_ERROR_DELAY = timedelta(minutes=5)

_MAILS = (SmtpMessage, LazyMessage)


#: The claims of this worker's lanes, each with the end of its lease: then another worker may take over.
Leases = dict[str, datetime]


def lease(mailer: Mailer) -> timedelta:
    """How long a claim is valid without renewal; a killed worker's mails wait that long."""
    return timedelta(seconds=mailer.system.settings.lease_seconds)


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
        until = datetime.now(UTC) + lease(mailer)
        try:
            async with mailer.system.writing() as connection:
                renewed = await deliveries.extend_leases(connection, list(leases), until)
            leases.update(dict.fromkeys(renewed & leases.keys(), until))
        except Exception as error:  # the cause may pass; without this task every lease would expire
            _log.warning("lease_renewal_failed", error=type(error).__name__)


async def _stop_sending(mailer: Mailer) -> None:
    """When the worker is asked to stop: mails in flight may finish, the rest is released unattempted."""
    await mailer.system.stopping.wait()
    await mailer.sender.drain(STOP_SECONDS)


async def _lane(mailer: Mailer, due: DueBuckets, leases: Leases, until: float) -> int:
    """Runs batch after batch, each of one bucket; returns how many deliveries it claimed.

    A failed batch's lease expires.
    """
    settings, total = mailer.system.settings, 0
    most = batch_size(settings.smtp_rate)
    size = min(FIRST_BATCH, most)
    while time.monotonic() < until and not mailer.system.stopping.is_set():
        claim = ""
        try:
            bucket = await due.next()
            if bucket is None:
                break
            claim, began = new_claim(bucket), time.monotonic()
            leases[claim] = datetime.now(UTC) + lease(mailer)
            claimed = await _send_batch(mailer, claim, leases, size)
        except QuotaUsedUp:
            break
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("database_unavailable", error=type(error).__name__)
            break
        finally:
            leases.pop(claim, None)
        total += claimed
        due.served(bucket, claimed)
        if claimed:
            size = min(most, next_batch(size, claimed, time.monotonic() - began, settings.smtp_connections))
    return total


async def _send_batch(mailer: Mailer, claim: str, leases: Leases, size: int) -> int:
    """One batch of at most `size`, from claim to outcomes; returns how many deliveries it claimed."""
    now = datetime.now(UTC)
    ids = await claim_due(mailer.system, claim, size, now=now, lease_until=leases[claim])
    if not ids:
        return 0
    with tracing.span("send_mails", claim=claim, mails=len(ids)):
        return await _send_claimed(mailer, claim, leases, ids, now)


async def _send_claimed(mailer: Mailer, claim: str, leases: Leases, ids: Sequence[int], now: datetime) -> int:
    mails, rows = await _render_batch(mailer, claim, ids, now)
    urgent = any(rows[mail.id].priority == TRANSACTIONAL for mail in mails)
    recorder = OutcomeRecorder(mailer, claim, rows, {mail.id: mail.domain for mail in mails})
    try:
        await mailer.sender.send(
            mails, recorder.record, urgent=urgent, may_go=lambda: datetime.now(UTC) < leases[claim]
        )
    finally:
        await recorder.close()
        await return_unattempted(mailer.system, len(ids), recorder.counts, now)
    runs = sorted({row.run_id for row in rows.values() if row.run_id is not None})
    counts = {str(kind): number for kind, number in recorder.counts.items()}
    _log.info("mails_sent", claim=claim, claimed=len(ids), runs=runs, **counts)
    return len(ids)


async def _render_batch(
    mailer: Mailer, claim: str, ids: Sequence[int], now: datetime
) -> tuple[list[Mail], dict[int, ClaimedDelivery]]:
    """The mails of the deliveries that are still eligible; the others end here, each with its reason."""
    batch = RenderedBatch()
    async with mailer.system.reading() as connection:
        await prefer_index_scans(connection)
        rows = [in_supported_language(row, batch) for row in await load(connection, ids, now)]
        requests = digest_requests(rows, batch)
        beside = await covered_by_others(connection, requests)
        contents = await digest_contents(connection, mailer.content_cache, requests, beside, batch.unusable)
        remaining = deque(rows)
        await _render_all(mailer, connection, remaining, contents, batch, now)
    while remaining:
        async with mailer.system.reading() as connection:
            await _render_all(mailer, connection, remaining, contents, batch, now)
    await person_errors.report(mailer.system, Stage.DELIVER, batch.unusable.people)
    covered = {
        digest_id: _covered_topics(blocks, beside.get(digest_id))
        for digest_id, blocks in contents.items()
        if blocks or beside.get(digest_id)
    }
    async with mailer.system.writing() as connection:
        await deliveries.store_covered_topics(connection, covered)
        for reason, rows_ended in batch.ended.items():
            await _finish(connection, claim, rows_ended, reason, now)
        if batch.postponed:
            await deliveries.put_back(
                connection, claim, batch.postponed, due_at=now + READ_ERROR_DELAY, tried=False
            )
    return batch.mails, {row.id: row for row in rows}


async def _render_all(
    mailer: Mailer,
    connection: AsyncConnection,
    remaining: deque[ClaimedDelivery],
    contents: Mapping[int, tuple[TrialBlock, ...]],
    batch: RenderedBatch,
    now: datetime,
) -> None:
    """Renders the mails of `remaining` and removes them from it, until it is empty or the transaction failed.

    A delivery whose rows the database fails to read is postponed; the next ones need another transaction.
    Raises the error if it shows that the database is unavailable (`is_away`).
    """
    for number in range(len(remaining)):
        if number % YIELD_EVERY == 0:
            await asyncio.sleep(0)
        row = remaining.popleft()
        try:
            rendered = await _render(mailer, connection, row, contents.get(row.digest_id, ()), batch, now)
        except SQLAlchemyError as error:
            if is_away(error):
                raise
            _log.error("delivery_postponed", delivery=row.id, error=type(error).__name__)
            batch.postponed.append(row.id)
            await connection.rollback()
            return
        if isinstance(rendered, _MAILS):
            batch.mails.append(rendered)
        else:
            batch.ended.setdefault(rendered, []).append(row)


def _covered_topics(blocks: Sequence[TrialBlock], by_others: Mapping[int, Ranges] | None) -> dict[str, Any]:
    """The trials and topics of a digest as stored JSON: the unsubscribe page offers these topics."""
    covered: dict[str, Any] = {
        "trials": [block.nct_id for block in blocks],
        "topics": covered_topics(blocks),
    }
    if by_others:
        covered["by_others"] = {str(topic_id): parts for topic_id, parts in by_others.items()}
    return covered


async def _render(
    mailer: Mailer,
    connection: AsyncConnection,
    row: ClaimedDelivery,
    blocks: tuple[TrialBlock, ...],
    batch: RenderedBatch,
    now: datetime,
) -> Mail | Ending:
    """The mail of a delivery; or, when there will be none, its final state and the reason.

    A mail that can't be rendered must not block the others of its batch.
    """
    reason = cancellation_reason(row)
    if reason is not None:
        return DeliveryState.CANCELLED, reason
    try:
        if row.digest_id in batch.unusable.digests:
            raise batch.unusable.digests[row.digest_id]
        person = decrypt_recipient(mailer, row)
        if is_digest(row):
            return lazy_digest_message(mailer, row, person, blocks, now) if blocks else EMPTY
        message = await build_message(connection, mailer, row, person, now)
        return to_smtp_message(mailer, row, message) if message else EMPTY
    except DecryptionError as error:
        batch.record_error(row, error)
        return UNREADABLE
    except SQLAlchemyError:
        raise
    except Exception as error:
        if is_away(error):
            raise
        batch.record_error(row, error)
        return UNWRITABLE


async def _finish(
    connection: AsyncConnection,
    claim: str,
    rows: Sequence[ClaimedDelivery],
    reason: Ending,
    now: datetime,
) -> None:
    """Ends deliveries without a mail; changes that were only held back go to a later digest."""
    ids = [row.id for row in rows]
    await deliveries.finish(connection, claim, ids, state=reason[0], outcome=reason[1], now=now)
    if reason in CARRIED_OVER:
        digests = [row.digest_id for row in rows if row.digest_id is not None]
        await rollback.roll_back_digests(connection, digests)

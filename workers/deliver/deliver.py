"""Deliver: claim what is due, check again, word it, send it, write down what became of it."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors
from service.crypto.keyring import DecryptionError
from service.digests.content import YIELD_EVERY, digest_contents
from service.digests.covered_elsewhere import told_beside
from service.domain.delivery.eligibility import NEWS, News, Reason, reasons_against
from service.domain.digests.blocks import Ranges, TrialBlock
from service.job_queue import Job
from service.mail.smtp.sender import LazyMessage, Mail, SmtpMessage
from service.person_errors import Stage
from service.store.digests import rollback as taking_back
from service.store.mail import deliveries
from service.store.mail.claims import ClaimedDelivery, load
from service.store.sql.database import is_away, prefer_index_scans, reading, writing
from workers.deliver.mailer import Mailer
from workers.deliver.outcomes import OutcomeRecorder
from workers.deliver.render import build_message, decrypt_recipient, lazy_digest_message, to_smtp_message
from workers.deliver.written_batch import WrittenBatch, in_a_known_language, is_digest, wanted_of

_log = structlog.get_logger("deliver")

#: Mails claimed at once: at first few, then as many as go out within seconds, so that none is sent long after
#: it was looked at.
FIRST_BATCH = 100
BATCH = 1_000
BATCH_SECONDS = 5
#: Batches at once: while one is on the wire, the next ones are read and written.
LANES = 3
#: Seconds after which a look gives way to other jobs, and rings for the rest.
SLICE = 20.0
#: Seconds that mails in flight have to finish when the worker is asked to stop.
STOP_SECONDS = 5.0
#: How long a mail waits that could not be written for an error of the database about its rows.
PUT_OFF = timedelta(minutes=5)

EMPTY = ("empty", "nothing_to_tell")
UNREADABLE = ("failed", "unreadable")
UNWRITABLE = ("failed", "unwritable")
#: Why deliveries end without a mail though a later digest tells what they would have told.
TOLD_LATER = {UNWRITABLE, *(("cancelled", str(one)) for one in Reason if NEWS[one] is News.HOLD)}

_MAILS = (SmtpMessage, LazyMessage)


#: The claims of this worker's lanes, each with the end of its lease: after it another worker may take over.
Held = dict[str, datetime]


def lease(post: Mailer) -> timedelta:
    """How long a claim holds without being renewed; a killed worker's mails wait that long."""
    return timedelta(seconds=post.system.settings.lease_seconds)


def batch_size(rate: float) -> int:
    """How many mails are claimed at most at so many a second; a rate of 0 is no limit."""
    return BATCH if rate <= 0 else min(BATCH, max(1, round(rate * BATCH_SECONDS)))


def next_batch(taken: int, seconds: float, connections: int) -> int:
    """How many mails to claim when the last batch took so long: no server is as fast as another."""
    soon = round(taken * BATCH_SECONDS / max(seconds, 0.001))
    return max(connections, min(soon, 4 * taken, BATCH))


async def deliver(post: Mailer) -> None:
    """Sends what is due, batch by batch: while one is on the wire, the next ones are being written.

    When a lane fails, the leases of the others are kept until these are over too; then its error is raised.
    """
    until = time.monotonic() + SLICE
    held: Held = {}
    helpers = [asyncio.create_task(_keep_leases(post, held)), asyncio.create_task(_stop_sending(post))]
    try:
        lanes = [_lane(post, held, until) for _ in range(LANES)]
        results = await asyncio.gather(*lanes, return_exceptions=True)
    finally:
        for helper in helpers:
            helper.cancel()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    if any(results) and time.monotonic() >= until:
        post.system.notifier.notify(Job.DELIVER)


async def _keep_leases(post: Mailer, held: Held) -> None:
    """Keeps what the lanes hold, and nothing else: what a failed batch leaves is free after its lease.

    A claim that holds nothing any more, because this worker slept or was cut off for too long, stays over.
    """
    while True:
        await asyncio.sleep(lease(post).total_seconds() / 3)
        until = datetime.now(UTC) + lease(post)
        try:
            async with writing(post.system.database) as connection:
                kept = await deliveries.extend_leases(connection, list(held), until)
            held.update(dict.fromkeys(kept & held.keys(), until))
        except Exception as error:  # it may pass: without this task every lease would end
            _log.warning("leases_not_kept", error=type(error).__name__)


async def _stop_sending(post: Mailer) -> None:
    """Once the worker is asked to stop: what is in flight may finish, the rest is given back untried."""
    await post.system.stopping.wait()
    await post.sender.drain(STOP_SECONDS)


async def _lane(post: Mailer, held: Held, until: float) -> int:
    """Batch after batch; returns how many deliveries it took. A batch that fails waits for its lease."""
    settings, size, total = post.system.settings, FIRST_BATCH, 0
    while time.monotonic() < until and not post.system.stopping.is_set():
        claim, began = token_hex(8), time.monotonic()
        held[claim] = datetime.now(UTC) + lease(post)
        try:
            taken = await _send_batch(post, claim, held, min(size, batch_size(settings.smtp_rate)))
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("database_away", error=type(error).__name__)
            break
        finally:
            del held[claim]
        total += taken
        if taken == 0:
            break
        size = next_batch(taken, time.monotonic() - began, settings.smtp_connections)
    return total


async def _send_batch(post: Mailer, claim: str, held: Held, size: int) -> int:
    """One batch of at most `size`, from claim to outcomes; returns how many deliveries it took."""
    now = datetime.now(UTC)
    async with writing(post.system.database) as connection:
        ids = await deliveries.claim(connection, claim=claim, limit=size, now=now, lease_until=held[claim])
    if not ids:
        return 0
    mails, rows = await _write_mails(post, claim, ids, now)
    urgent = any(rows[mail.id].priority == deliveries.TRANSACTIONAL for mail in mails)
    record = OutcomeRecorder(post, claim, rows, {mail.id: mail.domain for mail in mails})
    try:
        await post.sender.send(
            mails, record.note, urgent=urgent, may_go=lambda: datetime.now(UTC) < held[claim]
        )
    finally:
        await record.close()
    return len(ids)


async def _write_mails(
    post: Mailer, claim: str, ids: Sequence[int], now: datetime
) -> tuple[list[Mail], dict[int, ClaimedDelivery]]:
    """The mails of those deliveries that may still go; the others end here, each with its reason."""
    batch = WrittenBatch()
    async with reading(post.system.database) as connection:
        await prefer_index_scans(connection)
        rows = [in_a_known_language(row, batch) for row in await load(connection, ids, now)]
        wanted = wanted_of(rows, batch)
        beside = await told_beside(connection, wanted)
        told = await digest_contents(connection, post.known, wanted, beside, batch.unusable)
        left = deque(rows)
        await _write_all(post, connection, left, told, batch, now)
    while left:
        async with reading(post.system.database) as connection:
            await _write_all(post, connection, left, told, batch, now)
    await person_errors.report(post.system, Stage.DELIVER, batch.unusable.people)
    kept = {key: _told(blocks, beside.get(key)) for key, blocks in told.items() if blocks or beside.get(key)}
    async with writing(post.system.database) as connection:
        await deliveries.keep_told(connection, kept)
        for reason, rows_ended in batch.ended.items():
            await _end(connection, claim, rows_ended, reason, now)
        if batch.put_off:
            await deliveries.put_back(connection, claim, batch.put_off, due_at=now + PUT_OFF, tried=False)
    return batch.mails, {row.id: row for row in rows}


async def _write_all(
    post: Mailer,
    connection: AsyncConnection,
    left: deque[ClaimedDelivery],
    told: Mapping[int, tuple[TrialBlock, ...]],
    batch: WrittenBatch,
    now: datetime,
) -> None:
    """Writes the mails of `left` and takes them out of it, until all are written or the transaction failed.

    A mail whose rows the database refuses to read is put off, for that is no fault of the mail; the next
    ones need another transaction. Raises what tells that the database is away.
    """
    for number in range(len(left)):
        if number % YIELD_EVERY == 0:
            await asyncio.sleep(0)
        row = left.popleft()
        try:
            written = await _write(post, connection, row, told.get(row.digest_id, ()), batch, now)
        except SQLAlchemyError as error:
            if is_away(error):
                raise
            _log.error("mail_put_off", delivery=row.id, error=type(error).__name__)
            batch.put_off.append(row.id)
            await connection.rollback()
            return
        if isinstance(written, _MAILS):
            batch.mails.append(written)
        else:
            batch.ended.setdefault(written, []).append(row)


def _told(blocks: Sequence[TrialBlock], by_others: Mapping[int, Ranges] | None) -> dict[str, Any]:
    """What a digest tells, as it is kept: the unsubscribe page offers these topics."""
    topics = dict.fromkeys(topic for block in blocks for topic in block.topics)
    told: dict[str, Any] = {"trials": [block.nct_id for block in blocks], "topics": list(topics)}
    if by_others:
        told["by_others"] = {str(topic_id): parts for topic_id, parts in by_others.items()}
    return told


async def _write(
    post: Mailer,
    connection: AsyncConnection,
    row: ClaimedDelivery,
    blocks: tuple[TrialBlock, ...],
    batch: WrittenBatch,
    now: datetime,
) -> Mail | tuple[str, str]:
    """The mail of a delivery; or, when there will be none, its last state and the reason.

    One mail that can't be written must not hold up the others of its batch, today and for ever.
    """
    reason = cancellation_reason(row)
    if reason is not None:
        return "cancelled", str(reason)
    try:
        if row.digest_id in batch.unusable.digests:
            raise batch.unusable.digests[row.digest_id]
        person = decrypt_recipient(post, row)
        if is_digest(row):
            return lazy_digest_message(post, row, person, blocks, now) if blocks else EMPTY
        said = await build_message(connection, post, row, person, now)
        return to_smtp_message(post, row, said) if said else EMPTY
    except DecryptionError as error:
        batch.note(row, error)
        return UNREADABLE
    except SQLAlchemyError:
        raise
    except Exception as error:
        if is_away(error):
            raise
        batch.note(row, error)
        return UNWRITABLE


async def _end(
    connection: AsyncConnection,
    claim: str,
    rows: Sequence[ClaimedDelivery],
    reason: tuple[str, str],
    now: datetime,
) -> None:
    """Ends deliveries without a mail. What is only held back now is told later."""
    ids = [row.id for row in rows]
    await deliveries.finish(connection, claim, ids, state=reason[0], outcome=reason[1], now=now)
    if reason in TOLD_LATER:
        digests = [row.digest_id for row in rows if row.digest_id is not None]
        await taking_back.take_back_all(connection, digests)


def cancellation_reason(row: ClaimedDelivery) -> Reason | None:
    """Why a claimed delivery must not be sent any more; None: it may go.

    Checked again here, right before the mail is written: what was queued yesterday may be unwanted today
    (last check, docs/standards.md).
    """
    for reason in reasons_against(row.kind):
        if getattr(row, reason):
            return reason
    return None

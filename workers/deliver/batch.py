"""Renders a batch of claimed deliveries: rechecks eligibility, ends those without a mail."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors
from service.crypto.keyring import DecryptionError
from service.digests.content import Unusable, digest_contents
from service.digests.covered_elsewhere import covered_by_others
from service.digests.digest_input import DigestRequest
from service.domain.delivery.eligibility import CARRY_OVER, CarryOver, Ineligibility, reasons_against
from service.domain.delivery.retry import UNRENDERED_DELAY
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.states import DeliveryState, FinishReason
from service.domain.digests.blocks import Ranges, TrialBlock, covered_topics
from service.languages import nearest, supported
from service.mail.smtp.envelope import TemplateFault
from service.mail.smtp.sender import LazyMessage, OutgoingMessage, SmtpMessage
from service.person_errors import Operation
from service.runtime.cooperative import YIELD_EVERY, batched, cooperatively
from service.store.digests import rollback
from service.store.digests.digests import read_topics
from service.store.mail import deliveries
from service.store.mail.claimed_deliveries import ClaimedDelivery, load
from service.store.sql.database import is_away, prefer_index_scans
from workers.deliver.mailer import Mailer
from workers.deliver.render import build_mail, decrypt_recipient, lazy_digest_message, to_smtp_message

_log = structlog.get_logger("deliver")

_MAILS = (SmtpMessage, LazyMessage)

#: Whether each reason holds for a delivery.
_REASONS = attrgetter(*Ineligibility)

#: The last state of a delivery for which no mail is sent, and its outcome.
Ending = tuple[DeliveryState, Ineligibility | FinishReason | OutcomeKind]

EMPTY: Ending = (DeliveryState.EMPTY, FinishReason.NOTHING_TO_TELL)
UNREADABLE: Ending = (DeliveryState.FAILED, FinishReason.UNREADABLE)
UNWRITABLE: Ending = (DeliveryState.FAILED, OutcomeKind.UNWRITABLE)
#: End states without a mail whose changes are carried over to a later digest.
CARRIED_OVER = {
    UNWRITABLE,
    *((DeliveryState.CANCELLED, reason) for reason in Ineligibility if CARRY_OVER[reason] is CarryOver.HOLD),
}


@dataclass(slots=True)
class RenderedBatch:
    """The mails of a batch, the deliveries that end without one by reason, and the ids of those postponed.

    `broken`: of those whose template is broken, by its fault.
    """

    mails: list[OutgoingMessage] = field(default_factory=list)
    ended: dict[Ending, list[ClaimedDelivery]] = field(default_factory=dict)
    postponed: list[int] = field(default_factory=list)
    broken: dict[str, list[int]] = field(default_factory=dict)
    unusable: Unusable = field(default_factory=Unusable)

    def record_error(self, row: ClaimedDelivery, error: Exception) -> None:
        """Records the type of an error for the log; its text may contain an address."""
        self.unusable.people[row.subscriber_id] = type(error).__name__


def is_digest(row: ClaimedDelivery) -> bool:
    """Whether it is a digest for a subscriber who has not been erased."""
    return row.digest_id is not None and row.sealed is not None


def digest_requests(rows: Sequence[ClaimedDelivery], batch: RenderedBatch) -> list[DigestRequest]:
    """The content requests of the digests among `rows`; an unreadable one is recorded as unusable."""
    digests = []
    for row in rows:
        if not is_digest(row):
            continue
        try:
            covered = read_topics(row.topics)
        except ValueError as error:
            batch.unusable.digests[row.digest_id] = error
            continue
        digests.append(
            DigestRequest(
                row.digest_id,
                row.subscriber_id,
                row.run_id,
                covered,
                row.to_seq,
                row.locale,
                row.catches_up,
                row.period_start_seq,
            )
        )
    return digests


def in_supported_language(row: ClaimedDelivery, batch: RenderedBatch) -> ClaimedDelivery:
    """The delivery in its reader's language, or the nearest one if that language is not installed."""
    if row.locale is None or row.locale in supported():
        return row
    batch.unusable.people[row.subscriber_id] = "unknown language"
    return row._replace(locale=nearest([row.locale]))


def cancellation_reason(row: ClaimedDelivery) -> Ineligibility | None:
    """Why a claimed delivery must not be sent any more, or None.

    Checked again right before the mail is rendered: consent may have ended since it was queued
    (last check, docs/standards.md).
    """
    if not any(_REASONS(row)):  # as with nearly all of them
        return None
    for reason in reasons_against(row.kind):
        if getattr(row, reason):
            return reason
    return None


async def render_batch(
    mailer: Mailer, claim: str, ids: Sequence[int], now: datetime
) -> tuple[list[OutgoingMessage], dict[int, ClaimedDelivery]]:
    """The mails of the deliveries that are still eligible; the others end here, each with its reason.

    Without those that the claim has lost meanwhile: to another worker, or by an erasure.
    """
    batch = RenderedBatch()
    kept = timedelta(days=mailer.system.settings.keep_deliveries_days)
    async with mailer.system.reading() as connection:
        await prefer_index_scans(connection)
        rows = [in_supported_language(row, batch) for row in await load(connection, ids, now, kept)]
        requests: list[DigestRequest] = []
        async for part in cooperatively(batched(rows)):
            requests += digest_requests(part, batch)
        elsewhere = await covered_by_others(connection, requests)
        contents = await digest_contents(
            connection, mailer.content_cache, requests, elsewhere, batch.unusable
        )
        remaining = deque(rows)
        await _render_all(mailer, connection, remaining, contents, batch, now)
    while remaining:
        async with mailer.system.reading() as connection:
            await _render_all(mailer, connection, remaining, contents, batch, now)
    await person_errors.report(mailer.system, Operation.DELIVER, batch.unusable.people)
    async with mailer.system.writing() as connection:
        carried_over = [row for reason in CARRIED_OVER for row in batch.ended.get(reason, ())]
        # First, as everywhere: before mails and subscriptions.
        await rollback.lock_people(connection, {row.subscriber_id for row in carried_over})
        mine = await deliveries.still_claimed(connection, claim, ids)
        covered = {
            row.digest_id: _covered_topics(contents.get(row.digest_id, ()), elsewhere.get(row.digest_id))
            for row in rows
            if row.id in mine and (contents.get(row.digest_id) or elsewhere.get(row.digest_id))
        }
        await deliveries.store_covered_topics(connection, covered)
        for reason, rows_ended in batch.ended.items():
            await _finish(connection, claim, rows_ended, reason, now)
        again = now + UNRENDERED_DELAY
        if batch.postponed:
            await deliveries.requeue(connection, claim, batch.postponed, due_at=again, tried=False)
        outcome = str(OutcomeKind.TEMPLATE_FAULT)
        for fault, ids in batch.broken.items():
            await deliveries.requeue(
                connection, claim, ids, due_at=again, outcome=outcome, server_reply=fault, tried=False
            )
    return [mail for mail in batch.mails if mail.id in mine], {row.id: row for row in rows}


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
        except TemplateFault as fault:
            _log.error("template_fault", delivery=row.id, kind=row.kind, reason=str(fault))
            batch.broken.setdefault(str(fault), []).append(row.id)
            continue
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
) -> OutgoingMessage | Ending:
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
        addressed = await build_mail(connection, mailer, row, person, now)
        return to_smtp_message(mailer, row, addressed) if addressed else EMPTY
    except DecryptionError as error:
        batch.record_error(row, error)
        return UNREADABLE
    except (SQLAlchemyError, TemplateFault):
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
    """Ends deliveries without a mail; changes that were only postponed go to a later digest."""
    ids = [row.id for row in rows]
    ended = await deliveries.finish(connection, claim, ids, state=reason[0], outcome=reason[1], now=now)
    if reason in CARRIED_OVER:
        digests = [row.digest_id for row in rows if row.digest_id is not None and row.id in ended]
        await rollback.roll_back_digests(connection, digests)

"""What became of each mail, written down before its connection goes on: a crash repeats at most one each."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.retry import MailKind, next_attempt
from service.domain.delivery.smtp_reply import Outcome, OutcomeKind
from service.store.digests import rollback
from service.store.mail import deliveries, receipts
from service.store.mail.claims import ClaimedDelivery
from service.store.mail.receipts import ReceiptWriter
from service.store.people import bounces
from service.store.people.bounces import apply_outcome
from service.store.sql.database import is_away, writing
from workers.deliver.mailer import Mailer

_log = structlog.get_logger("deliver")

_KINDS = {
    "digest": MailKind.DIGEST,
    "confirmation": MailKind.CONFIRMATION,
    "address_change": MailKind.CONFIRMATION,
}

#: Seconds that an outcome waits for company, unless half of the connections have one already: a note of four
#: costs the database and this process hardly more than a note of one.
GATHER_SECONDS = 0.001
#: Seconds after which mails that were noted as sent are ended, though their batch goes on.
NOTED_SECONDS = 5.0


class OutcomeRecorder:
    """Writes the outcomes of one claim down in groups: while one group is being stored, the next one gathers.

    What was sent is noted in haste, which outlives this process. Every few seconds, and at the end, all of it
    is said again for the disk, and so whatever the database forgot if it died meanwhile.
    """

    def __init__(
        self, post: Mailer, claim: str, rows: Mapping[int, ClaimedDelivery], domains: Mapping[int, str]
    ) -> None:
        self._post, self._claim, self._rows, self._domains = post, claim, rows, domains
        self._enough = max(1, post.system.settings.smtp_connections // 2)
        self._waiting: dict[int, Outcome] = {}
        self._written: asyncio.Future[None] | None = None
        self._due = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._is_closing = False
        self._writer = asyncio.create_task(self._write())
        self._sent: list[int] = []
        self._flushed_at = time.monotonic()
        self._notes = ReceiptWriter(post.notes, claim)

    def note(self, delivery_id: int, outcome: Outcome) -> "asyncio.Future[None]":
        """Takes one outcome; what is returned is done when it is stored."""
        if self._written is None:
            loop = asyncio.get_running_loop()
            self._written = loop.create_future()
            self._timer = loop.call_later(GATHER_SECONDS, self._due.set)
        self._waiting[delivery_id] = outcome
        if len(self._waiting) >= self._enough:
            self._due.set()
        return self._written

    async def _write(self) -> None:
        """Stores one group after the other, until this is closed."""
        while not self._is_closing or self._waiting:
            await self._due.wait()
            self._due.clear()
            if self._timer is not None:
                self._timer.cancel()
            outcomes, self._waiting = self._waiting, {}
            written, self._written = self._written, None
            await self._store(outcomes)
            if time.monotonic() - self._flushed_at > NOTED_SECONDS:
                await self._flush_durably()
            if written is not None and not written.done():
                written.set_result(None)

    async def _retry_until_stored(self, store: Callable[[datetime], Awaitable[None]], mails: int) -> None:
        """Stores, however long that takes and whatever prevents it: meanwhile no connection sends a mail.

        A worker that went on without a record would send again what was sent.
        """
        wait = 0.1
        while True:
            try:
                return await store(datetime.now(UTC))
            except Exception as error:
                level = logging.WARNING if is_away(error) else logging.ERROR
                _log.log(level, "outcomes_wait", error=type(error).__name__, mails=mails)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 2.0)

    async def _store(self, outcomes: Mapping[int, Outcome]) -> None:
        sent = [one for one, outcome in outcomes.items() if outcome.kind is OutcomeKind.SENT]
        if sent:
            await self._retry_until_stored(partial(self._notes.sent, sent), len(sent))
            self._sent.extend(sent)
        if len(sent) < len(outcomes):
            await self._retry_until_stored(partial(self._store_failures, outcomes), len(outcomes) - len(sent))

    async def _store_failures(self, outcomes: Mapping[int, Outcome], now: datetime) -> None:
        async with writing(self._post.system.database) as connection:
            await self._end_or_queue_again(connection, outcomes, now)

    async def _end_or_queue_again(
        self, connection: AsyncConnection, outcomes: Mapping[int, Outcome], now: datetime
    ) -> None:
        not_tried: dict[datetime, list[int]] = {}
        for delivery_id, outcome in outcomes.items():
            if outcome.kind is OutcomeKind.NOT_ATTEMPTED:
                not_tried.setdefault(self._when_free(delivery_id, now), []).append(delivery_id)
            elif outcome.kind is not OutcomeKind.SENT:
                await self._store_failure(connection, self._rows[delivery_id], outcome, now)
        for due_at, ids in not_tried.items():
            await deliveries.put_back(connection, self._claim, ids, due_at=due_at, tried=False)

    async def _store_failure(
        self, connection: AsyncConnection, row: ClaimedDelivery, outcome: Outcome, now: datetime
    ) -> None:
        words = str(outcome.kind)
        if outcome.alerts:
            _log.error("refused", kind=words, delivery=row.id, status=outcome.enhanced, code=outcome.code)
        if outcome.may_retry:
            again = self._again(row, outcome, now)
            if again is not None:
                await deliveries.put_back(
                    connection,
                    self._claim,
                    [row.id],
                    due_at=again,
                    outcome=words,
                    server_reply=outcome.server_reply,
                )
                return
        final = "bounced" if outcome.kind is OutcomeKind.HARD_BOUNCE else "failed"
        history = [{"at": now.isoformat(), "kind": words, "code": outcome.code, "status": outcome.enhanced}]
        await deliveries.finish(
            connection,
            self._claim,
            [row.id],
            state=final,
            outcome=words,
            now=now,
            history=history,
            server_reply=outcome.server_reply,
        )
        if row.digest_id is not None:
            await rollback.roll_back_digest(connection, row.digest_id)
        if row.kind not in deliveries.TO_ANOTHER_ADDRESS:
            await apply_outcome(connection, row.subscriber_id, outcome.kind, source="smtp", now=now)

    def _again(self, row: ClaimedDelivery, outcome: Outcome, now: datetime) -> datetime | None:
        if outcome.kind is OutcomeKind.ROUTE:
            soon = max(self._post.sender.down_until or now, now) + timedelta(seconds=1)
            return soon if soon - row.first_attempt_at < timedelta(days=4) else None
        kind = _KINDS.get(row.kind, MailKind.LINK)
        hours = self._post.system.settings.confirm_hours
        return next_attempt(kind, row.attempts, row.first_attempt_at, now, random.random, hours)

    def _when_free(self, delivery_id: int, now: datetime) -> datetime:
        return self._post.sender.domains.paused_until(self._domains[delivery_id]) or now

    async def close(self) -> None:
        """Waits until everything is stored for good; forgets the earlier failures of those who got mail."""
        self._is_closing = True
        self._due.set()
        await self._writer
        await self._flush_durably()

    async def _flush_durably(self) -> None:
        await self._notes.close()
        if self._sent:
            await self._retry_until_stored(self._confirm, len(self._sent))
            self._sent.clear()
        self._flushed_at = time.monotonic()

    async def _confirm(self, now: datetime) -> None:
        async with writing(self._post.system.database) as connection:
            people = await deliveries.mark_sent(connection, self._claim, self._sent, now)
            await receipts.drop(connection, self._claim)
            await bounces.forget(connection, people)

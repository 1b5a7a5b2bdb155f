"""Records the outcome of each mail before its connection sends the next: a crash repeats at most one each."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import MAIL_KINDS, TO_OTHER_ADDRESS
from service.domain.delivery.retry import UNRENDERED_DELAY, connection_backoff, link_policy, next_attempt
from service.domain.delivery.smtp_reply import Outcome, OutcomeKind
from service.domain.delivery.states import DeliveryState
from service.store.digests import rollback
from service.store.mail import deliveries, receipts
from service.store.mail.claimed_deliveries import ClaimedDelivery
from service.store.mail.receipts import ReceiptWriter
from service.store.people import bounces, subscribers
from service.store.people.bounces import apply_outcome
from service.store.sql import clock
from workers import database_trouble
from workers.deliver.mailer import Mailer

_log = structlog.get_logger("deliver")

#: Seconds that an outcome waits for others, unless half of the connections have reported one: writing four
#: costs the database and this process hardly more than writing one.
GATHER_SECONDS = 0.001
#: Seconds between durable flushes of send receipts while a batch is running.
FLUSH_SECONDS = 5.0


class OutcomeRecorder:
    """Stores the outcomes of one claim in groups: while one group is being stored, the next one gathers.

    Sent outcomes are first stored as receipts with asynchronous commit, which survive this process. Every
    few seconds, and at the end, they are flushed in a durable transaction, including any receipt that the
    database lost in a crash meanwhile.
    """

    def __init__(
        self, mailer: Mailer, claim: str, rows: Mapping[int, ClaimedDelivery], domains: Mapping[int, str]
    ) -> None:
        self._mailer, self._claim, self._rows, self._domains = mailer, claim, rows, domains
        self._group_size = max(1, mailer.system.settings.smtp_connections // 2)
        self._pending: dict[int, Outcome] = {}
        self.counts = Counter[OutcomeKind]()
        self._stored: asyncio.Future[None] | None = None
        self._flush_due = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._closing = False
        self._writer = asyncio.create_task(self._write())
        self._sent: list[int] = []
        self._replies: dict[int, str] = {}
        self._flushed_at = time.monotonic()
        self._receipts = ReceiptWriter(mailer.receipts_db, claim)

    def record(self, delivery_id: int, outcome: Outcome) -> "asyncio.Future[None]":
        """Adds an outcome to the current group; the returned future is done once the group is stored."""
        if self._stored is None:
            loop = asyncio.get_running_loop()
            self._stored = loop.create_future()
            self._timer = loop.call_later(GATHER_SECONDS, self._flush_due.set)
        self._pending[delivery_id] = outcome
        self.counts[outcome.kind] += 1
        if len(self._pending) >= self._group_size:
            self._flush_due.set()
        return self._stored

    async def _write(self) -> None:
        """Stores one group after the other until the recorder is closed."""
        while not self._closing or self._pending:
            await self._flush_due.wait()
            self._flush_due.clear()
            if self._timer is not None:
                self._timer.cancel()
            outcomes, self._pending = self._pending, {}
            stored, self._stored = self._stored, None
            await self._store(outcomes)
            if time.monotonic() - self._flushed_at > FLUSH_SECONDS:
                await self._flush_durably()
            if stored is not None and not stored.done():
                stored.set_result(None)

    async def _retry_until_stored(self, store: Callable[[datetime], Awaitable[None]], mails: int) -> None:
        """Retries without limit, with growing pauses; meanwhile no connection sends a mail.

        A worker that went on without recording outcomes would send the same mails again.
        """
        wait = 0.1
        while True:
            try:
                return await store(clock.now(self._mailer.system.database))
            except Exception as error:
                database = self._mailer.system.database
                database_trouble.log(database, error, "outcomes_not_stored", job="deliver", mails=mails)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 2.0)

    async def _store(self, outcomes: Mapping[int, Outcome]) -> None:
        sent = [id_ for id_, outcome in outcomes.items() if outcome.kind is OutcomeKind.SENT]
        if sent:
            await self._retry_until_stored(partial(self._receipts.sent, sent), len(sent))
            self._sent.extend(sent)
            self._replies.update((id_, outcomes[id_].server_reply) for id_ in sent)
        if len(sent) < len(outcomes):
            await self._retry_until_stored(partial(self._store_failures, outcomes), len(outcomes) - len(sent))

    async def _store_failures(self, outcomes: Mapping[int, Outcome], now: datetime) -> None:
        async with self._mailer.system.writing() as connection:
            await self._finish_or_requeue(connection, outcomes, now)

    async def _finish_or_requeue(
        self, connection: AsyncConnection, outcomes: Mapping[int, Outcome], now: datetime
    ) -> None:
        not_attempted: dict[datetime, list[int]] = {}
        # People are locked in the order of their numbers, as everywhere.
        in_order = sorted(outcomes.items(), key=lambda each: self._rows[each[0]].subscriber_id)
        for delivery_id, outcome in in_order:
            if outcome.kind is OutcomeKind.NOT_ATTEMPTED:
                not_attempted.setdefault(self._unpaused_at(delivery_id, now), []).append(delivery_id)
            elif outcome.kind is not OutcomeKind.SENT:
                await self._store_failure(connection, self._rows[delivery_id], outcome, now)
        for due_at, ids in not_attempted.items():
            await deliveries.requeue(connection, self._claim, ids, due_at=due_at, tried=False)

    async def _store_failure(
        self, connection: AsyncConnection, row: ClaimedDelivery, outcome: Outcome, now: datetime
    ) -> None:
        # A server that refuses us in every mail is logged once a minute (`mail_server_away`), with its reply.
        if outcome.alerts and outcome.kind is not OutcomeKind.CONNECTION_FAILED:
            kind = str(outcome.kind)
            _log.error("mail_refused", kind=kind, delivery=row.id, status=outcome.enhanced, code=outcome.code)
        retry_at = self._retry_at(row, outcome, now) if outcome.may_retry else None
        if retry_at is None:
            await self._fail(connection, row, outcome, now)
            return
        await deliveries.requeue(
            connection,
            self._claim,
            [row.id],
            due_at=retry_at,
            outcome=str(outcome.kind),
            server_reply=outcome.server_reply,
        )

    async def _fail(
        self, connection: AsyncConnection, row: ClaimedDelivery, outcome: Outcome, now: datetime
    ) -> None:
        """Ends a delivery that will not be tried again, with the consequences for its reader.

        Without any if the claim was lost: the worker that has it now may have sent the mail.
        """
        kind = str(outcome.kind)
        final = DeliveryState.BOUNCED if outcome.kind is OutcomeKind.HARD_BOUNCE else DeliveryState.FAILED
        await subscribers.lock(connection, row.subscriber_id)
        history = [{"at": now.isoformat(), "kind": kind, "code": outcome.code, "status": outcome.enhanced}]
        ended = await deliveries.finish(
            connection,
            self._claim,
            [row.id],
            state=final,
            outcome=kind,
            now=now,
            history=history,
            server_reply=outcome.server_reply,
        )
        if not ended:
            return
        if row.kind not in TO_OTHER_ADDRESS:
            await apply_outcome(
                connection,
                row.subscriber_id,
                outcome.kind,
                source="smtp",
                now=now,
                email_index=row.email_index,
            )
        if row.digest_id is not None:
            await rollback.roll_back_digest(connection, row.digest_id)

    def _retry_at(self, row: ClaimedDelivery, outcome: Outcome, now: datetime) -> datetime | None:
        if outcome.kind is OutcomeKind.CONNECTION_FAILED:
            # A server that takes connections and refuses each mail (421, MAIL) must not be asked each second.
            again = now + connection_backoff(row.attempts, random.random)
            down_until = self._by_database(self._mailer.sender.down_until)
            retry_at = max(down_until or again, again)
            return retry_at if retry_at - row.first_attempt_at < timedelta(days=4) else None
        if outcome.kind is OutcomeKind.TEMPLATE_FAULT:
            return now + UNRENDERED_DELAY  # without limit: the fault is ours, so the mail must not be lost
        policy = MAIL_KINDS[row.kind].retry or link_policy(self._mailer.system.settings.confirm_hours)
        return next_attempt(policy, row.attempts, row.first_attempt_at, now, random.random)

    def _unpaused_at(self, delivery_id: int, now: datetime) -> datetime:
        return self._by_database(self._mailer.sender.domains.paused_until(self._domains[delivery_id])) or now

    def _by_database(self, at: datetime | None) -> datetime | None:
        """A moment of this machine's clock by the database's, which decides when mail is due."""
        return clock.by_database(self._mailer.system.database, at) if at is not None else None

    async def close(self) -> None:
        """Waits until everything is durable; clears earlier failures of recipients who got mail."""
        self._closing = True
        self._flush_due.set()
        await self._writer
        await self._flush_durably()

    async def _flush_durably(self) -> None:
        await self._receipts.close()
        if self._sent:
            await self._retry_until_stored(self._mark_sent, len(self._sent))
            self._sent.clear()
            self._replies.clear()
        self._flushed_at = time.monotonic()

    async def _mark_sent(self, now: datetime) -> None:
        async with self._mailer.system.writing() as connection:
            people = await deliveries.mark_sent(connection, self._claim, self._sent, now, self._replies)
            await receipts.drop(connection, self._claim)
            await bounces.reset(connection, people, now)

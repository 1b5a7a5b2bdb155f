"""What became of each mail, written down before its connection goes on: a crash repeats at most one each."""

import asyncio
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.outcome import Outcome, OutcomeKind
from service.domain.retry import MailKind, next_attempt
from service.store import bounces, deliveries, planning
from service.store.database import writing
from service.store.persons import apply_outcome
from workers.post import Post

_log = structlog.get_logger("deliver")

_KINDS = {
    "digest": MailKind.DIGEST,
    "confirmation": MailKind.CONFIRMATION,
    "address_change": MailKind.CONFIRMATION,
}


class Record:
    """Writes outcomes down in groups: while one group is being committed, the next one gathers."""

    def __init__(self, post: Post, rows: Mapping[int, Row[Any]], domains: Mapping[int, str]) -> None:
        self._post, self._rows, self._domains = post, rows, domains
        self._waiting: dict[int, Outcome] = {}
        self._written: asyncio.Future[None] | None = None
        self._writer: asyncio.Task[None] | None = None
        self.sent: list[int] = []

    def note(self, delivery_id: int, outcome: Outcome) -> "asyncio.Future[None]":
        """Takes one outcome; what is returned is done when it is stored."""
        self._waiting[delivery_id] = outcome
        if self._written is None:
            self._written = asyncio.get_running_loop().create_future()
        written = self._written
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return written

    async def _write(self) -> None:
        while self._waiting:
            outcomes, self._waiting = self._waiting, {}
            written, self._written = self._written, None
            await self._store_for_sure(outcomes)
            if written is not None and not written.done():
                written.set_result(None)

    async def _store_for_sure(self, outcomes: Mapping[int, Outcome]) -> None:
        """Stores, however long the database is away: meanwhile no connection sends another mail."""
        wait = 0.1
        while True:
            try:
                return await self._store(outcomes)
            except (DBAPIError, OSError) as error:
                _log.warning("outcomes_wait", error=type(error).__name__, mails=len(outcomes))
                await asyncio.sleep(wait)
                wait = min(wait * 2, 2.0)

    async def _store(self, outcomes: Mapping[int, Outcome]) -> None:
        now = datetime.now(UTC)
        sent = [one for one, outcome in outcomes.items() if outcome.kind is OutcomeKind.SENT]
        async with writing(self._post.system.database) as connection:
            if sent:
                await deliveries.finish(
                    connection, self._post.name, sent, state="sent", outcome="sent", now=now
                )
            for delivery_id, outcome in outcomes.items():
                if outcome.kind is not OutcomeKind.SENT:
                    await self._store_failure(connection, self._rows[delivery_id], outcome, now)
        self.sent.extend(sent)

    async def _store_failure(
        self, connection: AsyncConnection, row: Row[Any], outcome: Outcome, now: datetime
    ) -> None:
        worker, words = self._post.name, str(outcome.kind)
        if outcome.kind is OutcomeKind.NOT_TRIED:
            due = self._when_free(row, now)
            await deliveries.put_back(connection, worker, [row.id], due_at=due, tried=False)
            return
        if outcome.alerts:
            _log.error("refused", kind=words, delivery=row.id, status=outcome.enhanced, code=outcome.code)
        if outcome.may_retry:
            again = self._again(row, outcome, now)
            if again is not None:
                await deliveries.put_back(connection, worker, [row.id], due_at=again, outcome=words)
                return
        final = "bounced" if outcome.kind is OutcomeKind.HARD_BOUNCE else "failed"
        history = [{"at": now.isoformat(), "kind": words, "code": outcome.code, "status": outcome.enhanced}]
        await deliveries.finish(
            connection, worker, [row.id], state=final, outcome=words, now=now, history=history
        )
        if row.digest_id is not None:
            await planning.take_back(connection, row.digest_id)
        await apply_outcome(connection, row.subscriber_id, outcome.kind, source="smtp", now=now)

    def _again(self, row: Row[Any], outcome: Outcome, now: datetime) -> datetime | None:
        if outcome.kind is OutcomeKind.ROUTE:
            soon = max(self._post.sender.down_until or now, now) + timedelta(seconds=1)
            return soon if soon - row.first_attempt_at < timedelta(days=4) else None
        kind = _KINDS.get(row.kind, MailKind.LINK)
        hours = self._post.system.settings.confirm_hours
        return next_attempt(kind, row.attempts, row.first_attempt_at, now, random.random, hours)

    def _when_free(self, row: Row[Any], now: datetime) -> datetime:
        return self._post.sender.domains.paused_until(self._domains[row.id]) or now

    async def close(self) -> None:
        """Waits until everything is stored; forgets the earlier failures of those whose mail arrived."""
        if self._writer is not None:
            await self._writer
        if self.sent:
            people = {self._rows[one].subscriber_id for one in self.sent}
            async with writing(self._post.system.database) as connection:
                await bounces.forget(connection, people)

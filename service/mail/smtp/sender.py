"""Sending: spreads mails over kept connections and gives each mail exactly one outcome, whatever happens."""

import asyncio
import logging
import random
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from service.domain.delivery.retry import connection_backoff
from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, Stage
from service.mail.smtp.batch import Batch, OnOutcome, not_tried
from service.mail.smtp.connect import Unreachable, connect, tls_context
from service.mail.smtp.connection import ConnectionLost, SmtpConnection, Timeouts
from service.mail.smtp.envelope import LazyMessage, Mail, SmtpMessage, unsendable
from service.mail.smtp.session import InFlight, QueuedMessage, SmtpSession, lost_in_body
from service.mail.smtp.throttle import DomainThrottle, Pacer
from service.mail.smtp.url import SmtpUrl, Tls

__all__ = ["LazyMessage", "Mail", "SmtpMessage", "SmtpPool", "SmtpUrl", "Timeouts", "Tls"]

_log = logging.getLogger(__name__)
_MOST_PUT_BACK = 2
_LONGEST_NAP = 0.2


class SmtpPool:
    """Keeps up to `connections` to one server; `rate` is mails per second, 0 for no limit.

    An async context manager. `send` may be called by several tasks at once. Connections are opened when
    needed, replaced after `mails_per_connection` mails and closed after `idle_seconds` without work.
    Where `on_outcome` gives an awaitable, a connection is at most `unrecorded` outcomes ahead of it: a crash
    repeats up to 1 + `unrecorded` mails per connection. 0 waits for each commit; 1 hides it behind a mail.
    A server that can't be reached is left alone for a while that doubles from a second to a minute: until
    `down_until` every mail gets the outcome CONNECTION_FAILED at once.
    """

    def __init__(
        self,
        target: SmtpUrl,
        connections: int = 8,
        rate: float = 0,
        local_hostname: str | None = None,
        *,
        domains: DomainThrottle | None = None,
        timeouts: Timeouts | None = None,
        context: ssl.SSLContext | None = None,
        mails_per_connection: int = 1_000,
        idle_seconds: float = 30.0,
        unrecorded: int = 0,
    ) -> None:
        self.domains = domains or DomainThrottle()
        self.trouble: Outcome | None = None
        self.down_until: datetime | None = None
        self._target = target
        self._connections = max(1, connections)
        self._pace = Pacer(rate, time.monotonic)
        self._local_hostname = local_hostname
        self._timeouts = timeouts or Timeouts()
        self._context = context
        self._mails_per_connection = max(1, mails_per_connection)
        self._idle_seconds = idle_seconds
        self._unrecorded = max(0, unrecorded)
        self._queue: deque[QueuedMessage] = deque()
        self._news = asyncio.Event()
        self._runners: set[asyncio.Task[None]] = set()
        self._talks: dict[asyncio.Task[None], tuple[SmtpConnection, SmtpSession]] = {}
        self._idle = 0
        self._failures = 0
        self._draining = False

    async def __aenter__(self) -> Self:
        if self._local_hostname is None:
            self._local_hostname = await asyncio.to_thread(socket.getfqdn)
        if self._context is None:
            self._context = await asyncio.to_thread(tls_context, self._target)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.drain()

    async def send(
        self,
        mails: Sequence[Mail],
        on_outcome: OnOutcome,
        *,
        urgent: bool = False,
        grace: float = 7.0,
        may_go: Callable[[], bool] = lambda: True,
    ) -> None:
        """Sends the mails, urgent ones ahead of all that wait; returns when each has had its outcome.

        `may_go` is asked right before each mail: once it says no, the rest is NOT_ATTEMPTED.
        If this call is cancelled, mails that no server has heard of are NOT_ATTEMPTED, those in flight have
        `grace` seconds to finish, and the cancellation goes on. An error of `on_outcome` is raised last.
        """
        batch = Batch(len(mails), on_outcome, self.domains, may_go)
        waiting = [QueuedMessage(mail, batch) for mail in mails]
        if urgent:
            self._queue.extendleft(reversed(waiting))
        else:
            self._queue.extend(waiting)
        if self._draining:
            self._release()
        self._start_runners()
        try:
            await batch.settled.wait()
        except asyncio.CancelledError:
            await self._withdraw(batch, grace)
            raise
        await batch.finish()

    async def drain(self, grace: float = 7.0) -> None:
        """Stops: what waits is NOT_ATTEMPTED, what is in flight has `grace` seconds. Safe to call twice."""
        self._draining = True
        self._release()
        self._news.set()
        for runner in self._runners - self._talks.keys():
            runner.cancel()  # still connecting
        if self._runners:
            await asyncio.wait(set(self._runners), timeout=grace)
        for link, talk in list(self._talks.values()):
            self._give_up(link, talk, link.fail("stopped"))
        for runner in set(self._runners):
            runner.cancel()
        await asyncio.gather(*self._runners, return_exceptions=True)

    # Connections: one task each, from connecting to goodbye

    def _start_runners(self) -> None:
        if self._draining or not self._queue:
            return
        self._news.set()
        if self.down_until is not None and datetime.now(UTC) < self.down_until:
            if not self._runners:
                self._fail_queue()
            return
        wanted = min(self._connections - len(self._runners), len(self._queue) - self._idle)
        for _ in range(wanted):
            runner = asyncio.create_task(self._run())
            self._runners.add(runner)
            runner.add_done_callback(self._runner_ended)

    def _runner_ended(self, runner: asyncio.Task[None]) -> None:
        self._runners.discard(runner)
        if not runner.cancelled() and (error := runner.exception()) is not None:
            # Its type alone: an error's text may quote an address.
            _log.error("a sending connection failed: %s", type(error).__name__)
            self._note_trouble(
                Outcome(OutcomeKind.CONNECTION_FAILED, Stage.CONNECT, None, None, type(error).__name__)
            )
        self._start_runners()

    async def _run(self) -> None:
        try:
            link = await connect(
                self._target, self._local_hostname or "localhost", self._context, self._timeouts
            )
        except Unreachable as problem:
            self._note_trouble(problem.outcome)
            return
        link.on_lost = self._news
        talk = SmtpSession(link, lambda: self._take(link, talk), self._unrecorded)
        task = asyncio.current_task()
        assert task is not None
        self._talks[task] = (link, talk)
        try:
            await self._work(link, talk)
        except ConnectionLost as loss:
            self._give_up(link, talk, loss)
            if talk.finished == 0 and not loss.ours:
                self._note_trouble(Outcome(OutcomeKind.CONNECTION_FAILED, link.stage, None, None, str(loss)))
        finally:
            self._give_up(link, talk, ConnectionLost("the sending task ended"))
            del self._talks[task]
            await link.quit()

    async def _work(self, link: SmtpConnection, talk: SmtpSession) -> None:
        while (job := await self._next(link, talk)) is not None:
            await talk.run(job)
            if talk.finished:
                self.trouble, self.down_until, self._failures = None, None, 0
            if talk.is_over:
                raise ConnectionLost("the server ended the session")

    async def _next(self, link: SmtpConnection, talk: SmtpSession) -> InFlight | None:
        """The next mail for this connection; None when the connection has served its time."""
        while not (self._draining or link.is_lost or talk.finished >= self._mails_per_connection):
            job = self._take(link, talk)
            if job is not None:
                return job
            if self._queue:
                await asyncio.sleep(min(self._pace.delay(), _LONGEST_NAP))
                continue
            self._news.clear()
            self._idle += 1
            try:
                async with asyncio.timeout(self._idle_seconds):
                    await self._news.wait()
            except TimeoutError:
                return None
            finally:
                self._idle -= 1
        return None

    def _take(self, link: SmtpConnection, talk: SmtpSession) -> InFlight | None:
        """A mail that may go at once on this link, without waiting."""
        given = talk.finished + (talk.body_of is not None)
        if self._draining or given >= self._mails_per_connection:
            return None
        while self._queue and not self._pace.delay():
            waiting = self._queue.popleft()
            ready = self._ready(waiting, link)
            if isinstance(ready, SmtpMessage):
                self._pace.take()
                return InFlight(ready, waiting)
            waiting.ledger.settle(waiting.mail, ready)
        return None

    def _ready(self, waiting: QueuedMessage, link: SmtpConnection) -> SmtpMessage | Outcome:
        """The mail, written; or what becomes of it when it can't go on this link now."""
        mail = waiting.mail
        if not waiting.ledger.may_go():
            return not_tried("its time is over")
        if not self.domains.try_acquire(mail.domain):
            return not_tried("the recipient's domain is paused")
        if isinstance(mail, LazyMessage):
            try:
                mail = mail.write()
            except Exception as error:
                # Its type alone: an error's text may quote an address.
                _log.error("mail %s can't be written: %s", mail.id, type(error).__name__)
                return Outcome(OutcomeKind.UNWRITABLE, Stage.CONNECT, None, None, type(error).__name__)
        return unsendable(mail, link.offers) or mail

    # When something ends early

    def _give_up(self, link: SmtpConnection, talk: SmtpSession, loss: ConnectionLost) -> None:
        """Settles or puts back what the link had in flight."""
        under_way, talk.body_of = talk.body_of, None
        announced, talk.announced = talk.announced, None
        if under_way is not None:
            under_way.settle(lost_in_body(str(loss)))
        if announced is not None:
            trouble = Outcome(OutcomeKind.CONNECTION_FAILED, link.stage, None, None, str(loss))
            self._put_back(announced, trouble, final=loss.timed_out and under_way is None)

    def _put_back(self, job: InFlight, trouble: Outcome, final: bool) -> None:
        """A mail of which only the envelope was said goes to another link, but not for ever."""
        job.waiting.put_back += 1
        if self._draining:
            job.settle(not_tried(trouble.detail))
        elif final or job.waiting.put_back > _MOST_PUT_BACK:
            job.settle(trouble)
        else:
            self._queue.appendleft(job.waiting)

    def _note_trouble(self, trouble: Outcome) -> None:
        self._failures += 1
        self.trouble = trouble
        self.down_until = datetime.now(UTC) + connection_backoff(self._failures, random.random)

    def _fail_queue(self) -> None:
        trouble = self.trouble or Outcome(
            OutcomeKind.CONNECTION_FAILED, Stage.CONNECT, None, None, "unreachable"
        )
        while self._queue:
            waiting = self._queue.popleft()
            waiting.ledger.settle(waiting.mail, trouble)

    def _release(self, batch: Batch | None = None) -> None:
        """Gives back what waits: of one batch, or everything."""
        queue, self._queue = self._queue, deque()
        for waiting in queue:
            if batch is None or waiting.ledger is batch:
                waiting.ledger.settle(waiting.mail, not_tried("stopped before its turn"))
            else:
                self._queue.append(waiting)

    async def _withdraw(self, batch: Batch, grace: float) -> None:
        self._release(batch)
        try:
            async with asyncio.timeout(grace):
                await batch.settled.wait()
        except TimeoutError:
            pass
        finally:
            for link, talk in list(self._talks.values()):
                under_way = (talk.body_of, talk.announced)
                if any(job is not None and job.waiting.ledger is batch for job in under_way):
                    self._give_up(link, talk, link.fail("stopped"))
            self._release(batch)

"""A pool of SMTP connections: every mail started to `send` gets exactly one outcome."""

import asyncio
import logging
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

from service.domain.delivery.server_failures import Failure
from service.domain.delivery.smtp_reply import Outcome, SessionStage
from service.mail.smtp.batch import Batch, OnOutcome, connection_failed, not_attempted
from service.mail.smtp.connect import Unreachable, tls_context
from service.mail.smtp.connection import ConnectionLost, SmtpConnection, Timeouts
from service.mail.smtp.envelope import LazyMessage, OutgoingMessage, SmtpMessage
from service.mail.smtp.rendering import prepare
from service.mail.smtp.routes import Route, Routes
from service.mail.smtp.session import InFlight, QueuedMessage, SmtpSession, lost_in_body
from service.mail.smtp.throttle import DomainThrottle, Pacer
from service.mail.smtp.url import SmtpUrl, Tls

__all__ = ["LazyMessage", "OutgoingMessage", "SmtpMessage", "SmtpPool", "SmtpUrl", "Timeouts", "Tls"]

_log = logging.getLogger(__name__)
_MAX_REQUEUES = 2
_MAX_SLEEP = 0.2


class SmtpPool:
    """Up to `connections` connections to the first server of `targets` that can be used.

    `rate` is mails per second, 0 for no limit.

    An async context manager. `send` may be called by several tasks at once. Connections are opened when
    needed, replaced after `mails_per_connection` mails and closed after `idle_seconds` without work.
    If `on_outcome` returns an awaitable, a connection runs at most `unrecorded` outcomes ahead of it: a crash
    repeats up to 1 + `unrecorded` mails per connection. 0 waits for each commit; 1 overlaps it with a mail.
    After a failure to connect, a server is left alone, from a second doubling to a minute, and the next one
    is used. While all are down, until `down_until`, every mail gets the outcome CONNECTION_FAILED at once.
    A server that denies every mail is left alone longer, and then offered one mail at a time.
    """

    def __init__(
        self,
        targets: SmtpUrl | Sequence[SmtpUrl],
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
        self.routes = Routes([targets] if isinstance(targets, SmtpUrl) else targets)
        self._connections = max(1, connections)
        self._pacer = Pacer(rate, time.monotonic)
        self._local_hostname = local_hostname
        self._timeouts = timeouts or Timeouts()
        self._context = context
        self._mails_per_connection = max(1, mails_per_connection)
        self._idle_seconds = idle_seconds
        self._unrecorded = max(0, unrecorded)
        self._queue: deque[QueuedMessage] = deque()
        self._wakeup = asyncio.Event()
        self._runners: set[asyncio.Task[None]] = set()
        self._sessions: dict[asyncio.Task[None], tuple[SmtpConnection, SmtpSession]] = {}
        self._idle = 0
        self._draining = False

    async def __aenter__(self) -> Self:
        if self._local_hostname is None:
            self._local_hostname = await asyncio.to_thread(socket.getfqdn)
        for route in self.routes.all:
            route.context = self._context or await asyncio.to_thread(tls_context, route.target)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.drain()

    async def send(
        self,
        mails: Sequence[OutgoingMessage],
        on_outcome: OnOutcome,
        *,
        urgent: bool = False,
        grace: float = 7.0,
        may_go: Callable[[], bool] = lambda: True,
    ) -> None:
        """Sends the mails, urgent ones ahead of all queued ones; returns when each has its outcome.

        `may_go` is called right before each mail: once it returns False, the rest is NOT_ATTEMPTED.
        If this call is cancelled, unsent mails are NOT_ATTEMPTED, those in flight have `grace` seconds to
        finish, and then CancelledError is raised. An error raised by `on_outcome` is raised last.
        """
        batch = Batch(len(mails), on_outcome, self.domains, may_go)
        queued = [QueuedMessage(mail, batch) for mail in mails]
        if urgent:
            self._queue.extendleft(reversed(queued))
        else:
            self._queue.extend(queued)
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
        """Stops: queued mails are NOT_ATTEMPTED, those in flight have `grace` seconds. Idempotent."""
        self._draining = True
        self._release()
        self._wakeup.set()
        for runner in self._runners - self._sessions.keys():
            runner.cancel()  # still connecting
        if self._runners:
            await asyncio.wait(set(self._runners), timeout=grace)
        for connection, session in list(self._sessions.values()):
            self._settle_session(connection, session, connection.fail("stopped", ours=True))
        for runner in set(self._runners):
            runner.cancel()
        await asyncio.gather(*self._runners, return_exceptions=True)

    # Connections: one task each, from connecting to QUIT

    def _start_runners(self) -> None:
        if self._draining or not self._queue:
            return
        self._wakeup.set()
        if (route := self.routes.usable()) is None:
            if not self._runners:
                self._fail_queue()
            return
        most = 1 if route.denies else self._connections
        missing = min(most - len(self._runners), len(self._queue) - self._idle)
        for _ in range(missing):
            runner = asyncio.create_task(self._run())
            self._runners.add(runner)
            runner.add_done_callback(self._runner_ended)

    def _runner_ended(self, runner: asyncio.Task[None]) -> None:
        self._runners.discard(runner)
        if not runner.cancelled() and (error := runner.exception()) is not None:
            # Its type alone: an error's text may quote an address.
            _log.error("a sending connection failed: %s", type(error).__name__)
            failure = connection_failed(SessionStage.CONNECT, type(error).__name__)
            for route in self.routes.all:  # any error must not be repeated at once
                route.record_failure(Failure.CLOSED, failure)
        self._start_runners()

    async def _run(self) -> None:
        if (route := self.routes.usable()) is None:
            return
        try:
            connection = await route.connect(self._local_hostname or "localhost", self._timeouts)
        except Unreachable as problem:
            route.record_failure(problem.reason, problem.outcome)
            return
        connection.lost_event = self._wakeup

        def record(mail: SmtpMessage, outcome: Outcome) -> None:
            if route.record_answer(mail.id, mail.domain, outcome):
                self.domains.reset()  # it was not theirs

        take_next = partial(self._take_next, route, connection)
        session = SmtpSession(connection, lambda: take_next(session), record, self._unrecorded)
        task = asyncio.current_task()
        assert task is not None
        self._sessions[task] = (connection, session)
        route.connections.add(connection)
        try:
            await self._work(route, connection, session)
        except ConnectionLost as loss:
            self._settle_session(connection, session, loss)
            if session.finished == 0 and not loss.ours:
                reason = Failure.TIMEOUT if loss.timed_out else Failure.CLOSED
                route.record_failure(reason, connection_failed(connection.stage, str(loss)))
        finally:
            self._settle_session(connection, session, ConnectionLost("the sending task ended"))
            del self._sessions[task]
            route.connections.discard(connection)
            await connection.quit()

    async def _work(self, route: Route, connection: SmtpConnection, session: SmtpSession) -> None:
        while (message := await self._next(route, connection, session)) is not None:
            await session.run(message)
            if session.finished:
                route.record_mail(session.refusal)
            if session.has_ended:
                raise ConnectionLost("the server ended the session")

    async def _next(self, route: Route, connection: SmtpConnection, session: SmtpSession) -> InFlight | None:
        """The next mail for this connection; None when the connection should be closed."""
        while not (
            self._draining
            or connection.is_lost
            or route.is_closed
            or session.finished >= self._mails_per_connection
        ):
            message = self._take_next(route, connection, session)
            if message is not None:
                return message
            if self._queue:
                await asyncio.sleep(min(self._pacer.delay(), _MAX_SLEEP))
                continue
            self._wakeup.clear()
            self._idle += 1
            try:
                async with asyncio.timeout(self._idle_seconds):
                    await self._wakeup.wait()
            except TimeoutError:
                return None
            finally:
                self._idle -= 1
        return None

    def _take_next(self, route: Route, connection: SmtpConnection, session: SmtpSession) -> InFlight | None:
        """A mail that may be sent on this connection without waiting, or None."""
        started = session.finished + (session.body_in_flight is not None)
        if self._draining or route.is_closed or started >= self._mails_per_connection:
            return None
        while self._queue and not self._pacer.delay():
            # The last one, if it may be denied like all others: people wait for the first ones.
            queued = self._queue.pop() if route.denies else self._queue.popleft()
            ready = prepare(queued, self._queue, self.domains, connection.extensions)
            if isinstance(ready, SmtpMessage):
                self._pacer.acquire()
                return InFlight(ready, queued)
            queued.sink.settle(queued.mail, ready)
        return None

    # When a connection or a call ends early

    def _settle_session(self, connection: SmtpConnection, session: SmtpSession, loss: ConnectionLost) -> None:
        """Settles or requeues the mails that the connection had in flight."""
        body, session.body_in_flight = session.body_in_flight, None
        envelope, session.envelope_in_flight = session.envelope_in_flight, None
        if body is not None:
            body.settle(lost_in_body(str(loss)))
        if envelope is not None:
            failure = connection_failed(connection.stage, str(loss))
            self._requeue(envelope, failure, final=loss.timed_out and body is None)

    def _requeue(self, message: InFlight, failure: Outcome, final: bool) -> None:
        """Requeues a mail of which only the envelope was sent, at most _MAX_REQUEUES times."""
        message.queued.requeues += 1
        if self._draining:
            message.settle(not_attempted(failure.detail))
        elif final or message.queued.requeues > _MAX_REQUEUES:
            message.settle(failure)
        else:
            self._queue.appendleft(message.queued)

    @property
    def down_until(self) -> datetime | None:
        """While no server can be used, when the first one is tried again."""
        return self.routes.down_until

    def _fail_queue(self) -> None:
        failing = self.routes.failing
        failure = (failing and failing.failure) or connection_failed(SessionStage.CONNECT, "unreachable")
        while self._queue:
            queued = self._queue.popleft()
            queued.sink.settle(queued.mail, failure)

    def _release(self, batch: Batch | None = None) -> None:
        """Settles queued mails as not attempted: those of `batch`, or all."""
        queue, self._queue = self._queue, deque()
        for queued in queue:
            if batch is None or queued.sink is batch:
                queued.sink.settle(queued.mail, not_attempted("stopped before its turn"))
            else:
                self._queue.append(queued)

    async def _withdraw(self, batch: Batch, grace: float) -> None:
        self._release(batch)
        try:
            async with asyncio.timeout(grace):
                await batch.settled.wait()
        except TimeoutError:
            pass
        finally:
            for connection, session in list(self._sessions.values()):
                in_flight = (session.body_in_flight, session.envelope_in_flight)
                if any(message is not None and message.queued.sink is batch for message in in_flight):
                    self._settle_session(connection, session, connection.fail("stopped", ours=True))
            self._release(batch)

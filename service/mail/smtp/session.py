"""The SMTP session on one connection: a transaction per mail, with PIPELINING if the server offers it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, SessionStage, classify
from service.mail.smtp.connection import Reply, SmtpConnection
from service.mail.smtp.envelope import OutgoingMessage, SmtpMessage, body, envelope


class OutcomeSink(Protocol):
    """Receives the outcome of each mail."""

    def may_go(self) -> bool:
        """Whether its mails may still be sent."""

    def settle(self, mail: OutgoingMessage, outcome: Outcome) -> asyncio.Future[None] | None:
        """Receives a mail's only outcome; the connection's next body waits for the returned future."""


@dataclass(slots=True)
class QueuedMessage:
    """A mail in the queue, and how often lost connections have requeued it.

    `rendered`: its message, or the outcome if it can't be rendered; None until shortly before it is sent.
    """

    mail: OutgoingMessage
    sink: OutcomeSink
    requeues: int = 0
    rendered: SmtpMessage | Outcome | None = None


@dataclass(slots=True)
class InFlight:
    """A mail being sent; `queued` is its entry, for requeueing."""

    mail: SmtpMessage
    queued: QueuedMessage

    def settle(self, outcome: Outcome) -> asyncio.Future[None] | None:
        """Reports the outcome to the sink of the mail."""
        return self.queued.sink.settle(self.mail, outcome)


_ENVELOPE = (SessionStage.MAIL, SessionStage.RCPT, SessionStage.DATA)
_START_OF_MAIL = 354
_CLOSING = 421


class SmtpSession:
    """Sends one mail after the other; at most one body and the next envelope are in flight.

    With PIPELINING (RFC 2920), MAIL, RCPT and DATA are written at once, together with the end of the previous
    body. When ConnectionLost is raised, the caller settles or requeues `body_in_flight` and
    `envelope_in_flight`. `on_answer` is called with each mail that the server answered, and how.
    """

    def __init__(
        self,
        connection: SmtpConnection,
        take_next: Callable[[], InFlight | None],
        on_answer: Callable[[SmtpMessage, Outcome], None],
        unrecorded: int = 0,
    ) -> None:
        self.body_in_flight: InFlight | None = None  # body sent, reply pending
        self.envelope_in_flight: InFlight | None = None  # envelope sent or about to be
        self.finished = 0
        self.refusal: Outcome | None = None  # of the last mail, if the server refused us, not its recipient
        self._connection = connection
        self._take_next = take_next
        self._on_answer = on_answer
        self._recordings: deque[asyncio.Future[None]] = deque()
        self._unrecorded = unrecorded
        self._closing = False
        self._body_expected = False

    @property
    def has_ended(self) -> bool:
        """Whether the session has ended."""
        return self._closing or self._connection.is_lost

    async def run(self, message: InFlight) -> None:
        """Sends `message`, and then those from `take_next()`, until it returns None or 421."""
        self._send_envelope((), 0, message)
        while not self._closing and (current := self.envelope_in_flight) is not None:
            if await self._envelope_accepted(current):
                await self._send_body(current)
            elif not self._closing:
                await self._abort()

    def _send_envelope(self, before: tuple[bytes, ...], replies: int, message: InFlight | None) -> None:
        """Writes the end of the previous transaction and, in the same write, the envelope of the next."""
        self.envelope_in_flight = message
        if message is not None and self._connection.extensions.pipelining:
            before += envelope(message.mail, self._connection.extensions)
            replies += len(_ENVELOPE)
        if before:
            self._connection.write(before, replies)

    async def _envelope_accepted(self, message: InFlight) -> bool:
        """Whether the server accepts the envelope; if not, the first refusal settles the mail."""
        pipelining = self._connection.extensions.pipelining
        commands = envelope(message.mail, self._connection.extensions) if not pipelining else ()
        refused = False
        for at, stage in enumerate(_ENVELOPE):
            if not pipelining:
                self._connection.write((commands[at],), replies=1)
            reply = self._connection.received_reply(stage) or await self._connection.reply(stage)
            if stage is SessionStage.MAIL and reply.code == _CLOSING and self.finished:
                raise self._connection.fail("the server said goodbye")  # about the connection, not this mail
            if not self._is_accepted(stage, reply) and not refused:
                refused, self.envelope_in_flight = True, None
                self._settle(message, stage, reply)
            self._body_expected = reply.code == _START_OF_MAIL
            if refused and (self._closing or not pipelining):
                return False
        return not refused

    def _is_accepted(self, stage: SessionStage, reply: Reply) -> bool:
        if reply.code == _CLOSING:
            self._closing = True
        if reply.code >= 400:
            return False
        expected = reply.code == _START_OF_MAIL if stage is SessionStage.DATA else reply.code < 300
        if not expected:
            raise self._connection.fail("unexpected reply code")
        return True

    async def _send_body(self, message: InFlight) -> None:
        await self._wait_for_records()
        if not message.queued.sink.may_go():
            raise self._connection.fail("the lease expired before the body was sent", ours=True)
        self.envelope_in_flight, self.body_in_flight = None, message
        content, end = body(message.mail)
        self._send_envelope((content, end), 1, self._take_next())
        reply = await self._connection.reply(SessionStage.BODY)
        self._is_accepted(SessionStage.BODY, reply)
        self.body_in_flight = None
        self._settle(message, SessionStage.BODY, reply)

    async def _abort(self) -> None:
        """Ends a refused transaction. If the server still expects a body (354), sends an empty one
        (RFC 2920 §3.1): no recipient was accepted, so the reply is ignored. A refusal is recorded before the
        next recipient is asked for."""
        await self._wait_for_records()
        ending = b".\r\n" if self._body_expected else b"RSET\r\n"
        self._send_envelope((ending,), 1, self._take_next())
        reply = await self._connection.reply(SessionStage.BODY)
        if reply.code == _CLOSING:
            self._closing = True

    def _settle(self, message: InFlight, stage: SessionStage, reply: Reply) -> None:
        outcome = classify(
            stage, reply.code, None, reply.text, (message.mail.rcpt_to, message.mail.mail_from)
        )
        if not self._closing:
            self.finished += 1
            self.refusal = outcome if outcome.kind is OutcomeKind.CONNECTION_FAILED else None
        recording = message.settle(outcome)
        self._on_answer(message.mail, outcome)
        if recording is not None:
            self._recordings.append(recording)

    async def _wait_for_records(self) -> None:
        """Waits until all but `unrecorded` outcomes are stored: a crash repeats at most one mail more."""
        while len(self._recordings) > self._unrecorded:
            await _wait_until_done(self._recordings.popleft())


async def _wait_until_done(recording: "asyncio.Future[None]") -> None:
    """Waits until it is done; its error is raised by Batch.finish, not here."""
    if not recording.done():
        over = asyncio.get_running_loop().create_future()

        def end(_: "asyncio.Future[None]") -> None:
            if not over.done():
                over.set_result(None)

        recording.add_done_callback(end)
        await over


def lost_in_body(reason: str) -> Outcome:
    """The outcome of a mail whose connection was lost after its body was sent: it may have arrived."""
    detail = f"{reason} after the message was sent: it may have arrived"
    return Outcome(OutcomeKind.DEFERRED, SessionStage.BODY, None, None, detail)

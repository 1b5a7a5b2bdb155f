"""The conversation on one link: one transaction per mail, commands in groups where the server allows it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, Stage, classify
from service.mail.smtp.connection import Reply, SmtpConnection
from service.mail.smtp.envelope import Mail, SmtpMessage, body, envelope


class OutcomeSink(Protocol):
    """Who gave the mail, and is told its outcome."""

    def may_go(self) -> bool:
        """Whether its mails may be sent still."""

    def settle(self, mail: Mail, outcome: Outcome) -> asyncio.Future[None] | None:
        """Takes a mail's one outcome; what it returns is waited for before the link's next body goes out."""


@dataclass(slots=True)
class QueuedMessage:
    """A mail that waits for its turn, and how often a lost link has put it back."""

    mail: Mail
    ledger: OutcomeSink
    put_back: int = 0


@dataclass(slots=True)
class InFlight:
    """A mail on its way; `waiting` is how it would wait again."""

    mail: SmtpMessage
    waiting: QueuedMessage

    def settle(self, outcome: Outcome) -> asyncio.Future[None] | None:
        """Tells who gave the mail what became of it."""
        return self.waiting.ledger.settle(self.mail, outcome)


_ENVELOPE = (Stage.MAIL, Stage.RCPT, Stage.DATA)
_START_OF_MAIL = 354
_CLOSING = 421


class SmtpSession:
    """Speaks for one mail after the other; at most one body and the next envelope are ever in flight.

    With PIPELINING (RFC 2920) MAIL, RCPT and DATA go out in one write, behind the body of the mail before.
    Whatever raises LinkLost leaves `body_of` and `announced` for the caller to settle or to put back.
    """

    def __init__(
        self, link: SmtpConnection, take: Callable[[], InFlight | None], unrecorded: int = 0
    ) -> None:
        self.body_of: InFlight | None = None  # its body went out and is not answered
        self.announced: InFlight | None = None  # its envelope went out, or is about to
        self.finished = 0
        self._link = link
        self._take = take
        self._recordings: deque[asyncio.Future[None]] = deque()
        self._unrecorded = unrecorded
        self._closing = False
        self._data_is_open = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be said on this link."""
        return self._closing or self._link.is_lost

    async def run(self, job: InFlight) -> None:
        """Sends `job`, and then what `take()` gives, until it gives nothing or the server ends it (421)."""
        self._announce(b"", 0, job)
        while not self._closing and (job_now := self.announced) is not None:
            if await self._ask(job_now):
                await self._transfer(job_now)
            elif not self._closing:
                await self._leave()

    def _announce(self, before: bytes, replies: int, job: InFlight | None) -> None:
        """Writes what ends the former transaction and, in the same segment, the envelope of the next."""
        self.announced = job
        if job is not None and self._link.offers.pipelining:
            before += b"".join(envelope(job.mail, self._link.offers))
            replies += len(_ENVELOPE)
        if before:
            self._link.write(before, replies)

    async def _ask(self, job: InFlight) -> bool:
        """Whether the server takes the mail's body; if not, the mail is settled by the first refusal."""
        pipelining = self._link.offers.pipelining
        commands = envelope(job.mail, self._link.offers) if not pipelining else ()
        refused = False
        for at, stage in enumerate(_ENVELOPE):
            if not pipelining:
                self._link.write(commands[at], replies=1)
            reply = await self._link.reply(stage)
            if stage is Stage.MAIL and reply.code == _CLOSING and self.finished:
                raise self._link.fail("the server said goodbye")  # to the link, not to this mail
            if not self._agrees(stage, reply) and not refused:
                refused, self.announced = True, None
                self._settle(job, stage, reply)
            self._data_is_open = reply.code == _START_OF_MAIL
            if refused and (self._closing or not pipelining):
                return False
        return not refused

    def _agrees(self, stage: Stage, reply: Reply) -> bool:
        if reply.code == _CLOSING:
            self._closing = True
        if reply.code >= 400:
            return False
        expected = reply.code == _START_OF_MAIL if stage is Stage.DATA else reply.code < 300
        if not expected:
            raise self._link.fail("the server's replies are out of step")
        return True

    async def _transfer(self, job: InFlight) -> None:
        await self._recorded()
        if not job.waiting.ledger.may_go():
            raise self._link.fail("the mail's time was over before its body went out", ours=True)
        self.announced, self.body_of = None, job
        content, end = body(job.mail)
        self._link.write(content, replies=0)
        self._announce(end, 1, self._take())
        reply = await self._link.reply(Stage.BODY)
        self._agrees(Stage.BODY, reply)
        self.body_of = None
        self._settle(job, Stage.BODY, reply)

    async def _leave(self) -> None:
        """Ends a refused transaction. A body that the server waits for all the same is a single dot
        (RFC 2920 §3.1): with no recipient accepted it reaches nobody, and its answer says nothing."""
        ending = b".\r\n" if self._data_is_open else b"RSET\r\n"
        self._announce(ending, 1, self._take())
        reply = await self._link.reply(Stage.BODY)
        if reply.code == _CLOSING:
            self._closing = True

    def _settle(self, job: InFlight, stage: Stage, reply: Reply) -> None:
        outcome = classify(stage, reply.code, None, reply.text, (job.mail.rcpt_to, job.mail.mail_from))
        if not self._closing:
            self.finished += 1
        recording = job.settle(outcome)
        if recording is not None:
            self._recordings.append(recording)

    async def _recorded(self) -> None:
        """Waits until all but `unrecorded` outcomes are stored: a crash repeats one mail more than that."""
        while len(self._recordings) > self._unrecorded:
            await _over(self._recordings.popleft())


async def _over(recording: "asyncio.Future[None]") -> None:
    """Waits until it is done; an error is the caller's own, and raised there."""
    if not recording.done():
        over = asyncio.get_running_loop().create_future()

        def end(_: "asyncio.Future[None]") -> None:
            if not over.done():
                over.set_result(None)

        recording.add_done_callback(end)
        await over


def lost_in_body(reason: str) -> Outcome:
    """The outcome of a mail whose body went out on a link that ended: it may have arrived."""
    detail = f"{reason} after the message went out: it may have arrived"
    return Outcome(OutcomeKind.DEFERRED, Stage.BODY, None, None, detail)

"""One kept connection to the server: octets out, whole replies in, in order; knows no mails."""

import asyncio
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from service.domain.delivery.smtp_reply import Stage
from service.mail.smtp.envelope import Extensions


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait, by RFC 5321 §4.5.3.2."""

    connect: float = 60.0  # reaching the server, its greeting, TLS and login, each
    mail: float = 300.0
    rcpt: float = 300.0
    data: float = 120.0
    block: float = 180.0  # the server reads nothing of what is written
    body: float = 600.0
    quit: float = 2.0  # ours: nothing hangs on the answer

    def of(self, stage: Stage) -> float:
        """How long the answer of a stage may take."""
        match stage:
            case Stage.MAIL:
                return self.mail
            case Stage.RCPT:
                return self.rcpt
            case Stage.DATA:
                return self.data
            case _:
                return self.body


class Reply(NamedTuple):
    """A whole reply: its code, and its lines joined by a space."""

    code: int
    text: str


class ConnectionLost(Exception):
    """The connection is of no use any more; `str()` says why, `timed_out` whether we gave up on it.

    `ours`: we left for a reason of our own, which says nothing about the server.
    """

    def __init__(self, reason: str, timed_out: bool = False, ours: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out
        self.ours = ours


_LONGEST_REPLY = 32_768


class _Line(NamedTuple):
    """One line of a reply; `goes_on`: another one of the same reply follows."""

    code: int
    text: str
    goes_on: bool


@lru_cache(maxsize=256)
def _read_line(line: bytes) -> _Line | None:
    """A line without its line feed; None if no reply has such a line. A server says the same few often."""
    code, mark = line[:3], line[3:4]
    if not (code.isdigit() and b"2" <= code[:1] <= b"5" and mark in b" -\r"):
        return None
    return _Line(int(code), line[4:].strip().decode("utf-8", "replace"), mark == b"-")


class SmtpConnection(asyncio.Protocol):
    """Takes over the transport of a server that is greeted and logged in.

    Whoever writes says how many replies that will have. A reply that nobody asked for, a reply that is none,
    and silence beyond the timeout all end the link: what follows could be taken for another's answer.
    """

    def __init__(self, transport: asyncio.Transport, offers: Extensions, timeouts: Timeouts) -> None:
        self.offers = offers
        self.stage = Stage.MAIL
        self.on_lost: asyncio.Event | None = None
        self._timeouts = timeouts
        self._loop = asyncio.get_running_loop()
        self._transport = transport
        self._replies: deque[Reply] = deque()
        self._owed = 0
        self._rest = b""
        self._lines: list[_Line] = []
        self._octets = 0  # of the lines of this reply
        self._waiter: asyncio.Future[None] | None = None
        self._lost: ConnectionLost | None = None
        self._blocked: asyncio.TimerHandle | None = None
        transport.set_protocol(self)

    @property
    def is_lost(self) -> bool:
        """Whether the link can't be used any more."""
        return self._lost is not None or self._transport.is_closing()

    def write(self, octets: bytes, replies: int) -> None:
        """Sends octets that the server will answer with so many replies. Raises LinkLost."""
        if self._lost is not None:
            raise self._lost
        self._owed += replies
        self._transport.write(octets)

    async def reply(self, stage: Stage) -> Reply:
        """The next reply in order. Raises LinkLost when the link ends before, or the stage's time."""
        self.stage = stage
        while not self._replies:
            if self._lost is not None:
                raise self._lost
            seconds = self._timeouts.of(stage)
            timer = self._loop.call_later(seconds, self._give_up, seconds)
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
                timer.cancel()
        return self._replies.popleft()

    def fail(self, reason: str, timed_out: bool = False, ours: bool = False) -> ConnectionLost:
        """Ends the link at once; whoever waits for a reply gets LinkLost, which is returned too."""
        if self._lost is None:
            self._lost = ConnectionLost(reason, timed_out, ours)
            self._transport.abort()
            self._wake()
            if self.on_lost is not None:
                self.on_lost.set()
        return self._lost

    async def quit(self) -> None:
        """Says goodbye if there is still somebody to hear it, and closes."""
        try:
            if not self.is_lost:
                async with asyncio.timeout(self._timeouts.quit):
                    self.write(b"QUIT\r\n", replies=1)
                    await self.reply(Stage.DATA)
        except (ConnectionLost, TimeoutError):
            pass  # nothing was at stake any more
        finally:
            self.fail("closed")

    def _give_up(self, seconds: float) -> None:
        self.fail(f"no answer within {seconds:g} s", timed_out=True)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # asyncio's side of the protocol

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take_line(line)
        if len(self._rest) > _LONGEST_REPLY:
            self.fail("the server's reply has no end")
        if self._replies:
            self._wake()

    def _take_line(self, line: bytes) -> None:
        if self._lost is not None:
            return
        self._octets += len(line)
        if self._octets > _LONGEST_REPLY:
            self.fail("the server's reply has no end")
            return
        read = _read_line(line)
        if read is None or (self._lines and self._lines[0].code != read.code):
            self.fail("the server's reply is malformed")
            return
        if read.goes_on or self._lines:
            self._lines.append(read)
            if read.goes_on:
                return
            read = read._replace(text=" ".join([one.text for one in self._lines]))
            self._lines.clear()
        self._octets = 0
        if self._owed == 0:
            self.fail("the server said goodbye" if read.code == 421 else "the server spoke out of turn")
            return
        self._owed -= 1
        self._replies.append(Reply(read.code, read.text))

    def eof_received(self) -> None:
        self.fail("the server closed the connection")

    def connection_lost(self, exc: Exception | None) -> None:
        self.pause_over()
        self.fail("the connection broke" if exc else "the server closed the connection")

    def pause_writing(self) -> None:
        seconds = self._timeouts.block
        self._blocked = self._loop.call_later(
            seconds, self.fail, f"the server took nothing for {seconds:g} s", True
        )

    def resume_writing(self) -> None:
        self.pause_over()

    def pause_over(self) -> None:
        """Stops the clock of a server that does not read."""
        if self._blocked is not None:
            self._blocked.cancel()
            self._blocked = None

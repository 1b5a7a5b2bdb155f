"""One SMTP connection: writes octets, reads whole replies in order; knows no messages."""

import asyncio
import sys
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from service.domain.delivery.smtp_reply import SessionStage
from service.mail.smtp.envelope import Extensions


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait, by RFC 5321 §4.5.3.2."""

    connect: float = 60.0  # reaching the server, its greeting, TLS and login, each
    mail: float = 300.0
    rcpt: float = 300.0
    data: float = 120.0
    block: float = 180.0  # the server stops reading
    body: float = 600.0
    quit: float = 2.0  # not in the RFC: the reply does not matter

    def of(self, stage: SessionStage) -> float:
        """The timeout for the reply of a stage."""
        match stage:
            case SessionStage.MAIL:
                return self.mail
            case SessionStage.RCPT:
                return self.rcpt
            case SessionStage.DATA:
                return self.data
            case _:
                return self.body


class Reply(NamedTuple):
    """A complete reply: its code, and its lines joined by spaces."""

    code: int
    text: str


class ConnectionLost(Exception):
    """The connection is unusable; `str()` is the reason, `timed_out` whether the server did not respond.

    `ours`: closed by us for a reason unrelated to the server.
    """

    def __init__(self, reason: str, timed_out: bool = False, ours: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out
        self.ours = ours


_LONGEST_REPLY = 32_768

#: Whether asyncio pauses its writer after `writelines` to a server that reads nothing: some releases of
#: Python do not (CVE-2024-12254). Writing the parts as one costs a twentieth of the speed.
_PAUSES_AFTER_PARTS = not (
    (3, 12) <= sys.version_info < (3, 12, 9) or (3, 13) <= sys.version_info < (3, 13, 2)
)


class _Line(NamedTuple):
    """One line of a reply, as a reply of its own; `continues`: the same reply has another line."""

    reply: Reply
    continues: bool


@lru_cache(maxsize=256)
def _read_line(line: bytes) -> _Line | None:
    """Parses a line without its line feed; None if malformed. Cached, since servers repeat few replies."""
    code, mark = line[:3], line[3:4]
    if not (code.isdigit() and b"2" <= code[:1] <= b"5" and mark in b" -\r"):
        return None
    return _Line(Reply(int(code), line[4:].strip().decode("utf-8", "replace")), mark == b"-")


class SmtpConnection(asyncio.Protocol):
    """Takes over the transport of a session after greeting and login.

    The writer declares how many replies to expect. An unexpected or malformed reply, or a timeout, ends the
    connection: otherwise later replies could be assigned to the wrong command.
    """

    def __init__(self, transport: asyncio.Transport, extensions: Extensions, timeouts: Timeouts) -> None:
        self.extensions = extensions
        self.stage = SessionStage.MAIL
        self.lost_event: asyncio.Event | None = None
        self.waiting_since: float | None = None  # for a reply, as the loop's time
        self._timeouts = timeouts
        self._loop = asyncio.get_running_loop()
        self._transport = transport
        self._replies: deque[Reply] = deque()
        self._expected = 0
        self._buffer = b""
        self._lines: list[Reply] = []
        self._octets = 0  # of the lines of this reply
        self._waiter: asyncio.Future[None] | None = None
        self._lost: ConnectionLost | None = None
        self._block_timer: asyncio.TimerHandle | None = None
        transport.set_protocol(self)

    @property
    def is_lost(self) -> bool:
        """Whether the connection is unusable."""
        return self._lost is not None or self._transport.is_closing()

    def write(self, parts: tuple[bytes, ...], replies: int) -> None:
        """Writes commands that the server answers with `replies` replies, at once. Raises ConnectionLost."""
        if self._lost is not None:
            raise self._lost
        self._expected += replies
        if _PAUSES_AFTER_PARTS:
            self._transport.writelines(parts)
        else:
            self._transport.write(b"".join(parts))

    def received_reply(self, stage: SessionStage) -> Reply | None:
        """The next reply if it is here already: with PIPELINING several come at once."""
        self.stage = stage
        return self._replies.popleft() if self._replies else None

    async def reply(self, stage: SessionStage) -> Reply:
        """The next reply. Raises ConnectionLost if the connection ends or the stage times out first."""
        self.stage = stage
        while not self._replies:
            if self._lost is not None:
                raise self._lost
            seconds = self._timeouts.of(stage)
            timer = self._loop.call_later(seconds, self._time_out, seconds)
            self._waiter = self._loop.create_future()
            self.waiting_since = self._loop.time()
            try:
                await self._waiter
            finally:
                self._waiter = self.waiting_since = None
                timer.cancel()
        return self._replies.popleft()

    def fail(self, reason: str, timed_out: bool = False, ours: bool = False) -> ConnectionLost:
        """Aborts the connection; a pending `reply` raises the returned ConnectionLost."""
        if self._lost is None:
            self._lost = ConnectionLost(reason, timed_out, ours)
            self._transport.abort()
            self._wake_reader()
            if self.lost_event is not None:
                self.lost_event.set()
        return self._lost

    async def quit(self) -> None:
        """Sends QUIT if the connection is still usable, and closes it."""
        try:
            if not self.is_lost:
                async with asyncio.timeout(self._timeouts.quit):
                    self.write((b"QUIT\r\n",), replies=1)
                    await self.reply(SessionStage.DATA)
        except (ConnectionLost, TimeoutError):
            pass  # all mails are settled
        finally:
            self.fail("closed")

    def _time_out(self, seconds: float) -> None:
        self.fail(f"no answer within {seconds:g} s", timed_out=True)

    def _wake_reader(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # Callbacks of asyncio.Protocol

    def data_received(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._read_reply_line(line)
        if len(self._buffer) > _LONGEST_REPLY:
            self.fail("the server's reply has no end")
        if self._replies:
            self._wake_reader()

    def _read_reply_line(self, line: bytes) -> None:
        if self._lost is not None:
            return
        self._octets += len(line)
        if self._octets > _LONGEST_REPLY:
            self.fail("the server's reply has no end")
            return
        read = _read_line(line)
        if read is None or (self._lines and self._lines[0].code != read.reply.code):
            self.fail("the server's reply is malformed")
            return
        reply = read.reply
        if read.continues or self._lines:
            self._lines.append(reply)
            if read.continues:
                return
            reply = Reply(reply.code, " ".join([line.text for line in self._lines]))
            self._lines.clear()
        self._octets = 0
        if self._expected == 0:
            self.fail(
                "the server said goodbye" if reply.code == 421 else "the server sent an unexpected reply"
            )
            return
        self._expected -= 1
        self._replies.append(reply)

    def eof_received(self) -> None:
        self.fail("the server closed the connection")

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_block_timer()
        self.fail("the connection broke" if exc else "the server closed the connection")

    def pause_writing(self) -> None:
        seconds = self._timeouts.block
        self._block_timer = self._loop.call_later(
            seconds, self.fail, f"the server read nothing for {seconds:g} s", True
        )

    def resume_writing(self) -> None:
        self._stop_block_timer()

    def _stop_block_timer(self) -> None:
        """Stops the timer of a server that does not read."""
        if self._block_timer is not None:
            self._block_timer.cancel()
            self._block_timer = None

"""uvicorn's HTTP/1.1 protocol with limits on what a client may make the server read, keep and wait for.

uvicorn and its parser have no such limits: they collect a header for as long as it grows (each read copies
the part before), wait for ever for the rest of a head or body, and accept connections until no file is left.
A request above a limit is answered with a problem (RFC 9457) that says what to change, and the connection is
closed.
"""

import asyncio
from enum import Enum
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from service.web.http.connections import LingeringTransport, connections_of
from service.web.http.raw_problems import REFUSAL, raw_problem

#: Bytes of a request's target (RFC 9110 §15.5.15), and of its whole head, trailers included (RFC 6585 §5).
MOST_TARGET = 8 * 1024
MOST_HEAD = 16 * 1024

#: Seconds for a whole head, from its first byte or from the beginning of the connection.
HEAD_SECONDS = 10.0

#: Seconds for a body, and the rate at which more of it earns more time, in bytes per second.
BODY_SECONDS = 20.0
LEAST_RATE = 16 * 1024

#: Bytes of a body that are read and discarded after the answer, so that the client can read the answer.
MOST_DRAINED = 32 * 1024 * 1024

#: Timeouts in seconds: between requests of a connection; for a client that does not read its answer; and for
#: a refused client to stop sending.
IDLE_SECONDS = 5.0
UNREAD_SECONDS = 30.0
LINGER_SECONDS = 2.0

#: Seconds between two checks of deadlines.
_TICK = 1.0


class Reading(Enum):
    """The part of a request that a connection expects next from its client."""

    NEXT = "next"  # the first octet of the next request
    HEAD = "head"  # the rest of a head
    BODY = "body"  # the rest of a body
    NOTHING = "nothing"  # an answer is being made


class BoundedHttpProtocol(HttpToolsProtocol):
    """A connection. A timer checks its deadline once a second, so that setting one costs nothing."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._together = connections_of(self.server_state)
        self._reading = Reading.NEXT
        self._deadline: float | None = None
        self._write_deadline: float | None = None
        self._clock: asyncio.TimerHandle | None = None
        self._messages = 0
        self._head_size = 0
        self._unparsed = 0
        self._body_began = 0.0
        self._sent = 0
        self._refused = False
        #: The refusal of a message that waits until the requests before it are answered.
        self._deferred: tuple[int, str, int | None] | None = None
        self._linger_until = 0.0
        #: Bytes of the current body in memory, counted in `Connections`.
        self.body_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts to wait for a request."""
        super().connection_made(transport)
        self._deadline = self.loop.time() + HEAD_SECONDS
        self._clock = self.loop.call_later(_TICK, self._check_deadline)
        self._together.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Releases all resources of the connection."""
        super().connection_lost(exc)
        self._together.closed(self)
        self._release_body()
        if self._clock is not None:
            self._clock.cancel()

    def data_received(self, data: bytes) -> None:
        """Parses received data, and refuses endless elements."""
        if self._refused:
            if self._deferred is None:
                self._deadline = min(self.loop.time() + LINGER_SECONDS, self._linger_until)
            return
        reading, message, sent = self._reading, self._messages, self._sent
        super().data_received(data)
        if self._reading is Reading.BODY and self.cycle is not None:
            self.cycle.transport = LingeringTransport(self, self.transport)  # type: ignore[assignment]
        if self._refused or self.transport.is_closing() or message != self._messages:
            return
        if reading is Reading.HEAD is self._reading:
            self._unparsed += len(data)
            if self._unparsed > MOST_HEAD or self._head_size > MOST_HEAD:
                self._refuse(*_HEAD_TOO_LARGE)
        elif reading is Reading.BODY is self._reading:
            # Neither a byte of the body nor its end: an endless trailer or chunk size.
            self._unparsed = self._unparsed + len(data) if sent == self._sent else 0
            if self._unparsed > MOST_HEAD:
                self._refuse(400, "The request's chunks or trailers are too long.")

    def eof_received(self) -> bool:  # type: ignore[override]
        """A client that has sent its last request still reads the answers (RFC 9112 §9.6)."""
        if self._reading is Reading.BODY or self.cycle is None or self.cycle.response_complete:
            return False
        if self._deferred is None:
            self.cycle.keep_alive = False
        return True

    def on_message_begin(self) -> None:
        """A request starts: its head has a limit and a deadline."""
        super().on_message_begin()
        self._messages += 1
        self._head_size = self._unparsed = 0
        self._wait_for(Reading.HEAD, HEAD_SECONDS)

    def on_url(self, url: bytes) -> None:
        """Counts the bytes of the target."""
        self._head_size += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Counts the bytes of a field; trailers are dropped (RFC 9110 §6.5.1: they must not be merged)."""
        self._head_size += len(name) + len(value) + 4
        if self._reading is not Reading.BODY:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Passes the request to the application, or refuses it."""
        if self._refused:
            return
        if len(self.url) > MOST_TARGET:
            self._answer_with(414, f"The address has more than {MOST_TARGET} bytes.")
        elif self._head_size > MOST_HEAD:
            self._answer_with(*_HEAD_TOO_LARGE)
        if self.parser.get_http_version() == "1.0":
            self.expect_100_continue = False  # such a client takes 100 for the answer (RFC 9110 §10.1.1)
        self._release_body()
        self._unparsed = self._sent = 0
        self._body_began = self.loop.time()
        super().on_headers_complete()  # raises for a target that is no path: still the head, which is refused
        self._wait_for(Reading.BODY, BODY_SECONDS)

    def on_body(self, body: bytes) -> None:
        """Counts a part of the body, and extends the deadline."""
        if self._refused:
            return
        self._sent += len(body)
        self._deadline = self._body_began + BODY_SECONDS + self._sent / LEAST_RATE
        if self.cycle.response_complete:
            if self._sent > MOST_DRAINED:
                self.transport.abort()
            return
        super().on_body(body)
        self.body_size += len(body)
        self._together.received(len(body))

    def on_message_complete(self) -> None:
        """The request is complete."""
        if self._refused:
            return
        super().on_message_complete()
        self._together.receiving.pop(self, None)
        self._reading, self._deadline = Reading.NOTHING, None
        if self.cycle is None or self.cycle.response_complete:
            self._wait_for(Reading.NEXT, IDLE_SECONDS)

    def on_response_complete(self) -> None:
        """Releases the request's body, and waits for the next request."""
        self._release_body()
        if self._reading is Reading.NOTHING and not self.pipeline:  # a pipelined request is complete already
            self._wait_for(Reading.NEXT, IDLE_SECONDS)
        if self._deferred is not None and not self.pipeline:
            refusal, self._deferred = self._deferred, None
            self._end_with(*refusal)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client reads more slowly than we write: starts a deadline."""
        super().pause_writing()
        self._write_deadline = self.loop.time() + UNREAD_SECONDS

    def resume_writing(self) -> None:
        """The client reads again: ends the deadline."""
        super().resume_writing()
        self._write_deadline = None

    def timeout_keep_alive_handler(self) -> None:
        """Closes an idle connection; a lingering one, and half a head, have their own deadlines."""
        if not self._refused and self._reading is Reading.NEXT:
            super().timeout_keep_alive_handler()

    def send_400_response(self, msg: str) -> None:
        """Answers invalid HTTP."""
        if not self._refused:
            self._refuse(400, "This is not a request of HTTP/1.1.")

    def drop(self) -> None:
        """Closes the connection at once, to make room for others."""
        self._together.receiving.pop(self, None)
        self.transport.abort()

    def drop_body(self) -> None:
        """Answers 503 and drops the body received so far."""
        self._refuse(503, "Too much is being sent at the same time. Please send it again.", retry_after=5)

    def _answer_with(self, status: int, detail: str) -> None:
        """Lets the application refuse the request whose head is complete."""
        cast(dict[str, Any], self.scope)[REFUSAL] = (status, detail)

    def _wait_for(self, reading: Reading, seconds: float) -> None:
        if self._refused:
            return
        self._reading, self._deadline = reading, self.loop.time() + seconds
        self._together.receiving[self] = None

    def _release_body(self) -> None:
        if self.body_size:
            self._together.released(self.body_size)
            self.body_size = 0

    def _check_deadline(self) -> None:
        now = self.loop.time()
        if self._write_deadline is not None and now > self._write_deadline:
            self.transport.abort()
        elif self._deadline is not None and now > self._deadline:
            self._time_out(now)
        self._clock = self.loop.call_later(_TICK, self._check_deadline)

    def _time_out(self, now: float) -> None:
        if self._refused or self.transport.is_closing():
            self.transport.abort()
        elif self._reading is Reading.NEXT:
            self.transport.close()
            self._deadline = now + UNREAD_SECONDS
        elif self._reading is Reading.BODY and self.flow.read_paused:
            self._deadline = now + BODY_SECONDS  # it is we who do not read
        else:
            self._refuse(408, f"The {self._reading.value} of the request did not arrive in time.")

    def _refuse(self, status: int, detail: str, retry_after: int | None = None) -> None:
        """Answers instead of the application, discards further data, and closes the connection.

        The complete requests before the refused message are answered first (RFC 9112 §9.3.2).
        """
        in_body = self._reading is Reading.BODY
        if in_body and self.pipeline:
            self.pipeline.popleft()  # the refused request
        elif in_body or self.cycle is None or self.cycle.response_complete:
            self._end_with(status, detail, retry_after)
            return
        self._refused, self._deadline, self._deferred = True, None, (status, detail, retry_after)
        self._release_body()
        self._together.receiving.pop(self, None)

    def _end_with(self, status: int, detail: str, retry_after: int | None) -> None:
        """Answers the refused message, unless its answer has begun, and closes the connection."""
        unanswered = self.cycle is not None and not self.cycle.response_complete
        if not self.transport.is_closing() and not (unanswered and self.cycle.response_started):
            body, headers = raw_problem(status, detail, close=True, retry_after=retry_after)
            lines = [b"%s: %s\r\n" % pair for pair in headers]
            self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", body]))
        if unanswered:
            self.cycle.disconnected = True
            self.cycle.body = bytearray()
            self.cycle.message_event.set()
        self._linger(LINGER_SECONDS)

    def end(self) -> None:
        """Closes the connection after an answer; the rest of a body is discarded."""
        if self._reading is Reading.BODY and not self._refused:
            self._linger(UNREAD_SECONDS)
        elif not self._refused or self._deferred is not None:
            self.transport.close()

    def _linger(self, seconds: float) -> None:
        """Half-closes the connection, and discards received data for `seconds` at most.

        Closing at once would reset the connection, and the client might never see the answer (RFC 9112 §9.6).
        """
        self._refused = True
        self._release_body()
        self._together.receiving.pop(self, None)
        now = self.loop.time()
        self._deadline, self._linger_until = now + LINGER_SECONDS, now + seconds
        self.flow.resume_reading()
        if not self.transport.is_closing() and self.transport.can_write_eof():
            self.transport.write_eof()


_HEAD_TOO_LARGE = (431, f"The head of the request has more than {MOST_HEAD} bytes.")

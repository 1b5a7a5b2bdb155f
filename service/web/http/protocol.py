"""HTTP/1.1 as uvicorn speaks it, with bounds on what a client may make the server read, keep and wait for.

uvicorn and its parser have none of these: they collect a header for as long as it grows (each read copies
what came before), wait for ever for the rest of a head or body, and accept connections until no file is left.
What exceeds a bound here is answered with a problem (RFC 9457) that says what to change; the connection ends.
"""

import asyncio
from enum import Enum
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from service.web.http.connections import connections_of
from service.web.http.raw_problems import answering, raw_problem

#: Bytes of a request's target (RFC 9110 §15.5.15), and of its whole head, trailers included (RFC 6585 §5).
MOST_TARGET = 8 * 1024
MOST_HEAD = 16 * 1024

#: Seconds for a whole head, from its first byte or from the beginning of the connection.
HEAD_SECONDS = 10.0

#: Seconds for a body, and the rate at which more of it earns more time, in bytes per second.
BODY_SECONDS = 20.0
LEAST_RATE = 16 * 1024

#: Bytes of a body that are read on after the answer, so that the client can read the answer.
MOST_DRAINED = 32 * 1024 * 1024

#: Seconds between requests of one connection; for a client that does not read its answer; and for one that
#: was refused to stop sending.
IDLE_SECONDS = 5.0
UNREAD_SECONDS = 30.0
LINGER_SECONDS = 2.0

#: Seconds between two looks at the clock.
_TICK = 1.0


class Reading(Enum):
    """What a connection waits for from its client."""

    NEXT = "next"
    HEAD = "head"
    BODY = "body"
    NOTHING = "nothing"


class BoundedHttpProtocol(HttpToolsProtocol):
    """One connection. Its clock looks at deadlines once a second: setting one costs a request nothing."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._served = self.app
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
        self._linger_until = 0.0
        #: Bytes of the current body that are kept: counted in `Connections`.
        self.body_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for a request."""
        super().connection_made(transport)
        self._deadline = self.loop.time() + HEAD_SECONDS
        self._clock = self.loop.call_later(_TICK, self._look_at_the_clock)
        self._together.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gives back all that the connection took."""
        super().connection_lost(exc)
        self._together.closed(self)
        self._release_body()
        if self._clock is not None:
            self._clock.cancel()

    def data_received(self, data: bytes) -> None:
        """Parses what arrived, and refuses what grows without an end."""
        if self._refused:
            self._deadline = min(self.loop.time() + LINGER_SECONDS, self._linger_until)
            return
        reading, message, sent = self._reading, self._messages, self._sent
        super().data_received(data)
        if self._reading is Reading.BODY and self.cycle is not None:
            self.cycle.transport = _Patient(self)  # type: ignore[assignment]
        if self._refused or self.transport.is_closing() or message != self._messages:
            return
        if reading is Reading.HEAD is self._reading:
            self._unparsed += len(data)
            if self._unparsed > MOST_HEAD or self._head_size > MOST_HEAD:
                self._refuse(*_HEAD_TOO_LARGE)
        elif reading is Reading.BODY is self._reading:
            # Neither a byte of the body nor its end: a trailer or the size of a chunk without an end.
            self._unparsed = self._unparsed + len(data) if sent == self._sent else 0
            if self._unparsed > MOST_HEAD:
                self._refuse(400, "The request's chunks or trailers are too long.")

    def on_message_begin(self) -> None:
        """A request begins: its head has a bound and a deadline."""
        super().on_message_begin()
        self._messages += 1
        self._head_size = self._unparsed = 0
        self._wait_for(Reading.HEAD, HEAD_SECONDS)

    def on_url(self, url: bytes) -> None:
        """Counts the target."""
        self._head_size += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Counts a field; one that follows the body is left out (RFC 9110 §6.5.1: it must not be merged)."""
        self._head_size += len(name) + len(value) + 4
        if self._reading is not Reading.BODY:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Lets the application answer, or refuses in its place."""
        if self._refused:
            return
        if len(self.url) > MOST_TARGET:
            self.app = answering(414, f"The address has more than {MOST_TARGET} bytes.", close=True)
        elif self._head_size > MOST_HEAD:
            self.app = answering(*_HEAD_TOO_LARGE, close=True)
        else:
            self.app = self._served
        self._release_body()
        self._unparsed = self._sent = 0
        self._body_began = self.loop.time()
        self._wait_for(Reading.BODY, BODY_SECONDS)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Counts a piece of the body, which earns time for the next one."""
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
        """The request is here as a whole: from now on it waits for us."""
        if self._refused:
            return
        super().on_message_complete()
        self._together.receiving.pop(self, None)
        self._reading, self._deadline = Reading.NOTHING, None
        if self.cycle is None or self.cycle.response_complete:
            self._wait_for(Reading.NEXT, IDLE_SECONDS)

    def on_response_complete(self) -> None:
        """What was sent is not needed any more; the next request may come."""
        self._release_body()
        if self._reading is Reading.NOTHING and not self.pipeline:  # a pipelined request waits for us
            self._wait_for(Reading.NEXT, IDLE_SECONDS)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client does not read as fast as we write."""
        super().pause_writing()
        self._write_deadline = self.loop.time() + UNREAD_SECONDS

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        self._write_deadline = None

    def timeout_keep_alive_handler(self) -> None:
        """Ends an idle connection; one that lingers has its own time."""
        if not self._refused:
            super().timeout_keep_alive_handler()

    def send_400_response(self, msg: str) -> None:
        """The answer to what is no HTTP."""
        if not self._refused:
            self._refuse(400, "This is not a request of HTTP/1.1.")

    def drop(self) -> None:
        """Ends the connection at once: others wait for its place."""
        self._together.receiving.pop(self, None)
        self.transport.abort()

    def give_up_body(self) -> None:
        """Answers that there is too much at once, and forgets what arrived."""
        self._refuse(503, "Too much is being sent at the same time. Please send it again.", retry_after=5)

    def _wait_for(self, reading: Reading, seconds: float) -> None:
        if self._refused:
            return
        self._reading, self._deadline = reading, self.loop.time() + seconds
        self._together.receiving[self] = None

    def _release_body(self) -> None:
        if self.body_size:
            self._together.released(self.body_size)
            self.body_size = 0

    def _look_at_the_clock(self) -> None:
        now = self.loop.time()
        if self._write_deadline is not None and now > self._write_deadline:
            self.transport.abort()
        elif self._deadline is not None and now > self._deadline:
            self._time_is_over(now)
        self._clock = self.loop.call_later(_TICK, self._look_at_the_clock)

    def _time_is_over(self, now: float) -> None:
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
        """Answers outside the application, keeps nothing of what still arrives, and ends the connection."""
        if self._may_answer():
            body, headers = raw_problem(status, detail, close=True, retry_after=retry_after)
            lines = [b"%s: %s\r\n" % pair for pair in headers]
            self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", body]))
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.body = bytearray()
            self.cycle.message_event.set()
        self._linger(LINGER_SECONDS)

    def end(self) -> None:
        """Ends the connection after an answer; of a body that is still arriving, the rest is thrown away."""
        if self._reading is Reading.BODY and not self._refused:
            self._linger(UNREAD_SECONDS)
        elif not self._refused:
            self.transport.close()

    def _linger(self, seconds: float) -> None:
        """Says that nothing more will be written, and throws away what still arrives, for `seconds` at most.

        Closing at once would reset the connection, and the client might never see the answer (RFC 9112 §9.6).
        """
        self._refused = True
        self._release_body()
        self._together.receiving.pop(self, None)
        now = self.loop.time()
        self._deadline, self._linger_until = now + LINGER_SECONDS, now + seconds
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _may_answer(self) -> bool:
        """Whether an answer written now would stand where the client expects one for what it sends."""
        if self.transport.is_closing():
            return False
        if self._reading is Reading.BODY:
            return not self.cycle.response_started
        return self.cycle is None or self.cycle.response_complete


class _Patient:
    """The transport of an answer that may come before its request's end: it closes with patience."""

    def __init__(self, connection: BoundedHttpProtocol) -> None:
        self._connection = connection
        self.write = connection.transport.write
        self.is_closing = connection.transport.is_closing

    def close(self) -> None:
        """Ends the connection so that the client can read the answer."""
        self._connection.end()


_HEAD_TOO_LARGE = (431, f"The head of the request has more than {MOST_HEAD} bytes.")

"""The service over real sockets, as a client sees it that speaks HTTP badly, slowly or only half."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import uvicorn

from service.configuration.settings import Settings
from service.server import server_config
from service.web.http.sockets import listen
from tests.conftest import app_of
from tests.events import signed
from tests.waiting import PATIENCE

HOST = b"Host: testserver.local\r\n"
GET = b"GET /health/live HTTP/1.1\r\n" + HOST


class Served:
    """A running server: where it listens, and the open connections that a test began."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._open: list[socket.socket] = []

    def connect(self, sent: bytes = b"", seconds: float = PATIENCE) -> socket.socket:
        """A connection on which `sent` was sent; closed at the end of the test."""
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=seconds)
        self._open.append(opened)
        if sent:
            opened.sendall(sent)
        return opened

    def exchange(self, *pieces: bytes) -> bytes:
        """All that the server answers to `pieces`, until it closes the connection."""
        opened = self.connect()
        for piece in pieces:
            try:
                opened.sendall(piece)
            except OSError:
                break
        return everything(opened)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """The answer that an ordinary visitor gets."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=PATIENCE) as client:
            return client.get(path, headers=headers)

    def close(self) -> None:
        """Closes what is open."""
        for connection in self._open:
            connection.close()


def everything(opened: socket.socket) -> bytes:
    """All that arrives until the server closes the connection."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := opened.recv(65_536):
            received += piece
    return received


def is_closed(opened: socket.socket, seconds: float = PATIENCE) -> bool:
    """Whether the server closes the connection within `seconds`; further bytes are discarded."""
    opened.settimeout(seconds)
    try:
        while opened.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def are_closed(opened: Sequence[socket.socket], count: int) -> set[socket.socket]:
    """Waits until the server has closed so many connections. Returns all that it has closed by then."""
    closed = set[socket.socket]()
    deadline = time.monotonic() + PATIENCE
    while len(closed) < count and time.monotonic() < deadline:
        closed |= {each for each in opened if each not in closed and is_closed(each, 0.01)}
    return closed


class _Server(uvicorn.Server):
    """Leaves the signals to the test process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def served(settings: Settings) -> Iterator[Served]:
    """The application behind a real socket, as `serve` runs it, in a thread of its own."""
    with listen("127.0.0.1", 0) as listener, app_of(settings) as app:
        config = server_config(app)
        server = _Server(config)
        thread = threading.Thread(target=_run, args=(server, config, listener), daemon=True)
        thread.start()
        running = Served(listener.getsockname()[1])
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            yield running
        finally:
            running.close()
            server.should_exit = True
            thread.join(PATIENCE)


def _run(server: uvicorn.Server, config: uvicorn.Config, listener: socket.socket) -> None:
    factory: Any = config.get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(server.serve(sockets=[listener]))


def status(answer: bytes) -> int:
    """The status of an HTTP answer."""
    return int(answer.split(b" ", 2)[1])


def is_problem(answer: bytes) -> bool:
    """Whether an HTTP answer is a problem (RFC 9457) with its headers."""
    head, _, body = answer.partition(b"\r\n\r\n")
    everywhere = (b"nosniff", b"no-store", b"no-referrer", b"noindex")
    private = all(words in head for words in everywhere)
    return private and b"content-type: application/problem+json" in head and b'"detail"' in body


def headers_of(body: bytes) -> bytes:
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in signed(body).items() if value)


def genuine(body: bytes) -> bytes:
    """The head of a signed event of which `body` is the whole body."""
    return (
        b"POST /v1/events HTTP/1.1\r\n" + HOST + headers_of(body) + b"Content-Length: %d\r\n\r\n" % len(body)
    )

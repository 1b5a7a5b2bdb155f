"""A pooler of transactions between clients and PostgreSQL, like PgBouncer with `pool_mode = transaction`.

It is stricter than one: each transaction gets the server connection that has been idle for longest, so
everything that a client leaves on it (a prepared statement, a setting, a lock) meets another client at once.
"""

import asyncio
import os
import secrets
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from tests.servers import free_port, wait_for_port

#: Server connections for all clients of one database.
SIZE = 6

_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102
#: Query, Sync and FunctionCall: PostgreSQL answers each with ReadyForQuery (Z).
_ASKS_FOR_READY = frozenset(b"QSF")
_KEY = b"K" + struct.pack("!I", 12)
#: Not a message of the protocol: the client is gone.
_LEAVES = b""


@dataclass(frozen=True)
class _Server:
    """One connection to PostgreSQL."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class TransactionPooler:
    """Serves clients on a port; start it with `transaction_pooler`."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._free: dict[bytes, asyncio.Queue[_Server]] = {}
        self._greetings: dict[bytes, bytes] = {}
        self._opening = asyncio.Lock()

    async def serve_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one client until it leaves."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            startup = await _startup(reader, writer)
            if startup is not None:
                await self._transactions(startup, reader, writer)
        writer.close()

    async def _transactions(
        self, startup: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        async with self._opening:
            if startup not in self._free:
                self._free[startup] = asyncio.Queue()
                for _ in range(SIZE):
                    self._free[startup].put_nowait(await self._connect(startup))
        free = self._free[startup]
        writer.write(self._greetings[startup])
        messages: asyncio.Queue[bytes] = asyncio.Queue()
        reading = asyncio.create_task(_read_all(reader, messages))
        try:
            while (message := await messages.get()) != _LEAVES:
                server = await free.get()
                if not await _transaction(message, messages, server, writer):
                    server.writer.close()  # a transaction was left open: PostgreSQL rolls it back
                    free.put_nowait(await self._connect(startup))
                    return
                free.put_nowait(server)
        finally:
            reading.cancel()

    async def _connect(self, startup: bytes) -> _Server:
        """Opens a connection, and keeps PostgreSQL's messages to a starting client."""
        host, port = self._address
        opened = (
            asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
            if host.startswith("/")
            else asyncio.open_connection(host, port)
        )
        server = _Server(*await opened)
        server.writer.write(startup)
        greeting, message = b"", b""
        while message[:1] != b"Z":
            message = await _message(server.reader)
            if message[:1] == b"E":
                raise ConnectionError(message.decode(errors="replace"))
            # A pooler makes its own key for cancelling: the client has no server of its own.
            greeting += _KEY + secrets.token_bytes(8) if message[:1] == b"K" else message
        self._greetings[startup] = greeting
        return server


async def _startup(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
    while True:
        length, code = struct.unpack("!II", await reader.readexactly(8))
        rest = await reader.readexactly(length - 8)
        if code == _CANCEL:
            return None
        if code not in (_SSL, _GSS):
            return struct.pack("!II", length, code) + rest
        writer.write(b"N")


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    (length,) = struct.unpack("!I", head[1:])
    return head + await reader.readexactly(length - 4)


async def _read_all(reader: asyncio.StreamReader, messages: "asyncio.Queue[bytes]") -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while (message := await _message(reader))[:1] != b"X":
            messages.put_nowait(message)
    messages.put_nowait(_LEAVES)


async def _transaction(
    message: bytes, messages: "asyncio.Queue[bytes]", server: _Server, writer: asyncio.StreamWriter
) -> bool:
    """Passes on what both sides send until the transaction is over; False when the client leaves in it."""
    server.writer.write(message)
    pending = int(message[0] in _ASKS_FOR_READY)
    from_client = asyncio.create_task(messages.get())
    from_server = asyncio.create_task(_message(server.reader))
    try:
        while True:
            await asyncio.wait({from_client, from_server}, return_when=asyncio.FIRST_COMPLETED)
            if from_client.done():
                message = from_client.result()
                if message == _LEAVES:
                    return False
                server.writer.write(message)
                pending += message[0] in _ASKS_FOR_READY
                from_client = asyncio.create_task(messages.get())
            if from_server.done():
                answer = from_server.result()
                writer.write(answer)
                pending -= answer[:1] == b"Z"
                if answer[:1] == b"Z" and answer[-1:] == b"I" and not pending:
                    return True
                from_server = asyncio.create_task(_message(server.reader))
    finally:
        from_server.cancel()
        if from_client.done() and not from_client.cancelled():
            messages.put_nowait(from_client.result())
        from_client.cancel()


@contextmanager
def transaction_pooler(url: str) -> Iterator[str]:
    """The URL of `url`'s database through a pooler of its own, in a thread."""
    parsed = make_url(url)
    pooler = TransactionPooler(_host(parsed), parsed.port or 5432)
    port = free_port()
    loop = asyncio.new_event_loop()

    async def listen() -> None:
        await asyncio.start_server(pooler.serve_client, "127.0.0.1", port)

    loop.run_until_complete(listen())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield through(parsed, port)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


@contextmanager
def pgbouncer(url: str, program: str) -> Iterator[str]:
    """The same through PgBouncer itself."""
    parsed = make_url(url)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="ta-pgbouncer-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "users.txt").write_text(f'"{parsed.username}" "{parsed.password or ""}"\n')
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host={_host(parsed)} port={parsed.port or 5432}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = trust\nauth_file = {folder / 'users.txt'}\npool_mode = transaction\n"
            f"default_pool_size = {SIZE}\n"
        )
        as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
        process = subprocess.Popen([program, "-q", *as_nobody, str(folder / "pgbouncer.ini")])
        try:
            wait_for_port(port)
            yield through(parsed, port)
        finally:
            process.terminate()
            process.wait(10)


def _host(url: URL) -> str:
    """A PostgreSQL server's address, or the folder of its socket."""
    return str(url.host or url.query["host"])


def through(url: URL, port: int) -> str:
    """`url` with a pooler's address."""
    changed = url.set(host="127.0.0.1", port=port).difference_update_query(["host"])
    return changed.render_as_string(hide_password=False)

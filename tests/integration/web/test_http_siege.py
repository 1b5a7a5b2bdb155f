"""A serving process under clients that hold on to what they take: what it costs in memory and files."""

import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from service.web.http.sockets import connection_limits
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import COMMAND, eventually, plain_environment
from tests.events import signed
from tests.integration.web.sockets import HOST, Served

_FILES = 1_024


@pytest.fixture
def process(
    sqlite_template: Path, redis_url: str, tmp_path: Path
) -> Iterator["tuple[subprocess.Popen[bytes], Served]"]:
    """`trial-alerts serve` where a process may open 1,024 files and no more."""
    shutil.copy(sqlite_template, tmp_path / "test.sqlite3")
    environ = ENVIRONMENT | {
        "ALERTS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}",
        "ALERTS_REDIS_URL": redis_url,
        "ALERTS_DATA": str(tmp_path),
    }
    running = subprocess.Popen(
        [COMMAND, "serve", "--port", "18476"],
        env=plain_environment(**environ),
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES)),
    )
    client = Served(18476)
    try:
        eventually(lambda: _answers(client), what="serve")
        yield running, client
    finally:
        client.close()
        running.terminate()
        running.wait(20)


def _answers(client: Served) -> bool:
    try:
        return client.get("/health/live").status_code == 200
    except httpx.TransportError:
        return False


def memory_of(pid: int) -> int:
    """Bytes of memory that a process occupies."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def test_half_sent_requests_leave_files_for_others(process: "tuple[subprocess.Popen[bytes], Served]") -> None:
    connection_limits()  # this process holds the other ends
    _, client = process
    for number in range(1_500):
        client.connect(b"GET /health/live HTTP/1.1\r\n" + HOST + b"X-Half: ")
        if number % 100 == 0:
            assert client.get("/health/live").status_code == 200
    began = time.monotonic()
    assert client.get("/health/ready").status_code == 200
    assert time.monotonic() - began < 5


def test_signed_looking_bodies_cost_a_bounded_memory(
    process: "tuple[subprocess.Popen[bytes], Served]",
) -> None:
    running, client = process
    before = memory_of(running.pid)
    body = b"[" + b" " * (16 * 1024 * 1024 - 2) + b"]"
    forged = signed(b"[]") | {"Content-Length": str(len(body))}
    fields = "".join(f"{name}: {value}\r\n" for name, value in forged.items()).encode()
    most = 0
    for _ in range(20):
        opened = client.connect(b"POST /v1/events HTTP/1.1\r\n" + HOST + fields + b"\r\n")
        opened.sendall(body[:-1])
        most = max(most, memory_of(running.pid) - before)
    assert most < 250 * 1024 * 1024
    good = signed(b"[]")
    answer = httpx.post(f"{client.url}/v1/events", content=b"[]", headers=good, trust_env=False, timeout=20)
    assert answer.status_code == 202


def test_unknown_addresses_are_not_kept(process: "tuple[subprocess.Popen[bytes], Served]") -> None:
    running, client = process
    visitor, before = HTTPConnection("127.0.0.1", client.port, timeout=20), 0
    for turn in range(2_600):
        for path in ("/static/", "/"):
            visitor.request("GET", f"{path}{turn:07d}{'a' * 8_000}")
            answer = visitor.getresponse()
            assert (answer.status, bool(answer.read())) == (404, True)
        if turn == 1_100:  # what has a bound of a thousand is full
            before = memory_of(running.pid)
    visitor.close()
    assert memory_of(running.pid) - before < 6 * 1024 * 1024

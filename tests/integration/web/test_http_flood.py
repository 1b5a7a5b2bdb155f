"""A serving process under clients that never finish: its memory and open files stay bounded."""

import resource
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from service.runtime.child_process import die_with_parent
from service.web.http.sockets import connection_limits
from tests.e2e.journey.processes import PATIENCE, serve
from tests.events import signed
from tests.integration.web.sockets import HOST, Served

pytestmark = pytest.mark.slow

_FILES = 1_024


def _few_files() -> None:
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the layers before the application do not depend on the database."""
    return sqlite_url


@pytest.fixture
def process(environ: dict[str, str]) -> Iterator["tuple[subprocess.Popen[bytes], Served]"]:
    """`trial-alerts serve` where a process may open 1,024 files and no more."""
    with serve(environ, prepare=_few_files) as (running, port):
        client = Served(port)
        yield running, client
        client.close()


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
    assert client.get("/health/ready").status_code == 200


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
    answer = httpx.post(
        f"{client.url}/v1/events", content=b"[]", headers=good, trust_env=False, timeout=PATIENCE
    )
    assert answer.status_code == 202


def test_unknown_addresses_are_not_kept(process: "tuple[subprocess.Popen[bytes], Served]") -> None:
    running, client = process
    visitor, before = HTTPConnection("127.0.0.1", client.port, timeout=PATIENCE), 0
    for turn in range(1_900):
        for path in ("/static/", "/"):
            visitor.request("GET", f"{path}{turn:07d}{'a' * 8_000}")
            answer = visitor.getresponse()
            assert (answer.status, bool(answer.read())) == (404, True)
        if turn == 1_100:  # what has a bound of a thousand is full
            before = memory_of(running.pid)
    visitor.close()
    assert memory_of(running.pid) - before < 6 * 1024 * 1024

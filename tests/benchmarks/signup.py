"""Sign-ups per second on PostgreSQL beside an empty handler: `python -m tests.benchmarks.signup`."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from litestar import Litestar, post

from service.configuration.settings import Settings
from service.configuration.settings import read as read_settings
from service.store.sql import schema
from service.store.sql.database import create_database
from tests.benchmarks.compare import Figure
from tests.benchmarks.events import environment, service
from tests.integration.web.signing_up import TERMS, publish_terms
from tests.servers import free_port

REQUESTS = 3_000
TURNS = 5
CONNECTIONS = 32


@post("/v1/subscriptions", status_code=202)
async def _empty() -> None:
    """The cost of Litestar alone."""


empty = Litestar([_empty], logging_config=None, openapi_config=None)


@contextmanager
def _empty_service() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.benchmarks.signup:empty", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "error"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(url)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _request(number: int) -> bytes:
    """A sign-up as it goes over the wire; everybody is somebody else."""
    fields = {
        "email": f"person{number}@example.org",
        "topic": [f"trial:NCT{number:08}"],
        "accept_terms": True,
        "terms_version": TERMS,
    }
    body = json.dumps(fields).encode()
    head = ["POST /v1/subscriptions HTTP/1.1", "Host: x", "Content-Type: application/json"]
    head += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(head).encode() + body


async def _rate(url: str) -> float:
    """Requests answered 202 per second, over kept connections."""
    host, _, port = url.removeprefix("http://").partition(":")
    waiting = [_request(number) for number in range(REQUESTS)]

    async def visit() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        while waiting:
            writer.write(waiting.pop())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            assert head.startswith(b"http/1.1 202"), head
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(visit() for _ in range(CONNECTIONS)))
    return REQUESTS / (time.perf_counter() - began)


def _best(url: str) -> float:
    """The best of several turns, after one to warm up: other processes only ever slow one down."""
    return max([asyncio.run(_rate(url)) for _ in range(TURNS + 1)][1:])


async def _prepared(settings: Settings) -> None:
    database = create_database(settings.database_url, makes_file=True)
    await schema.migrate(database)
    await publish_terms(database)
    await database.dispose()


def run() -> None:
    """Prints sign-ups per second of one process beside the empty handler's."""
    with environment() as environ:
        environ = environ | {"ALERTS_SIGNUP_LIMIT": "100000000"}
        asyncio.run(_prepared(read_settings(environ)))
        with _empty_service() as url:
            yardstick = _best(url)
        with service(environ) as url:
            taken = _best(url)
    print(Figure("sign-ups, one process", taken, yardstick, "an empty handler"))


if __name__ == "__main__":
    run()

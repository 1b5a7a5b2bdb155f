"""A registry that speaks API v2, the service's endpoint for events, and the watch between them."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, post

from service.cli.registry.outbox import Polled
from service.cli.registry.poll import Poller
from service.cli.registry.watch import open_watch
from tests.events import SECRET
from tests.registry_server import Registry


class Receiver:
    """The service's endpoint: the received events, answers to give instead, and an act before each."""

    def __init__(self) -> None:
        self.before_answer: Callable[[], None] = lambda: None
        self.events: list[dict[str, Any]] = []
        self.instead: list[Response[Any]] = []

    def app(self) -> Litestar:
        @post("/v1/events")
        async def take(request: Request[Any, Any, Any]) -> Response[Any]:
            events = json.loads(await request.body())
            if self.instead:
                return self.instead.pop(0)
            known = {event["id"] for event in self.events}
            new = [event for event in events if event["id"] not in known]
            self.events += new
            self.before_answer()
            answer = {"accepted": len(new), "duplicates": len(events) - len(new), "ignored": 0}
            return Response(answer, status_code=202)

        return Litestar([take], openapi_config=None)

    def statuses(self) -> list[tuple[str, str, str]]:
        data = [event["data"] for event in self.events if event["type"] == "trial.upserted"]
        return [(each["nct_id"], each["status"], each["notify"]) for each in data]


class World:
    """A registry, a receiver and the watch between them."""

    def __init__(self, folder: Path) -> None:
        self.registry, self.receiver, self.state = Registry(), Receiver(), folder / "watch.sqlite3"
        self.api = self.url = ""

    @asynccontextmanager
    async def watch(self, **options: Any) -> AsyncIterator[Poller]:
        options = {"page_size": 2, "pause": 0, **options}
        async with open_watch(self.state, self.api, self.url, SECRET, **options) as poller:
            yield poller

    async def poll(self, **options: Any) -> Polled:
        """One run of `registry watch --once`."""
        async with self.watch(**options) as poller:
            return await poller.poll()


FIVE = [f"NCT0000000{number}" for number in range(1, 6)]

"""The web application with the development pages, and its preparation."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import structlog
import uvicorn
from litestar import Litestar, Router

from service.app import create_app
from service.configuration.settings import Settings
from service.dev import design_page, mailbox_pages, mails_pages, pages
from service.dev.mailbox import DevMailbox
from service.dev.visitors import own_pages_only
from service.dev.website import DemoWebsite
from service.runtime import logs
from service.store.changes import trials
from service.store.people import terms
from service.store.sql import schema
from service.store.sql.database import create_database, writing
from service.store.topics import topics
from service.system import System

_log = structlog.get_logger("dev")

#: Timeout in seconds for the worker to ingest the demo data at the first start.
_PATIENCE = 60

_TERMS = Path(__file__).parent / "data" / "terms.txt"


def application(settings: Settings, website: DemoWebsite, mailbox: DevMailbox, host: str) -> Litestar:
    """The application of `serve` with the routes of the demo website and the mailbox, served at `host`."""
    logs.set_up(settings.log_format)
    routes = [*pages.ROUTES, *mailbox_pages.ROUTES, *mails_pages.ROUTES, *design_page.ROUTES]
    app = create_app(settings, more_routes=[Router("/", route_handlers=routes, guards=[own_pages_only])])
    app.state.website, app.state.mailbox, app.state.dev_host = website, mailbox, host
    return app


async def prepare(settings: Settings) -> None:
    """Migrates the schema, and publishes terms for development if there are none."""
    database = create_database(settings.database_url, makes_file=True)
    try:
        await schema.migrate(database)
        async with writing(database) as connection:
            if await terms.current(connection) is None:
                text = _TERMS.read_text(encoding="utf-8")
                await terms.publish(connection, "development", text, now=datetime.now(UTC))
    finally:
        await database.dispose()


class DevServer(uvicorn.Server):
    """A uvicorn server with an event for its readiness, and without signal handlers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none: signals stop the whole system, not only the web server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to serve."""
        await super().startup(sockets=sockets)
        self.ready.set()

    def ask_to_stop(self) -> None:
        """Stops the server after the open requests; at once when called again."""
        self.force_exit = self.should_exit
        self.should_exit = True


async def _wait_until_ingested(system: System, website: DemoWebsite) -> None:
    """Waits until the worker has ingested the demo data, so that all of it can be followed."""
    keys = [f"condition:{condition['id']}" for condition in website.conditions]
    for _ in range(_PATIENCE * 20):
        async with system.reading() as connection:
            named = await topics.by_keys(connection, keys)
            if len(named) == len(keys) and len(await trials.snapshots(connection, website.shipped)) > 0:
                return
        await asyncio.sleep(0.05)
    _log.error("demo_not_ingested")


async def greet(app: Litestar, server: DevServer, here: str, folder: Path) -> None:
    """Prints the addresses once everything is ready."""
    await server.ready.wait()
    website: DemoWebsite = app.state.website
    try:
        await website.introduce()
        await _wait_until_ingested(app.state.system, website)
    except httpx.HTTPError as problem:
        _log.error("demo_not_loaded", error=type(problem).__name__)
    lines = (
        "",
        f"  Trial Alerts is ready.            {here}/",
        f"  A trial page with the form        {here}/demo/trials/NCT04787263",
        f"  The mailbox that catches all mail {here}/dev/mailbox",
        f"  Changes to send with one click    {here}/dev/events",
        f"  The operators' dashboard          {here}/admin   (token: {folder / 'secrets.env'})",
        f"  The API                           {here}/docs",
        "",
        f"  Data stay in {folder}. Ctrl-C stops everything.",
        "",
    )
    print("\n".join(lines), flush=True)

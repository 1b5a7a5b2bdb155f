"""Each part taken away alone, and what visitors, ingestor and operators see meanwhile.

`python -m tests.integration.web.outages` writes docs/outages.md anew.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar
from sqlalchemy import event

from service.actions import mail_hold
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.link_tokens import make_unsubscribe_token
from service.settings import Settings, read
from service.store.admin.audit import Operator
from service.store.people import subscribers
from service.store.sql import schema
from service.store.sql.database import create_database
from service.system import System, open_system
from tests.conftest import ENVIRONMENT, app_of, serving
from tests.events import post, upserted
from tests.integration.web.operating import report_worker, sign_in
from tests.integration.web.signing_up import post as sign_up
from tests.integration.web.signing_up import publish_terms
from tests.integration.workers.world import open_world
from tests.servers import start_redis
from tests.smtp_server import SmtpServer
from tests.unwritable import read_only

DOCUMENT = Path(__file__).parents[3] / "docs" / "outages.md"

Break = Callable[[Litestar], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Outage:
    """A part that is away. `settings`: what differs from the start; `begin`: what happens while it runs."""

    part: str
    alarm: str
    settings: dict[str, Any] | None = None
    begin: Break | None = None
    with_worker: bool = True


@asynccontextmanager
async def _database_away(app: Litestar) -> AsyncIterator[None]:
    database = app.state.system.database
    await database.dispose()

    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    event.listen(database.sync_engine, "do_connect", refuse)
    yield
    event.remove(database.sync_engine, "do_connect", refuse)


@asynccontextmanager
async def _read_only(app: Litestar) -> AsyncIterator[None]:
    async with read_only(app.state.system.database):
        yield


@asynccontextmanager
async def _held(app: Litestar) -> AsyncIterator[None]:
    await mail_hold.hold(app.state.system, Operator("test", "test"), datetime.now(UTC))
    yield


OUTAGES = (
    Outage("nothing", "–"),
    Outage("the database", "`DatabaseAway`", begin=_database_away),
    Outage("the database's right to write (a failover)", "`DatabaseAway`", begin=_read_only),
    Outage("Redis", "`RedisAway`", settings={"redis_url": "redis://127.0.0.1:1/0"}),
    Outage(
        "the mail server",
        "`MailServerFails`, `MailWaits`",
        settings={"smtp_url": "smtp://127.0.0.1:1?tls=none"},
    ),
    Outage("all workers", "`NoWorker`, `RequestsWait`", with_worker=False),
    Outage("the operator's release (mail is held)", "`MailHeld`", begin=_held),
    Outage(
        "the ingestor's right secret",
        "`EventsRefused`",
        settings={"webhook_secrets": ("whsec_YW5vdGhlci1zZWNyZXQtb2YtMjQtYnl0ZXM=",)},
    ),
)


@dataclass(frozen=True)
class Seen:
    """What is seen during an outage."""

    ready: str
    sign_up: int
    events: int
    unsubscribe: int
    overview: str


async def look(settings: Settings, outage: Outage) -> Seen:
    """Starts the application on an empty, migrated database, breaks the part, and looks."""
    async with SmtpServer() as smtp, open_system(settings) as system:
        await publish_terms(system.database)
        link = await _follower(system)
        if outage.with_worker:
            await report_worker(system)
        changed = settings.model_copy(update={"smtp_url": smtp.url()} | (outage.settings or {}))
        with app_of(changed) as app:
            async with serving(app) as client:
                await post(client, upserted("NCT00000001", 1))
                await sign_in(client)
                await asyncio.sleep(0.3)
                if outage.begin is None:
                    return await _seen(client, link)
                async with outage.begin(app):
                    return await _seen(client, link)


async def _follower(system: System) -> str:
    """The unsubscribe link of a mail to somebody who follows a trial."""
    async with open_world(system) as world:
        number = await world.follow("anna@example.org", "trial:NCT00000001")
    async with system.reading() as connection:
        person = await subscribers.get(connection, number)
    assert person is not None
    secret = decrypt_subscriber(system.keyring, person.sealed, person.public_id).link_secret
    return "/unsubscribe/" + make_unsubscribe_token(secret, person.public_id)


async def _seen(client: httpx.AsyncClient, link: str) -> Seen:
    ready = await client.get("/health/ready")
    checks = {name: words for name, words in ready.json()["checks"].items() if words != "ok"}
    page = await client.get("/admin", headers={"accept": "text/html"})
    needs = re.findall(r'<span class="state[^>]*>[^<]*</span> <(?:a href=[^>]*|strong)>([^<]+)<', page.text)
    headings = re.findall(r"<h[12][^>]*>\s*([^<]+?)\s*</h[12]>", page.text)
    overview = " ".join(needs) or next(
        (words for words in headings if words != "At a glance"), page.text[:90]
    )
    return Seen(
        ready=_at_noon(
            f"{ready.status_code} {ready.json()['status']}"
            + "".join(f"; {name}: {words}" for name, words in checks.items())
        ),
        sign_up=(await sign_up(client)).status_code,
        events=(await post(client, upserted("NCT00000001", 2))).status_code,
        unsubscribe=(await client.post(link, data={"List-Unsubscribe": "One-Click"})).status_code,
        overview=_at_noon(f"{page.status_code}: {overview}"),
    )


def _at_noon(words: str) -> str:
    """What was shown, as if it had been at noon: the table is the same at any time."""
    return re.sub(r"\d\d:\d\d UTC", "12:00 UTC", words)


def document(seen: dict[str, Seen]) -> str:
    """The table of all outages."""
    rows = [
        f"| {outage.part} | {of.ready} | {of.sign_up} | {of.events} | {of.unsubscribe} | {of.overview}"
        f" | {outage.alarm} |"
        for outage in OUTAGES
        for of in (seen[outage.part],)
    ]
    return TEXT + "\n".join(rows) + "\n"


TEXT = """# Outages

What is seen while a part is away and everything else runs. The numbers are HTTP's: 202 accepted, 200 done,
503 with `Retry-After`: try again. `python -m tests.integration.web.outages` takes each part away and writes
this table; a test compares. What to do stands beside each alarm in [monitoring](monitoring.md#alarms).

| away | `GET /health/ready` | sign-up | events | one-click unsubscribe | `/admin` | alarm |
|---|---|---|---|---|---|---|
"""


async def _look_at_all(folder: Path) -> dict[str, Seen]:
    seen = {}
    with start_redis() as redis_url:
        for number, outage in enumerate(OUTAGES):
            url = f"sqlite+aiosqlite:///{folder}/{number}.sqlite3"
            database = create_database(url)
            await schema.migrate(database)
            await database.dispose()
            changed = {"ALERTS_DATABASE_URL": url, "ALERTS_REDIS_URL": redis_url, "ALERTS_DATA": str(folder)}
            seen[outage.part] = await look(read(ENVIRONMENT | changed), outage)
    return seen


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        DOCUMENT.write_text(document(asyncio.run(_look_at_all(Path(name)))), encoding="utf-8")

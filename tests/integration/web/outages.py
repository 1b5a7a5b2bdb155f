"""Each part taken away alone, and its symptoms for visitors, ingestor and operators.

`python -m tests.integration.web.outages` writes docs/outages.md anew.
"""

import asyncio
import html
import re
import socket
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar

from service.configuration.settings import Settings, read
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.link_tokens import make_unsubscribe_token
from service.store.people import subscribers
from service.store.sql import schema
from service.store.sql.database import create_database
from service.system import System, open_system
from tests.alarms import firing
from tests.conftest import ENVIRONMENT, app_of, serving
from tests.events import post, upserted
from tests.integration.web import outage_breaks as breaks
from tests.integration.web.operating import report_worker, sign_in
from tests.integration.web.signing_up import post as sign_up
from tests.integration.web.signing_up import publish_terms
from tests.integration.workers.world import open_world
from tests.servers import start_postgresql, start_redis
from tests.smtp_server import On, SmtpServer

DOCUMENT = Path(__file__).parents[3] / "docs" / "outages.md"

Break = Callable[[Litestar], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Outage:
    """A part that is away. `settings`: what differs from the start; `begin`: what happens while it runs.

    `mail_server`: how the mail server misbehaves. `only`: the one database on which it can be.
    """

    part: str
    alarm: str
    settings: dict[str, Any] | None = None
    begin: Break | None = None
    with_worker: bool = True
    mail_server: tuple[On, ...] = ()
    only: str = ""


OUTAGES = (
    Outage("nothing", "–"),
    Outage("the database", "`DatabaseAway`", begin=breaks.database_away),
    Outage("the database's right to write (a failover)", "`DatabaseAway`", begin=breaks.database_read_only),
    Outage("room on the database's disk", "`DatabaseAway`", begin=breaks.disk_full, only="sqlite"),
    Outage(
        "a table of the database (another program holds a lock on it)",
        "`DatabaseAway`",
        begin=breaks.locked_table,
        only="postgresql",
    ),
    Outage("Redis", "`RedisAway`", settings={"redis_url": "redis://127.0.0.1:1/0"}),
    Outage("room in Redis' memory", "`RedisAway`", begin=breaks.full_redis),
    Outage("Redis' right to write (a failover)", "`RedisAway`", begin=breaks.replica_redis),
    Outage("room on Redis' disk (no snapshot)", "`RedisAway`", begin=breaks.redis_without_disk),
    Outage("a right of our user in Redis", "`RedisAway`", begin=breaks.redis_without_right),
    Outage(
        "the mail server",
        "`MailServerFails`, `MailWaits`",
        settings={"smtp_url": "smtp://127.0.0.1:1?tls=none"},
        begin=breaks.server_away,
        with_worker=False,
    ),
    Outage(
        "the mail server's answer to a mail (it falls silent)",
        "`MailServerFails`, `MailWaits`",
        begin=breaks.silent_server,
        mail_server=(On("BODY", stall=True),),
        with_worker=False,
    ),
    Outage(
        "the mail server's room for mails (it puts off each one)",
        "`MailServerFails`",
        begin=breaks.refusing_server,
        mail_server=(On("RCPT", "452 4.3.1 Insufficient system storage"),),
        with_worker=False,
    ),
    Outage(
        "the mail server's permission to relay (it refuses each mail)",
        "`MailServerFails`, `MailWaits`",
        begin=breaks.refusing_server,
        mail_server=(On("RCPT", "554 5.7.1 Relay access denied"),),
        with_worker=False,
    ),
    Outage(
        "DNS (it hangs)",
        "`MailServerFails`, `MailWaits`",
        settings={"smtp_url": f"smtp://{breaks.UNANSWERED}?tls=none"},
        begin=breaks.hanging_dns,
        with_worker=False,
    ),
    Outage("all workers", "`NoWorker`, `RequestsWait`", with_worker=False),
    Outage("one of two workers (it stands still)", "–", begin=breaks.silent_worker, with_worker=False),
    Outage("the operator's release (mail is held)", "`MailHeld`", begin=breaks.mail_held),
    Outage("the operator's release (a run is held)", "`RunHeld`", begin=breaks.run_held),
    Outage(
        "the ingestor's right secret",
        "`EventsRefused`",
        settings={"webhook_secrets": ("whsec_YW5vdGhlci1zZWNyZXQtb2YtMjQtYnl0ZXM=",)},
    ),
)


@dataclass(frozen=True)
class Seen:
    """The signs of an outage. `firing`: the alarms whose condition is met at once."""

    ready: str
    sign_up: int
    events: int
    unsubscribe: int
    overview: str
    do: str
    firing: frozenset[str] = frozenset()


async def look(settings: Settings, outage: Outage) -> Seen:
    """Starts the application on an empty, migrated database, breaks the part, and looks."""
    async with SmtpServer(*outage.mail_server) as smtp, open_system(settings) as system:
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
    verdict = page.text.partition("</section>")[0]
    needs = re.findall(r'<span class="state[^>]*>[^<]*</span> <(?:a href=[^>]*|strong)>([^<]+)<', verdict)
    todo = re.findall(r'<span class="reason">([^<]+)<', verdict)
    todo += [
        re.sub("<[^>]*>", "", words).strip()
        for words in re.findall(r"<strong>What to do:</strong>(.*?)</p>", page.text)
    ]
    headings = re.findall(r"<h[12][^>]*>\s*([^<]+?)\s*</h[12]>", page.text)
    overview = " ".join(needs) or next(
        (words for words in headings if words != "At a glance"), page.text[:90]
    )
    return Seen(
        ready=_anywhere(
            f"{ready.status_code} {ready.json()['status']}"
            + "".join(f"; {name}: {words}" for name, words in checks.items())
        ),
        sign_up=(await sign_up(client)).status_code,
        events=(await post(client, upserted("NCT00000001", 2, summary="A study. " * 2_000))).status_code,
        unsubscribe=(await client.post(link, data={"List-Unsubscribe": "One-Click"})).status_code,
        overview=_anywhere(f"{page.status_code}: {overview}"),
        do=_anywhere(" ".join(todo)) or "–",
        firing=firing((await client.get("/metrics")).text),
    )


def _anywhere(words: str) -> str:
    """A page's text as it would be at noon and on another machine: the table is the same for all."""
    words = html.unescape(words).replace(f"Worker {socket.gethostname()} ", "Worker host ")
    words = re.sub(r"127\.0\.0\.1:\d+", f"{breaks.UNANSWERED}:25", words)
    words = re.sub(r" \d+ visitors’ requests wait[^.]*\.", "", words)  # what fills the disk
    words = re.sub(r"process \d+ \(copier\) for \d+ s", "process 4711 (copier) for 8 s", words)
    return re.sub(r"(\d\d \w+, )?\d\d:\d\d UTC", "12:00 UTC", words)


def document(seen: dict[str, Seen]) -> str:
    """The table of all outages."""
    rows = [
        f"| {outage.part} | {of.ready} | {of.sign_up} | {of.events} | {of.unsubscribe} | {of.overview}"
        f" | {of.do} | {outage.alarm} |"
        for outage in OUTAGES
        for of in (seen[outage.part],)
    ]
    return TEXT + "\n".join(rows) + "\n"


TEXT = """# Outages

What is seen while a part is away and everything else runs. The numbers are HTTP's: 202 accepted, 200 done,
503 with `Retry-After`: try again. `python -m tests.integration.web.outages` takes each part away and writes
this table; a test compares. Who is concerned stands beside each alarm in [monitoring](monitoring.md#alarms).

| away | `GET /health/ready` | sign-up | events | one-click unsubscribe | `/admin` | what to do | alarm |
|---|---|---|---|---|---|---|---|
"""


async def _look_at_all(folder: Path) -> dict[str, Seen]:
    seen = {}
    with start_redis() as redis_url, start_postgresql() as server:
        for number, outage in enumerate(OUTAGES):
            sqlite = f"sqlite+aiosqlite:///{folder}/{number}.sqlite3"
            url = server if outage.only == "postgresql" else sqlite
            database = create_database(url, makes_file=True)
            await schema.migrate(database)
            await database.dispose()
            changed = {"ALERTS_DATABASE_URL": url, "ALERTS_REDIS_URL": redis_url, "ALERTS_DATA": str(folder)}
            seen[outage.part] = await look(read(ENVIRONMENT | changed), outage)
    return seen


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        DOCUMENT.write_text(document(asyncio.run(_look_at_all(Path(name)))), encoding="utf-8")

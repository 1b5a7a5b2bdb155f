"""The open resources of a process, web or worker: settings, database, keys, Redis, job notifier."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.configuration.settings import Settings
from service.crypto.email_addresses import AddressIndex
from service.crypto.index_key import address_index
from service.crypto.keyring import Keyring
from service.domain.design import Website
from service.mail.message.sender_profile import SenderProfile
from service.mail.smtp.url import parse_all
from service.redis.job_queue import JobNotifier, Redis, connect
from service.redis.rate_counters import RateCounters
from service.request_queue import RequestBuffer
from service.store.sql import clock, schema_revision
from service.store.sql.database import create_database, reading, writing
from service.store.sql.replica import reading_first

#: Identifies this sender to mailbox providers; must never change (Feedback-ID, docs/standards.md).
FEEDBACK_SENDER = "trialalerts"


@dataclass(frozen=True, slots=True)
class System:
    """The open resources of a process. Once `stopping` is set, no new work may be started."""

    settings: Settings
    database: AsyncEngine
    replica: AsyncEngine
    keyring: Keyring
    addresses: AddressIndex
    redis: Redis
    notifier: JobNotifier
    request_buffer: RequestBuffer
    counters: RateCounters
    stopping: asyncio.Event

    def now(self) -> datetime:
        """The database's time (UTC), as this process last read it, whatever this machine's clock shows."""
        return clock.now(self.database)

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A read-only transaction with one snapshot."""
        return reading(self.database)

    def reading_replica(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """The same for figures and exports, which may lag: on the read replica, if one is set and answers."""
        return reading_first(self.replica, self.database)

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that commits at the end, or rolls back on an error."""
        return writing(self.database)


@asynccontextmanager
async def open_system(settings: Settings) -> AsyncIterator[System]:
    """Opens the resources of `settings` and closes them at the end.

    Raises UnusableDatabase while the schema is not up to date, and the driver's error while it is away.
    """
    # A process that stalls for this long loses its locks, as it loses its leases.
    idle, keyring = settings.lease_seconds, Keyring(settings.secret_keys)
    database = create_database(settings.database_url, idle_seconds=idle)
    replica = create_database(url, idle_seconds=idle) if (url := settings.database_replica_url) else database
    redis = connect(settings.redis_url)
    notifier = JobNotifier(redis)
    try:
        await schema_revision.check(database)
        await clock.compare(database)
        addresses = await address_index(database, keyring)
        request_buffer, counters = RequestBuffer(database, keyring), RateCounters(redis)
        yield System(
            settings=settings,
            database=database,
            replica=replica,
            keyring=keyring,
            addresses=addresses,
            redis=redis,
            notifier=notifier,
            request_buffer=request_buffer,
            counters=counters,
            stopping=asyncio.Event(),
        )
    finally:
        await notifier.close()
        await redis.aclose()
        await replica.dispose()
        await database.dispose()


def sender_profile(settings: Settings) -> SenderProfile:
    """The sender profile of this installation: names, footer texts and links of every mail."""
    return SenderProfile(
        mail_from=settings.mail_from,
        mail_domain=settings.mail_domain,
        postal_address=settings.postal_address,
        terms_url=settings.terms_url,
        privacy_url=settings.privacy_url,
        public_url=settings.public_url,
        feedback_sender_id=FEEDBACK_SENDER,
        website=website_of(settings),
        reply_to=settings.reply_to,
        is_sent_by_postmark=any(
            target.host.endswith(".postmarkapp.com") for target in parse_all(settings.smtp_url)
        ),
    )


def website_of(settings: Settings) -> Website:
    """The website whose name and colour every page and mail shows."""
    return Website(
        name=settings.site_name,
        url=settings.site_url,
        colour=settings.site_colour,
        terms_url=settings.terms_url,
        privacy_url=settings.privacy_url,
    )


@cache
def _freeze() -> None:
    gc.freeze()


def tune_gc() -> None:
    """Freezes import-time objects and raises the GC thresholds; GC was 40 % of ingestion time.

    Call it once everything is open. A process freezes once: later garbage would be kept for ever.
    """
    _freeze()
    gc.set_threshold(20_000, 20, 50)

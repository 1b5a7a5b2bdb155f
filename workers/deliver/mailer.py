"""The open mail side of a worker: sender profile, SMTP connections, signing keys, content cache."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parseaddr

from sqlalchemy.ext.asyncio import AsyncEngine

from service.configuration.settings import Settings, SettingsError
from service.digests.content_cache import ContentCache
from service.mail.message.dkim import DkimKey, load_keys
from service.mail.message.sender_profile import SenderProfile
from service.mail.render.templates import check_templates
from service.mail.smtp.sender import SmtpPool
from service.mail.smtp.url import parse_all
from service.store.sql.database import create_database
from service.system import System, sender_profile
from workers.deliver.batch_sizes import BatchSize


@dataclass(frozen=True, slots=True)
class Mailer:
    """The resources of rendering and sending. `receipts_db`: engine with asynchronous commit."""

    system: System
    frame: SenderProfile
    sender: SmtpPool
    verp_key: bytes
    receipts_db: AsyncEngine
    batch_size: BatchSize
    dkim: tuple[DkimKey, ...] = ()
    content_cache: ContentCache = field(default_factory=ContentCache)


@asynccontextmanager
async def open_mailer(system: System) -> AsyncIterator[Mailer]:
    """Opens the SMTP pool and the receipts engine; on exit, mails in flight finish and connections close.

    Raises UnusableTemplate if a mail's template can't be loaded.
    """
    settings = system.settings
    profile = sender_profile(settings)
    check_templates(profile.website)
    sender = SmtpPool(parse_all(settings.smtp_url), settings.smtp_connections, settings.smtp_rate)
    receipts_db = create_database(settings.database_url, async_commit=True)
    try:
        async with sender:
            verp_key = system.keyring.mac_keys("verp")[0]
            sizes = BatchSize(settings.smtp_rate, settings.smtp_connections)
            yield Mailer(system, profile, sender, verp_key, receipts_db, sizes, dkim_keys(settings))
    finally:
        await receipts_db.dispose()


def dkim_keys(settings: Settings) -> tuple[DkimKey, ...]:
    """The DKIM keys: each PEM block of the setting with its selector.

    Raises SettingsError if a key is unusable.
    """
    if not settings.dkim_key and not settings.dkim_selector:
        return ()
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2].lower()
    try:
        return load_keys(domain, settings.dkim_selector, settings.dkim_key)
    except ValueError as problem:
        raise SettingsError(f"ALERTS_DKIM_KEY can't be used: {problem}.") from None

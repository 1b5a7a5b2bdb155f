"""What a worker needs to write and send mail: the frame around every mail, the connections, what is known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncEngine

from service.digests.contents import Known
from service.digests.frame import frame_of
from service.mail.frame import Frame
from service.mail.smtp import Sender, SmtpTarget
from service.store.database import create_database
from service.system import System


@dataclass(frozen=True, slots=True)
class Post:
    """The open mail side of a worker. `notes` is the database, for outcomes said in haste."""

    system: System
    frame: Frame
    sender: Sender
    verp_key: bytes
    notes: AsyncEngine
    known: Known = field(default_factory=Known)


@asynccontextmanager
async def open_post(system: System) -> AsyncIterator[Post]:
    """Opens the mail side; at the end, what is in flight finishes and connections close."""
    settings = system.settings
    sender = Sender(SmtpTarget.parse(settings.smtp_url), settings.smtp_connections, settings.smtp_rate)
    notes = create_database(settings.database_url, hasty=True)
    try:
        async with sender:
            verp_key = system.keyring.mac_keys("verp")[0]
            yield Post(system, frame_of(settings), sender, verp_key, notes)
    finally:
        await notes.dispose()

"""What a worker needs to write and send mail: the frame around every mail, the connections, what is known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from secrets import token_hex

from service.digests.contents import Known
from service.digests.frame import frame_of
from service.mail.frame import Frame
from service.mail.smtp import Sender, SmtpTarget
from service.system import System


@dataclass(frozen=True, slots=True)
class Post:
    """The open mail side of a worker. `name` is this process's own: it marks what it has claimed."""

    system: System
    frame: Frame
    sender: Sender
    verp_key: bytes
    known: Known = field(default_factory=Known)
    name: str = field(default_factory=lambda: token_hex(8))


@asynccontextmanager
async def open_post(system: System) -> AsyncIterator[Post]:
    """Opens the mail side; at the end, what is in flight finishes and connections close."""
    settings = system.settings
    sender = Sender(SmtpTarget.parse(settings.smtp_url), settings.smtp_connections, settings.smtp_rate)
    async with sender:
        verp_key = system.keyring.mac_keys("verp")[0]
        yield Post(system, frame_of(settings), sender, verp_key)

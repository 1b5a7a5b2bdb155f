"""A mailbox for the tests of the visitor's side: mails that a worker really sends, and their links."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from urllib.parse import urlsplit

from service.system import System
from tests.integration.web.signing_up import ALICE
from tests.integration.workers.world import World, open_world, text_of
from workers.deliver.deliver import deliver
from workers.visitor_requests import process_requests


class Inbox:
    """The mail of everybody in a small world; each look shows what is new."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._seen: dict[str, int] = {}

    async def look(self, address: str = ALICE) -> list[EmailMessage]:
        """A worker processes the requests and sends due mails; the new mails at `address`."""
        await process_requests(self.world.system)
        await deliver(self.world.mailer)
        mails = self.world.mails(address)
        seen, self._seen[address] = self._seen.get(address, 0), len(mails)
        return mails[seen:]

    async def one(self, address: str = ALICE) -> EmailMessage:
        """The one mail that is new at `address`."""
        (mail,) = await self.look(address)
        return mail


@asynccontextmanager
async def open_inbox(system: System) -> AsyncIterator[Inbox]:
    """A mailbox that the mail of `system` goes to."""
    async with open_world(system) as world:
        yield Inbox(world)


def link_in(mail: EmailMessage, page: str) -> str:
    """The path of the link to a page (`confirm`, `decline`, `preferences`, …) in a mail's text."""
    part = mail.get_body(("plain",))
    assert part is not None
    links = re.findall(rf"http://testserver\.local/{page}/\S+", part.get_content())
    assert links, text_of(mail)
    return urlsplit(str(links[0])).path

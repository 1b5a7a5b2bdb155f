"""The queue of visitors' requests: what a form asks for, sealed; a worker opens it and acts.

The form's answer comes before anybody looks at the person, so neither its words nor its time can tell
whether the address is known.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.coalescer import Coalescer
from service.crypto.keyring import Keyring
from service.domain.digests.schedule import Frequency
from service.store.mail import requests
from service.store.sql.database import writing

_PURPOSE = "request"


class RequestKind(StrEnum):
    """What can be asked for."""

    SUBSCRIBE = "subscribe"
    FRESH_CONFIRMATION = "fresh_confirmation"
    PREFERENCES_LINK = "preferences_link"
    NEW_ADDRESS = "new_address"


class RequestOrigin(msgspec.Struct, frozen=True, omit_defaults=True):
    """When and whence a request came, as far as it is kept: a network, a class of browser, a page."""

    at: datetime
    network: str = "unknown"
    agent: str = "unknown"
    form: str | None = None
    media: str = "json"


class SignUp(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sign-up as a visitor sent it, valid in itself. `again` is the address (`short_index`) whose
    own link led here."""

    email: str
    topics: list[str]
    terms_version: str
    seen: RequestOrigin
    frequency: str = Frequency.WEEKLY
    filters: dict[str, Any] | None = None
    small_changes: bool = False
    locale: str = "en"
    timezone: str = "UTC"
    again: int | None = None


class FreshConfirmation(msgspec.Struct, frozen=True):
    """A request for a new confirmation link, from the page of an expired one.

    `confirmation_id` is the mail whose link that was, `address` the one it went to (`short_index`).
    """

    subscriber_id: int
    confirmation_id: int
    address: int


class PreferencesLink(msgspec.Struct, frozen=True):
    """A request for a fresh link to one's preferences."""

    email: str


class AddressChangeRequest(msgspec.Struct, frozen=True):
    """A person's request to be written to at another address, from their preferences.

    `address` is the one they have when they ask (`short_index`): it is void when they have moved since.
    """

    subscriber_id: int
    email: str
    address: int


async def enqueue(
    connection: AsyncConnection, keyring: Keyring, kind: StrEnum, request: msgspec.Struct, now: datetime
) -> None:
    """Puts a request into the queue. Notify Job.PROCESS_REQUESTS after the commit."""
    sealed = keyring.seal(msgspec.json.encode(request), _PURPOSE, kind.value.encode())
    await requests.add(connection, kind.value, sealed, now)


class RequestBuffer:
    """Stores the requests of many visitors in groups, each in one transaction.

    A commit waits for the disk; alone, each visitor would wait for all those before.
    """

    def __init__(self, database: AsyncEngine, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring
        self._coalescer: Coalescer[dict[str, Any], None] = Coalescer(self._store)

    async def put(self, kind: StrEnum, request: msgspec.Struct, now: datetime) -> None:
        """Returns when the request is stored durably; raises what kept it from being stored."""
        sealed = self._keyring.seal(msgspec.json.encode(request), _PURPOSE, kind.value.encode())
        await self._coalescer.put({"kind": kind.value, "sealed": sealed, "received_at": now})

    async def _store(self, rows: Sequence[dict[str, Any]]) -> list[None]:
        async with writing(self._database) as connection:
            await requests.add_all(connection, rows)
        return [None] * len(rows)


def decrypt(keyring: Keyring, kind: str, sealed: bytes) -> bytes:
    """The JSON of a request. Raises DecryptionError."""
    return keyring.open(sealed, _PURPOSE, kind.encode())

"""The visitors' inbox from both ends: what a form asks for, sealed; a worker opens it and acts.

The form's answer comes before anybody looks at the person, so neither its words nor its time can tell
whether the address is known.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.keys.keyring import Keyring
from service.store import requests

_PURPOSE = "request"


class RequestKind(StrEnum):
    """What can be asked for."""

    SUBSCRIBE = "subscribe"
    FRESH_CONFIRMATION = "fresh_confirmation"
    PREFERENCES_LINK = "preferences_link"
    NEW_ADDRESS = "new_address"


class Seen(msgspec.Struct, frozen=True, omit_defaults=True):
    """When and whence a request came, as far as it is kept: a network, a class of browser, a page."""

    at: datetime
    network: str = "unknown"
    agent: str = "unknown"
    form: str | None = None
    media: str = "json"


class SignUp(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sign-up as a visitor sent it, valid in itself. `again` is the subscriber whose own link led here."""

    email: str
    topics: list[str]
    terms_version: str
    seen: Seen
    frequency: str = "weekly"
    filters: dict[str, Any] | None = None
    small_changes: bool = False
    locale: str = "en"
    timezone: str = "UTC"
    again: int | None = None


class FreshConfirmation(msgspec.Struct, frozen=True):
    """The wish for a new confirmation link, from the page of an expired one."""

    subscriber_id: int


class PreferencesLink(msgspec.Struct, frozen=True):
    """The wish for a fresh link to one's preferences."""

    email: str


class NewAddress(msgspec.Struct, frozen=True):
    """A person's wish to be written to at another address, from their preferences."""

    subscriber_id: int
    email: str


async def leave(
    connection: AsyncConnection, keyring: Keyring, kind: StrEnum, wish: msgspec.Struct, now: datetime
) -> None:
    """Puts a wish into the inbox. Ring for Job.TAKE_REQUESTS after the commit."""
    sealed = keyring.seal(msgspec.json.encode(wish), _PURPOSE, kind.value.encode())
    await requests.add(connection, kind.value, sealed, now)


def opened(keyring: Keyring, kind: str, sealed: bytes) -> bytes:
    """The JSON of a wish. Raises Unreadable."""
    return keyring.open(sealed, _PURPOSE, kind.encode())

"""The queue of visitors' requests: forms enqueue them encrypted; a worker decrypts and processes them.

The form is answered before the subscriber is looked up, so neither the answer nor its timing can reveal
whether the address is known.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.crypto.keyring import Keyring
from service.domain.digests.schedule import Frequency
from service.runtime.coalescer import Coalescer
from service.store.mail import requests
from service.store.sql.database import writing

_PURPOSE = "request"


class RequestKind(StrEnum):
    """Kinds of requests."""

    SUBSCRIBE = "subscribe"  # a sign-up
    FRESH_CONFIRMATION = "fresh_confirmation"  # another confirmation mail
    PREFERENCES_LINK = "preferences_link"  # a link to the preferences page
    NEW_ADDRESS = "new_address"  # a change of address


class RequestOrigin(msgspec.Struct, frozen=True, omit_defaults=True):
    """The origin of a request, as stored in the evidence: time, network, kind of browser, page."""

    at: datetime
    network: str = "unknown"
    agent: str = "unknown"
    form: str | None = None
    media: str = "json"


class SignUp(msgspec.Struct, frozen=True, omit_defaults=True):
    """A validated sign-up.

    `timezone` is "" if none was given, which means UTC. `resubscribe_index`: the address (`short_index`)
    whose "sign up again" link was used.
    """

    email: str
    topics: list[str]
    terms_version: str
    origin: RequestOrigin = msgspec.field(name="seen")
    frequency: str = Frequency.WEEKLY
    filters: dict[str, Any] | None = None
    small_changes: bool = False
    locale: str = "en"
    timezone: str = ""
    resubscribe_index: int | None = msgspec.field(default=None, name="again")


class FreshConfirmation(msgspec.Struct, frozen=True):
    """A request for a new confirmation link, from the page of an expired one.

    `confirmation_id` is the delivery of the expired link, `address` its recipient (`short_index`).
    """

    subscriber_id: int
    confirmation_id: int
    address: int


class PreferencesLinkRequest(msgspec.Struct, frozen=True):
    """A request for a new preferences link."""

    email: str


class AddressChangeRequest(msgspec.Struct, frozen=True):
    """A subscriber's request to change their address, from the preferences.

    `address` is the current one (`short_index`): the request is void if it has changed since.
    """

    subscriber_id: int
    email: str
    address: int


class QueuedRequest(NamedTuple):
    """A request as JSON, and the id of the HTTP request that brought it: "" when there was none."""

    content: bytes
    request_id: str


class _Envelope(msgspec.Struct, frozen=True):
    content: msgspec.Raw
    request_id: str = ""


def _seal(keyring: Keyring, kind: StrEnum, request: msgspec.Struct) -> bytes:
    number = structlog.contextvars.get_contextvars().get("request_id", "")
    envelope = _Envelope(msgspec.Raw(msgspec.json.encode(request)), number)
    return keyring.seal(msgspec.json.encode(envelope), _PURPOSE, kind.value.encode())


async def enqueue(
    connection: AsyncConnection,
    keyring: Keyring,
    bucket: int,
    kind: StrEnum,
    request: msgspec.Struct,
    now: datetime,
) -> None:
    """Enqueues a request. Notify Job.PROCESS_REQUESTS after the commit.

    `bucket`: of the mailbox that was typed, or of the known person, so that their requests keep their order.
    """
    await requests.add(connection, bucket, kind.value, _seal(keyring, kind, request), now)


class RequestBuffer:
    """Stores concurrent requests in groups of one transaction each (group commit).

    A commit waits for fsync; with one commit each, a visitor would wait for all those before.
    """

    def __init__(self, database: AsyncEngine, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring
        self._coalescer: Coalescer[dict[str, Any], None] = Coalescer(self._store)

    async def enqueue(self, bucket: int, kind: StrEnum, request: msgspec.Struct, now: datetime) -> None:
        """See `enqueue`. Returns once the request is stored durably; raises the error that prevented it."""
        sealed = _seal(self._keyring, kind, request)
        await self._coalescer.submit(
            {"bucket": bucket, "kind": kind.value, "sealed": sealed, "received_at": now}
        )

    async def _store(self, rows: Sequence[dict[str, Any]]) -> list[None]:
        async with writing(self._database) as connection:
            await requests.add_all(connection, rows)
        return [None] * len(rows)


def decrypt(keyring: Keyring, kind: str, sealed: bytes) -> QueuedRequest:
    """A request that `enqueue` stored. Raises DecryptionError."""
    envelope = msgspec.json.decode(keyring.open(sealed, _PURPOSE, kind.encode()), type=_Envelope)
    return QueuedRequest(bytes(envelope.content), envelope.request_id)

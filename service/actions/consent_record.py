"""The record of a consent or of its withdrawal: a row with encrypted evidence."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypedDict, Unpack

from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.sealed_json import EVIDENCE, seal_json
from service.store.people import consents
from service.store.people.consents import ConsentKind
from service.system import System


class Origin(NamedTuple):
    """The origin of a visitor's request, as far as it may be stored.

    `network`: /24 or /48. `agent`: a class of browser. `form`: the page's address. `media`: the kind of form.
    """

    network: str
    agent: str
    form: str | None = None
    media: str | None = None


class Evidence(TypedDict, total=False):
    """Optional evidence of a consent."""

    topics: Sequence[str]  # their keys
    frequency: str
    filters: Mapping[str, Any] | None
    small_changes: bool
    locale: str
    timezone: str
    form: str | None
    shown: Sequence[str]  # the page's lines about the person's own topics
    message: str | None  # the key of the mail that asked for it for it
    reason: str  # of a withdrawal by mail
    source: str  # of an imported consent: where it is documented


async def record_consent(
    connection: AsyncConnection,
    system: System,
    subscriber_id: int,
    kind: ConsentKind,
    *,
    at: datetime,
    origin: Origin | None = None,
    terms_version: str | None = None,
    wording_sha256: str | None = None,
    **evidence: Unpack[Evidence],
) -> None:
    """Adds the row of a consent that was requested, given, imported or withdrawn `at` an aware time."""
    known = {} if origin is None else {k: v for k, v in origin._asdict().items() if v is not None}
    await consents.append(
        connection,
        subscriber_id,
        kind,
        at=at,
        evidence=seal_json(system.keyring, EVIDENCE, subscriber_id, {**known, **evidence}),
        terms_version=terms_version,
        wording_sha256=wording_sha256,
    )

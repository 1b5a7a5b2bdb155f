"""The record of a consent or of its withdrawal: one row, with its evidence sealed for the subscriber."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypedDict, Unpack

from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.sealed_json import EVIDENCE, seal_json
from service.store.people import consents
from service.store.people.consents import ConsentKind
from service.system import System


class Origin(NamedTuple):
    """Where an action of a visitor came from, as far as that may be kept.

    `network`: /24 or /48. `agent`: a class of browser. `form`: the page's address. `media`: the kind of form.
    """

    network: str
    agent: str
    form: str | None = None
    media: str | None = None


class Evidence(TypedDict, total=False):
    """What else may be recorded of a consent."""

    topics: Sequence[str]  # their keys
    frequency: str
    filters: Mapping[str, Any] | None
    small_changes: bool
    locale: str
    timezone: str
    form: str | None
    shown: Sequence[str]  # the lines of the page that were about this person's own topics
    message: str | None  # the key of the mail that asked
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
    """Adds the row of a consent that was asked for, given, imported or withdrawn `at` a moment (aware)."""
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

"""The record of a consent or of its withdrawal: a row with encrypted evidence."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypedDict, Unpack

from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.keyring import Keyring
from service.crypto.sealed_json import EVIDENCE, open_json, seal_json
from service.store.people import consents
from service.store.people.consents import ConsentKind
from service.store.people.rows import Consent
from service.system import System


class Origin(NamedTuple):
    """The origin of a visitor's request, as far as it may be stored.

    `network`: /24 or /48. `agent`: a class of browser. `form`: the page's address. `media`: the kind of form.
    """

    network: str
    agent: str
    form: str | None = None
    media: str | None = None


class ConsentEvidence(TypedDict, total=False):
    """Optional evidence of a consent."""

    topics: Sequence[str]  # their keys
    frequency: str
    filters: Mapping[str, Any] | None
    small_changes: bool
    locale: str
    timezone: str
    form: str | None
    shown: Sequence[str]  # the page's lines about the person's own topics
    message: str | None  # the key of the mail that asks or asked for it, or that a withdrawal answers
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
    **evidence: Unpack[ConsentEvidence],
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


async def open_consents(
    connection: AsyncConnection, keyring: Keyring, rows: Sequence[Consent]
) -> list[tuple[Consent, dict[str, Any]]]:
    """Consents with their decrypted evidence, each with the texts that were agreed to.

    One that was imported names them by their SHA-256: a version here may have the same name and another text.
    Raises DecryptionError.
    """
    opened = [(row, open_json(keyring, EVIDENCE, row.subscriber_id, row.evidence)) for row in rows]
    named = {known[name] for _, known in opened for name in _NAMES_OF_TEXTS if name in known}
    texts = await consents.wordings(connection, named) if named else {}
    return [(_with_own_texts(row, known, texts), known) for row, known in opened]


_NAMES_OF_TEXTS = ("terms_sha256", "wording_sha256")


def _with_own_texts(row: Consent, known: Mapping[str, Any], texts: Mapping[str, str]) -> Consent:
    terms, wording = (known.get(name) for name in _NAMES_OF_TEXTS)
    if terms and terms != row.terms_sha256:
        row = row._replace(terms_sha256=terms, terms_text=texts.get(terms))
    if wording and wording != row.wording_sha256:
        row = row._replace(wording_sha256=wording, wording=texts.get(wording))
    return row

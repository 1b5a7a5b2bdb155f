"""The evidence of consents in a file: written by an export, read by an import, here or elsewhere.

A file holds each text that people agreed to once, by its SHA-256, in the line of the first person who
agreed to it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from service.domain.imported_columns import InvalidMoment, read_moment
from service.store.people.consents import ConsentKind
from service.store.people.rows import Consent

_MOST_RECORDS = 1000


class InvalidEvidence(ValueError):
    """The columns `consents` or `texts` are not as an export writes them; the message says why."""


class Transferred(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record of a consent in a file: what was agreed to, when and how."""

    kind: str
    at: str
    terms_version: str | None = None
    terms_sha256: str | None = None
    wording_sha256: str | None = None
    evidence: dict[str, Any] = {}

    @property
    def moment(self) -> datetime:
        """The time of the record, in UTC."""
        return datetime.fromisoformat(self.at)


_decoder = msgspec.json.Decoder(list[Transferred])
_texts_decoder = msgspec.json.Decoder(dict[str, str])
_NO_TEXTS: Mapping[str, str] = {}


def read_consents(text: str, now: datetime) -> Sequence[Transferred]:
    """The records of the column `consents`. Raises InvalidEvidence."""
    if not text.strip():
        return ()
    try:
        records = _decoder.decode(text)
        for record in records:
            if read_moment(record.at, "at", now) is None or record.kind not in tuple(ConsentKind):
                raise InvalidEvidence("consents has a record without a known kind and a moment")
            if record.moment.tzinfo is None:
                raise InvalidEvidence("consents has a moment without its offset from UTC")
    except (msgspec.DecodeError, InvalidMoment):
        raise InvalidEvidence("consents must be the JSON that an export writes") from None
    if len(records) > _MOST_RECORDS:
        raise InvalidEvidence(f"consents has more than {_MOST_RECORDS} records")
    return records


def read_texts(text: str) -> Mapping[str, str]:
    """The texts of the column `texts`, by SHA-256. Raises InvalidEvidence if one is not the text named."""
    if not text.strip():
        return _NO_TEXTS
    try:
        texts = _texts_decoder.decode(text)
    except msgspec.DecodeError:
        raise InvalidEvidence("texts must be the JSON that an export writes") from None
    if any("\x00" in words for words in texts.values()):
        raise InvalidEvidence("texts holds a NUL character")
    if any(sha256(words.encode()).hexdigest() != digest for digest, words in texts.items()):
        raise InvalidEvidence("texts holds a text that was changed: it does not match its SHA-256")
    return texts


def consent_columns(
    records: Sequence[Consent], evidence: Sequence[dict[str, Any]], written: set[str]
) -> tuple[str, str]:
    """The columns `consents` and `texts` of a line, from rows of consents with their texts.

    `written`: the SHA-256 of the texts in the lines before, to which those of this line are added.
    """
    transferred, texts = list[Transferred](), dict[str, str]()
    for record, known in zip(records, evidence, strict=True):
        transferred.append(
            Transferred(
                kind=record.kind,
                at=record.at.isoformat(),
                terms_version=record.terms_version,
                terms_sha256=record.terms_sha256,
                wording_sha256=record.wording_sha256,
                evidence=known,
            )
        )
        if record.wording_sha256 and record.wording:
            texts[record.wording_sha256] = record.wording
        if record.terms_sha256 and record.terms_text:
            texts[record.terms_sha256] = record.terms_text
    fresh = {digest: text for digest, text in texts.items() if digest not in written}
    written.update(fresh)
    return _json(transferred) if transferred else "", _json(fresh) if fresh else ""


def _json(values: Any) -> str:
    return msgspec.json.encode(values).decode()

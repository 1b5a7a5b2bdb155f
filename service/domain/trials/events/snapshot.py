"""Validates and normalizes an event's data, to be stored and compared."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.domain.trials.events.fields import CONDITION, MERGED, REMOVED, TRIAL
from service.domain.trials.events.reader import FieldProblem, InvalidSnapshot, Reader
from service.domain.trials.events.types import EventField

__all__ = [
    "FieldProblem",
    "InvalidSnapshot",
    "content_digest",
    "may_notify",
    "read_condition",
    "read_merged",
    "read_removed",
    "read_snapshot",
]

NOTIFYING_REASONS = frozenset({"registry", "correction"})


def read_snapshot(data: Mapping[str, Any]) -> dict[str, Any]:
    """The stored snapshot of a `trial.upserted`'s data: known fields only, unknown values absent.

    A single value in place of a list is read as a list of one, a text in place of an object as its name:
    feeds change such types without a change of meaning. Raises InvalidSnapshot.
    """
    reader = Reader(data)
    snapshot = {name: value for name, read in _TRIAL if (value := read(reader, name)) is not None}
    reader.finish()
    return snapshot


def read_removed(data: Mapping[str, Any]) -> dict[str, Any]:
    """A `trial.removed`'s data: nct_id, revision, explanation (or None). Raises InvalidSnapshot."""
    return _read(data, REMOVED)


def read_merged(data: Mapping[str, Any]) -> dict[str, Any]:
    """A `trial.merged`'s data: nct_id, revision, into. Raises InvalidSnapshot."""
    merged = _read(data, MERGED)
    if merged["nct_id"] == merged["into"]:
        raise InvalidSnapshot((("into", "must be another trial"),))
    return merged


def read_condition(data: Mapping[str, Any]) -> dict[str, Any]:
    """A `condition.upserted`'s data: id, name, synonyms, parents, xrefs, replaced_by, followable.

    Synonyms that are not EXACT are read as `related`: the search finds by them, but they make no two names
    the same condition. Raises InvalidSnapshot.
    """
    condition = _read(data, CONDITION)
    named = [synonym for synonym in condition["synonyms"] or () if "name" in synonym]
    return condition | {
        "synonyms": [synonym["name"] for synonym in named if _is_exact(synonym)],
        "related": [synonym["name"] for synonym in named if not _is_exact(synonym)],
        "parents": condition["parents"] or [],
        "xrefs": condition["xrefs"] or [],
        "followable": condition["followable"] is not False,
    }


def _read(data: Mapping[str, Any], fields: tuple[EventField, ...]) -> dict[str, Any]:
    """The values of all fields, None if unknown. Raises InvalidSnapshot."""
    reader = Reader(data)
    values = {name: read(reader, name) for name, read in _readers(fields)}
    reader.finish()
    return values


def _readers(fields: tuple[EventField, ...]) -> tuple[tuple[str, Callable[[Reader, str], Any]], ...]:
    """The reader of each field; a trial's number is read once, under either of its two names."""
    return tuple((field.name, field.type.read) for field in fields if field.name != "trial_id")


#: Precomputed: it is used for every event of a trial.
_TRIAL = _readers(TRIAL)


def _is_exact(synonym: Mapping[str, str]) -> bool:
    return synonym.get("scope", "EXACT").upper() == "EXACT"


def content_digest(snapshot: Mapping[str, Any] | Sequence[Any]) -> str:
    """SHA-256 (hex) of a snapshot's content, or of values: equal exactly when the two are equal as JSON."""
    encoded = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(encoded.encode("utf-8", "surrogatepass")).hexdigest()


def may_notify(snapshot: Mapping[str, Any]) -> bool:
    """Whether anybody may be notified of this snapshot's changes."""
    return (
        snapshot.get("notify", "allow") == "allow" and snapshot.get("reason", "registry") in NOTIFYING_REASONS
    )

"""A trial as the ingestor sent it: checked, put into one shape, and ready to be stored and compared."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from service.domain.trials.reader import InvalidSnapshot, Problem, Reader, enumeration, is_nct_id
from service.domain.trials.trial_fields import arms, eligibility, expanded_access

__all__ = [
    "InvalidSnapshot",
    "Problem",
    "content_digest",
    "is_nct_id",
    "may_notify",
    "read_condition",
    "read_merged",
    "read_removed",
    "read_snapshot",
]

REASONS = frozenset({"registry", "backfill", "reingest", "remapped", "rewritten", "correction"})
NOTIFYING_REASONS = frozenset({"registry", "correction"})


def read_snapshot(data: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot that is stored for a `trial.upserted`'s data: known fields only, unknown values absent.

    A single value where a list is expected is taken as a list of one, a text where an object is expected
    as its name: feeds change such types without meaning anything by it. Raises InvalidSnapshot.
    """
    reader = Reader(data)
    snapshot: dict[str, Any] = {
        "nct_id": reader.nct_id("nct_id"),
        "revision": reader.revision(),
        "notify": reader.choice("notify", frozenset({"allow", "suppress"}), "allow"),
        "reason": reader.choice("reason", REASONS, "registry"),
        "url": reader.url("url"),
        "title": reader.required_text("title"),
        "status": enumeration(reader.required_text("status")),
        "conditions": reader.conditions("conditions"),
    }
    for field, read in _OPTIONAL.items():
        value = read(reader, field)
        if value is not None:
            snapshot[field] = value
    reader.finish()
    return snapshot


def read_removed(data: Mapping[str, Any]) -> dict[str, Any]:
    """A `trial.removed`'s data: nct_id, revision, explanation (or None). Raises InvalidSnapshot."""
    reader = Reader(data)
    read = {
        "nct_id": reader.nct_id("nct_id"),
        "revision": reader.revision(),
        "explanation": reader.text("explanation"),
    }
    reader.finish()
    return read


def read_merged(data: Mapping[str, Any]) -> dict[str, Any]:
    """A `trial.merged`'s data: nct_id, revision, into. Raises InvalidSnapshot."""
    reader = Reader(data)
    read = {"nct_id": reader.nct_id("nct_id"), "revision": reader.revision(), "into": reader.nct_id("into")}
    if read["nct_id"] and read["nct_id"] == read["into"]:
        reader.problem("into", "must be another trial")
    reader.finish()
    return read


def read_condition(data: Mapping[str, Any]) -> dict[str, Any]:
    """A `condition.upserted`'s data: id, name, synonyms, parents, followable. Raises InvalidSnapshot."""
    reader = Reader(data)
    read = {
        "id": reader.required_text("id"),
        "name": reader.required_text("name"),
        "synonyms": reader.texts("synonyms") or [],
        "parents": reader.texts("parents") or [],
        "followable": reader.flag("followable") is not False,
    }
    reader.finish()
    return read


def content_digest(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a snapshot's content: equal exactly when the two are equal as JSON."""
    encoded = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(encoded.encode("utf-8", "surrogatepass")).hexdigest()


def may_notify(snapshot: Mapping[str, Any]) -> bool:
    """Whether anybody may hear of what this snapshot changes."""
    return (
        snapshot.get("notify", "allow") == "allow" and snapshot.get("reason", "registry") in NOTIFYING_REASONS
    )


def _objects(*names: str) -> Callable[[Reader, str], Any]:
    return lambda reader, field: reader.objects(field, names, text_is=names[0])


def _outlook(reader: Reader, field: str) -> dict[str, str] | None:
    found = reader.objects(field, ("active_substance", "could_lead_to", "could_go_wrong"), "could_lead_to")
    return found[0] if found else None


_OPTIONAL: dict[str, Callable[[Reader, str], Any]] = {
    "official_title": Reader.text,
    "summary": Reader.text,
    "outlook": _outlook,
    "why_stopped": Reader.text,
    "phases": Reader.phases,
    "enrollment": Reader.enrollment,
    "start_date": Reader.dated,
    "primary_completion_date": Reader.dated,
    "completion_date": Reader.dated,
    "eligibility": eligibility,
    "interventions": _objects("name", "type"),
    "primary_outcomes": _objects("measure", "time_frame"),
    "has_results": Reader.flag,
    "sponsor": Reader.text,
    "contacts": _objects("name", "phone", "email"),
    "locations": _objects("facility", "city", "region", "postal_code", "country", "status", "contact"),
    "study_type": Reader.enumerated,
    "allocation": Reader.enumerated,
    "masking": Reader.enumerated,
    "arms": arms,
    "expanded_access": expanded_access,
    "acronym": Reader.text,
    "aliases": Reader.texts,
    "keywords": Reader.texts,
    "collaborators": Reader.texts,
    "verified_date": Reader.date,
    "registry_url": Reader.optional_url,
    "results_url": Reader.optional_url,
    "plain_results_url": Reader.optional_url,
    "registrant_conditions": Reader.texts,
    "registry_first_posted": Reader.date,
    "registry_last_updated": Reader.date,
    "first_seen": Reader.date,
}

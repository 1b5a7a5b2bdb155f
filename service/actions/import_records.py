"""The rows of imported people: their columns, subscriptions and evidence of consent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.consent_transfer import Transferred
from service.actions.import_lines import Line, given_preferences, preferences_of
from service.crypto.sealed_json import EVIDENCE, seal_json
from service.store.people import bulk_import, terms
from service.store.people.bulk_import import Person
from service.store.people.consents import ConsentKind
from service.store.people.terms import Terms
from service.system import System

_AGREEING = (ConsentKind.CONFIRMED, ConsentKind.REACCEPTED)


async def people(
    connection: AsyncConnection, new: Mapping[bytes, tuple[Sequence[Line], Mapping[str, Any]]], now: datetime
) -> list[dict[str, Any]]:
    """The rows of new subscribers, by the index of their address, in the order of the indexes.

    `new` has the lines of each, and the columns that the address makes. Two imports at once wait for each
    other, instead of both for the other.
    """
    versions = await _versions(connection, (lines for lines, _ in new.values()))
    return [
        {
            **address,
            **preferences_of(lines),
            "created_at": now,
            "confirmed_at": now,
            "terms_version": _agreed_to(lines, versions),
        }
        for _, (lines, address) in sorted(new.items(), key=lambda item: item[0])
    ]


async def confirm(
    connection: AsyncConnection,
    lines: Iterable[tuple[bytes, Line]],
    people: Mapping[bytes, Person],
    now: datetime,
) -> dict[bytes, Person]:
    """Confirms those people of these lines who had not confirmed a sign-up, which was perhaps a stranger's.

    Returns them, by the index of their address, with the preferences that their lines give.
    """
    unconfirmed = dict[bytes, list[Line]]()
    for index, line in lines:
        if people[index].confirmed_at is None:
            unconfirmed.setdefault(index, []).append(line)
    versions = await _versions(connection, unconfirmed.values())
    confirmed = dict[bytes, Person]()
    for index, theirs in unconfirmed.items():
        columns = given_preferences(theirs) | {
            "confirmed_at": now,
            "terms_version": _agreed_to(theirs, versions),
        }
        confirmed[index] = await bulk_import.change(connection, people[index], columns)
    return confirmed


async def _versions(connection: AsyncConnection, people: Iterable[Sequence[Line]]) -> dict[str, Terms]:
    """The versions of the terms that are published here, if any line has records of consents."""
    if not any(line.consents for lines in people for line in lines):
        return {}
    return {version.version: version for version in await terms.versions(connection)}


def _agreed_to(lines: Sequence[Line], versions: Mapping[str, Terms]) -> str | None:
    """The newest of the versions published here that the person agreed to, by the records of an export.

    A version of the same name with another text was not agreed to.
    """
    agreed = [
        known
        for line in lines
        for record in line.consents
        if record.kind in _AGREEING and (known := versions.get(record.terms_version or ""))
        if record.terms_sha256 in (None, known.sha256)
    ]
    newest = max(agreed, key=lambda version: version.published_at, default=None)
    return newest.version if newest else None


def subscriptions(followed: Mapping[Any, Line], now: datetime) -> list[dict[str, Any]]:
    """The rows of active subscriptions, by subscriber and topic, but for where they begin in the log."""
    return [
        {
            "subscriber_id": subscriber_id,
            "topic_id": topic_id,
            "frequency": line.frequency,
            "filters": line.filters,
            "small_changes": line.small_changes,
            "created_at": now,
            "activated_at": now,
        }
        for (subscriber_id, topic_id), line in followed.items()
    ]


async def add_consents(
    connection: AsyncConnection, system: System, followed: Mapping[Any, tuple[Line, str]]
) -> None:
    """Adds the documented consents: the records of an export as they were, and the import itself."""
    transferred = [
        (subscriber_id, line) for (subscriber_id, _), (line, _) in followed.items() if line.consents
    ]
    rows = await _transferred(connection, system, transferred) if transferred else []
    for (subscriber_id, _), (line, key) in followed.items():
        if any(_is_import_of(record, line, key) for record in line.consents):
            continue
        evidence = {"topics": [key], "source": line.consent_source, "frequency": line.frequency}
        rows.append(
            _row(system, subscriber_id, ConsentKind.IMPORTED, line.consented_at, evidence, None, None)
        )
    await bulk_import.add_consents(connection, rows)


def _is_import_of(record: Transferred, line: Line, key: str) -> bool:
    """Whether the record of an export already contains what the import would record."""
    known = record.evidence
    return (record.kind, record.moment, known.get("source"), known.get("topics")) == (
        ConsentKind.IMPORTED,
        line.consented_at,
        line.consent_source,
        [key],
    )


async def _transferred(
    connection: AsyncConnection, system: System, people_lines: Sequence[tuple[int, Line]]
) -> list[dict[str, Any]]:
    """Records of an export, each once: several topics of a person may share one."""
    recorded = await bulk_import.recorded_consents(connection, {person for person, _ in people_lines})
    named = {record.wording_sha256 for _, line in people_lines for record in line.consents}
    kept = await bulk_import.known_wordings(connection, {digest for digest in named if digest})
    rows = list[dict[str, Any]]()
    for subscriber_id, line in people_lines:
        for record in line.consents:
            identity = (subscriber_id, record.kind, record.moment)
            if identity in recorded:
                continue
            recorded.add(identity)
            evidence = dict(record.evidence)
            if record.terms_sha256:
                evidence["terms_sha256"] = record.terms_sha256
            wording = record.wording_sha256
            if wording and wording not in kept:
                evidence["wording_sha256"] = wording  # the file has no line with its text
                wording = None
            kind = ConsentKind(record.kind)
            rows.append(
                _row(system, subscriber_id, kind, record.moment, evidence, record.terms_version, wording)
            )
    return rows


def _row(
    system: System,
    subscriber_id: int,
    kind: ConsentKind,
    at: datetime,
    evidence: Mapping[str, Any],
    terms_version: str | None,
    wording: str | None,
) -> dict[str, Any]:
    return {
        "subscriber_id": subscriber_id,
        "kind": kind.value,
        "at": at,
        "terms_version": terms_version,
        "wording_sha256": wording,
        "evidence": seal_json(system.keyring, EVIDENCE, subscriber_id, evidence),
    }

"""The lines of a file of subscriptions: columns, values and their errors."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from service.actions.consent_transfer import InvalidEvidence, Transferred, read_consents, read_texts
from service.domain.digests import time_zones
from service.domain.digests.filters import InvalidFilters, read_filters
from service.domain.digests.schedule import Frequency
from service.domain.imported_columns import (
    InvalidMoment,
    NotSubscribed,
    own_values,
    read_moment,
    split_topics,
)
from service.domain.topic_parsing import InvalidTopic, parse_topic
from service.domain.trials.conditions.condition import TopicKind
from service.email_address import InvalidAddress, normalize_email
from service.languages import nearest

#: The columns of a file, for import and export; a file needs the first two. A line without the time and the
#: source of the consent is imported on the operator's responsibility, which its evidence states.
COLUMNS = (
    "email",
    "topic",
    "frequency",
    "locale",
    "timezone",
    "consented_at",
    "consent_source",
    "hour",
    "weekday",
    "discreet",
    "paused_until",
    "small_changes",
    "filters",
    "consents",
    "texts",
)
NEEDED = ("email", "topic")
_ON_THE_OPERATORS_WORD = "not given: imported on the operator's responsibility"
_FREQUENCIES = frozenset(Frequency)
_MOST_DIGITS = 4  # of an hour or a weekday
_YES, _NO = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})


class Rejected(ValueError):
    """The line can't be imported. The message gives the reason, without the address."""


class MailPreferences(NamedTuple):
    """A person's preferences for all mail, None where a line says nothing; used when they are created."""

    locale: str | None
    timezone: str | None
    hour: int | None
    weekday: int | None
    discreet: bool | None
    paused_until: datetime | None


_DEFAULTS = MailPreferences("en", "UTC", 8, 0, True, None)


class Line(NamedTuple):
    """A validated line of a file: one person follows one topic or several at one frequency.

    `is_dated`: the file says when the person consented; otherwise `consented_at` is the time of the import.
    """

    number: int
    email: str
    topics: tuple[tuple[TopicKind, str], ...]
    frequency: str
    preferences: MailPreferences
    consented_at: datetime
    is_dated: bool
    consent_source: str
    small_changes: bool
    filters: dict[str, Any] | None
    consents: Sequence[Transferred]


def texts_of(values: Mapping[str, str]) -> Mapping[str, str]:
    """The texts that people agreed to, which a line holds, by SHA-256. Raises Rejected."""
    try:
        return read_texts(values.get("texts", ""))
    except InvalidEvidence as problem:
        raise Rejected(str(problem)) from None


_parse_topic = lru_cache(32_768)(parse_topic)
_nearest = lru_cache(512)(lambda tag: nearest([tag]))


def read_line(number: int, values: Mapping[str, str], now: datetime, topics: Sequence[str] = ()) -> Line:
    """Validates a line of the file; `topics` are followed where the line names none. Raises Rejected."""
    try:
        given = own_values(values)
        named = split_topics(given.get("topic", "")) or topics
        if not named:
            raise Rejected("no topic is named: give --topic for the lines that have none")
        consented_at = read_moment(given.get("consented_at", ""), "consented_at", now)
        return Line(
            number,
            normalize_email(given.get("email", "")),
            tuple(_parse_topic(text) for text in named),
            _one_of(given, "frequency", _FREQUENCIES, Frequency.WEEKLY),
            _preferences(given),
            consented_at or now,
            consented_at is not None,
            given.get("consent_source", "").strip() or _ON_THE_OPERATORS_WORD,
            bool(_flag(given, "small_changes")),
            _filters(given.get("filters", "")),
            read_consents(given.get("consents", ""), now),
        )
    except (InvalidAddress, InvalidTopic, InvalidMoment, NotSubscribed, InvalidEvidence) as problem:
        raise Rejected(str(problem)) from None


def _one_of(given: Mapping[str, str], name: str, allowed: frozenset[str], default: str) -> str:
    value = given.get(name, "").strip().lower() or default
    if value not in allowed:
        raise Rejected(f"{name} must be one of {', '.join(Frequency)}")
    return str(value)


def _preferences(given: Mapping[str, str]) -> MailPreferences:
    locale, timezone = given.get("locale", "").strip(), given.get("timezone", "").strip()
    if timezone and timezone not in time_zones.names():
        raise Rejected("timezone must be an IANA name such as Europe/Rome")
    return MailPreferences(
        _nearest(locale) if locale else None,
        timezone or None,
        _number(given, "hour", 23),
        _number(given, "weekday", 6),
        _flag(given, "discreet"),
        _paused_until(given.get("paused_until", "")),
    )


def given_preferences(lines: Sequence[Line]) -> dict[str, Any]:
    """The preferences that the lines of a person give: of each the first."""
    given = zip(*(line.preferences for line in lines), strict=True)
    first = (next((value for value in values if value is not None), None) for values in given)
    found = zip(MailPreferences._fields, first, strict=True)
    return {name: value for name, value in found if value is not None}


def preferences_of(lines: Sequence[Line]) -> dict[str, Any]:
    """The preferences of the new person of these lines: those given, and defaults."""
    return _DEFAULTS._asdict() | given_preferences(lines)


def _number(given: Mapping[str, str], name: str, most: int) -> int | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS) or int(text) > most:
        raise Rejected(f"{name} must be a number from 0 to {most}")
    return int(text)


def _flag(given: Mapping[str, str], name: str) -> bool | None:
    text = given.get(name, "").strip().lower()
    if text and text not in _YES | _NO:
        raise Rejected(f"{name} must be true or false")
    return text in _YES if text else None


def _paused_until(text: str) -> datetime | None:
    """A moment, mostly in the future, to which `read_moment`'s bounds do not apply."""
    try:
        moment = datetime.fromisoformat(text.strip()) if text.strip() else None
        moment = moment and (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Rejected("paused_until must be a moment such as 2026-11-22T09:30:00+01:00") from None
    if moment and moment > time_zones.LATEST:
        raise Rejected(f"paused_until is after {time_zones.LATEST:%Y-%m-%d}")
    return moment


def _filters(text: str) -> dict[str, Any] | None:
    if not text.strip():
        return None
    try:
        return read_filters(msgspec.json.decode(text)).as_mapping() or None
    except (msgspec.DecodeError, InvalidFilters):
        raise Rejected("filters must be a JSON object as the API takes it") from None


def with_topics(line: Line) -> Iterator[tuple[TopicKind, str]]:
    """The topics of a line, each once."""
    yield from dict.fromkeys(line.topics)

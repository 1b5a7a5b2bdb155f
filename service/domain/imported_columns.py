"""The columns of files of people: our own, listmonk's and Mailchimp's exports, by one set of names.

Header names arrive as lower-case words joined by underscores (`email_address`).
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

#: Names of our own columns in other spellings.
_SYNONYMS = {
    "e_mail": "email",
    "email_address": "email",
    "mail": "email",
    "topics": "topic",
    "language": "locale",
    "lang": "locale",
    "time_zone": "timezone",
    "tz": "timezone",
}

_OF_MAILCHIMP = frozenset({"leid", "euid", "member_rating", "optin_time", "unsub_time", "clean_time"})
_OF_SUPPRESSIONS = frozenset({"reason", "address_index"})

#: Values that programs write for an unknown time (Go's zero time, and day zero of others).
_NO_MOMENT = ("0001-01-01", "0000-00-00")
_OLDEST = datetime(1995, 1, 1, tzinfo=UTC)
#: As Go writes a time: `2026-01-05 10:00:00.123456789 +0000 UTC`, the name of the zone at the end.
_GO_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)? ([+-]\d\d)(\d\d)(?: \S+)?(?: m=\S+)?")
_NEXT_TOPIC = re.compile(r"[,;|\n]\s*(?=\"?(?:trial|condition)\s*:)", re.IGNORECASE)
_TOPIC = re.compile(r"(?:trial|condition)\s*:", re.IGNORECASE)


class FileLine(NamedTuple):
    """A record of a file: the number of its first line, its values by header name, or what is wrong.

    `surplus`: it has values beyond the names of the header, which stand nowhere else.
    """

    number: int
    values: Mapping[str, str]
    problem: str | None = None
    surplus: bool = False


class InvalidMoment(ValueError):
    """The text is no moment; the message says what is wrong."""


def read_moment(text: str, name: str, now: datetime) -> datetime | None:
    """A moment in the past, in UTC; None for an empty text. Without an offset it is taken as UTC.

    Raises InvalidMoment, which names the column `name`.
    """
    text = text.strip()
    if not text:
        return None
    if go := _GO_TIME.fullmatch(text):
        text = f"{go[1]}{(go[2] or '')[:7]}{go[3]}:{go[4]}"
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        moment = datetime.min.replace(tzinfo=UTC)
    except ValueError:
        raise InvalidMoment(f"{name} must be a moment such as 2026-11-22T09:30:00+01:00") from None
    if moment < _OLDEST:
        raise InvalidMoment(f"{name} can't be right: it is before {_OLDEST.year}")
    if moment > now:
        raise InvalidMoment(f"{name} lies in the future")
    return moment


class NotSubscribed(ValueError):
    """The other service does not write to this person; the message says why."""


def own_values(values: Mapping[str, str]) -> dict[str, str]:
    """A line's values by our own names, whichever program wrote it. Raises NotSubscribed."""
    given = {_SYNONYMS.get(name, name): value for name, value in values.items()}
    if values.keys() >= {"uuid", "attributes", "status"}:
        return _from_listmonk(given)
    if values.keys() & _OF_MAILCHIMP:
        return _from_mailchimp(given)
    return given


def _from_listmonk(values: dict[str, str]) -> dict[str, str]:
    """listmonk's export of subscribers: values without a column may be among the attributes."""
    if values["status"].strip().lower() != "enabled":
        raise NotSubscribed("listmonk does not write to this address: its status is not enabled")
    attributes = _attributes(values["attributes"])
    topics = attributes.get("topics", attributes.get("topic", ()))
    found = {
        "email": values.get("email", ""),
        "topic": "\n".join(map(str, topics)) if isinstance(topics, list) else str(topics or ""),
        "consented_at": _moment_or_none(values.get("created_at", "")),
        "consent_source": f"listmonk, subscriber {values['uuid'].strip()}",
    }
    for name in ("frequency", "locale", "timezone"):
        given = attributes.get(name, attributes.get(_OF_OWN.get(name, name)))
        if isinstance(given, str):
            found[name] = given
    return found | {name: value for name, value in values.items() if name in ("topic", "frequency") and value}


_OF_OWN = {"locale": "lang"}


def _attributes(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name).lower(): value for name, value in found.items()} if isinstance(found, dict) else {}


def _from_mailchimp(values: dict[str, str]) -> dict[str, str]:
    """Mailchimp's export of an audience; the topics are among the tags."""
    if values.get("unsub_time") or values.get("clean_time"):
        raise NotSubscribed("Mailchimp does not write to this address any more: import it as a suppression")
    consented = values.get("confirm_time") or values.get("optin_time") or ""
    how = "confirmed" if values.get("confirm_time") else "opted in"
    tags = [tag.strip() for tag in next(csv.reader([values.get("tags", "")], skipinitialspace=True), [])]
    return {
        "email": values.get("email", ""),
        "topic": values.get("topic") or "\n".join(tag for tag in tags if _TOPIC.match(tag)),
        "frequency": values.get("frequency", ""),
        "locale": values.get("locale", ""),
        "timezone": values.get("timezone", ""),
        "consented_at": _moment_or_none(consented),
        "consent_source": f"Mailchimp, contact {values.get('leid', '').strip()}, {how}",
    }


def _moment_or_none(text: str) -> str:
    return "" if text.startswith(_NO_MOMENT) else text


def suppressed_values(values: Mapping[str, str]) -> dict[str, str]:
    """A line of addresses that must not be written to, by our own names; `reason` as the file words it.

    Raises NotSuppressed for people of an export whom the other service does write to.
    """
    given = {_SYNONYMS.get(name, name): value for name, value in values.items()}
    if values.keys() >= {"uuid", "attributes", "status"}:
        if given["status"].strip().lower() == "enabled":
            raise NotSuppressed("listmonk writes to this address: its status is enabled")
        return given | {
            "reason": given["status"],
            "source": "listmonk",
            "created_at": _moment_or_none(given.get("updated_at", "")),
        }
    if values.keys() & _OF_MAILCHIMP:
        unsubscribed, cleaned = given.get("unsub_time", ""), given.get("clean_time", "")
        if not unsubscribed and not cleaned:
            raise NotSuppressed("Mailchimp writes to this address: it has no UNSUB_TIME or CLEAN_TIME")
        reason = "cleaned" if cleaned else "unsubscribed"
        return given | {"reason": reason, "source": "Mailchimp", "created_at": cleaned or unsubscribed}
    return given


class NotSuppressed(ValueError):
    """The other service does write to this person; the message says how that is known."""


def split_topics(cell: str) -> list[str]:
    """The topics of one cell, between commas, semicolons, bars or line ends; a name may hold commas."""
    parts = _NEXT_TOPIC.split(cell) if ":" in cell else [cell]
    found = (part.strip().strip('"').strip() for part in parts)
    return [part for part in found if part]


def lacks(names: Collection[str], needed: Iterable[str]) -> list[str]:
    """The columns among `needed` that a file with these header names does not have."""
    known = {_SYNONYMS.get(name, name) for name in names}
    if known & {"uuid", *_OF_MAILCHIMP}:
        known |= {"topic"}  # among the attributes, or the tags
    return [name for name in needed if name not in known]


def is_of_subscriptions(names: Collection[str]) -> bool:
    """Whether a file with these header names is one of subscriptions in our form: it says how often people
    get which topics, or that they agreed, and not why anybody is suppressed."""
    known = {_SYNONYMS.get(name, name) for name in names}
    theirs = known & {"frequency", "consented_at", "consent_source"}
    return "topic" in known and bool(theirs) and not known & {"uuid", *_OF_MAILCHIMP, *_OF_SUPPRESSIONS}


def is_of_suppressions(names: Collection[str]) -> bool:
    """Whether a file with these header names is our export of suppressions."""
    return set(names) >= _OF_SUPPRESSIONS


def repeated(names: Iterable[str], used: Collection[str]) -> list[str]:
    """The columns among `used` that a file has more than once, in any spelling: all values but one would be
    lost.
    """
    counts = Counter(_SYNONYMS.get(name, name) for name in names)
    return [name for name in used if counts[name] > 1]

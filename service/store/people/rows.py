"""Rows about people, as named tuples: what the tables' columns mean is written in `sql/tables/people.py`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple


class Subscriber(NamedTuple):
    """A person. `sealed` holds the encrypted address and the secret of their links; all times are in UTC."""

    bucket: int
    id: int
    public_id: bytes
    email_index: bytes
    sealed: bytes
    locale: str
    timezone: str
    hour: int
    weekday: int
    discreet: bool
    paused_until: datetime | None
    created_at: datetime
    confirmed_at: datetime | None
    terms_version: str | None
    address_changed_at: datetime | None


class Subscription(NamedTuple):
    """A subscription with its topic's `key`, `kind` and `name`; `topic_id` is the topic it was made for.

    Of a topic that was joined to another one, `effective_topic_id`, `key`, `kind` and `name` are the other's.
    """

    id: int
    subscriber_id: int
    topic_id: int
    state: str
    frequency: str
    filters: Mapping[str, Any] | None
    small_changes: bool
    end_reason: str | None
    confirmation_id: int
    created_at: datetime
    activated_at: datetime | None
    ended_at: datetime | None
    older_number: str | None
    effective_topic_id: int
    key: str
    kind: str
    name: str | None


class Cursor(NamedTuple):
    """The seq up to which a subscriber's digests of a frequency have covered the log, and their slot."""

    subscriber_id: int
    frequency: str
    slot_id: int
    seq: int
    behind: bool


class AddressChange(NamedTuple):
    """A requested change of address; `sealed` holds the new one. `done_at`: None until it is confirmed."""

    id: int
    subscriber_id: int
    sealed: bytes
    created_at: datetime
    done_at: datetime | None


class Consent(NamedTuple):
    """A record of consent, with the exact text shown and the terms, where there were any."""

    id: int
    subscriber_id: int
    kind: str
    at: datetime
    terms_version: str | None
    wording_sha256: str | None
    evidence: bytes
    wording: str | None
    terms_text: str | None
    terms_sha256: str | None


class Suppression(NamedTuple):
    """An address that must not be written to, as its keyed index."""

    address_index: bytes
    reason: str
    source: str
    created_at: datetime

"""Subscribers and what they chose: what they follow, which texts they agreed to, what stops mail to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from service.store.sql.columns import BigId, Json
from service.store.sql.tables.fields import NEVER_REUSED, moment, octets, primary_key, reference


class Subscriber(SQLModel, table=True):
    """A person's address and preferences. `sealed` holds the address and the secret of its links."""

    __table_args__ = NEVER_REUSED
    id: int | None = primary_key()
    public_id: bytes = octets(unique=True)
    email_index: bytes = octets(unique=True)
    sealed: bytes = octets()
    key_id: int = Field(sa_type=BigId, index=True)
    locale: str = "en"
    timezone: str = "UTC"
    hour: int = 8
    weekday: int = 0
    discreet: bool = True
    paused_until: datetime | None = moment(default=None, nullable=True)
    created_at: datetime = moment()
    confirmed_at: datetime | None = moment(default=None, nullable=True)
    terms_version: str | None = None
    address_changed_at: datetime | None = moment(default=None, nullable=True)


class Subscription(SQLModel, table=True):
    """A subscriber follows a topic at a frequency; pending, active or ended with a reason, never deleted.

    `active_seq`: nothing at or below is told. `catch_up_seq`: after a move between frequencies, where the
    next digest must begin instead. `listening`: planning reads it (active, or ended by news still to tell).
    `confirmation_id`: the delivery whose mail names this wish, and whose link alone confirms it; 0: none.
    """

    __table_args__ = (
        Index(
            "one_active_subscription",
            "subscriber_id",
            "topic_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "one_pending_subscription",
            "subscriber_id",
            "topic_id",
            "confirmation_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "subscription_listening",
            "topic_id",
            "frequency",
            "subscriber_id",
            sqlite_where=text("listening"),
            postgresql_where=text("listening"),
        ),
        Index("subscription_of_subscriber", "subscriber_id", "state"),
        Index(
            "subscription_catching_up",
            "subscriber_id",
            sqlite_where=text("catch_up_seq IS NOT NULL"),
            postgresql_where=text("catch_up_seq IS NOT NULL"),
        ),
        Index(
            "subscription_over",
            "subscriber_id",
            sqlite_where=text("listening AND state = 'ended'"),
            postgresql_where=text("listening AND state = 'ended'"),
        ),
        NEVER_REUSED,
    )
    id: int | None = primary_key()
    subscriber_id: int = reference("subscriber.id")
    topic_id: int = reference("topic.id")
    state: str
    frequency: str
    filters: dict[str, Any] | None = Field(default=None, sa_type=Json)
    small_changes: bool = False
    active_seq: int = Field(default=0, sa_type=BigId)
    catch_up_seq: int | None = Field(default=None, sa_type=BigId)
    listening: bool = False
    end_reason: str | None = None
    confirmation_id: int = Field(default=0, sa_type=BigId)
    created_at: datetime = moment()
    activated_at: datetime | None = moment(default=None, nullable=True)
    ended_at: datetime | None = moment(default=None, nullable=True)


class Terms(SQLModel, table=True):
    """A version of the terms, with its exact text."""

    id: int | None = primary_key()
    version: str = Field(unique=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    sha256: str
    material: bool = False
    published_at: datetime = moment()
    pause_at: datetime | None = moment(default=None, nullable=True)


class Wording(SQLModel, table=True):
    """A text that people agreed to, kept once under its SHA-256."""

    sha256: str = Field(primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))


class Consent(SQLModel, table=True):
    """Who agreed to which text, when, how; append-only. `evidence`: sealed JSON."""

    id: int | None = primary_key()
    subscriber_id: int = Field(sa_type=BigId, index=True)
    kind: str
    at: datetime = moment()
    terms_version: str | None = None
    wording_sha256: str | None = Field(default=None, foreign_key="wording.sha256")
    evidence: bytes = octets()


class AddressChange(SQLModel, table=True):
    """A person's wish to be written to elsewhere, until it is confirmed from the new address."""

    __tablename__ = "address_change"
    __table_args__ = NEVER_REUSED
    id: int | None = primary_key()
    subscriber_id: int = reference("subscriber.id", index=True)
    sealed: bytes = octets()
    created_at: datetime = moment()
    done_at: datetime | None = moment(default=None, nullable=True)


class Suppression(SQLModel, table=True):
    """An address that must not be written to, as its keyed index: no address, no topic."""

    address_index: bytes = octets(primary_key=True)
    reason: str
    source: str
    created_at: datetime = moment()


class BounceCount(SQLModel, table=True):
    """Failed messages of one person since the last one that arrived."""

    __tablename__ = "bounce_count"
    subscriber_id: int = reference("subscriber.id", primary_key=True)
    failures: list[str] = Field(default_factory=list, sa_type=Json)

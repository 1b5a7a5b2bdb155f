"""Subscribers and their choices: subscriptions, consents to texts, suppressions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, SmallInteger, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.store.sql.columns import BigId, Json
from service.store.sql.tables.fields import (
    bucket,
    key_in_bucket,
    moment,
    octets,
    of_subscriber,
    primary_key,
    reference,
)


class Subscriber(SQLModel, table=True):
    """A person's address and preferences. `sealed` holds the address and the secret of its links."""

    __table_args__ = (
        UniqueConstraint("bucket", "public_id"),
        Index("subscriber_key", "bucket", "key_id"),
    )
    bucket: int = bucket()
    id: int = key_in_bucket()
    public_id: bytes = octets()
    email_index: bytes = octets()
    sealed: bytes = octets()
    key_id: int = Field(sa_type=BigId)
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


class Address(SQLModel, table=True):
    """The owner of an address, by its keyed index: the only way from an address to a bucket.

    Without a foreign key: it is distributed by its own key.
    """

    email_index: bytes = octets(primary_key=True)
    bucket: int = Field(sa_type=SmallInteger)
    subscriber_id: int = Field(sa_type=BigId)


class Subscription(SQLModel, table=True):
    """A subscriber follows a topic at a frequency; pending, active or ended with a reason, never deleted.

    `active_seq`: nothing at or below it is reported. `resume_after_seq`: after a changed frequency, where the
    next digest must begin instead. `in_planning`: active, or ended by news that is not reported yet.
    `confirmation_id`: the delivery whose mail lists this request, and whose link alone confirms it; 0: none.
    `older_number`: the number by which the trial was requested, if that has been merged into it.
    """

    __table_args__ = (
        Index(
            "one_active_subscription",
            "bucket",
            "subscriber_id",
            "topic_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "one_pending_subscription",
            "bucket",
            "subscriber_id",
            "topic_id",
            "confirmation_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "subscription_pending_of_topic",
            "bucket",
            "topic_id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "subscription_in_planning",
            "bucket",
            "topic_id",
            "frequency",
            "subscriber_id",
            sqlite_where=text("in_planning = 1"),  # as SQLAlchemy writes it: SQLite compares words
            postgresql_where=text("in_planning"),
        ),
        Index("subscription_of_subscriber", "bucket", "subscriber_id", "state"),
        Index(
            "subscription_catching_up",
            "bucket",
            "subscriber_id",
            sqlite_where=text("resume_after_seq IS NOT NULL"),
            postgresql_where=text("resume_after_seq IS NOT NULL"),
        ),
        Index(
            "subscription_over",
            "bucket",
            "subscriber_id",
            sqlite_where=text("in_planning = 1 AND state = 'ended'"),
            postgresql_where=text("in_planning AND state = 'ended'"),
        ),
        Index(
            "subscription_ended_with_trial",
            "bucket",
            "topic_id",
            sqlite_where=text("end_reason IN ('merged', 'removed')"),
            postgresql_where=text("end_reason IN ('merged', 'removed')"),
        ),
        of_subscriber(),
    )
    bucket: int = bucket()
    id: int = key_in_bucket()
    subscriber_id: int = Field(sa_type=BigId)
    topic_id: int = reference("topic.id")
    state: str
    frequency: str
    filters: dict[str, Any] | None = Field(default=None, sa_type=Json)
    small_changes: bool = False
    active_seq: int = Field(default=0, sa_type=BigId)
    resume_after_seq: int | None = Field(default=None, sa_type=BigId)
    in_planning: bool = False
    end_reason: str | None = None
    confirmation_id: int = Field(default=0, sa_type=BigId)
    created_at: datetime = moment()
    activated_at: datetime | None = moment(default=None, nullable=True)
    ended_at: datetime | None = moment(default=None, nullable=True)
    older_number: str | None = None


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
    """A person's agreement to a text, when and how; append-only. `evidence`: sealed JSON."""

    __table_args__ = (Index("consent_of_subscriber", "bucket", "subscriber_id"),)
    bucket: int = bucket()
    id: int = key_in_bucket()
    subscriber_id: int = Field(sa_type=BigId)
    kind: str
    at: datetime = moment()
    terms_version: str | None = None
    wording_sha256: str | None = Field(default=None, foreign_key="wording.sha256")
    evidence: bytes = octets()


class AddressChange(SQLModel, table=True):
    """A person's request to change the address, until it is confirmed from the new one."""

    __tablename__ = "address_change"
    __table_args__ = (Index("address_change_of_subscriber", "bucket", "subscriber_id"), of_subscriber())
    bucket: int = bucket()
    id: int = key_in_bucket()
    subscriber_id: int = Field(sa_type=BigId)
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
    __table_args__ = (of_subscriber(),)
    bucket: int = bucket()
    subscriber_id: int = key_in_bucket()
    failures: list[str] = Field(default_factory=list, sa_type=Json)

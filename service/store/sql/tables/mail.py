"""Mail: requests for it, its limits, the queue of deliveries, and receipts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.domain.delivery.states import DeliveryState
from service.store.sql.columns import BigId, Json
from service.store.sql.tables.fields import bucket, key_in_bucket, moment, octets


class Request(SQLModel, table=True):
    """The visitors' inbox: what was requested at the forms, sealed, until a worker processes it."""

    bucket: int = bucket()
    id: int = key_in_bucket()
    kind: str
    sealed: bytes = octets()
    received_at: datetime = moment()


class MailQuota(SQLModel, table=True):
    """One mail that somebody made us send to a mailbox that did not ask; kept a day.

    `mailbox` is the keyed index of a mailbox, and `bucket` is drawn from it. Where it is the index of a
    domain, the one row of that domain: `at` is when its mails are paid off.
    """

    __tablename__ = "mail_quota"
    __table_args__ = (
        Index("mail_quota_mailbox", "bucket", "mailbox"),
        Index("mail_quota_at", "bucket", "at"),
    )
    bucket: int = bucket()
    id: int = key_in_bucket()
    mailbox: bytes = octets()
    at: datetime = moment()


class Delivery(SQLModel, table=True):
    """One outgoing mail, with its state and history. `message_key` is fixed before the first attempt.

    `digest_id`: the digest that it carries; the mail has the same number, so that the key allows no second
    one. Mails that were planned before migration 0006 have a number of their own.
    `passes_suppression`: the reason of the suppression in spite of which its reader requested it.
    `server_reply`: the server's last reply about it, how the connection ended, or which template is broken;
    without addresses.
    """

    __table_args__ = (
        Index(
            "delivery_queue",
            "bucket",
            "priority",
            "due_at",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "delivery_leased",
            "bucket",
            "lease_until",
            sqlite_where=text("state = 'claimed'"),
            postgresql_where=text("state = 'claimed'"),
        ),
        Index("delivery_of_subscriber", "bucket", "subscriber_id", "id"),
        Index(
            "delivery_message_key",
            "bucket",
            "message_key",
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
        Index("delivery_of_run", "bucket", "run_id"),
        # Rows come in the order of time, so PostgreSQL needs no entry for each (BRIN).
        Index("delivery_created", "created_at", postgresql_using="brin"),
    )
    bucket: int = bucket()
    id: int = key_in_bucket()
    subscriber_id: int = Field(sa_type=BigId)
    kind: str
    digest_id: int | None = Field(default=None, sa_type=BigId)
    run_id: int | None = Field(default=None, sa_type=BigId)
    context: bytes | None = octets(default=None, nullable=True)
    passes_suppression: str | None = None
    state: str = DeliveryState.QUEUED
    priority: int
    due_at: datetime = moment()
    created_at: datetime = moment()
    message_key: str
    attempts: int = 0
    claim: str | None = None
    lease_until: datetime | None = moment(default=None, nullable=True)
    first_attempt_at: datetime | None = moment(default=None, nullable=True)
    finished_at: datetime | None = moment(default=None, nullable=True)
    outcome: str | None = None
    server_reply: str | None = None
    history: list[Any] | None = Field(default=None, sa_type=Json)


class SendReceipt(SQLModel, table=True):
    """Deliveries of one claim that a server has accepted, until they are marked as sent themselves."""

    __tablename__ = "send_receipt"
    bucket: int = bucket()
    claim: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    #: Their ids, separated by spaces.
    ids: str
    at: datetime = moment()


class BucketLease(SQLModel, table=True):
    """Which worker serves a bucket, and until when. One row for each bucket in use.

    A worker that processes a bucket's requests locks its row, so that no two workers do so at once.
    """

    __tablename__ = "bucket_lease"
    bucket: int = bucket()
    worker: str | None = None
    lease_until: datetime | None = moment(default=None, nullable=True)

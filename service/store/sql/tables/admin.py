"""The installation's own: wrapped keys, what operators did, its workers, and what holds outgoing mail."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from service.store.sql.columns import BigId, Json
from service.store.sql.tables.fields import moment, octets, primary_key


class WrappedKey(SQLModel, table=True):
    """A key that must outlive rotations (the blind index), sealed by the secret keys, which do rotate."""

    __tablename__ = "wrapped_key"
    name: str = Field(primary_key=True)
    sealed: bytes = octets()


class Audit(SQLModel, table=True):
    """One act of an operator: who did what to which object, when, from where. Append-only.

    `actor`: `api`, `dashboard` or `command:` and the user of the operating system. `origin`: the network
    (/24 or /48), or `command`. `target`: a kind and a number, never an address or a topic. `changed`: rows
    that the act changed, null when they are not counted.
    """

    id: int | None = primary_key()
    at: datetime = moment(index=True)
    actor: str
    origin: str
    action: str
    target: str | None = None
    changed: int | None = Field(default=None, sa_type=BigId)


class EndedSession(SQLModel, table=True):
    """An operators' session that was signed out of, kept until its time would be over anyway.

    `id` is a hash: with it nobody can sign in.
    """

    __tablename__ = "ended_session"
    id: bytes = octets(primary_key=True)
    ends_at: datetime = moment()


class Worker(SQLModel, table=True):
    """A worker process as it last reported; deleted when it stops.

    `status` is what it waits for, and what it knows of mail servers and slowed domains (`workers.heartbeat`).
    """

    id: str = Field(primary_key=True)
    host: str
    started_at: datetime = moment()
    seen_at: datetime = moment()
    status: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Liveness(SQLModel, table=True):
    """The last moment at which any worker was running, one row. A restored backup has an old one.

    `database_id` identifies the database that the row was written to: a dump restored elsewhere differs.
    """

    id: int = Field(default=1, primary_key=True)
    at: datetime = moment()
    database_id: str


class MailHold(SQLModel, table=True):
    """While there is a row, workers claim no mail but what `mail_release` names. `reason`: a HoldReason."""

    __tablename__ = "mail_hold"
    id: int = Field(default=1, primary_key=True)
    since: datetime = moment()
    reason: str


class MailRelease(SQLModel, table=True):
    """A part that an operator released during a hold: `kind:` and a MailKind, or `run:` and its number."""

    __tablename__ = "mail_release"
    what: str = Field(primary_key=True)


class SentCount(SQLModel, table=True):
    """Mails that all workers together claimed in the minutes from `since` on, for ALERTS_SMTP_QUOTA."""

    __tablename__ = "sent_count"
    since: datetime = moment(primary_key=True)
    mails: int


class Canary(SQLModel, table=True):
    """The synthetic subscriber of one frequency, whose mail must come back.

    `emitted_at`: when the synthetic trial last changed; `returned_at`: when its mail last came back.
    """

    frequency: str = Field(primary_key=True)
    subscriber_id: int = Field(sa_type=BigId)
    created_at: datetime = moment()
    emitted_at: datetime | None = moment(default=None, nullable=True)
    returned_at: datetime | None = moment(default=None, nullable=True)


class DailyFigure(SQLModel, table=True):
    """One number of one day (UTC) for the operators' pictures; it outlives the rows that it counts."""

    __tablename__ = "daily_figure"
    day: date = Field(primary_key=True)
    name: str = Field(primary_key=True)
    number: int = Field(sa_type=BigId)

"""From the webhook to the change log: events, the newest state of each trial, and what differed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.domain.trials.lifecycle import EventState, TrialState
from service.store.sql.columns import BigId, Json
from service.store.sql.tables.fields import moment, primary_key, reference


class Webhook(SQLModel, table=True):
    """The `webhook-id` of each accepted request, so that its repetition is known."""

    id: str = Field(primary_key=True)
    received_at: datetime = moment(index=True)


class Event(SQLModel, table=True):
    """What the ingestor sent, as it came: the inbox of changes."""

    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index(
            "event_waiting",
            "id",
            sqlite_where=text("state = 'received'"),
            postgresql_where=text("state = 'received'"),
        ),
        Index(
            "event_in_trouble",
            "state",
            "id",
            sqlite_where=text("state IN ('dead', 'conflict')"),
            postgresql_where=text("state IN ('dead', 'conflict')"),
        ),
    )
    id: int | None = primary_key()
    source: str
    event_id: str
    type: str
    subject: str
    revision: int | None = Field(default=None, sa_type=BigId)
    observed_at: datetime | None = moment(default=None, nullable=True)
    received_at: datetime = moment(index=True)
    body: str | None = Field(default=None, sa_column=Column(Text))
    state: str = EventState.RECEIVED
    reason: str | None = None
    processed_at: datetime | None = moment(default=None, nullable=True)


class Trial(SQLModel, table=True):
    """The newest state accepted of a trial, and its newest snapshot (older, when the trial is gone).

    `remembered` (JSON) is what older snapshots knew and the newest one lacks: null when it lacks nothing.
    """

    nct_id: str = Field(primary_key=True)
    topic_id: int = reference("topic.id", index=True)
    revision: int = Field(sa_type=BigId)
    state: str = TrialState.PRESENT
    snapshot: str | None = Field(default=None, sa_column=Column(Text))
    snapshot_revision: int | None = Field(default=None, sa_type=BigId)
    remembered: str | None = Field(default=None, sa_column=Column(Text))
    digest: str
    merged_into: str | None = None
    updated_at: datetime = moment()


class LogHead(SQLModel, table=True):
    """The end of the change log, one row. Who appends holds its lock: a smaller seq never appears later."""

    __tablename__ = "log_head"
    id: int = Field(default=1, primary_key=True)
    seq: int = Field(default=0, sa_type=BigId)


class ChangeRow(SQLModel, table=True):
    """The change log: one material difference, or a trial that is new for a condition."""

    __tablename__ = "change"
    seq: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    nct_id: str = Field(index=True)
    kind: str
    level: int
    before: Any = Field(default=None, sa_type=Json, nullable=True)
    after: Any = Field(default=None, sa_type=Json, nullable=True)
    recorded_at: datetime = moment()
    event_id: int | None = Field(default=None, sa_type=BigId)
    corrects: int | None = Field(default=None, sa_type=BigId)


class ChangeTopic(SQLModel, table=True):
    """Which topics' followers a change concerns."""

    __tablename__ = "change_topic"
    topic_id: int = Field(primary_key=True, sa_type=BigId)
    seq: int = Field(primary_key=True, sa_type=BigId)

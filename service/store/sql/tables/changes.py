"""From the webhook to the change log: events, the newest state of each trial, and what differed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.domain.trials.lifecycle import EventState, TrialState
from service.store.sql.columns import BigId, Json
from service.store.sql.tables.fields import moment, named_in_database, primary_key, reference


class Webhook(SQLModel, table=True):
    """The `webhook-id` of each accepted request, so that its repetition is known."""

    id: str = Field(primary_key=True)
    received_at: datetime = moment(index=True)


class Event(SQLModel, table=True):
    """The ingestor's events as received: the inbox of changes."""

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
    `folded_revision`: the highest revision that `trial_revision` has but the outcome of.
    """

    __table_args__ = (
        Index(
            "trial_merged",
            "nct_id",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )
    nct_id: str = Field(primary_key=True)
    topic_id: int = reference("topic.id", index=True)
    revision: int = Field(sa_type=BigId)
    state: str = TrialState.PRESENT
    snapshot: str | None = Field(default=None, sa_column=Column(Text))
    snapshot_revision: int | None = Field(default=None, sa_type=BigId)
    remembered: str | None = Field(default=None, sa_column=Column(Text))
    digest: str
    merged_into: str | None = None
    folded_revision: int | None = Field(default=None, sa_type=BigId)
    updated_at: datetime = moment()


class TrialRevision(SQLModel, table=True):
    """An accepted event of a trial, kept while its news may be derived again: see `domain.revisions`.

    `seq`: the next seq of the change log when it came. `detail` (JSON): what it overwrote and lacks, or how
    the trial ended.
    """

    __tablename__ = "trial_revision"
    # Rows come in the order of time, so PostgreSQL needs no entry for each (BRIN).
    __table_args__ = (Index("trial_revision_received", "received_at", postgresql_using="brin"),)
    nct_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    state: str = TrialState.PRESENT
    digest: str
    seq: int = Field(sa_type=BigId)
    event_id: int = Field(sa_type=BigId)
    observed_on: str
    may_notify: bool
    is_correction: bool
    detail: str = Field(sa_column=Column(Text, nullable=False))
    received_at: datetime = moment()


class LogHead(SQLModel, table=True):
    """The end of the change log, one row. Locked while changes are appended, so that seqs appear in order."""

    __tablename__ = "log_head"
    id: int = Field(default=1, primary_key=True)
    seq: int = Field(default=0, sa_type=BigId)


class ChangeRow(SQLModel, table=True):
    """The change log: one material difference, or a trial that is new for a condition.

    `revision`: which of the trial's brought it. An entry is never changed but for `replaced_seq`: from that
    seq on it no longer holds, because an older revision came late and the news was derived again.
    `notified_seq` and `due_seq` are set on what is derived late: see `domain.trials.news`.
    """

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
    revision: int | None = Field(default=None, sa_type=BigId)
    notified_seq: int | None = named_in_database("told_seq", "notified_seq", BigId)
    due_seq: int | None = Field(default=None, sa_type=BigId)
    replaced_seq: int | None = Field(default=None, sa_type=BigId)


class ChangeTopic(SQLModel, table=True):
    """Which topics' followers a change concerns."""

    __tablename__ = "change_topic"
    __table_args__ = (Index("change_topic_of_change", "seq", "topic_id"),)
    topic_id: int = Field(primary_key=True, sa_type=BigId)
    seq: int = Field(primary_key=True, sa_type=BigId)

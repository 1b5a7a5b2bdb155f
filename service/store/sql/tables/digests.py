"""Digests: when each is due, up to which seq the log was reported to its reader, and what each covers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Index, Text, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from service.store.sql.columns import BigId, Json
from service.store.sql.tables.fields import (
    bucket,
    key_in_bucket,
    moment,
    named_in_database,
    of_subscriber,
    primary_key,
    reference,
)


class Slot(SQLModel, table=True):
    """When digests of one frequency, time zone, hour and weekday are due.

    Everything up to `low_water_seq` was reported to each of its readers who is not `behind`. `due_at` is the
    next moment; immediate slots are always due.
    """

    __table_args__ = (
        UniqueConstraint("frequency", "zone", "hour", "weekday"),
        Index("slot_due", "due_at"),
    )
    id: int | None = primary_key()
    frequency: str
    zone: str
    hour: int
    weekday: int
    low_water_seq: int = Field(default=0, sa_type=BigId)
    due_at: datetime = moment()


class Cursor(SQLModel, table=True):
    """The seq up to which the log was reported to one subscriber, per frequency.

    `prior_seq` and `run_id` are of the last move, made and read in one transaction. `behind`: the
    slot's floor does not hold for this person (after a pause, a move, a release): look at everything.
    """

    __table_args__ = (
        Index("cursor_slot", "bucket", "slot_id", "subscriber_id"),
        Index(
            "cursor_behind",
            "bucket",
            "slot_id",
            "subscriber_id",
            sqlite_where=text("behind = 1"),
            postgresql_where=text("behind"),
        ),
        of_subscriber(),
    )
    bucket: int = bucket()
    subscriber_id: int = key_in_bucket()
    frequency: str = Field(primary_key=True)
    slot_id: int = reference("slot.id")
    seq: int = Field(sa_type=BigId)
    prior_seq: int = Field(default=0, sa_type=BigId)
    run_id: int | None = Field(default=None, sa_type=BigId)
    behind: bool = False


class Run(SQLModel, table=True):
    """One planning of digests, for one slot and one moment (or, without a slot, on demand).

    It reports the period from `period_start_seq`, where the one before ended, to `to_seq`; and to each person
    the changes not reported to them before. `news`, of a cancelled run: whether what its digests would have
    reported is reported `later` or `never`. `most_news`: the trials that a single followed topic has news of,
    where they are many (`planning_size`). `held_because`: one sentence for an operator, once the run was
    held. `buckets_left`: in which people are still to be planned. `mails`: how many there are in each state,
    once none of them waits.
    """

    __table_args__ = (
        UniqueConstraint("slot_id", "due_at"),
        Index(
            "run_uncounted",
            "id",
            sqlite_where=text("mails IS NULL AND digests > 0"),
            postgresql_where=text("mails IS NULL AND digests > 0"),
        ),
        Index(
            "run_never_reported",
            "id",
            sqlite_where=text("state = 'cancelled' AND news = 'never'"),
            postgresql_where=text("state = 'cancelled' AND news = 'never'"),
        ),
        Index(
            "run_in_planning",
            "slot_id",
            unique=True,
            sqlite_where=text("state = 'planning'"),
            postgresql_where=text("state = 'planning'"),
        ),
        # SQLite keeps the numbers of `next_id` where it keeps those of this table.
        {"sqlite_autoincrement": True},
    )
    id: int | None = primary_key()
    slot_id: int | None = reference("slot.id", default=None, nullable=True)
    frequency: str = Field(index=True)
    due_at: datetime = moment()
    planned_at: datetime = moment(index=True)
    period_start_seq: int = Field(default=0, sa_type=BigId, sa_column_kwargs={"server_default": "0"})
    to_seq: int = Field(sa_type=BigId)
    state: str
    digests: int = 0
    news: str | None = None
    most_news: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    held_because: str | None = None
    buckets_left: list[int] = Field(
        default_factory=list, sa_type=Json, sa_column_kwargs={"server_default": "[]"}, nullable=False
    )
    mails: dict[str, int] | None = Field(default=None, sa_type=Json)


class Digest(SQLModel, table=True):
    """A report to one person, sent once: the followed topics' changes in (from_seq, to_seq].

    `topics` was fixed at planning: `topic:from,topic:from`. `reported` holds what the mail reported: its
    `trials`, and the keys of the `topics` for which it reported them, which may be fewer than those of
    planning; and the parts of the log that it left out as reported `by_others`.
    `rolled_back`: it was not sent, and later digests report its changes. `catches_up`: for some topic it
    starts before the end of the last digest, so that digests in between may have reported a part of it.
    Without foreign keys: each would be checked for each of a day's digests.
    """

    __table_args__ = (UniqueConstraint("bucket", "subscriber_id", "run_id"),)
    bucket: int = bucket()
    id: int = key_in_bucket()
    subscriber_id: int = Field(sa_type=BigId)
    run_id: int = Field(sa_type=BigId)
    frequency: str
    from_seq: int = Field(sa_type=BigId)
    to_seq: int = Field(sa_type=BigId)
    topics: str = Field(sa_column=Column(Text, nullable=False))
    reported: dict[str, Any] | None = named_in_database("told", "reported", Json)
    rolled_back: bool = named_in_database(
        "taken_back", "rolled_back", Boolean, default=False, server_default=false(), nullable=False
    )
    catches_up: bool = Field(default=False, sa_column_kwargs={"server_default": false()})

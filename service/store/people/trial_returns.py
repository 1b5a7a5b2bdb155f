"""Followers of a trial that was removed or merged, and returns."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import BUCKETS
from service.domain.delivery.eligibility import Ineligibility
from service.domain.delivery.states import UNCLAIMED, WAITING
from service.domain.subscription import EndReason, SubscriptionState
from service.domain.trials.change import Kind
from service.store.digests.digests import its_mail
from service.store.people.trial_endings import ENDED_WITH_TRIAL, OPEN
from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.keys import by_ids, same_subscriber
from service.store.sql.rows import columns_of, fetch_all

_s, _copy = t.subscription, t.subscription.alias()
#: Other subscriptions of the same person.
_anew, _other, _near = (t.subscription.alias() for _ in range(3))

_ENDINGS = (EndReason.REMOVED, EndReason.MERGED)

#: Columns of a copy that its reader may have changed meanwhile.
_CHOSEN = ("frequency", "filters", "small_changes", "resume_after_seq")


class _Ended(NamedTuple):
    """A subscription that ended with its trial, unreported, and its copy to another trial, if there is one.

    `again`: its reader follows the trial again. `stays`: the reader was notified that yet another trial goes
    on as the one that the copy is to.
    """

    id: int
    subscriber_id: int
    confirmation_id: int
    activated_at: datetime | None
    in_planning: bool
    frequency: str
    filters: Any
    small_changes: bool
    resume_after_seq: int | None
    copy_id: int | None
    copy_state: str | None
    copy_end_reason: str | None
    copy_frequency: str | None
    copy_filters: Any
    copy_small_changes: bool | None
    copy_resume_after_seq: int | None
    again: bool
    stays: bool

    @property
    def state(self) -> SubscriptionState:
        return SubscriptionState.PENDING if self.activated_at is None else SubscriptionState.ACTIVE

    @property
    def is_planned(self) -> bool:
        """Whether a digest would report the end."""
        return self.activated_at is not None and not self.in_planning

    @property
    def place(self) -> tuple[int, SubscriptionState, int]:
        """The role that only one of the person's subscriptions to the trial may have: active, or named by
        this mail.
        """
        return self.subscriber_id, self.state, self.confirmation_id if self.activated_at is None else 0

    @property
    def returns(self) -> bool:
        """Whether the reader follows the trial again: unless they did something about the copy."""
        if self.again:
            return False
        if self.copy_id is None or self.copy_state == self.state:
            return True
        return self.copy_state == SubscriptionState.ENDED and self.copy_end_reason in _ENDINGS

    @property
    def chosen(self) -> dict[str, Any] | None:
        """The reader's choices for the copy, if they differ."""
        if self.copy_state != self.state:
            return None
        values = {name: getattr(self, f"copy_{name}") for name in _CHOSEN}
        return None if values == {name: getattr(self, name) for name in _CHOSEN} else values


async def undo_endings(
    connection: AsyncConnection,
    topic_id: int,
    now: datetime,
    *,
    others: Collection[int] = (),
    beside: Collection[int] | None = None,
) -> None:
    """Undoes the end of a trial for subscribers to whom it was not reported; they follow it as they chose to.

    So do those whose digest about it still waits, which then leaves the end out (`LogEntry.is_for`), is being
    sent (the worker may have died, and the digest be written again), or was cancelled for good.

    The others stay unsubscribed from it, and follow the trial that it was merged into. So do those who were
    notified that one of the trials of the topics `others` goes on as that. With `beside`, only people who
    follow these topics as well, or followed one until its end. Of several ends (the trial returned in
    between, and its reader followed it again) the last one is undone.
    """
    ended_here = _ended(connection, bindparam("bucket"), topic_id, others, beside)
    for bucket in BUCKETS:
        found = await fetch_all(connection, _Ended, ended_here, {"bucket": bucket})
        if any(row.is_planned for row in found):
            await _hold_back(connection, bucket, topic_id)
            found = await fetch_all(connection, _Ended, ended_here, {"bucket": bucket})
        rows = sorted(found, key=lambda row: row.id)
        copies = [row.copy_id for row in rows if row.copy_state == row.state and not row.stays]
        ended = {"state": SubscriptionState.ENDED, "end_reason": EndReason.SUPERSEDED}
        await _update(connection, bucket, copies, **ended, ended_at=now, in_planning=False)
        returning = {row.place: row for row in rows if row.returns}.values()
        for state in OPEN:
            returned = [row.id for row in returning if row.state is state]
            values = {"state": state, "in_planning": state is SubscriptionState.ACTIVE}
            await _update(connection, bucket, returned, **values, end_reason=None, ended_at=None)
        chosen = [{"of": row.id, **row.chosen} for row in returning if row.chosen]
        if chosen:
            new = {name: bindparam(f"new_{name}", type_=_s.c[name].type) for name in _CHOSEN}
            given = [{"of": row["of"]} | {f"new_{name}": row[name] for name in _CHOSEN} for row in chosen]
            own = (_s.c.bucket == bucket) & (_s.c.id == bindparam("of"))
            await connection.execute(update(_s).where(own).values(new), given)


async def _update(connection: AsyncConnection, bucket: int, ids: Iterable[int | None], **values: Any) -> None:
    wanted = [number for number in ids if number is not None]
    if wanted:
        own = (_s.c.bucket == bucket) & in_values(connection, _s.c.id, wanted)
        await connection.execute(update(_s).where(own).values(**values))


def _is_copy(bucket: BindParameter[int], topic_id: int) -> ColumnElement[bool]:
    """Whether `_copy` was made when a merger ended the subscription: both carry the merger's own time."""
    return and_(
        _copy.c.bucket == bucket,
        same_subscriber(_copy, _s),
        _copy.c.topic_id != topic_id,
        _copy.c.created_at == _s.c.ended_at,
        _copy.c.confirmation_id == _s.c.confirmation_id,
        _s.c.end_reason == EndReason.MERGED,
    )


def _follows_again(bucket: BindParameter[int], topic_id: int) -> ColumnElement[bool]:
    """Whether the reader follows the trial again, or the same mail asks to confirm it again."""
    return exists().where(
        _anew.c.bucket == bucket,
        same_subscriber(_anew, _s),
        _anew.c.topic_id == topic_id,
        _anew.c.state == case((_s.c.activated_at.is_(None), "pending"), else_="active"),
        or_(_s.c.activated_at.is_not(None), _anew.c.confirmation_id == _s.c.confirmation_id),
    )


def _was_notified_of(
    connection: AsyncConnection, bucket: BindParameter[int], topics: Collection[int]
) -> ColumnElement[bool]:
    """Whether the reader was notified of the merger of another of these trials."""
    return exists().where(
        _other.c.bucket == bucket,
        same_subscriber(_other, _s),
        in_values(connection, _other.c.topic_id, topics),
        _other.c.end_reason == EndReason.MERGED,
        _other.c.activated_at.is_not(None),
        ~_other.c.in_planning,
    )


def _followed(
    connection: AsyncConnection, bucket: BindParameter[int], topics: Collection[int]
) -> ColumnElement[bool]:
    """Whether the reader follows one of these topics, or followed it until its trial ended."""
    return exists().where(
        _near.c.bucket == bucket,
        same_subscriber(_near, _s),
        in_values(connection, _near.c.topic_id, topics),
        or_(_near.c.state.in_(OPEN), _near.c.end_reason.in_(_ENDINGS)),
    )


def _would_report_end(bucket: BindParameter[int], topic_id: int) -> ColumnElement[bool]:
    """Joins the digests that would report the end to their readers, and their mails."""
    digest = t.digest.c
    ended = (
        select(func.max(t.change.c.seq))
        .join(t.trial, t.trial.c.nct_id == t.change.c.nct_id)
        .where(t.trial.c.topic_id == topic_id, t.change.c.kind.in_((Kind.REMOVED, Kind.MERGED)))
        .scalar_subquery()
    )
    return and_(
        digest.bucket == bucket,
        same_subscriber(t.digest, _s),
        literal(",").concat(digest.topics).contains(f",{topic_id}:"),
        digest.from_seq < ended,
        digest.to_seq >= ended,
        its_mail(bucket),
    )


def _is_unsent(bucket: BindParameter[int], topic_id: int) -> ColumnElement[bool]:
    """Whether the digest that would report the end is not over, or was cancelled for good."""
    mail = t.delivery.c
    unsent = or_(mail.state.in_(WAITING), mail.outcome == Ineligibility.RUN_CANCELLED)
    return exists().where(_would_report_end(bucket, topic_id), unsent)


async def _hold_back(connection: AsyncConnection, bucket: int, topic_id: int) -> None:
    """Locks the waiting mails that would report the end: none is written before its reader follows again."""
    mail, here = t.delivery.c, bindparam(None, bucket, _s.c.bucket.type)
    waiting = select(mail.id).where(
        _ended_with_trial(here, topic_id), _would_report_end(here, topic_id), mail.state.in_(UNCLAIMED)
    )
    ids = (await connection.execute(waiting)).scalars().all()
    if ids:
        locked = select(mail.id).where(by_ids(connection, t.delivery, ids)).order_by(mail.id)
        await connection.execute(locked.with_for_update())


def _ended_with_trial(bucket: BindParameter[int], topic_id: int) -> ColumnElement[bool]:
    return and_(
        _s.c.bucket == bucket,
        _s.c.topic_id == topic_id,
        _s.c.state == SubscriptionState.ENDED,
        ENDED_WITH_TRIAL,
    )


def _ended(
    connection: AsyncConnection,
    bucket: BindParameter[int],
    topic_id: int,
    others: Collection[int],
    beside: Collection[int] | None,
) -> Select[Any]:
    """The subscriptions that `undo_endings` is about, as _Ended; in order another index would find them."""
    return (
        select(
            *columns_of(_Ended, _s),
            *(_copy.c[name].label(f"copy_{name}") for name in ("id", "state", "end_reason", *_CHOSEN)),
            _follows_again(bucket, topic_id).label("again"),
            _was_notified_of(connection, bucket, others).label("stays"),
        )
        .outerjoin(_copy, _is_copy(bucket, topic_id))
        .where(
            _ended_with_trial(bucket, topic_id),
            or_(_s.c.in_planning, _s.c.activated_at.is_(None), _is_unsent(bucket, topic_id)),
            _followed(connection, bucket, beside) if beside is not None else true(),
        )
    )

"""The statements of each batch of deliveries, built once."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, bindparam, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.kinds import TRANSACTIONAL
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.states import DeliveryState
from service.store.mail import holds
from service.store.sql import tables as t
from service.store.sql.built_once import IN_BUCKET, NOW, built_once, in_parameter, pairs_parameter
from service.store.sql.columns import UtcDateTime

_d = t.delivery
_BY_CLAIM = bindparam("by_claim", type_=Text())


@built_once
def due(_: AsyncConnection) -> Any:
    """Locks the due deliveries of a bucket (`in_bucket`, `now`, `size`) that no other worker has locked."""
    return _due()


@built_once
def due_transactional(_: AsyncConnection) -> Any:
    """As `due`, but only mails that somebody waits for."""
    return _due(_d.c.priority == TRANSACTIONAL)


def _due(*also: ColumnElement[bool]) -> Select[tuple[int]]:
    return (
        select(_d.c.id)
        .where(_d.c.bucket == IN_BUCKET, text("delivery.state = 'queued'"))  # literally: a partial index
        .where(_d.c.due_at <= NOW, holds.may_leave(), *also)
        .order_by(_d.c.priority, _d.c.due_at, _d.c.id)
        .limit(bindparam("size", type_=Integer()))
        .with_for_update(skip_locked=True)
    )


@built_once
def take(connection: AsyncConnection) -> Any:
    """Claims queued deliveries (`in_bucket`, `ids`, `by_claim`, `until`, `now`); returns their ids."""
    return (
        update(_d)
        .where(_d.c.bucket == IN_BUCKET, in_parameter(connection, _d.c.id, "ids"))
        .where(_d.c.state == DeliveryState.QUEUED)
        .values(
            state=DeliveryState.CLAIMED,
            claim=_BY_CLAIM,
            lease_until=bindparam("until", type_=UtcDateTime()),
            attempts=_d.c.attempts + 1,
            first_attempt_at=func.coalesce(_d.c.first_attempt_at, NOW),
        )
        .returning(_d.c.id)
    )


@built_once
def claimed(connection: AsyncConnection) -> Any:
    """Those of some deliveries that a claim still has (`in_bucket`, `ids`, `by_claim`)."""
    return (
        select(_d.c.id)
        .where(_d.c.bucket == IN_BUCKET, in_parameter(connection, _d.c.id, "ids"))
        .where(_d.c.state == DeliveryState.CLAIMED, _d.c.claim == _BY_CLAIM)
    )


@built_once
def store_covered_topics(connection: AsyncConnection) -> Any:
    """Stores the coverage of digests (`in_bucket`, and `pairs` of their ids and coverage)."""
    rows = pairs_parameter(connection, "pairs", t.digest.c.reported.type)
    mine = (t.digest.c.bucket == IN_BUCKET) & (t.digest.c.id == rows.c.key)
    return update(t.digest).where(mine).values(reported=rows.c.value)


@built_once
def sent(connection: AsyncConnection) -> Any:
    """Marks deliveries as sent (`in_bucket`, `ids`, `by_claim`, `now`, `reply`); returns whose."""
    return _sent(connection, bindparam("reply", type_=Text()))


@built_once
def sent_with_replies(connection: AsyncConnection) -> Any:
    """As `sent`, with `replies` by id instead of one. For PostgreSQL."""
    given = pairs_parameter(connection, "replies", Text())
    return _sent(connection, given.c.value).where(given.c.key == _d.c.id)


def _sent(connection: AsyncConnection, reply: Any) -> Any:
    open_ = _d.c.state.in_((DeliveryState.CLAIMED, DeliveryState.QUEUED))
    return (
        update(_d)
        .where(_d.c.bucket == IN_BUCKET, in_parameter(connection, _d.c.id, "ids"), open_)
        .where((_d.c.claim == _BY_CLAIM) | _d.c.claim.is_(None))
        .values(**ended(DeliveryState.SENT, OutcomeKind.SENT, NOW, reply))
        .returning(_d.c.subscriber_id)
    )


def ended(state: str, outcome: str, now: Any, server_reply: Any = None) -> dict[str, Any]:
    """The columns of a delivery that has ended."""
    return {
        "state": state,
        "outcome": outcome,
        "server_reply": server_reply,
        "finished_at": now,
        "context": None,
        "claim": None,
        "lease_until": None,
    }

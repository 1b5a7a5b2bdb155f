"""The reasons against sending as SQL conditions, shared by planning and delivery."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.eligibility import OF_PEOPLE, Ineligibility
from service.domain.digests.run import CancelledNews, RunState
from service.store.sql import tables as t
from service.store.sql.keys import by_id

_person, _run = t.subscriber.c, t.run.c


def agreed_condition(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a subscriber may still be written to under the terms: a condition on `subscriber`.

    False once the newest material terms whose `pause_at` has passed are newer than what the person
    agreed to. Silence is no consent (C-61/19): agreeing, not time, makes it true again.
    """
    in_force = (
        select(func.max(t.terms.c.published_at))
        .where(t.terms.c.material, t.terms.c.pause_at <= now)
        .scalar_subquery()
    )
    outdated = select(t.terms.c.version).where(t.terms.c.published_at < in_force)
    version = _person.terms_version
    return or_(in_force.is_(None), and_(version.is_not(None), version.not_in(outdated)))


def with_suppressions(people: Any) -> Any:
    """`subscriber`, or a join with it, with each person's suppression: the conditions read that as well."""
    return people.outerjoin(t.suppression, t.suppression.c.address_index == _person.email_index)


async def barred(connection: AsyncConnection, subscriber_id: int, now: datetime) -> list[Ineligibility]:
    """Why no digest is planned for a subscriber now; empty: it may be."""
    against = reasons(now)
    found = select(*(against[reason] for reason in OF_PEOPLE)).select_from(with_suppressions(t.subscriber))
    row = (await connection.execute(found.where(by_id(t.subscriber, subscriber_id)))).first()
    return [reason for reason, holds in zip(OF_PEOPLE, row or (), strict=row is not None) if holds]


def reasons(now: datetime | ColumnElement[datetime]) -> dict[Ineligibility, ColumnElement[bool]]:
    """Each reason as a condition on `subscriber` (see `with_suppressions`) and, for its mails, on `run`."""
    cancelled = _run.state == RunState.CANCELLED
    reported_later = func.coalesce(_run.news, CancelledNews.NEVER) == CancelledNews.LATER
    return {
        Ineligibility.ERASED: _person.id.is_(None),
        Ineligibility.SUPPRESSED: t.suppression.c.address_index.is_not(None),
        Ineligibility.NOT_CONFIRMED: _person.confirmed_at.is_(None),
        Ineligibility.RUN_CANCELLED: and_(cancelled, ~reported_later),
        Ineligibility.RUN_PUT_OFF: and_(cancelled, reported_later),
        Ineligibility.PAUSED: and_(_person.paused_until.is_not(None), _person.paused_until > now),
        Ineligibility.TERMS_NOT_AGREED: ~agreed_condition(now),
    }

"""Consequences of failed mail: consecutive failures are counted, or the address is suppressed."""

import contextlib
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.buckets import bucket_of, common_bucket
from service.domain.delivery.kinds import TO_OTHER_ADDRESS
from service.domain.delivery.retry import should_suppress, should_suppress_suspect
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.states import DeliveryState
from service.domain.delivery.suppression import Reason
from service.domain.subscription import EndReason
from service.store.people import subscribers, subscriptions, suppressions
from service.store.sql import tables as t
from service.store.sql.built_once import IN_BUCKET, built_once, in_parameter, numbers_given
from service.store.sql.bulk import insert
from service.store.sql.keys import of_subscriber, of_subscribers

_MOST_KEPT = 10


async def apply_outcome(
    connection: AsyncConnection,
    subscriber_id: int,
    kind: OutcomeKind,
    *,
    source: str,
    now: datetime,
    email_index: bytes | None = None,
) -> None:
    """Applies the consequence of a permanently failed mail to its subscriber (docs/standards.md, Replies).

    Faults of ours, of the message or of our reputation never touch the reader. Neither do those of a former
    address: `email_index` is that of the address that the mail went to, None if it is known to be the
    present one.
    """
    person = await subscribers.lock(connection, subscriber_id)
    if person is None or email_index not in (None, person.email_index):
        return
    match kind:
        case OutcomeKind.HARD_BOUNCE:
            await suppressions.add(connection, person.email_index, Reason.HARD_BOUNCE, source=source, now=now)
        case OutcomeKind.SUSPECT_BOUNCE:
            failures = await _add_failure(connection, subscriber_id, now)
            if should_suppress_suspect(failures):
                await suppressions.add(
                    connection, person.email_index, Reason.HARD_BOUNCE, source=source, now=now
                )
        case OutcomeKind.SOFT_BOUNCE | OutcomeKind.DEFERRED:
            failures = await _add_failure(connection, subscriber_id, now)
            if should_suppress(failures):
                await suppressions.add(
                    connection, person.email_index, Reason.SOFT_BOUNCES, source=source, now=now
                )
        case OutcomeKind.MAILBOX_REASSIGNED:
            await subscriptions.end(
                connection, subscriber_id, reason=EndReason.MAILBOX_CHANGED_HANDS, now=now
            )
        case _:
            pass


async def _add_failure(connection: AsyncConnection, subscriber_id: int, now: datetime) -> list[datetime]:
    """Counts a permanent failure; returns the times of the failures since the last sent mail: the first, and
    the newest.

    Unreadable stored times are dropped: the outcome of a mail must not fail for them.
    """
    where = of_subscriber(t.bounce_count, subscriber_id)
    found = (await connection.execute(select(t.bounce_count.c.failures).where(where))).scalar()
    first, *later = [*_readable(found), now]
    times = [first, *later[1 - _MOST_KEPT :]]  # the first says for how long mails have failed
    failures = [time.isoformat() for time in times]
    statement = insert(connection, t.bounce_count).values(
        bucket=bucket_of(subscriber_id), subscriber_id=subscriber_id, failures=failures
    )
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["bucket", "subscriber_id"], set_={"failures": failures}
        )
    )
    return times


def _readable(kept: Any) -> Iterator[datetime]:
    for text in kept if isinstance(kept, list) else ():
        with contextlib.suppress(TypeError, ValueError):
            moment = datetime.fromisoformat(text)
            yield moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def reset(connection: AsyncConnection, subscriber_ids: Collection[int], now: datetime) -> None:
    """Resets the failure counts of people whose mail a server accepted `now`, unless their mail before
    bounced after it was accepted: a relay accepts every mail, and reports later that it could not deliver
    it.
    """
    given = {
        "in_bucket": common_bucket(subscriber_ids),
        "people": numbers_given(connection, subscriber_ids),
    }
    counted = set((await connection.execute(_counted(connection), given)).scalars())
    if counted:
        arrived = counted - await _last_bounced(connection, counted, now)
        theirs = of_subscribers(connection, t.bounce_count, arrived)
        await connection.execute(delete(t.bounce_count).where(theirs))


@built_once
def _counted(connection: AsyncConnection) -> Any:
    c = t.bounce_count.c
    theirs = in_parameter(connection, c.subscriber_id, "people")
    return select(c.subscriber_id).where(c.bucket == IN_BUCKET, theirs)


async def _last_bounced(connection: AsyncConnection, people: Collection[int], now: datetime) -> set[int]:
    """The ones of `people`, all of one bucket, whose last mail before `now` bounced."""
    mail, later = t.delivery.c, t.delivery.alias("later").c
    arrived = exists().where(
        later.bucket == common_bucket(people),
        later.subscriber_id == mail.subscriber_id,
        later.id > mail.id,
        later.state == DeliveryState.SENT,
        later.finished_at < now,
        later.kind.not_in(TO_OTHER_ADDRESS),
    )
    theirs = of_subscribers(connection, t.delivery, people) & mail.kind.not_in(TO_OTHER_ADDRESS)
    bounced = select(mail.subscriber_id).where(theirs, mail.state == DeliveryState.BOUNCED, ~arrived)
    return set((await connection.execute(bounced)).scalars())

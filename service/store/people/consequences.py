"""What a mail's end means for its reader: suppressed, counted, or no longer the owner of the mailbox."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.retry import should_suppress, should_suppress_suspect
from service.domain.delivery.smtp_reply import OutcomeKind
from service.store.people import bounces, subscribers, subscriptions, suppressions
from service.store.people.suppressions import Reason


async def apply_outcome(
    connection: AsyncConnection, subscriber_id: int, kind: OutcomeKind, *, source: str, now: datetime
) -> None:
    """Draws the consequence of a mail that failed for good, for its reader (docs/standards.md, Replies).

    Faults of ours, of the message or of our reputation never touch the reader.
    """
    person = await subscribers.lock(connection, subscriber_id)
    if person is None:
        return
    match kind:
        case OutcomeKind.HARD_BOUNCE:
            await suppressions.add(connection, person.email_index, Reason.HARD_BOUNCE, source=source, now=now)
        case OutcomeKind.SUSPECT_BOUNCE:
            failures = await bounces.note_failure(connection, subscriber_id, now)
            if should_suppress_suspect(failures):
                await suppressions.add(
                    connection, person.email_index, Reason.HARD_BOUNCE, source=source, now=now
                )
        case OutcomeKind.SOFT_BOUNCE | OutcomeKind.RETRY:
            failures = await bounces.note_failure(connection, subscriber_id, now)
            if should_suppress(failures):
                await suppressions.add(
                    connection, person.email_index, Reason.SOFT_BOUNCES, source=source, now=now
                )
        case OutcomeKind.MAILBOX_REASSIGNED:
            await subscriptions.end(connection, subscriber_id, reason="mailbox_changed_hands", now=now)
        case _:
            pass

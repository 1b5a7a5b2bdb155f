"""Claims due deliveries within the quota that all workers share."""

from collections.abc import Mapping
from datetime import datetime

from service.domain.delivery.smtp_reply import OutcomeKind
from service.store.mail import deliveries, sent_counts
from service.system import System

#: Outcomes of mails that no server was asked to accept.
_UNATTEMPTED = frozenset(
    {
        OutcomeKind.NOT_ATTEMPTED,
        OutcomeKind.CONNECTION_FAILED,
        OutcomeKind.TEMPLATE_FAULT,
        OutcomeKind.UNWRITABLE,
    }
)


class QuotaUsedUp(Exception):
    """The quota has no room for the mail that is due; a later poll may find some."""


async def claim_due(
    system: System, claim: str, size: int, *, now: datetime, lease_until: datetime
) -> list[int]:
    """Claims up to `size` due deliveries of the claim's bucket, fewer if ALERTS_SMTP_QUOTA leaves no more.

    Returns their ids. Raises QuotaUsedUp if the quota keeps it from claiming any.
    """
    quota = system.settings.smtp_quota
    async with system.writing() as connection:
        room = await sent_counts.room(connection, quota, now)
        ids = await deliveries.claim(
            connection,
            claim=claim,
            limit=room.within(size),
            now=now,
            lease_until=lease_until,
            transactional_only=room.bulk < 1,
        )
        await sent_counts.add(connection, quota, len(ids), now)
    if not ids and room.bulk < 1:
        raise QuotaUsedUp
    return ids


async def return_unattempted(
    system: System, claimed: int, outcomes: Mapping[OutcomeKind, int], now: datetime
) -> None:
    """Returns to the quota the mails that were claimed and offered to no server."""
    quota = system.settings.smtp_quota
    attempted = sum(number for kind, number in outcomes.items() if kind not in _UNATTEMPTED)
    if any(quota) and attempted < claimed:
        async with system.writing() as connection:
            await sent_counts.add(connection, quota, attempted - claimed, now)

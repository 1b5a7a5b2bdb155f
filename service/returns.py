"""What a message that came back means for its reader; the web and the LMTP listener apply it alike."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain import verp
from service.domain.outcome import OutcomeKind
from service.keys.evidence import seal_evidence
from service.mail.feedback import Feedback, FeedbackKind, read_feedback
from service.store import consents, deliveries, subscribers, subscriptions, suppressions
from service.store.consents import ConsentKind
from service.store.consequences import apply_outcome
from service.store.database import writing
from service.store.suppressions import Reason
from service.system import System

#: How long after its sending a mail's return is believed; an unsubscribe is believed for ever.
BELIEVED = timedelta(days=30)

_BOUNCES = (FeedbackKind.BOUNCED_HARD, FeedbackKind.BOUNCED_SOFT, FeedbackKind.BOUNCED_OTHER)


async def take_back(system: System, raw: bytes, recipients: list[str]) -> bool:
    """Applies a raw message that came back; whether it had an effect. `recipients`: its envelope's, if known.

    Only a token of ours makes it believable: forged, altered and stale ones, and all that is no bounce,
    complaint or unsubscribe, change nothing.
    """
    feedback = read_feedback(raw, recipients)
    delivery_id = verp.read(feedback.token, system.keyring.mac_keys("verp")) if feedback.token else None
    if delivery_id is None:
        return False
    return await _apply(system, feedback, delivery_id, datetime.now(UTC))


async def _apply(system: System, feedback: Feedback, delivery_id: int, now: datetime) -> bool:
    async with writing(system.database) as connection:
        mail = await deliveries.sent_to(connection, delivery_id)
        person = await subscribers.lock(connection, mail.subscriber_id) if mail else None
        if mail is None or person is None or mail.first_attempt_at is None:
            return False
        if feedback.kind is FeedbackKind.UNSUBSCRIBE:
            await _withdraw(connection, system, person.id, "unsubscribed", now)
            return True
        if now - mail.first_attempt_at > BELIEVED:
            return False
        if feedback.kind is FeedbackKind.COMPLAINT:
            await _withdraw(connection, system, person.id, "complaint", now)
            await suppressions.add(
                connection, person.email_index, Reason.COMPLAINT, source="feedback", now=now
            )
            return True
        if feedback.kind in _BOUNCES and feedback.outcome is not None:
            soft = feedback.kind is FeedbackKind.BOUNCED_SOFT
            kind = OutcomeKind.SOFT_BOUNCE if soft else feedback.outcome.kind
            words = feedback.outcome.server_reply
            if not await deliveries.mark_bounced(connection, delivery_id, str(kind), words, now):
                return False
            await apply_outcome(connection, person.id, kind, source="feedback", now=now)
            return True
        return False


async def _withdraw(
    connection: AsyncConnection, system: System, subscriber_id: int, reason: str, now: datetime
) -> None:
    """Ends everything the person follows, and keeps the withdrawal as evidence."""
    await subscriptions.end(connection, subscriber_id, reason=reason, now=now)
    evidence = seal_evidence(system.keyring, subscriber_id, {"form": "mail", "reason": reason})
    await consents.append(connection, subscriber_id, ConsentKind.WITHDRAWN, at=now, evidence=evidence)

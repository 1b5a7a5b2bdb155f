"""A batch of claimed deliveries while their mails are rendered; invalid values stay isolated."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from service.digests.content import Unusable
from service.digests.request import DigestRequest
from service.domain.delivery.eligibility import CARRY_OVER, CarryOver, Reason, reasons_against
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.states import DeliveryState, FinishReason
from service.languages import nearest, supported
from service.mail.smtp.sender import Mail
from service.store.digests.digests import read_topics
from service.store.mail.claims import ClaimedDelivery

#: The last state of a delivery for which no mail is sent, and its outcome.
Ending = tuple[DeliveryState, Reason | FinishReason | OutcomeKind]

EMPTY: Ending = (DeliveryState.EMPTY, FinishReason.NOTHING_TO_TELL)
UNREADABLE: Ending = (DeliveryState.FAILED, FinishReason.UNREADABLE)
UNWRITABLE: Ending = (DeliveryState.FAILED, OutcomeKind.UNWRITABLE)
#: End states without a mail whose changes are carried over to a later digest.
CARRIED_OVER = {
    UNWRITABLE,
    *((DeliveryState.CANCELLED, reason) for reason in Reason if CARRY_OVER[reason] is CarryOver.HOLD),
}


@dataclass(slots=True)
class RenderedBatch:
    """The mails of a batch, the deliveries that end without one by reason, and the ids of those postponed."""

    mails: list[Mail] = field(default_factory=list)
    ended: dict[Ending, list[ClaimedDelivery]] = field(default_factory=dict)
    postponed: list[int] = field(default_factory=list)
    unusable: Unusable = field(default_factory=Unusable)

    def record_error(self, row: ClaimedDelivery, error: Exception) -> None:
        """Records the type of an error for the log; its text may contain an address."""
        self.unusable.people[row.subscriber_id] = type(error).__name__


def is_digest(row: ClaimedDelivery) -> bool:
    """Whether it is a digest for a subscriber who has not been erased."""
    return row.digest_id is not None and row.sealed is not None


def digest_requests(rows: Sequence[ClaimedDelivery], batch: RenderedBatch) -> list[DigestRequest]:
    """The content requests of the digests among `rows`; an unreadable one is recorded as unusable."""
    digests = []
    for row in rows:
        if not is_digest(row):
            continue
        try:
            covered = read_topics(row.topics)
        except ValueError as error:
            batch.unusable.digests[row.digest_id] = error
            continue
        upto = row.to_seq
        digests.append(
            DigestRequest(
                row.digest_id, row.subscriber_id, row.run_id, covered, upto, row.locale, row.catches_up
            )
        )
    return digests


def in_supported_language(row: ClaimedDelivery, batch: RenderedBatch) -> ClaimedDelivery:
    """The delivery in its reader's language, or the nearest one if that language is not installed."""
    if row.locale is None or row.locale in supported():
        return row
    batch.unusable.people[row.subscriber_id] = "unknown language"
    return row._replace(locale=nearest([row.locale]))


def cancellation_reason(row: ClaimedDelivery) -> Reason | None:
    """Why a claimed delivery must not be sent any more, or None.

    Checked again right before the mail is rendered: consent may have ended since it was queued
    (last check, docs/standards.md).
    """
    for reason in reasons_against(row.kind):
        if getattr(row, reason):
            return reason
    return None

"""The states of a delivery, and the reasons for ending one without an attempt."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """The state of a delivery; the value is stored, shown to operators and counted by /metrics."""

    QUEUED = "queued"  # a worker claims it from `due_at` on; also while it waits for another attempt
    HELD = "held"  # waits until an operator releases or cancels its run
    CLAIMED = "claimed"  # a worker sends it, until the lease of its claim expires
    SENT = "sent"  # the server accepted it
    FAILED = "failed"  # refused permanently, out of retries, or it could not be rendered
    BOUNCED = "bounced"  # the mailbox does not exist, as the server answered or a bounce reported later
    CANCELLED = "cancelled"  # must not be sent: see eligibility.Ineligibility, EndReason and FinishReason
    EMPTY = "empty"  # nothing was left to report


#: States of a mail that no worker has begun to send.
UNCLAIMED = (DeliveryState.QUEUED, DeliveryState.HELD)

#: States of a mail that is not over.
WAITING = (*UNCLAIMED, DeliveryState.CLAIMED)


class FinishReason(StrEnum):
    """The outcome of a delivery that ended without an attempt, for reasons other than its reader or run.

    The other outcomes are those of `Ineligibility`, `smtp_reply.OutcomeKind` and `EndReason`.
    """

    NOTHING_TO_TELL = "nothing_to_tell"  # its changes are no longer followed, or no longer hold
    UNREADABLE = "unreadable"  # what is encrypted for it could not be decrypted
    REPLACED = "replaced"  # a later request of the same person made it pointless

"""The states of a delivery, and why one ends though no server was asked."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """How far a delivery is; the value is stored, shown to operators and counted by /metrics."""

    QUEUED = "queued"  # a worker claims it from `due_at` on; also while it waits for another attempt
    HELD = "held"  # waits until an operator releases or cancels its run
    CLAIMED = "claimed"  # a worker sends it, until the lease of its claim expires
    SENT = "sent"  # the server accepted it
    FAILED = "failed"  # refused for good, out of retries, or it could not be written
    BOUNCED = "bounced"  # the mailbox does not exist, as the server answered or a bounce reported later
    CANCELLED = "cancelled"  # not to be sent any more: see eligibility.Reason, EndReason and FinishReason
    EMPTY = "empty"  # there was nothing left to say


class FinishReason(StrEnum):
    """The outcome of a delivery that ended without an attempt, where neither its reader nor its run is why.

    The other outcomes are those of `eligibility.Reason`, `smtp_reply.OutcomeKind` and `EndReason`.
    """

    NOTHING_TO_TELL = "nothing_to_tell"  # what it would have told is not followed or not true any more
    UNREADABLE = "unreadable"  # what is encrypted for it could not be decrypted
    REPLACED = "replaced"  # a later request of the same person made it pointless

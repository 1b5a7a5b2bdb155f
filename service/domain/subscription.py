"""The states of a subscription, and the reasons for ending one."""

from enum import StrEnum


class SubscriptionState(StrEnum):
    """The state of a subscription; the value is stored, and counted for operators."""

    PENDING = "pending"  # waits for its confirmation
    ACTIVE = "active"  # its changes are reported by digests
    ENDED = "ended"  # kept as a record, with its EndReason


class EndReason(StrEnum):
    """Why a subscription ended; the value is stored, and is the outcome of the digests that it cancels."""

    UNFOLLOWED = "unfollowed"  # on the preferences page
    UNSUBSCRIBED = "unsubscribed"  # by a link or a header of a mail
    DECLINED = "declined"  # "it wasn't me", from a confirmation
    COMPLAINT = "complaint"  # reported as spam
    SUPERSEDED = "superseded"  # a newer request for the same topic was confirmed
    MAILBOX_CHANGED_HANDS = "mailbox_changed_hands"  # the server reported another owner of the mailbox
    REMOVED = "removed"  # the trial was removed from the website
    MERGED = "merged"  # the trial continues under another id, which is followed instead
    JOINED = "joined"  # the condition was recognised as a duplicate of another, which is followed instead


#: Subscriptions that ended with their topic: the next digest reports its last changes.
ENDED_WITH_TOPIC = (EndReason.REMOVED, EndReason.MERGED, EndReason.JOINED)

#: Subscriptions that the person ended, and may reactivate.
ENDED_BY_PERSON = (EndReason.UNFOLLOWED, EndReason.UNSUBSCRIBED, EndReason.DECLINED)

#: Ends that an earlier consent does not undo: the decision of the person, or of the mailbox's new owner.
ENDED_FOR_GOOD = (*ENDED_BY_PERSON, EndReason.COMPLAINT, EndReason.MAILBOX_CHANGED_HANDS)

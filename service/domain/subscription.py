"""The states of a subscription, and why one ends."""

from enum import StrEnum


class SubscriptionState(StrEnum):
    """How far a subscription is; the value is stored, and counted for operators."""

    PENDING = "pending"  # waits for its confirmation
    ACTIVE = "active"  # its changes go into digests
    ENDED = "ended"  # kept as a record, with its EndReason


class EndReason(StrEnum):
    """Why a subscription ended; the value is stored, and is the outcome of the digests that it cancels."""

    UNFOLLOWED = "unfollowed"  # on the page of preferences
    UNSUBSCRIBED = "unsubscribed"  # by a link or a header of a mail
    DECLINED = "declined"  # "it wasn't me", from a confirmation
    COMPLAINT = "complaint"  # reported as spam
    SUPERSEDED = "superseded"  # a newer request for the same topic was confirmed
    MAILBOX_CHANGED_HANDS = "mailbox_changed_hands"  # the server says that somebody else has the mailbox
    REMOVED = "removed"  # the trial left the website
    MERGED = "merged"  # the trial goes on under another id, which is followed instead
    JOINED = "joined"  # the condition is another one under an older name, which is followed instead


#: The end of a topic ended these: the next digest tells what is still to be told of it, once.
ENDED_WITH_TOPIC = (EndReason.REMOVED, EndReason.MERGED, EndReason.JOINED)

#: The person ended these: they may be taken up again.
ENDED_BY_PERSON = (EndReason.UNFOLLOWED, EndReason.UNSUBSCRIBED, EndReason.DECLINED)

"""The states of a run of digests."""

from enum import StrEnum


class RunState(StrEnum):
    """How far a run is; the value is stored. Which of its mails have left, the deliveries tell."""

    PLANNING = "planning"  # its digests are being queued
    HELD = "held"  # far above what is usual: its mails wait for an operator
    QUEUED = "queued"  # its mails leave
    RELEASED = "released"  # its mails leave, since an operator released it
    CANCELLED = "cancelled"  # its mails that had not left never will


class CancelledNews(StrEnum):
    """What becomes of the news of a cancelled run; the value is stored."""

    LATER = "later"  # the next digests tell it
    NEVER = "never"  # no digest tells it

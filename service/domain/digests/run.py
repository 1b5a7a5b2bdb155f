"""The states of a run of digests."""

from enum import StrEnum


class RunState(StrEnum):
    """The state of a run; the value is stored. The states of its mails are those of its deliveries."""

    PLANNING = "planning"  # its digests are being queued
    HELD = "held"  # far larger than usual: its mails wait until an operator releases or cancels it
    QUEUED = "queued"  # its mails are queued or sent
    RELEASED = "released"  # was held; its mails are queued or sent
    CANCELLED = "cancelled"  # its unsent mails are cancelled


class CancelledNews(StrEnum):
    """Whether the changes of a cancelled run are still reported; the value is stored."""

    LATER = "later"  # by the next digests
    NEVER = "never"  # by no digest

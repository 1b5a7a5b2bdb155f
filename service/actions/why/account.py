"""An account: the stages of news on its way to a mail, what stopped it, and what to do."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec


class StageName(StrEnum):
    """The part of the news's way that a stage is about."""

    PERSON = "person"  # the account: confirmed, suppressed, paused
    SUBSCRIPTION = "subscription"  # a subscription to the topic
    EVENT = "event"  # an event of the ingestor
    CHANGE = "change"  # an entry of the change log
    PLANNING = "planning"  # a run of digests
    HOLD = "hold"  # the hold of all mail
    DELIVERY = "delivery"  # a mail and its attempts
    REPLY = "reply"  # the mail server's last words
    BOUNCE = "bounce"  # a bounce that came back later


class Stage(msgspec.Struct, frozen=True):
    """One stage: when, in a sentence; `event`, `run` and `delivery` are the numbers to look at next.

    `stops`: the news came no further than here; `do`: what to do about that, and who can.
    """

    stage: StageName
    sentence: str
    at: datetime | None = None
    stops: bool = False
    do: str = ""
    event: int | None = None
    run: int | None = None
    delivery: int | None = None


class Account(msgspec.Struct, frozen=True):
    """`subject` names the object of the question, without an address; `answer` sums up the stages.

    `do` is what to do next, and who can; empty if nothing is to be done.
    """

    subject: str
    answer: str
    do: str
    stages: Sequence[Stage]


def account(
    subject: str, stages: Sequence[Stage], decisive: Sequence[Stage] | None = None, *, answer: str = ""
) -> Account:
    """An account that is summed up by `answer`, or by the first stage that stopped the news, or the last.

    `decisive`: the stages that decide it, if not all.
    """
    deciding = stages if decisive is None else decisive
    stopped = next((stage for stage in deciding if stage.stops), None)
    if stopped is not None:
        return Account(subject, answer or stopped.sentence, stopped.do, stages)
    last = deciding[-1].sentence if deciding else "Nothing is known."
    return Account(subject, answer or last, "", stages)

"""Retry schedules of failed mails, and when failures lead to suppression. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """First and longest wait, and how long after the first attempt to give up."""

    first: timedelta
    longest: timedelta
    give_up_after: timedelta
    jitter: float  # up to this fraction is added to each wait, to spread retries


# RFC 5321 §4.5.4.1: at least 30 minutes apart, give up after 4 to 5 days.
DIGEST_POLICY = RetryPolicy(timedelta(minutes=30), timedelta(hours=4), timedelta(days=4), jitter=0.25)


#: The minimum number of attempts, however late: a mail may have been held, or the workers stopped.
LEAST_ATTEMPTS = 5


def link_policy(hours: float) -> RetryPolicy:
    """The policy of a mail whose link is valid for `hours` from each attempt: quick at first."""
    return RetryPolicy(timedelta(minutes=2), timedelta(minutes=30), timedelta(hours=hours), jitter=0.5)


def next_attempt(
    policy: RetryPolicy,
    attempts: int,
    first_attempt_at: datetime,
    now: datetime,
    random: Callable[[], float],
) -> datetime | None:
    """The time of the next attempt after the `attempts`th (1 or more) failed at `now`; None: give up.

    Waits double from the first to the longest, with jitter from `random` (values in [0, 1)).
    """
    doublings = min(max(attempts, 1) - 1, 16)
    wait = min(policy.first * 2**doublings, policy.longest)
    due = now + wait * (1 + policy.jitter * random())
    given_up = attempts >= LEAST_ATTEMPTS and due > first_attempt_at + policy.give_up_after
    return None if given_up else due


#: Delay of a mail that can't be rendered now: its rows can't be read, or its template is broken.
UNRENDERED_DELAY = timedelta(minutes=5)


def connection_backoff(failures: int, random: Callable[[], float]) -> timedelta:
    """Wait before the next connection after `failures` consecutive failures to connect or log in."""
    seconds = min(2 ** min(max(failures, 1) - 1, 16), 60)
    return timedelta(seconds=seconds * (1 + 0.25 * random()))


def denied_backoff(denials: int, random: Callable[[], float]) -> timedelta:
    """Wait before a server that denied every mail is offered another one, after the `denials`th such answer.

    From a minute, doubling to half an hour: each attempt costs a mail if nothing has changed.
    """
    minutes = min(2 ** min(max(denials, 1) - 1, 16), 30)
    return timedelta(minutes=minutes * (1 + 0.25 * random()))


SOFT_FAILURES = 3
SOFT_SPAN = timedelta(days=14)
SUSPECT_FAILURES = 2
SUSPECT_SPAN = timedelta(hours=24)


def should_suppress(failures: Sequence[datetime]) -> bool:
    """Whether soft failures lead to suppression: three or more in a row, over more than 14 days.

    `failures` are the times at which messages finally failed since the last delivery, one per message
    however often it was deferred (a policy of ours, soft bounces, docs/standards.md).
    """
    return len(failures) >= SOFT_FAILURES and max(failures) - min(failures) > SOFT_SPAN


def should_suppress_suspect(failures: Sequence[datetime]) -> bool:
    """Whether suspect bounces (5.4.1) lead to suppression: two or more, at least 24 hours apart."""
    return len(failures) >= SUSPECT_FAILURES and max(failures) - min(failures) >= SUSPECT_SPAN

"""How long a mail is tried, and when failures end in suppression, with the clock as an argument."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.delivery.retry import (
    DIGEST_POLICY,
    RetryPolicy,
    connection_backoff,
    link_policy,
    next_attempt,
    should_suppress,
    should_suppress_suspect,
)

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def _attempts(policy: RetryPolicy, luck: float) -> list[datetime]:
    """The times of all attempts of a mail that fails each time."""
    times = [START]
    while len(times) < 1000:
        due = next_attempt(policy, len(times), START, times[-1], lambda: luck)
        if due is None:
            return times
        times.append(due)
    raise AssertionError("it never gives up")


@pytest.mark.parametrize("luck", [0.0, 0.5, 0.999])
def test_a_digest_is_tried_at_least_thirty_minutes_apart_for_four_days(luck: float) -> None:
    times = _attempts(DIGEST_POLICY, luck)
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(waits) >= timedelta(minutes=30)
    assert max(waits) <= timedelta(hours=5)
    assert timedelta(days=3, hours=18) < times[-1] - START <= timedelta(days=4)


def test_a_mail_that_somebody_waits_for_is_tried_sooner_and_not_beyond_its_link() -> None:
    times = _attempts(link_policy(6), 0.5)
    assert timedelta(minutes=1) <= times[1] - START <= timedelta(minutes=5)
    assert timedelta(hours=5) < times[-1] - START <= timedelta(hours=6)


def test_retries_of_a_crowd_are_spread_out() -> None:
    dues = {next_attempt(DIGEST_POLICY, 1, START, START, lambda share=i / 10: share) for i in range(10)}
    assert len(dues) == 10


def test_a_mail_that_was_held_after_its_first_attempt_is_tried_again_a_few_times() -> None:
    """A confirmation that was put off once, and held for longer than its link is valid, say."""
    late = START + timedelta(days=5)
    for policy in (DIGEST_POLICY, link_policy(48)):
        tried = [next_attempt(policy, attempts, START, late, lambda: 0.0) for attempts in range(1, 7)]
        assert [due is not None for due in tried] == [True, True, True, True, False, False]


def test_an_unavailable_server_is_retried_after_seconds_up_to_about_a_minute() -> None:
    pauses = [connection_backoff(failures, lambda: 0.0).total_seconds() for failures in range(1, 40)]
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) == 60


def test_twenty_deferrals_of_one_mail_count_as_one_failure() -> None:
    assert not should_suppress([START])


def test_three_failures_in_two_days_suppress_nobody() -> None:
    assert not should_suppress([START, START + timedelta(days=1), START + timedelta(days=2)])


def test_three_failures_over_more_than_fourteen_days_suppress() -> None:
    days = timedelta(days=1)
    assert not should_suppress([START, START + 7 * days, START + 14 * days])
    assert should_suppress([START, START + 7 * days, START + 14 * days + timedelta(seconds=1)])
    assert not should_suppress([START, START + 30 * days])


def test_suspect_bounces_suppress_after_two_a_day_apart() -> None:
    assert not should_suppress_suspect([START])
    assert not should_suppress_suspect([START, START + timedelta(hours=23)])
    assert should_suppress_suspect([START, START + timedelta(hours=24)])

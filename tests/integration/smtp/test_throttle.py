"""The limits on the rate of mails, with a clock of the test's own."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, SessionStage
from service.mail.smtp.throttle import _MOST_DOMAINS, DomainThrottle, Pacer

SENT = Outcome(OutcomeKind.SENT, SessionStage.BODY, 250, None, "")
DEFERRED = Outcome(OutcomeKind.POLICY, SessionStage.RCPT, 451, "4.7.0", "")
CLOSING = Outcome(OutcomeKind.CONNECTION_FAILED, SessionStage.RCPT, 421, "4.3.2", "")
UNREACHABLE = Outcome(OutcomeKind.CONNECTION_FAILED, SessionStage.CONNECT, 421, None, "")
UNKNOWN_USER = Outcome(OutcomeKind.HARD_BOUNCE, SessionStage.RCPT, 550, "5.1.1", "")
MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_a_pacer_allows_its_rate_and_a_small_burst() -> None:
    seconds = [100.0]
    pace = Pacer(50, lambda: seconds[0])
    passed = 0
    for _ in range(2_000):
        if pace.delay() == 0:
            pace.acquire()
            passed += 1
        seconds[0] += 0.001
    assert 100 <= passed <= 106


def test_no_rate_is_no_limit() -> None:
    pace = Pacer(0, lambda: 0.0)
    for _ in range(1_000):
        assert pace.delay() == 0
        pace.acquire()


def test_a_domain_that_defers_is_paused_alone() -> None:
    rates = DomainThrottle(Clock())
    rates.record("example.org", DEFERRED)
    assert not rates.try_acquire("Example.ORG")
    assert rates.try_acquire("example.net")
    assert rates.paused_until("example.org") == datetime(2026, 3, 1, 0, 1, tzinfo=UTC)


def test_closing_on_a_recipient_pauses_the_domain_and_other_trouble_does_not() -> None:
    rates = DomainThrottle(Clock())
    for domain, outcome in (("a.example", UNREACHABLE), ("b.example", UNKNOWN_USER), ("c.example", SENT)):
        rates.record(domain, outcome)
        assert rates.try_acquire(domain)
    rates.record("d.example", CLOSING)
    assert not rates.try_acquire("d.example")


def test_several_refusals_in_flight_count_once_and_later_ones_pause_longer() -> None:
    clock = Clock()
    rates = DomainThrottle(clock)
    for _ in range(8):
        rates.record("example.org", DEFERRED)
    pauses = []
    for _ in range(10):
        until = rates.paused_until("example.org")
        assert until is not None
        pauses.append(until - clock.now)
        clock.now = until
        assert rates.try_acquire("example.org")
        rates.record("example.org", DEFERRED)
    assert pauses[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert max(pauses) == 60 * MINUTE


@pytest.mark.slow
def test_a_domain_gets_more_and_more_mails_after_a_pause() -> None:
    clock = Clock()
    rates = DomainThrottle(clock)
    rates.record("example.org", DEFERRED)
    clock.now += MINUTE
    per_minute = []
    for _ in range(40):
        taken = 0
        while taken < 10_000 and rates.try_acquire("example.org"):
            rates.record("example.org", SENT)
            taken += 1
        per_minute.append(taken)
        clock.now += MINUTE
    assert per_minute[0] < per_minute[1] < per_minute[2]
    assert per_minute[-1] == 10_000, "it is free again"
    assert rates.paused_until("example.org") is None


def test_the_memory_of_domains_is_bounded() -> None:
    rates = DomainThrottle(Clock())
    for number in range(12_000):
        rates.record(f"d{number}.example", DEFERRED)
    assert not rates.try_acquire("d11999.example")
    assert sum(not rates.try_acquire(f"d{number}.example") for number in range(12_000)) == 10_000


def test_a_bounded_number_of_domains_is_slowed_and_those_with_mail_to_send_stay() -> None:
    rates = DomainThrottle(Clock())
    rates.record("busy.example", DEFERRED)
    for number in range(_MOST_DOMAINS + 10):
        rates.record(f"d{number}.example", DEFERRED)
        assert not rates.try_acquire("busy.example")
    assert rates.try_acquire("d0.example")
    assert not rates.try_acquire(f"d{_MOST_DOMAINS}.example")

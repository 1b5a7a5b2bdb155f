"""Rate limits: mails per second per worker, and less for a domain that defers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cachetools import LRUCache

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind
from service.domain.mailbox_buckets import is_large_provider


class Pacer:
    """Spreads mails evenly at `rate` per second, with a burst of a tenth of a second; 0 is no limit.

    `clock` returns monotonic seconds.
    """

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._gap = 1 / rate if rate > 0 else 0.0
        self._clock = clock
        self._next = 0.0

    def delay(self) -> float:
        """Seconds until the next mail may be sent; 0: now."""
        return max(0.0, self._next - self._clock()) if self._gap else 0.0

    def acquire(self) -> None:
        """Counts a mail that is sent now."""
        if self._gap:
            self._next = max(self._next, self._clock() - 0.1) + self._gap


@dataclass(slots=True)
class _Slowed:
    """A domain that has deferred: paused, then limited to `allowance` mails per window."""

    paused_until: datetime
    strikes: int
    allowance: float
    window_ends: datetime
    sent: int = 0


_WINDOW = timedelta(minutes=1)
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
_SMALLEST_ALLOWANCE = 10.0
_FULL_ALLOWANCE = 6_000.0
_MOST_DOMAINS = 10_000


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DomainThrottle:
    """Slows down mail to a domain that defers (421, 4.7.x, 5.7.x), without affecting others.

    A refusal pauses the domain for a minute, doubling up to an hour, and halves its allowance per minute
    afterwards; each minute of mail without a refusal raises it by half. In memory only: a new worker starts
    without limits.
    """

    def __init__(self, clock: Callable[[], datetime] = _utc_now) -> None:
        self._clock = clock
        self._slowed: LRUCache[str, _Slowed] = LRUCache(_MOST_DOMAINS)
        self._any_slowed = False  # since this worker began

    def paused_until(self, domain: str) -> datetime | None:
        """When the next mail to the domain may be sent (UTC), or None: now."""
        state = self._slowed.get(domain.lower()) if self._slowed else None
        if state is None:
            return None
        now = self._clock()
        if now < state.paused_until:
            return state.paused_until
        if now < state.window_ends and state.sent >= state.allowance:
            return state.window_ends
        return None

    def paused(self) -> dict[str, datetime]:
        """The large providers' domains that are paused or at their limit, and until when (UTC).

        All other domains are one, `other`: few people have an address at each.
        """
        found: dict[str, datetime] = {}
        for domain in list(self._slowed):
            until = self.paused_until(domain)
            if until is not None:
                name = domain if is_large_provider(domain) else "other"
                found[name] = max(until, found.get(name, until))
        return found

    def try_acquire(self, domain: str) -> bool:
        """Whether a mail to the domain may be sent now; if so it is counted."""
        if not self._any_slowed:
            return True
        if self.paused_until(domain) is not None:
            return False
        state = self._slowed.get(domain.lower())
        if state is not None:
            now = self._clock()
            if now >= state.window_ends:
                self._open_window(state, now)
            state.sent += 1
        return True

    def record(self, domain: str, outcome: Outcome) -> None:
        """Adapts the domain's limit to the outcome of a mail."""
        if outcome.kind is OutcomeKind.SENT:
            state = self._slowed.get(domain.lower()) if self._any_slowed else None
            if state is not None and state.allowance >= _FULL_ALLOWANCE:
                del self._slowed[domain.lower()]
        elif outcome.slows_domain:
            self._slow(domain.lower())

    def reset(self) -> None:
        """Forgets all refusals: they were not the domains'."""
        self._slowed.clear()
        self._any_slowed = False

    def _slow(self, domain: str) -> None:
        now = self._clock()
        self._any_slowed = True
        state = self._slowed.get(domain)
        if state is None:
            state = self._slowed[domain] = _Slowed(now, 0, _FULL_ALLOWANCE / 10, now)
        elif now < state.paused_until:
            return  # of several mails in flight when the pause began
        state.strikes += 1
        pause = min(_FIRST_PAUSE * 2 ** min(state.strikes - 1, 16), _LONGEST_PAUSE)
        state.paused_until = state.window_ends = now + pause
        taken = state.sent or state.allowance
        state.allowance = max(min(taken, state.allowance) / 2, _SMALLEST_ALLOWANCE)
        state.sent = 0

    def _open_window(self, state: _Slowed, now: datetime) -> None:
        if state.sent:
            state.strikes = max(state.strikes - 1, 0)
            state.allowance *= 1.5
        state.sent = 0
        state.window_ends = now + _WINDOW

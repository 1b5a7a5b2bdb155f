"""Limits while Redis is away are counted in the process: within a bound, anew after each window."""

import pytest

from service.rate_limit import _MOST_LOCAL, _LocalCounters
from service.redis.rate_counters import WINDOW_SECONDS


def test_a_count_ends_with_its_window() -> None:
    seconds = [1000.0]
    counters = _LocalCounters(lambda: seconds[0])
    assert [counters.count("a", 1)[0] for _ in range(3)] == [1, 2, 3]
    assert counters.count("a", 1, keep=False) == (4, WINDOW_SECONDS)
    seconds[0] += WINDOW_SECONDS - 1
    assert counters.count("a", 1) == (4, 1)
    seconds[0] += 1
    assert counters.count("a", 1) == (1, WINDOW_SECONDS)


@pytest.mark.slow
def test_many_networks_use_no_more_memory_than_the_bound_and_the_busiest_stay_counted() -> None:
    counters = _LocalCounters()
    for number in range(_MOST_LOCAL + 5_000):
        counters.count(f"network {number}", 1)
        counted, _ = counters.count("everybody", 1)
    assert counted == _MOST_LOCAL + 5_000
    assert len(counters._counts) == _MOST_LOCAL

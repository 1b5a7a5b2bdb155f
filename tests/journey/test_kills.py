"""I4, I5: workers and Redis die at random moments while mail goes out; nobody misses a mail."""

from pathlib import Path

from tests.conftest import ENVIRONMENT
from tests.siege import besiege, report


def test_nothing_is_lost_when_workers_and_redis_are_killed(database_url: str, tmp_path: Path) -> None:
    """Repeats are at most what was in flight at the kills, each under the same Message-ID."""
    environ = ENVIRONMENT | {"ALERTS_DATABASE_URL": database_url}
    toll = besiege(environ, tmp_path, people=1_200, kills=6, seed=len(database_url))
    assert toll.missing == [], report(toll)
    assert toll.renamed == [], report(toll)
    assert toll.repeats <= toll.allowed, report(toll)
    assert toll.states == {"sent": 1_200}, report(toll)

"""I4, I5: everything dies at random moments while mail goes out and visitors come; nothing is lost."""

from pathlib import Path

import pytest

from tests.conftest import ENVIRONMENT
from tests.siege.databases import DATABASES, fresh_database
from tests.siege.storm import Plan, besiege


@pytest.mark.parametrize("name", DATABASES)
def test_nothing_is_lost_and_little_repeated_whatever_is_killed(name: str, tmp_path: Path) -> None:
    """Repeats are at most what was in flight at the kills of workers, each under the same Message-ID."""
    with fresh_database(name) as (url, server):
        environ = ENVIRONMENT | {"ALERTS_DATABASE_URL": url}
        toll = besiege(environ, tmp_path, Plan(people=1_200, seed=3, strikes=8), server)
    assert toll.problems == [], str(toll)

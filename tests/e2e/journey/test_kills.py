"""Everything dies at random moments while mail goes out and visitors come; nothing is lost."""

from pathlib import Path

import pytest

from tests.chaos.databases import DATABASES, fresh_database
from tests.chaos.run import Plan, run_chaos
from tests.conftest import ENVIRONMENT

EVERYWHERE = ("worker killed", "service killed", "Redis killed", "worker killed", "worker asked to stop")
OF_POSTGRESQL = (
    "PostgreSQL crashed",
    "worker killed",
    "PostgreSQL restarted",
    "PostgreSQL killed",
    "PostgreSQL read-only",
)
OF_SQLITE = ("Redis emptied", "no disk space for workers and service")


@pytest.mark.parametrize("name", DATABASES)
def test_kills_of_any_process_lose_nothing_and_repeat_little(name: str, tmp_path: Path) -> None:
    """Repeated mails are at most those in flight at the kills of workers, each under the same Message-ID."""
    faults = EVERYWHERE + (OF_POSTGRESQL if name == "postgresql" else OF_SQLITE)
    with fresh_database(name) as (url, server):
        environ = ENVIRONMENT | {"ALERTS_DATABASE_URL": url}
        report = run_chaos(environ, tmp_path, Plan(people=1_000, seed=3, faults=faults), server)
    assert report.problems == [], str(report)

"""What commands print for programs: one JSON value on standard output, nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.system import System
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import run_command
from tests.integration.privacy import cast
from tests.integration.privacy.cast import ALICE

OBO = "format-version: 1.2\n\n[Term]\nid: MONDO:1\nname: leukemia\n"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is asked here does not depend on the kind of database."""
    return sqlite_url


async def test_results_for_programs(
    system: System, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    await cast.follower(system, ALICE)
    (tmp_path / "a.obo").write_text(OBO, encoding="utf-8")
    (tmp_path / "a.csv").write_text(f"email,topic\nbob@example.org,{cast.TRIAL}\n", encoding="utf-8")
    settings = ENVIRONMENT | {"ALERTS_DATABASE_URL": database_url, "ALERTS_REDIS_URL": redis_url}

    def printed(*arguments: str) -> Any:
        done = run_command(*arguments, "--json", **settings, ALERTS_DATA=str(tmp_path))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    assert printed("runs", "list") == []
    assert printed("conditions", "import", str(tmp_path / "a.obo")) == {"imported": 1}
    assert printed("events", "replay") == {"requeued": 0}
    assert printed("mail", "status")["held"] is False
    imported = printed("subscriptions", "import", str(tmp_path / "a.csv"))
    assert (imported["new"], imported["dry_run"]) == (1, False)
    assert printed("subscriber", "erase", "--email", ALICE)["erased"]["subscriber"] == 1

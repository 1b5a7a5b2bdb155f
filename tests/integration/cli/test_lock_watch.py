"""A command that another program's lock keeps waiting says so, and goes on when it can."""

import subprocess
from collections.abc import Iterator

import psycopg
import pytest

from tests.databases import postgresql_database
from tests.e2e.journey.processes import COMMAND, plain_environment
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture
def database_url(postgresql_template: str) -> Iterator[str]:
    with postgresql_database(postgresql_template) as url:
        yield url


def test_a_command_names_the_lock_that_it_waits_for(environ: dict[str, str], database_url: str) -> None:
    with psycopg.connect(database_url, application_name="copier") as copier:
        copier.execute("LOCK TABLE run")
        command = subprocess.Popen(
            [COMMAND, "runs", "list", "--json"],
            env=plain_environment(**environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert command.stderr is not None
            told = command.stderr.readline()
            copier.rollback()
            out, more = command.communicate(timeout=PATIENCE)
        finally:
            command.kill()
        process = copier.info.backend_pid
    assert told.startswith(
        f"A lock in the database keeps this command waiting, held by process {process} (copier) for "
    )
    assert told.endswith(
        " s. Wait for that program (a backup, say), or end its session: "
        f"SELECT pg_terminate_backend({process}).\n"
    )
    assert (out, more, command.returncode) == ("[]\n", "", 0)

"""The whole system behind a pooler of transactions: each transaction on another connection of PostgreSQL."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.databases import postgresql_database
from tests.e2e.journey.processes import Dev, dev, eventually
from tests.e2e.journey.test_journey import ANNA, TRIAL, confirm, something_happens
from tests.e2e.journey.visitor import Visitor
from tests.transaction_pooler import pgbouncer, transaction_pooler

#: PgBouncer itself where the machine has it, the tests' own pooler everywhere. PgBouncer does not run as
#: root, and without root's rights it can't reach the socket of a server that root has started.
PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
REACHABLE = os.geteuid() != 0 or "ALERTS_TEST_POSTGRESQL_URL" in os.environ
POOLERS = ["own", "pgbouncer"] if PROGRAM and REACHABLE else ["own"]
READERS = 25


@pytest.fixture
def direct_url(postgresql_template: str) -> Iterator[str]:
    """The database without the pooler."""
    with postgresql_database(postgresql_template) as url:
        yield url


@pytest.fixture(params=POOLERS)
def pooled_url(request: pytest.FixtureRequest, direct_url: str) -> Iterator[str]:
    """The same through a pooler."""
    if request.param == "own":
        with transaction_pooler(direct_url) as url:
            yield url
        return
    with pgbouncer(direct_url, str(PROGRAM)) as url:
        yield url


@pytest.fixture
def running(tmp_path: Path, pooled_url: str) -> Iterator[Dev]:
    with dev(tmp_path / "data", {"ALERTS_DATABASE_URL": pooled_url}) as system:
        yield system


def test_many_people_get_their_mails_behind_a_pooler(running: Dev, direct_url: str) -> None:
    readers = [f"reader{number}@example.org" for number in range(READERS)] + [ANNA]
    version = running.get("/v1/terms").json()["version"]
    for reader in readers:
        form = {"email": reader, "topic": f"trial:{TRIAL}", "accept_terms": "yes", "terms_version": version}
        assert running.post("/v1/subscriptions", json=form | {"frequency": "immediate"}).status_code == 202
    visitor = Visitor(running.url)
    for reader in readers:
        confirm(visitor, running.mail(reader))

    something_happens(visitor, "recruiting")

    def all_have_it() -> bool:
        visitor.post("/dev/digests")
        arrived = Counter(mail["rcpt_to"][0] for mail in running.mails())
        return all(arrived[reader] == 2 for reader in readers)

    eventually(all_have_it, what="a digest for each reader")
    with psycopg.connect(direct_url) as database:
        states = database.execute("SELECT kind, state, count(*) FROM delivery GROUP BY 1, 2").fetchall()
    assert sorted(states) == [("confirmation", "sent", READERS + 1), ("digest", "sent", READERS + 1)]
    visitor.close()


def test_no_setting_stays_on_a_connection(pooled_url: str, running: Dev) -> None:
    visitor = Visitor(running.url)
    eventually(lambda: running.get("/health/ready").status_code == 200, what="a system that runs")
    with psycopg.connect(pooled_url, autocommit=True, prepare_threshold=None) as client:
        for _ in range(20):
            changed = client.execute(
                "SELECT name, setting FROM pg_settings WHERE source = 'session'"
                " AND name IN ('synchronous_commit', 'random_page_cost')"
            ).fetchall()
            prepared = client.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
            assert (changed, prepared) == ([], (0,))
    visitor.close()

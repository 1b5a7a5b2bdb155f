"""The benchmarks' crowd fits the schema, so that they measure the real work of the service."""

import psycopg
import pytest

from service.crypto.keyring import Keyring
from service.digests.planner import plan_now
from service.system import System
from tests.benchmarks.crowd import Crowd, append_news, settle

CROWD = Crowd(subscribers=30, trials=12, conditions=6, hot_conditions=6, hot_trial_every=1)


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
async def test_everybody_of_the_crowd_gets_a_digest(system: System, database_url: str) -> None:
    settle(database_url, CROWD, Keyring(system.settings.secret_keys))
    append_news(database_url, CROWD)
    assert await plan_now(system) == CROWD.subscribers
    with psycopg.connect(database_url) as connection:
        states = connection.execute("SELECT kind, state, count(*) FROM delivery GROUP BY 1, 2").fetchall()
    assert states == [("digest", "queued", CROWD.subscribers)]

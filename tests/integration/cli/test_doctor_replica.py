"""`doctor` looks at the read replica, where there is one."""

from datetime import UTC, datetime, timedelta

import pytest

from service.crypto.index_key import address_index
from service.crypto.keyring import Keyring
from service.store.admin import workers
from service.store.sql.database import create_database, writing
from service.system import System
from tests.databases import postgresql_database
from tests.integration.cli.test_doctor import diagnose, found

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_replica_is_checked_where_there_is_one(
    system: System, environ: dict[str, str], postgresql_template: str
) -> None:
    assert "replica" not in await diagnose(environ)
    assert system.addresses.of("somebody@example.org"), "its keys are in use"
    ours = environ["ALERTS_DATABASE_URL"]
    nowhere = "postgresql://alerts:hunter2@127.0.0.1:1/alerts"
    now = datetime.now(UTC)
    result = await found(environ | {"ALERTS_DATABASE_REPLICA_URL": nowhere}, "replica")
    assert (result.ok, result.text) == (False, "connection refused: nothing listens there")
    assert (await found(environ | {"ALERTS_DATABASE_REPLICA_URL": ours}, "replica")).ok
    async with system.writing() as connection:
        await workers.set_liveness(connection, workers.Liveness(now, "postgresql:1"))
    with postgresql_database(postgresql_template) as url:
        environ |= {"ALERTS_DATABASE_REPLICA_URL": url}
        assert "behind by all that workers did" in (await found(environ, "replica")).text
        other = create_database(url)
        async with writing(other) as connection:
            then = now - timedelta(minutes=75)
            await workers.set_liveness(connection, workers.Liveness(then, "postgresql:1"))
        result = await found(environ, "replica")
        assert (result.ok, result.text) == (
            False,
            "it is behind by 75 minutes: figures and exports are read from the database",
        )
        await address_index(other, Keyring(["another-installation-with-a-key-of-32"]))
        assert "another installation's" in (await found(environ, "replica")).text
        await other.dispose()

"""An import while the people of its lines sign up."""

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import OperationalError

from service.actions.import_subscriptions import Import, import_subscriptions
from service.crypto.email_addresses import new_subscriber_columns
from service.domain.imported_columns import FileLine
from service.store.audit import Operator
from service.store.people import subscribers, subscriptions
from service.system import System
from tests.conftest import POSTGRESQL
from tests.integration.privacy import cast
from tests.integration.workers.test_late_followers import waits

pytestmark = pytest.mark.slow

OTHER = "trial:NCT00000002"


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_an_import_that_meets_a_sign_up_in_a_deadlock_stores_its_lines(system: System) -> None:
    """It has locked Alice, and waits for Bob, who is being made; the sign-up then waits for Alice."""
    alice = await cast.follower(system)
    lines = [FileLine(n, {"email": who, "topic": OTHER}) for n, who in enumerate((cast.ALICE, cast.BOB), 2)]
    rejected: list[tuple[int, str]] = []
    job = Import(system, lambda number, reason: rejected.append((number, reason)))
    operator = Operator("tests", "command")
    columns = new_subscriber_columns(system.keyring, system.addresses, cast.BOB)
    # Where the machine is busy, the sign-up may be ended instead: the worker would do it again.
    with contextlib.suppress(OperationalError):
        async with system.writing() as connection:
            now = datetime.now(UTC)
            await subscribers.create(connection, **columns, locale="en", timezone="UTC", now=now)
            importing = asyncio.create_task(
                import_subscriptions(job, operator, lines, progress=lambda _: None, stopping=asyncio.Event())
            )
            await waits(connection, system, importing)
            assert await subscribers.lock(connection, alice)
    done = await importing
    assert (done.new, done.known, rejected) == (2, 0, [])
    async with system.reading() as connection:
        bob = await subscribers.id_of(connection, columns["email_index"])
        assert bob is not None
        for person in (alice, bob):
            assert OTHER in {row.key for row in await subscriptions.active(connection, person)}

"""An operator lifts a suppression at the moment at which its person asks for one."""

import asyncio
from datetime import UTC, datetime

import pytest

from service.actions import suppressions as actions
from service.actions.suppressions import AskedByPerson
from service.domain.delivery.suppression import Reason
from service.store.audit import Operator
from service.store.people import suppressions
from service.system import System
from tests.conftest import POSTGRESQL
from tests.integration.web.signing_up import ALICE
from tests.integration.workers.test_late_followers import waits


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_a_wish_of_the_person_stays_while_an_operator_lifts_a_bounce(system: System) -> None:
    index, now = system.addresses.of(ALICE), datetime.now(UTC)
    operator = Operator("tests", "command")
    async with system.writing() as connection:
        assert await suppressions.add(connection, index, Reason.SOFT_BOUNCES, source="smtp", now=now)
    async with system.writing() as connection:
        assert await suppressions.add(connection, index, Reason.DECLINED, source="page", now=now)
        lifting = asyncio.create_task(actions.lift(system, operator, ALICE, asked_by_person=False, now=now))
        await waits(connection, system, lifting)
    with pytest.raises(AskedByPerson):
        await lifting
    async with system.reading() as connection:
        assert await suppressions.reason_of(connection, index) == Reason.DECLINED

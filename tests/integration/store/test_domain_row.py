"""The count of a domain's mails, which workers of all buckets share."""

from datetime import UTC, datetime

import pytest

from service.store.mail import quota
from service.store.sql.database import writing
from service.system import System
from tests.conftest import POSTGRESQL

pytestmark = pytest.mark.slow

LIMIT = 10
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)
async def test_two_first_mails_to_a_domain_at_once_do_not_double_its_limit(system: System) -> None:
    addresses = [f"person{number}@hospital.example.org" for number in range(3 * LIMIT)]
    domain = system.addresses.domain(addresses[0])
    mailboxes = [system.addresses.mailbox(address) for address in addresses]
    async with writing(system.database) as one, writing(system.database) as other:
        for connection in (one, other):
            due_at, _ = await quota.reserve_within(connection, mailboxes.pop(), domain, NOW, an_hour=LIMIT)
            assert due_at == NOW
    due = []
    for mailbox in mailboxes:
        async with writing(system.database) as connection:
            due.append((await quota.reserve_within(connection, mailbox, domain, NOW, an_hour=LIMIT))[0])
    assert due.count(NOW) == LIMIT - 1, "one of the two that came at once is not counted"

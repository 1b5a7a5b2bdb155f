"""What several tests of the web share: a clock that is moved, and the inbox of what was sent."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from service.system import System
from tests.integration.web.inbox import Inbox, open_inbox


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.now(UTC)) as traveller:
        yield traveller


@pytest.fixture
async def inbox(system: System) -> AsyncIterator[Inbox]:
    async with open_inbox(system) as opened:
        yield opened

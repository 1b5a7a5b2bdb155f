"""Operators' list of mails: of everybody, of one state or of all, the newest first."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from sqlalchemy import event, update
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain.buckets import BUCKETS, SHIFT
from service.domain.delivery.states import DeliveryState
from service.store.admin import browse
from service.store.mail import deliveries
from service.store.sql import tables as t
from service.store.sql.database import reading, writing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: People of three buckets.
PEOPLE = [number << SHIFT | bucket for number, bucket in ((1, 3), (2, 5), (3, 8))]


@pytest.fixture
async def mails(database: AsyncEngine) -> dict[DeliveryState, list[int]]:
    """Four mails of each state to these people in turns, the newest first; the last is three weeks old."""
    made: dict[DeliveryState, list[int]] = {state: [] for state in DeliveryState}
    async with writing(database) as connection:
        for number in range(4):
            for place, state in enumerate(DeliveryState):
                person = PEOPLE[(number + place) % len(PEOPLE)]
                at = NOW - timedelta(days=21 if number == 0 else 1)
                mail = await deliveries.queue(connection, person, "digest", now=at)
                this = update(t.delivery).where(t.delivery.c.bucket == person % (1 << SHIFT))
                await connection.execute(this.where(t.delivery.c.id == mail).values(state=state))
                made[state].insert(0, mail)
    return made


async def listed(
    database: AsyncEngine, state: DeliveryState | None, *, before: int | None = None, limit: int = 50
) -> list[int]:
    async with reading(database) as connection:
        since = NOW - timedelta(days=14)
        rows = await browse.deliveries(connection, since=since, state=state, before=before, limit=limit)
    return [row.id for row in rows]


@pytest.mark.parametrize("state", DeliveryState)
async def test_mails_of_a_state_are_listed_for_two_weeks(
    database: AsyncEngine, mails: dict[DeliveryState, list[int]], state: DeliveryState
) -> None:
    lately = sorted(mails[state][:3], reverse=True)
    assert await listed(database, state) == lately
    assert await listed(database, state, limit=2) == lately[:2]
    assert await listed(database, state, before=lately[1]) == lately[2:]


async def test_mails_of_all_states_are_listed_without_an_end(
    database: AsyncEngine, mails: dict[DeliveryState, list[int]]
) -> None:
    assert await listed(database, None) == sorted(chain(*mails.values()), reverse=True)


@pytest.mark.parametrize("state", DeliveryState)
async def test_rare_mails_are_looked_for_once(database: AsyncEngine, state: DeliveryState) -> None:
    statements: list[str] = []
    event.listen(database.sync_engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    await listed(database, state)
    looks = len(BUCKETS) if state == DeliveryState.SENT else 1
    assert len([one for one in statements if one.startswith("SELECT delivery")]) == looks

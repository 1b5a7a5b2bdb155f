"""Look-ups of concurrent sign-ups are read once for all."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from service.system import System
from service.web.http.lookup_cache import LookupCache
from tests.integration.web.signing_up import LEUKEMIA, TERMS, add_condition, publish_terms


@pytest.fixture
def statements(system: System) -> Iterator[list[str]]:
    """The statements that the database gets, without those that begin and end transactions."""
    found: list[str] = []

    def add(*given: object) -> None:
        found.append(str(given[2]))

    event.listen(system.database.sync_engine, "before_cursor_execute", add)
    yield found
    event.remove(system.database.sync_engine, "before_cursor_execute", add)


async def test_concurrent_requests_share_one_look_up(system: System, statements: list[str]) -> None:
    await publish_terms(system.database)
    await add_condition(system.database, LEUKEMIA, "leukemia")
    lookups = LookupCache(system)
    statements.clear()
    found = await asyncio.gather(*(lookups.terms() for _ in range(20)))
    assert {terms.version if terms else None for terms in found} == {TERMS}
    assert sum("FROM terms" in " ".join(sent.split()) for sent in statements) == 1
    statements.clear()
    names = await asyncio.gather(*(lookups.conditions("Leukemia") for _ in range(20)))
    assert {topic.key for topics in names for topic in topics} == {LEUKEMIA}
    assert len([sent for sent in statements if "condition_name" in sent]) == 1


async def test_a_cancelled_request_does_not_cancel_the_shared_look_up(system: System) -> None:
    await publish_terms(system.database)
    lookups = LookupCache(system)
    first, second = asyncio.create_task(lookups.terms()), asyncio.create_task(lookups.terms())
    await asyncio.sleep(0)
    first.cancel()
    terms = await second
    assert terms is not None
    assert terms.version == TERMS


async def test_the_absence_of_terms_is_cached_too(system: System) -> None:
    assert await asyncio.gather(*(LookupCache(system).terms() for _ in range(3))) == [None] * 3

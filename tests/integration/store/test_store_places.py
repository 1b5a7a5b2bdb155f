"""The check that each statement of the store is executed on both databases (tests/store_places.py)."""

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.people import subscribers
from service.store.sql.database import reading
from tests import store_places
from tests.store_places import Recorder, on_one_database

PLACE = "service.store.people.subscribers.id_of:45"


async def test_a_statement_is_known_by_its_line_of_the_store_and_its_database(
    database: AsyncEngine, request: pytest.FixtureRequest
) -> None:
    recorder = Recorder()
    event.listen(database.sync_engine, "before_cursor_execute", recorder.record)
    async with reading(database) as connection:
        await subscribers.find(connection, b"nobody")
        await subscribers.find(connection, b"nobody else")
    code = subscribers.id_of.__code__
    (((place, kind), test),) = recorder.met.items()
    assert place.startswith("service.store.people.subscribers.id_of:")
    assert int(place.rpartition(":")[2]) in {line for _, _, line in code.co_lines()}
    assert kind == database.dialect.name
    assert f"::{request.node.name}" in test


def test_a_line_on_one_database_alone_is_named_with_a_test() -> None:
    both = {(PLACE, "sqlite"): "test_a", (PLACE, "postgresql"): "test_b"}
    assert on_one_database(both) == []
    alone = {("service.store.audit.add:9", "sqlite"): "test_c"}
    assert on_one_database(both | alone) == ["service.store.audit.add:9 on sqlite, by test_c"]


@pytest.mark.parametrize("excepted", ["service.store.people", "service.store.people.subscribers.id_of"])
def test_lines_for_one_kind_of_database_are_excepted(excepted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_places, "ON_ONE", {excepted: "for one kind only"})
    assert on_one_database({(PLACE, "sqlite"): "test_a"}) == []
    other = PLACE.replace("id_of", "id_of_another")
    named = [] if excepted.endswith("people") else [f"{other} on sqlite, by test_a"]
    assert on_one_database({(other, "sqlite"): "test_a"}) == named

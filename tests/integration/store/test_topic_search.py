"""A search finds topics by the words of their names, the nearest first, and never reads a whole table."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.changes import trials
from service.store.sql import tables as t
from service.store.sql.database import is_postgresql, reading, writing
from tests.integration.store.searched_topics import (
    ALL,
    LEUKEMIA,
    NEUROBLASTOMA,
    TRIAL,
    add_trials,
    condition,
    keep,
    keys_found,
    store_topics,
)

pytestmark = pytest.mark.slow


@pytest.fixture
async def world(database: AsyncEngine) -> AsyncEngine:
    await store_topics(database)
    return database


async def test_the_nearest_followable_topics_come_first(world: AsyncEngine) -> None:
    assert await keys_found(world, "Leuk") == [LEUKEMIA, ALL, TRIAL]
    assert await keys_found(world, "disease") == []


@pytest.mark.parametrize("query", ["nct0478", TRIAL, "nct04787263", "04787263", "04787"])
async def test_a_trial_is_found_by_its_number(world: AsyncEngine, query: str) -> None:
    assert await keys_found(world, query) == [TRIAL]


@pytest.mark.parametrize("query", [ALL, "mondo:0004967", " MONDO:0004967 "])
async def test_a_condition_is_found_by_its_id_alone(world: AsyncEngine, query: str) -> None:
    assert await keys_found(world, query) == [ALL]


async def test_the_id_of_a_condition_too_broad_to_follow_finds_nothing(world: AsyncEngine) -> None:
    assert await keys_found(world, "MONDO:0000001") == []


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("blastoma", NEUROBLASTOMA),
        ("neuroblastoma", NEUROBLASTOMA),
        ("leukemia lymphoblastic", ALL),
        ("lymph ac", ALL),
        ("leukaemia", LEUKEMIA),
        ("100%_ALL", ALL),
        ("sezary", "MONDO:0016586"),
        ("SÉZARY", "MONDO:0016586"),
        ("Se\u0301zary", "MONDO:0016586"),
        ("(neuroblastoma),", NEUROBLASTOMA),
    ],
)
async def test_words_are_found_in_any_order_case_and_spelling_and_within_words(
    world: AsyncEngine, query: str, key: str
) -> None:
    assert (await keys_found(world, query))[0] == key


@pytest.mark.parametrize(
    "query",
    ["", "  ", "\\", "%", "_", "%_", "%%%", "'", '"', "\0", "\ud83e", "\u202e", "\ufeff", "🤖", "houseitis"],
)
async def test_a_text_in_no_name_finds_nothing(world: AsyncEngine, query: str) -> None:
    assert await keys_found(world, query) == []


@pytest.mark.parametrize("odd", ["\0", "\x0b", "\x1f", "\ud83e", "\u202e", "\u200f"])
async def test_special_characters_separate_words_and_are_harmless(world: AsyncEngine, odd: str) -> None:
    assert (await keys_found(world, f"{odd}acute{odd} leukemia"))[0] == ALL


async def test_a_renamed_topic_is_found_by_its_new_name_alone(world: AsyncEngine) -> None:
    async with writing(world) as connection:
        await trials.upsert_topics(connection, {TRIAL: "Antibodies for lymphoma"})
        await keep(connection, {NEUROBLASTOMA: condition("tumor of the adrenal gland")})
    assert await keys_found(world, "antibodies") == [TRIAL]
    assert await keys_found(world, "engineered") == []
    assert await keys_found(world, "blastoma") == []
    assert await keys_found(world, "adrenal") == [NEUROBLASTOMA]


async def test_a_trial_that_is_gone_is_not_found(world: AsyncEngine) -> None:
    async with writing(world) as connection:
        await connection.execute(t.trial.update().values(state="removed"))
    assert await keys_found(world, "engineered") == []


@pytest.fixture
def statements(database: AsyncEngine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that the database executes, with their parameters."""
    executed: list[tuple[str, Any]] = []

    def listen(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        executed.append((statement, parameters))

    event.listen(database.sync_engine, "before_cursor_execute", listen)
    yield executed
    event.remove(database.sync_engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("query", ["study", "cancer study", "zebra", "nct0", "s"])
async def test_no_search_reads_a_whole_table(
    database: AsyncEngine, statements: list[tuple[str, Any]], query: str
) -> None:
    async with writing(database) as connection:
        await keep(connection, {f"X:{n:07}": condition(f"organ {n}") for n in range(300)})
        words = ("cancer", "lung", "skin", "child", "adult", "cell", "drug")
        titles = {f"NCT{n:08}": f"A {words[n % 7]} study numbered {n}" for n in range(3_000)}
        await add_trials(connection, titles)
        if is_postgresql(connection):
            await connection.execute(text("ANALYZE"))
    statements.clear()
    await keys_found(database, query)
    selects = [query for query in statements if query[0].lstrip().startswith("SELECT")]
    assert selects
    async with reading(database) as connection:
        explain = "EXPLAIN " if is_postgresql(connection) else "EXPLAIN QUERY PLAN "
        if is_postgresql(connection):  # reading a small table whole is right: ask what a large one would get
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in selects:
            plan = [str(row) for row in await connection.exec_driver_sql(explain + statement, parameters)]
            whole = [
                line
                for line in plan
                for table in ("topic", "trial", "condition_name", "topic_word", "word_ending")
                if f"Seq Scan on {table} " in line or (f"SCAN {table}" in line and "INDEX" not in line)
            ]
            assert not whole, plan


@pytest.mark.parametrize(
    "query", ["leukemai", "lukemia", "lymphobalstic", "acute lymphoblastik", "blod cancer", "leucaemia"]
)
async def test_a_search_with_one_typing_error_still_finds(world: AsyncEngine, query: str) -> None:
    found = await keys_found(world, query)
    assert {LEUKEMIA, ALL} & set(found)
    assert NEUROBLASTOMA not in found

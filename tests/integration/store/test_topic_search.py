"""A search finds topics by the words of their names, the nearest first, and never reads a whole table."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.domain.trials.conditions import slug
from service.store.changes import condition_matching, conditions, trials
from service.store.sql import tables as t
from service.store.sql.database import is_postgresql, reading, writing
from service.store.topics import topic_search
from service.store.topics.topic_search import search

pytestmark = pytest.mark.slow

LEUKEMIA, ALL, NEUROBLASTOMA = "MONDO:0005059", "MONDO:0004967", "MONDO:0005072"
TRIAL = "NCT04787263"


def _condition(name: str, *synonyms: str, followable: bool = True) -> dict[str, Any]:
    slug = name.lower().replace(" ", "-")
    return {"name": name, "slug": slug, "followable": followable, "synonyms": synonyms, "parents": []}


async def _keep(connection: AsyncConnection, reported: dict[str, dict[str, Any]]) -> None:
    now = datetime.now(UTC)
    await conditions.upsert(connection, reported)
    await conditions.upsert_states(connection, dict.fromkeys(reported, (now, "", None)))
    await condition_matching.join(connection, reported, now)


async def _add_trials(connection: AsyncConnection, titles: dict[str, str | None]) -> None:
    ids = await trials.upsert_topics(connection, titles)
    rows = [
        {"nct_id": nct_id, "topic_id": topic_id, "revision": 1, "state": "present", "digest": ""}
        for nct_id, topic_id in ids.items()
    ]
    await trials.upsert(connection, rows, datetime.now(UTC))


@pytest.fixture
async def world(database: AsyncEngine) -> AsyncEngine:
    async with writing(database) as connection:
        reported = {
            ALL: _condition("acute lymphoblastic leukemia", "ALL", "100%_ALL"),
            LEUKEMIA: _condition("leukemia", "leukaemia", "blood cancer"),
            NEUROBLASTOMA: _condition("neuroblastoma"),
            "MONDO:0000001": _condition("disease", followable=False),
            "MONDO:0016586": _condition("Sézary syndrome"),
        }
        await _keep(connection, reported)
        await _add_trials(connection, {TRIAL: "Engineered cells take on Leukemia"})
        await trials.upsert_topics(connection, {"NCT00000001": None})
    return database


async def _found(database: AsyncEngine, query: str) -> list[str]:
    async with reading(database) as connection:
        return [topic.key.partition(":")[2] for topic in await search(connection, query)]


async def test_the_nearest_followable_topics_come_first(world: AsyncEngine) -> None:
    assert await _found(world, "Leuk") == [LEUKEMIA, ALL, TRIAL]
    assert await _found(world, "disease") == []


@pytest.mark.parametrize("query", ["nct0478", TRIAL, "nct04787263", "04787263", "04787"])
async def test_a_trial_is_found_by_its_number(world: AsyncEngine, query: str) -> None:
    assert await _found(world, query) == [TRIAL]


@pytest.mark.parametrize("query", [ALL, "mondo:0004967", " MONDO:0004967 "])
async def test_a_condition_is_found_by_its_id_alone(world: AsyncEngine, query: str) -> None:
    assert await _found(world, query) == [ALL]


async def test_the_id_of_a_condition_too_broad_to_follow_finds_nothing(world: AsyncEngine) -> None:
    assert await _found(world, "MONDO:0000001") == []


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
    assert (await _found(world, query))[0] == key


@pytest.mark.parametrize(
    "query",
    ["", "  ", "\\", "%", "_", "%_", "%%%", "'", '"', "\0", "\ud83e", "\u202e", "\ufeff", "🤖", "houseitis"],
)
async def test_a_text_in_no_name_finds_nothing(world: AsyncEngine, query: str) -> None:
    assert await _found(world, query) == []


@pytest.mark.parametrize("odd", ["\0", "\x0b", "\x1f", "\ud83e", "\u202e", "\u200f"])
async def test_special_characters_separate_words_and_are_harmless(world: AsyncEngine, odd: str) -> None:
    assert (await _found(world, f"{odd}acute{odd} leukemia"))[0] == ALL


async def test_a_renamed_topic_is_found_by_its_new_name_alone(world: AsyncEngine) -> None:
    async with writing(world) as connection:
        await trials.upsert_topics(connection, {TRIAL: "Antibodies for lymphoma"})
        await _keep(connection, {NEUROBLASTOMA: _condition("tumor of the adrenal gland")})
    assert await _found(world, "antibodies") == [TRIAL]
    assert await _found(world, "engineered") == []
    assert await _found(world, "blastoma") == []
    assert await _found(world, "adrenal") == [NEUROBLASTOMA]


async def test_a_trial_that_is_gone_is_not_found(world: AsyncEngine) -> None:
    async with writing(world) as connection:
        await connection.execute(t.trial.update().values(state="removed"))
    assert await _found(world, "engineered") == []


async def test_the_very_name_is_found_among_thousands_that_hold_the_word(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        many = {f"X:{n:07}": _condition(f"cancer of the organ {n}") for n in range(1_500)}
        await _keep(connection, many | {"Z:0000001": _condition("cancer")})
        await _add_trials(connection, {f"NCT{n:08}": f"Cancer study {n}" for n in range(1_500)})
        await _add_trials(connection, {"NCT09999999": "Study of cancer and zebras"})
    found = await _found(database, "cancer")
    assert len(found) == topic_search.MOST_FOUND
    assert found[0] == "Z:0000001"
    assert (await _found(database, "cancer study zebras")) == ["NCT09999999"]


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
        await _keep(connection, {f"X:{n:07}": _condition(f"organ {n}") for n in range(300)})
        words = ("cancer", "lung", "skin", "child", "adult", "cell", "drug")
        titles = {f"NCT{n:08}": f"A {words[n % 7]} study numbered {n}" for n in range(3_000)}
        await _add_trials(connection, titles)
        if is_postgresql(connection):
            await connection.execute(text("ANALYZE"))
    statements.clear()
    await _found(database, query)
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


async def test_a_short_name_finds_the_condition_that_it_stands_for_first(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        reported = {
            "X:1": _condition("bone marrow aplasia"),
            "X:2": _condition("aplasia"),
            "X:3": _condition("acute promyelocytic leukemia"),
            "X:4": _condition("antiphospholipid disease", "APL"),
        }
        await _keep(connection, reported)
    assert await _found(database, "APL") == ["X:4", "X:3", "X:2", "X:1"]
    async with writing(database) as connection:
        await _keep(connection, {"X:3": _condition("acute promyelocytic leukemia", "APL")})
    assert await _found(database, "apl") == ["X:3", "X:4", "X:2", "X:1"]


async def _mention(connection: AsyncConnection, *names: str, **by_id: str) -> None:
    keys = {slug(name): name for name in names} | {key.replace("_", ":"): by_id[key] for key in by_id}
    named = {key: _condition(name) | {"slug": slug(name)} for key, name in keys.items()}
    await condition_matching.join(connection, await conditions.mention(connection, named), datetime.now(UTC))


async def test_a_leukemia_in_the_words_of_studies_is_offered_once_by_its_known_name(
    database: AsyncEngine,
) -> None:
    cll = "MONDO:0004948"
    async with writing(database) as connection:
        await _mention(connection, "Acute Lymphocytic Leukaemia", "Chronic Lymphoid Leukaemia")
        await _keep(
            connection,
            {
                ALL: _condition("acute lymphoblastic leukemia"),
                cll: _condition("B-cell chronic lymphocytic leukemia"),
            },
        )
        await _mention(connection, "ALL", "Acute Lymphoblastic Leukemia (ALL)", "CLL", "CLL, Refractory")
    assert await _found(database, "ALL") == [ALL]
    assert await _found(database, "acute lymphocytic") == [ALL]
    assert await _found(database, "cll") == [cll, "cll-refractory"]


async def test_a_known_condition_comes_before_those_that_only_studies_name(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        await _mention(connection, "Lymphoma PTCL", "Acute Pro Leuk")
        await _keep(
            connection,
            {
                "X:1": _condition("lymphoma of the peripheral T cells", "PTCL of lymph nodes"),
                "X:2": _condition("acute promyelocytic leukemia"),
            },
        )
    assert await _found(database, "lymphoma") == ["X:1", "lymphoma-ptcl"]
    assert await _found(database, "apl") == ["X:2", "acute-pro-leuk"]


async def test_conditions_with_an_id_come_first_among_those_named_by_studies_alone(
    database: AsyncEngine,
) -> None:
    async with writing(database) as connection:
        await _mention(
            connection,
            "COPD",
            "COPD Exacerbation",
            "Systemic Lupus Erythematous",
            "Graft vs Host Disease",
            "Graft-versus-host Disease (GVHD)",
            MESH_D008180="Lupus Erythematosus, Systemic",
            MESH_D029424="Pulmonary Disease, Chronic Obstructive",
        )
    assert await _found(database, "copd") == ["MESH:D029424", "copd", "copd-exacerbation"]
    assert await _found(database, "sle") == ["MESH:D008180", "systemic-lupus-erythematous"]
    assert len(await _found(database, "gvhd")) == 1
    assert len(await _found(database, "graft versus host")) == 1


async def test_matching_names_come_before_matching_synonyms(
    database: AsyncEngine,
) -> None:
    async with writing(database) as connection:
        reported = {
            "X:1": _condition("hemochromatosis", "bronze diabetes"),
            "X:2": _condition("gestational diabetes"),
            "X:3": _condition("diabetes mellitus", "diabetes"),
        }
        await _keep(connection, reported)
    assert await _found(database, "diabetes") == ["X:3", "X:2", "X:1"]


async def test_two_ontologies_offer_a_condition_once(world: AsyncEngine) -> None:
    cll = "DOID:1040"
    async with writing(world) as connection:
        await _keep(
            connection,
            {
                "DOID:9952": _condition("acute lymphoblastic leukemia", "ALL", "acute leukemia, lymphoid"),
                "DOID:1036": _condition("chronic leukemia", "CLL"),
                cll: _condition("B-cell chronic lymphocytic leukemia"),
            },
        )
    assert await _found(world, "ALL") == [ALL]
    assert await _found(world, "lymphoid acute") == [ALL]
    assert (await _found(world, "CLL"))[:2] == [cll, "DOID:1036"]


@pytest.mark.parametrize(
    "query", ["leukemai", "lukemia", "lymphobalstic", "acute lymphoblastik", "blod cancer", "leucaemia"]
)
async def test_a_search_with_one_typing_error_still_finds(world: AsyncEngine, query: str) -> None:
    found = await _found(world, query)
    assert {LEUKEMIA, ALL} & set(found)
    assert NEUROBLASTOMA not in found


async def test_each_condition_is_found_once_by_all_names_of_those_joined_to_it(world: AsyncEngine) -> None:
    async with writing(world) as connection:
        same = {**_condition("Leucosis"), "xrefs": [LEUKEMIA]}
        await _keep(connection, {"DOID:1240": same})
    assert await _found(world, "leucosis") == [LEUKEMIA]
    assert await _found(world, "Leukaemias") == [LEUKEMIA, ALL, TRIAL]

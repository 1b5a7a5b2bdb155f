"""Topics are found by any of their names and searched without surprises."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain.trials.conditions.condition import slug
from service.store.changes import condition_matching, conditions, trials
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.store.topics import topics
from tests.integration.store.searched_topics import condition, keep, mention


async def _condition(connection: Any, key: str, name: str, *synonyms: str, followable: bool = True) -> int:
    kept = {"name": name, "slug": slug(name), "followable": followable, "synonyms": synonyms}
    await conditions.upsert(connection, {key: kept})
    await condition_matching.join(connection, [key], datetime.now(UTC))
    return (await topics.ensure_topics(connection, ["condition:" + key]))["condition:" + key]


@pytest.fixture
async def world(database: AsyncEngine) -> AsyncEngine:
    async with writing(database) as connection:
        await _condition(connection, "MONDO:0004967", "acute lymphoblastic leukemia", "ALL", "100%_ALL")
        await _condition(connection, "MONDO:0005059", "leukemia", "leukaemia", "blood cancer")
        await _condition(connection, "MONDO:0000001", "disease", followable=False)
        ids = await topics.ensure_topics(connection, ["trial:NCT04787263", "trial:NCT00000001"])
        await connection.execute(
            t.topic.update()
            .where(t.topic.c.id == ids["trial:NCT04787263"])
            .values(name="Engineered cells take on Leukemia")
        )
        trial = {"nct_id": "NCT04787263", "topic_id": ids["trial:NCT04787263"], "revision": 1}
        await trials.upsert(connection, [trial | {"state": "present", "digest": ""}], datetime.now(UTC))
    return database


@pytest.mark.parametrize(
    "name",
    [
        "MONDO:0004967",
        "mondo:0004967",
        "Acute  Lymphoblastic LEUKEMIA",
        "all",
        "acute-lymphoblastic-leukemia",
        "Leukaemias, acute lymphoblastic",
    ],
)
async def test_a_condition_is_found_by_id_name_synonym_and_slug(world: AsyncEngine, name: str) -> None:
    async with reading(world) as connection:
        (found,) = await topics.find_conditions(connection, name)
    assert found.key == "condition:MONDO:0004967"


async def test_an_unknown_condition_is_not_found(world: AsyncEngine) -> None:
    async with reading(world) as connection:
        assert await topics.find_conditions(connection, "houseitis") == []


async def test_topics_are_made_once(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        first = await topics.ensure_topics(connection, ["trial:NCT00000001", "condition:x"])
        again = await topics.ensure_topics(connection, ["condition:x", "trial:NCT00000002"])
    assert again["condition:x"] == first["condition:x"]
    assert set(again) == {"condition:x", "trial:NCT00000002"}


async def test_the_hint_beside_a_condition_names_another_one(database: AsyncEngine) -> None:
    """A term may be its own parent by mistake, or its parent the same condition under another id."""
    reported = {
        "X:1": condition("leukemia") | {"parents": ["X:1"]},
        "X:2": condition("lymphoma") | {"parents": ["Y:2"]},
        "Y:2": condition("Lymphoma") | {"parents": ["X:2", "Y:3"]},
        "X:3": condition("blood cancer"),
        "Y:3": condition("hematologic neoplasm", "blood cancer") | {"xrefs": ["X:3"]},
    }
    async with writing(database) as connection:
        await keep(connection, reported)
        ids = await topics.ensure_topics(connection, ["condition:" + key for key in reported])
        names = await topics.broader_names(connection, set(ids.values()))
        (one,) = await topics.find_conditions(connection, "blood cancer")
    assert len(set(ids.values())) == 3
    assert names == {ids["condition:X:2"]: one.name}


async def test_conditions_stay_one_though_their_names_were_compared_otherwise_before(
    database: AsyncEngine,
) -> None:
    """The key of a name may be that of an earlier version, and a term be reported anew."""
    async with writing(database) as connection:
        await mention(connection, "Gaucher Disease, Type I")
        await keep(connection, {"X:1": condition("Gaucher disease type 1")})
        names = t.condition_name
        mentioned = names.c.name == "Gaucher Disease, Type I"
        await connection.execute(names.update().where(mentioned).values(name_key="of an earlier version"))
        await keep(connection, {"X:1": condition("Gaucher disease type 1", "Gaucher disease I")})
        keys = ["condition:X:1", "condition:gaucher-disease-type-i"]
        assert len(set((await topics.ensure_topics(connection, keys)).values())) == 1


@pytest.mark.parametrize(("sign", "finding"), [("+", "positive"), ("-", "negative")])
async def test_a_name_with_a_sign_that_was_stored_before_is_found(
    database: AsyncEngine, sign: str, finding: str
) -> None:
    """Its slug and its key were those of the opposite: a sign behind a word counted for nothing."""
    before = {"name": f"HER2{sign} Cancer", "slug": "her2-cancer", "followable": True, "synonyms": ()}
    async with writing(database) as connection:
        await conditions.mention(connection, {"her2-cancer": before})
        await connection.execute(t.condition_name.update().values(name_key="cancer her2"))
        (found,) = await topics.find_conditions(connection, f"her2{sign} cancer")
        await mention(connection, f"HER2{sign} Cancer")
        keys = ["condition:her2-cancer", f"condition:her2-{finding}-cancer"]
        assert set((await topics.ensure_topics(connection, keys)).values()) == {found.id}


async def test_a_slug_without_the_signs_of_a_name_finds_it(database: AsyncEngine) -> None:
    """Both, if another name differs by its sign alone: whoever asks is offered the two."""
    async with writing(database) as connection:
        await mention(connection, "HER2+ Breast Cancer")
        (found,) = await topics.find_conditions(connection, "her2-breast-cancer")
        assert found.name == "HER2+ Breast Cancer"
        await mention(connection, "HER2(-) Breast Cancer")
        await mention(connection, "HR+/HER2+ Tumor")
        both = await topics.find_conditions(connection, "her2-breast-cancer")
        assert [one.name for one in both] == ["HER2+ Breast Cancer", "HER2(-) Breast Cancer"]
        (found,) = await topics.find_conditions(connection, "her2-positive-breast-cancer")
        assert found.name == "HER2+ Breast Cancer"
        (found,) = await topics.find_conditions(connection, "hr-her2-tumor")
        assert found.name == "HR+/HER2+ Tumor"
        await mention(connection, "HER2- Breast Cancer")
        (found,) = await topics.find_conditions(connection, "HER2- breast cancer")
        assert found.name == "HER2(-) Breast Cancer"


async def test_conditions_with_opposite_findings_are_two(database: AsyncEngine) -> None:
    names = ("HR-positive, HER2-negative cancer", "HR-negative, HER2-positive cancer", "Ph+ ALL", "Ph- ALL")
    async with writing(database) as connection:
        for name in names:
            await mention(connection, name)
        found = [await topics.find_conditions(connection, name) for name in names]
    assert [[topic.name for topic in one] for one in found] == [[name] for name in names]

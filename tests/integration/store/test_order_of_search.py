"""Which conditions a search offers, in which order, and each of them once."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.sql.database import writing
from service.store.topics import topic_search
from tests.integration.store.searched_topics import (
    ALL,
    LEUKEMIA,
    TRIAL,
    add_trials,
    condition,
    keep,
    keys_found,
    mention,
    store_topics,
)

pytestmark = pytest.mark.slow


async def test_the_very_name_is_found_among_thousands_that_hold_the_word(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        many = {f"X:{n:07}": condition(f"cancer of the organ {n}") for n in range(1_500)}
        await keep(connection, many | {"Z:0000001": condition("cancer")})
        await add_trials(connection, {f"NCT{n:08}": f"Cancer study {n}" for n in range(1_500)})
        await add_trials(connection, {"NCT09999999": "Study of cancer and zebras"})
    found = await keys_found(database, "cancer")
    assert len(found) == topic_search.MOST_FOUND
    assert found[0] == "Z:0000001"
    assert (await keys_found(database, "cancer study zebras")) == ["NCT09999999"]


async def test_a_short_name_finds_the_condition_that_it_stands_for_first(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        reported = {
            "X:1": condition("bone marrow aplasia"),
            "X:2": condition("aplasia"),
            "X:3": condition("acute promyelocytic leukemia"),
            "X:4": condition("antiphospholipid disease", "APL"),
        }
        await keep(connection, reported)
    assert await keys_found(database, "APL") == ["X:4", "X:3", "X:2", "X:1"]
    async with writing(database) as connection:
        await keep(connection, {"X:3": condition("acute promyelocytic leukemia", "APL")})
    assert await keys_found(database, "apl") == ["X:3", "X:4", "X:2", "X:1"]


async def test_a_leukemia_in_the_words_of_studies_is_offered_once_by_its_known_name(
    database: AsyncEngine,
) -> None:
    cll = "MONDO:0004948"
    async with writing(database) as connection:
        await mention(connection, "Acute Lymphocytic Leukaemia", "Chronic Lymphoid Leukaemia")
        await keep(
            connection,
            {
                ALL: condition("acute lymphoblastic leukemia"),
                cll: condition("B-cell chronic lymphocytic leukemia"),
            },
        )
        await mention(connection, "ALL", "Acute Lymphoblastic Leukemia (ALL)", "CLL", "CLL, Refractory")
    assert await keys_found(database, "ALL") == [ALL]
    assert await keys_found(database, "acute lymphocytic") == [ALL]
    assert await keys_found(database, "cll") == [cll, "cll-refractory"]


async def test_a_known_condition_comes_before_those_that_only_studies_name(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        await mention(connection, "Lymphoma PTCL", "Acute Pro Leuk")
        await keep(
            connection,
            {
                "X:1": condition("lymphoma of the peripheral T cells", "PTCL of lymph nodes"),
                "X:2": condition("acute promyelocytic leukemia"),
            },
        )
    assert await keys_found(database, "lymphoma") == ["X:1", "lymphoma-ptcl"]
    assert await keys_found(database, "apl") == ["X:2", "acute-pro-leuk"]


async def test_conditions_with_an_id_come_first_among_those_named_by_studies_alone(
    database: AsyncEngine,
) -> None:
    async with writing(database) as connection:
        await mention(
            connection,
            "COPD",
            "COPD Exacerbation",
            "Systemic Lupus Erythematous",
            "Graft vs Host Disease",
            "Graft-versus-host Disease (GVHD)",
            MESH_D008180="Lupus Erythematosus, Systemic",
            MESH_D029424="Pulmonary Disease, Chronic Obstructive",
        )
    assert await keys_found(database, "copd") == ["MESH:D029424", "copd", "copd-exacerbation"]
    assert await keys_found(database, "sle") == ["MESH:D008180", "systemic-lupus-erythematous"]
    assert len(await keys_found(database, "gvhd")) == 1
    assert len(await keys_found(database, "graft versus host")) == 1


async def test_matching_names_come_before_matching_synonyms(
    database: AsyncEngine,
) -> None:
    async with writing(database) as connection:
        reported = {
            "X:1": condition("hemochromatosis", "bronze diabetes"),
            "X:2": condition("gestational diabetes"),
            "X:3": condition("diabetes mellitus", "diabetes"),
        }
        await keep(connection, reported)
    assert await keys_found(database, "diabetes") == ["X:3", "X:2", "X:1"]


async def test_two_ontologies_offer_a_condition_once(database: AsyncEngine) -> None:
    await store_topics(database)
    cll = "DOID:1040"
    async with writing(database) as connection:
        await keep(
            connection,
            {
                "DOID:9952": condition("acute lymphoblastic leukemia", "ALL", "acute leukemia, lymphoid"),
                "DOID:1036": condition("chronic leukemia", "CLL"),
                cll: condition("B-cell chronic lymphocytic leukemia"),
            },
        )
    assert await keys_found(database, "ALL") == [ALL]
    assert await keys_found(database, "lymphoid acute") == [ALL]
    assert (await keys_found(database, "CLL"))[:2] == [cll, "DOID:1036"]


async def test_each_condition_is_found_once_by_all_names_of_those_joined_to_it(database: AsyncEngine) -> None:
    await store_topics(database)
    async with writing(database) as connection:
        same = {**condition("Leucosis"), "xrefs": [LEUKEMIA]}
        await keep(connection, {"DOID:1240": same})
    assert await keys_found(database, "leucosis") == [LEUKEMIA]
    assert await keys_found(database, "Leukaemias") == [LEUKEMIA, ALL, TRIAL]

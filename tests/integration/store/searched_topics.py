"""Topics as reports and studies name them, and what a search finds among them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.domain.trials.conditions.condition import slug
from service.store.changes import condition_matching, conditions, trials
from service.store.sql.database import reading, writing
from service.store.topics.topic_search import search

LEUKEMIA, ALL, NEUROBLASTOMA = "MONDO:0005059", "MONDO:0004967", "MONDO:0005072"
TRIAL = "NCT04787263"


def condition(name: str, *synonyms: str, followable: bool = True) -> dict[str, Any]:
    """A condition as an event reports it."""
    slug = name.lower().replace(" ", "-")
    return {"name": name, "slug": slug, "followable": followable, "synonyms": synonyms, "parents": []}


async def keep(connection: AsyncConnection, reported: dict[str, dict[str, Any]]) -> None:
    """Stores reported conditions by their ids, and joins those that are the same."""
    now = datetime.now(UTC)
    await conditions.upsert(connection, reported)
    await conditions.upsert_states(connection, dict.fromkeys(reported, (now, "", None)))
    await condition_matching.join(connection, reported, now)


async def add_trials(connection: AsyncConnection, titles: dict[str, str | None]) -> None:
    """Stores trials with their titles."""
    ids = await trials.upsert_topics(connection, titles)
    rows = [
        {"nct_id": nct_id, "topic_id": topic_id, "revision": 1, "state": "present", "digest": ""}
        for nct_id, topic_id in ids.items()
    ]
    await trials.upsert(connection, rows, datetime.now(UTC))


async def mention(connection: AsyncConnection, *names: str, **by_id: str) -> None:
    """Stores conditions as trials name them: by name alone, or by id (`MESH_D008180` for MESH:D008180)."""
    keys = {slug(name): name for name in names} | {key.replace("_", ":"): by_id[key] for key in by_id}
    named = {key: condition(name) | {"slug": slug(name)} for key, name in keys.items()}
    await condition_matching.join(connection, await conditions.mention(connection, named), datetime.now(UTC))


async def store_topics(database: AsyncEngine) -> None:
    """Leukemia, one that it covers, others that it does not, and a trial of leukemia."""
    async with writing(database) as connection:
        reported = {
            ALL: condition("acute lymphoblastic leukemia", "ALL", "100%_ALL"),
            LEUKEMIA: condition("leukemia", "leukaemia", "blood cancer"),
            NEUROBLASTOMA: condition("neuroblastoma"),
            "MONDO:0000001": condition("disease", followable=False),
            "MONDO:0016586": condition("Sézary syndrome"),
        }
        await keep(connection, reported)
        await add_trials(connection, {TRIAL: "Engineered cells take on Leukemia"})
        await trials.upsert_topics(connection, {"NCT00000001": None})


async def keys_found(database: AsyncEngine, query: str) -> list[str]:
    """The topics that the search finds, the nearest first: trials' numbers, conditions' ids or slugs."""
    async with reading(database) as connection:
        return [topic.key.partition(":")[2] for topic in await search(connection, query)]

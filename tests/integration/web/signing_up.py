"""Shared by tests of the visitor's side: published terms, a condition or two, and a worker's round."""

import base64
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
from altcha import solve_challenge_v1
from sqlalchemy import Select, Table, select
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain.trials.conditions.condition import slug
from service.store.changes import condition_matching, conditions
from service.store.people import terms
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.store.topics import topics
from service.system import System
from workers.visitor_requests import process_requests

ALICE = "alice@example.org"
TRIAL = "trial:NCT04787263"
LEUKEMIA = "condition:MONDO:0005059"
TERMS = "2026-11"


async def publish_terms(database: AsyncEngine, version: str = TERMS, text: str = "Be kind.") -> None:
    """Makes `version` the current one."""
    async with writing(database) as connection:
        await terms.publish(connection, version, text, now=datetime.now(UTC))


async def add_condition(
    database: AsyncEngine, key: str, name: str, *synonyms: str, followable: bool = True
) -> int:
    """A condition as an event of the ingestor stores it; returns the number of its topic."""
    kept = {"name": name, "slug": slug(name), "followable": followable, "synonyms": synonyms}
    async with writing(database) as connection:
        await conditions.upsert(connection, {key.removeprefix("condition:"): kept})
        await condition_matching.join(connection, [key.removeprefix("condition:")], datetime.now(UTC))
        return (await topics.ensure_topics(connection, [key]))[key]


def sign_up(**changed: Any) -> dict[str, Any]:
    """The fields of a sign-up that is in order."""
    fields = {"email": ALICE, "topic": [TRIAL], "accept_terms": True, "terms_version": TERMS}
    return {key: value for key, value in (fields | changed).items() if value is not None}


def solved(sent: dict[str, Any]) -> str:
    """The proof of work as a browser would send it."""
    found = solve_challenge_v1(sent["challenge"], sent["salt"], sent["algorithm"], sent["maxNumber"])
    assert found is not None
    payload = {key: sent[key] for key in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps(payload | {"number": found.number}).encode()).decode()


async def post(client: httpx.AsyncClient, **changed: Any) -> httpx.Response:
    """Signs up with JSON."""
    return await client.post("/v1/subscriptions", json=sign_up(**changed))


async def work(system: System) -> None:
    """The worker processes the waiting requests."""
    await process_requests(system)


async def all_mail_sent(database: AsyncEngine, *, forgotten: bool = True) -> None:
    """Marks all waiting mail as sent; `forgotten`: long ago, so that no limit counts it any more."""
    async with writing(database) as connection:
        if forgotten:
            await connection.execute(t.mail_quota.delete())
        waits = t.delivery.c.state == "queued"
        await connection.execute(t.delivery.update().where(waits).values(state="sent", attempts=1))


async def rows(database: AsyncEngine, table: Any, *where: Any) -> list[Any]:
    """The rows of a table, in their order."""
    async with reading(database) as connection:
        return list(await connection.execute(_in_order(table).where(*where)))


@cache
def _in_order(table: Any) -> Select[Any]:
    key = [table.c.id] if "id" in table.c else table.primary_key.columns
    return select(table).order_by(*key)


async def everything(database: AsyncEngine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table: two of these differ if anything changed."""
    async with reading(database) as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(_in_order(table))]
            for table in _tables()
        }


@cache
def _tables() -> list[Table]:
    return t.SQLModel.metadata.sorted_tables

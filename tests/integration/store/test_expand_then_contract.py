"""A later version migrates the database while processes of this one serve it: they go on until replaced."""

import asyncio

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.configuration.settings import Settings
from service.store.sql import schema_revision
from service.store.sql.database import writing
from service.system import System
from tests.conftest import client_of
from tests.e2e.journey.processes import run_command
from tests.frozen_schema.story import confirm
from tests.integration.web.inbox import link_in, open_inbox
from tests.integration.web.signing_up import TRIAL, post, publish_terms

#: A migration that expands: nothing existing changes, everything new may be left out.
EXPANSION = (
    "ALTER TABLE subscriber ADD COLUMN nickname VARCHAR",
    "ALTER TABLE delivery ADD COLUMN weight INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE later (id INTEGER PRIMARY KEY, note VARCHAR)",
    "UPDATE alembic_version SET version_num = '9999'",
)


async def expand(database: AsyncEngine) -> None:
    """The migration of a later version."""
    async with writing(database) as connection:
        for statement in EXPANSION:
            await connection.execute(text(statement))


async def follow(client: httpx.AsyncClient, system: System, address: str) -> None:
    """Somebody signs up and confirms, through a worker of today."""
    async with open_inbox(system) as inbox:
        assert (await post(client, email=address, topic=[TRIAL])).status_code == 202
        mail = await inbox.one(address)
        assert (await client.get("/health/ready")).json()["checks"]["schema"] == "ok"
        await confirm(client, link_in(mail, "confirm"))


@pytest.mark.slow
async def test_a_process_of_an_earlier_version_serves_during_an_expansion(
    client: httpx.AsyncClient, system: System
) -> None:
    await publish_terms(system.database)
    await follow(client, system, "before@example.org")
    await asyncio.gather(expand(system.database), client.get("/v1/terms"))
    await follow(client, system, "after@example.org")
    ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()["checks"]["schema"]) == (200, "ok")


@pytest.mark.slow
async def test_a_process_of_an_earlier_version_starts_on_a_newer_schema(
    system: System, settings: Settings
) -> None:
    await publish_terms(system.database)
    await expand(system.database)
    migrated = run_command("migrate", ALERTS_DATABASE_URL=settings.database_url)
    assert (migrated.returncode, migrated.stdout) == (0, "The schema is at 9999.\n")
    async with client_of(settings) as client:
        await follow(client, system, "after@example.org")


async def test_an_older_schema_is_refused(client: httpx.AsyncClient, system: System) -> None:
    async with writing(system.database) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()["checks"]["schema"]) == (
        503,
        "not up to date: run trial-alerts migrate",
    )
    assert not schema_revision.is_usable(None)

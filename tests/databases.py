"""Migrated databases for tests: on PostgreSQL copies of a template, on Citus some that are emptied."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import make_url

from service.store.sql import schema
from service.store.sql.database import create_database
from tests import citus

#: The database that this test process copies for each test that runs on PostgreSQL.
TEMPLATE = f"template_{secrets.token_hex(4)}"


@contextmanager
def template_on(server: str) -> Iterator[None]:
    """A migrated database named TEMPLATE on the server; gone at the end."""
    if citus.is_citus(server):
        yield
        citus.drop_all(server)
        return
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{TEMPLATE}"')
        migrate(named(server, TEMPLATE))
        yield
        admin.execute(f'DROP DATABASE "{TEMPLATE}" WITH (FORCE)')


def migrate(url: str) -> None:
    """Brings an empty database's schema up to date."""

    async def bring_up_to_date() -> None:
        database = create_database(url, makes_file=True)
        await schema.migrate(database)
        await database.dispose()

    asyncio.run(bring_up_to_date())


def named(server: str, name: str) -> str:
    """The URL of another database of a server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def postgresql_database(server: str) -> Iterator[str]:
    """A fresh copy of the migrated template; gone at the end.

    Files are copied: without fsync that takes a third of the time of writing each page to the log first.
    """
    if citus.is_citus(server):
        with citus.database(server) as url:
            yield url
        return
    name = "t" + secrets.token_hex(8)
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY FILE_COPY')
    yield named(server, name)
    _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    """Executes a statement by a connection that stays open: a new one costs as much as the statement."""
    try:
        _administrator(server).execute(statement.encode())
    except psycopg.OperationalError:  # a server that was started again
        _administrator.cache_clear()
        _administrator(server).execute(statement.encode())


@cache
def _administrator(server: str) -> psycopg.Connection[Any]:
    return psycopg.connect(server, autocommit=True)

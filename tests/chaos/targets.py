"""The processes that can be killed and restarted: workers, web service, Redis. And the mail server."""

import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import httpx
import redis

from service.dev.embedded_redis import redis_binary
from service.runtime.child_process import die_with_parent
from tests.e2e.journey.processes import eventually
from tests.forked import TRIAL_ALERTS, WORKERS, Forked, fork_server
from tests.servers import free_port
from tests.waiting import PATIENCE, Stopwatch

START_SECONDS = 180
#: Seconds within which a process that is asked to stop has finished its work in flight and ended.
STOP_SECONDS = 10


class Target:
    """A process that is ended as by a crash, and started anew.

    With a `program` (`tests.forked`) it is forked, and `command` are its arguments.
    """

    def __init__(
        self, command: list[str], environ: Mapping[str, str], log: Path | None = None, program: str = ""
    ) -> None:
        self.command, self.environ, self.log, self.program = command, dict(environ), log, program
        self.process: subprocess.Popen[bytes] | Forked | None = None
        self._changing = threading.Lock()
        self.start()

    def start(self, **changed: str) -> None:
        """Starts it; `changed` settings hold for this life of it."""
        with self._changing:
            self._start(changed)

    def _start(self, changed: Mapping[str, str]) -> None:
        environ = {**os.environ, **self.environ, **changed}
        with (self.log or Path(os.devnull)).open("ab") as stream:
            if self.program:
                self.process = fork_server().launch(self.program, self.command, environ, stream, stream)
                return
            self.process = subprocess.Popen(
                self.command, env=environ, stdout=stream, stderr=stream, preexec_fn=die_with_parent
            )

    def revive(self) -> None:
        """Restarts it if it ended by itself, as a supervisor does: without a database it gives up."""
        with self._changing:
            if self.process is not None and self.process.poll() is not None:
                self._start({})

    def kill(self) -> None:
        """SIGKILL: it can finish nothing. Down until it is started."""
        with self._changing:
            if self.process is not None:
                self.process.kill()
                self.process.wait()
            self.process = None

    def sleep(self, seconds: float) -> None:
        """SIGSTOP, and SIGCONT so much later: as on a machine that hung."""
        with self._changing:
            if self.process is not None:
                self.process.send_signal(signal.SIGSTOP)
                time.sleep(seconds)
                self.process.send_signal(signal.SIGCONT)

    def without_disk(self, seconds: float) -> None:
        """All its writes to files fail meanwhile: to its database, to its log."""
        with self._changing:
            if self.process is not None:
                pid, size, none = self.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)
                limits = resource.prlimit(pid, size, none)
                time.sleep(seconds)
                resource.prlimit(pid, size, limits)

    def stop(self) -> None:
        """SIGTERM, and its end within ten seconds."""
        with self._changing:
            process, self.process = self.process, None
        if process is not None:
            with Stopwatch() as watch:
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE)
            assert watch.seconds < STOP_SECONDS


class Supervisor(threading.Thread):
    """Restarts processes that ended by themselves until it is left; then stops all of them."""

    def __init__(self, *targets: Target) -> None:
        super().__init__(daemon=True)
        self._targets, self._over = targets, threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def run(self) -> None:
        """Checks all processes every fifth of a second."""
        while not self._over.wait(0.2):
            for target in self._targets:
                target.revive()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()
        with ThreadPoolExecutor() as pool:
            ends = [pool.submit(target.stop) for target in self._targets]
        for end in ends:
            end.result()


def worker_of(environ: Mapping[str, str]) -> Target:
    """One worker process on the settings; its log is in their data folder."""
    log = Path(environ["ALERTS_DATA"]) / "workers.log"
    return Target([], environ, log, WORKERS)


class WebService(Target):
    """`trial-alerts serve` on a port of its own."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = ["serve", "--port", str(port)]
        super().__init__(command, environ, Path(environ["ALERTS_DATA"]) / "service.log", TRIAL_ALERTS)

    def wait_until_ready(self) -> None:
        """Waits until it answers."""
        eventually(self._answers, START_SECONDS, "an answer of the service")

    def _answers(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/health/live", timeout=30, trust_env=False).status_code == 200
        return False


class RestartedRedis(Target):
    """A Redis that keeps nothing, on a socket that stays the same."""

    def __init__(self, folder: Path) -> None:
        self.url = f"unix://{folder / 'redis.sock'}"
        place = ["--port", "0", "--unixsocket", str(folder / "redis.sock"), "--dir", str(folder)]
        super().__init__([redis_binary(), *place, "--save", ""], {})

    def start(self, **changed: str) -> None:
        """Starts it, empty, and waits until it answers."""
        super().start(**changed)
        eventually(self._answers, START_SECONDS, "an answer of Redis")

    def _answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False

    def forget(self) -> None:
        """FLUSHALL."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@contextmanager
def mail_server(store: Path) -> Iterator[int]:
    """The port of a server in a process of its own, which writes each mail down before it says 250."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.smtp_server", "--store", str(store)],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,
    )
    try:
        assert process.stdout
        found = re.search(r":(\d+)$", process.stdout.readline().strip())
        assert found
        yield int(found[1])
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()

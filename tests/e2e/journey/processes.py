"""The system as its users start it: real processes, with an eye on what they leave behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx

from service.runtime.child_process import die_with_parent
from tests.e2e.journey.forked_dev import FORKED_DEV
from tests.e2e.journey.forked_serve import FORKED_SERVE
from tests.e2e.journey.visitor import NO_KEEPING
from tests.forked import PATIENCE, TRIAL_ALERTS, Forked, fork_server
from tests.servers import free_port

COMMAND = Path(sys.executable).with_name("trial-alerts")
Found = TypeVar("Found")


def eventually(look: Callable[[], Found | None], seconds: float = PATIENCE, what: str = "it") -> Found:
    """Waits until `look` returns a true value, and returns it."""
    deadline = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.05)


def plain_environment(**more: str) -> dict[str, str]:
    """This process's environment without any setting of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALERTS_")}
    return kept | more


class Dev:
    """A development system that runs."""

    def __init__(self, process: "subprocess.Popen[bytes] | Forked", url: str, data: Path) -> None:
        self.process, self.url, self.data = process, url, data
        forgetful = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self.http = httpx.Client(
            base_url=url, timeout=PATIENCE, trust_env=False, cookies=forgetful, limits=NO_KEEPING
        )

    def mails(self, to: str = "") -> list[dict[str, Any]]:
        """The mails that went out to an address, or all; newest first."""
        mails = self.get("/dev/mailbox.json").json()
        return [mail for mail in mails if not to or to in mail["rcpt_to"]]

    def get(self, path: str) -> httpx.Response:
        """One request without a browser."""
        return self.http.get(path)

    def post(self, path: str, **content: Any) -> httpx.Response:
        """One POST without a browser."""
        return self.http.post(path, **content)

    def mail(self, to: str, number: int = 1, seconds: float = PATIENCE) -> dict[str, Any]:
        """The `number`th mail to an address, as soon as it has arrived."""
        arrived = eventually(
            lambda: mails if len(mails := self.mails(to)) >= number else None, seconds, f"mail {number}"
        )
        return arrived[-number]

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """An operator's command beside it."""
        return run_command(*arguments, ALERTS_DATA=str(self.data))

    def children(self) -> list[int]:
        """The processes that it started, and those started by them."""
        return descendants(self.process.pid)


def run_command(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """One command, to its end, in a forked process."""
    return fork_server().run(TRIAL_ALERTS, arguments, plain_environment(**environ))


def run_program(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """As `run_command`, by the installed program in an interpreter of its own."""
    return subprocess.run(
        [COMMAND, *arguments],
        env=plain_environment(**environ),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def dev(
    data: Path,
    environ: Mapping[str, str] | None = None,
    command: Sequence[str] = (),
    *,
    port: int = 0,
) -> Iterator[Dev]:
    """A development system, by default on a free port; ended with SIGTERM if it still runs at the end.

    It is forked, or started by `command`. News does not settle first, unless `environ` says otherwise.
    """
    arguments = ["dev", "--port", str(port), "--data", str(data)]
    environment = plain_environment(**{"ALERTS_SETTLE_SECONDS": "0"} | dict(environ or {}))
    read, write = os.pipe()
    with (
        (data.parent / f"{data.name}.log").open("ab") as log,
        os.fdopen(read) as output,
        ExitStack() as stack,
    ):
        with os.fdopen(write, "wb") as out:
            process = stack.enter_context(
                _started(command, environment, out, log)
                if command
                else fork_server().start(FORKED_DEV, arguments, environment, out, log)
            )
        try:
            running = Dev(process, _url_printed_by(process, output), data)
            with running.http:
                yield running
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(PATIENCE)


def as_users_start_it(data: Path) -> list[str]:
    """The command for `dev` whose processes are not forked."""
    return [str(COMMAND), "dev", "--port", "0", "--data", str(data)]


def _started(
    command: Sequence[str], environ: dict[str, str], out: IO[bytes], err: IO[bytes]
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, env=environ, stdout=out, stderr=err, start_new_session=True)


def _url_printed_by(process: "subprocess.Popen[bytes] | Forked", output: IO[str]) -> str:
    for line in output:
        if found := re.search(r"is ready\.\s+(http://\S+?)/?$", line.strip()):
            return found[1]
    raise AssertionError(f"the system did not start: exit status {process.wait(10)}")


@contextmanager
def serve(
    environ: Mapping[str, str], *arguments: str, prepare: Callable[[], object] = die_with_parent
) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """`trial-alerts serve` and its port, as soon as it answers; `prepare` runs in the process before it."""
    port = free_port()
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port), *arguments],
        env=plain_environment(**environ),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=prepare,
    )
    try:
        _await_answer(process, port)
        yield process, port
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def forked_serve(environ: Mapping[str, str], *arguments: str) -> Iterator[tuple[Forked, int]]:
    """As `serve`, in a forked process that forks those of `--processes`."""
    port = free_port()
    with open(os.devnull, "wb") as nothing:
        process = fork_server().launch(
            FORKED_SERVE,
            ["serve", "--port", str(port), *arguments],
            plain_environment(**environ),
            nothing,
            nothing,
        )
    try:
        _await_answer(process, port)
        yield process, port
    finally:
        process.terminate()
        process.wait()


def _await_answer(process: "subprocess.Popen[bytes] | Forked", port: int) -> None:
    url = f"http://127.0.0.1:{port}/health/live"

    def answers() -> bool:
        assert process.poll() is None, "the service ended"
        with suppress(httpx.TransportError):
            return httpx.get(url, timeout=PATIENCE, trust_env=False).status_code == 200
        return False

    eventually(answers, what="an answer of the service")


def descendants(pid: int) -> list[int]:
    """The processes below `pid`, as Linux lists them."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def command_line(pid: int) -> bytes:
    """How a process was started; nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def alive(pids: list[int]) -> list[int]:
    """The processes among these that still run."""

    def runs(pid: int) -> bool:
        try:
            return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    return [pid for pid in pids if runs(pid)]


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    """Sends a signal to one process."""
    os.kill(pid, number)

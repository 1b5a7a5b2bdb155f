"""Commands and workers that SIGTERM or SIGHUP (a closed terminal) stops: in order, as Ctrl-C does."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.databases import postgresql_database
from tests.e2e.journey.processes import COMMAND, eventually, plain_environment
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

SIGNALS = [signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def database_url(postgresql_template: str) -> Iterator[str]:
    with postgresql_database(postgresql_template) as url:
        yield url


@contextmanager
def running(
    environ: dict[str, str], *arguments: str, ignored: Sequence[signal.Signals] = ()
) -> Iterator["subprocess.Popen[str]"]:
    def prepare() -> None:
        for number in SIGNALS:  # whatever the tests themselves were started with, `nohup` for example
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)

    process = subprocess.Popen(
        [COMMAND, *arguments],
        env=plain_environment(**environ),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=prepare,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    with psycopg.connect(url) as other:
        other.execute(f"LOCK TABLE {table}")
        yield


@pytest.mark.parametrize("ending", SIGNALS)
def test_an_export_that_is_stopped_leaves_no_addresses_behind(
    environ: dict[str, str], database_url: str, tmp_path: Path, ending: signal.Signals
) -> None:
    out = tmp_path / "people.csv"
    with (
        locked(database_url, "subscription"),
        running(environ, "subscriptions", "export", "--out", str(out)) as process,
    ):
        eventually(lambda: list(tmp_path.glob("people*")), what="a file that is begun")
        process.send_signal(ending)
        assert process.communicate(timeout=PATIENCE)[1].strip() == "Stopped."
        assert process.returncode == -ending
    assert list(tmp_path.glob("people*")) == []


@pytest.mark.parametrize("ending", SIGNALS)
def test_an_import_that_is_stopped_says_how_to_go_on(
    environ: dict[str, str], database_url: str, tmp_path: Path, ending: signal.Signals
) -> None:
    file = tmp_path / "people.csv"
    lines = [f"a{number}@example.org,trial:NCT04787263" for number in range(9000)]
    file.write_text("\n".join(["email,topic", *lines]))

    def began() -> bool:
        with psycopg.connect(database_url) as look:
            found = look.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
            return bool(found and found[0])

    with running(environ, "subscriptions", "import", str(file)) as process:
        with locked(database_url, "subscription"):
            eventually(began, what="a batch that waits")
            process.send_signal(ending)
        out, err = process.communicate(timeout=PATIENCE)
        assert out == "4000 imported, 0 rejected.\n"
        assert "--from-line 4002 goes on." in err
        assert process.returncode == -ending


@pytest.mark.parametrize("ending", SIGNALS)
def test_a_worker_finishes_its_work_when_it_is_stopped(
    environ: dict[str, str], ending: signal.Signals
) -> None:
    with running(environ, "worker") as process:
        assert process.stderr is not None
        while "worker_ready" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(ending)
        assert "worker_stopped" in process.communicate(timeout=PATIENCE)[1]
        assert process.returncode == 0


def test_nohup_keeps_a_worker_running(environ: dict[str, str]) -> None:
    with running(environ, "worker", ignored=[signal.SIGHUP]) as process:
        assert process.stderr is not None
        while "worker_ready" not in process.stderr.readline():
            assert process.poll() is None
        os.kill(process.pid, signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert "worker_stopped" in process.communicate(timeout=PATIENCE)[1]


def test_a_stop_that_comes_within_a_callback_is_not_lost() -> None:
    """Python ignores what is raised there, and its imports have such callbacks."""
    program = (
        "import signal, time, weakref",
        "from service.cli.stop_signals import end_as_stopped, stop_as_ctrl_c_does",
        "stop_as_ctrl_c_does()",
        "held = weakref.WeakSet()",
        "stops = weakref.ref(held, lambda _: signal.raise_signal(signal.SIGTERM))",
        "try:",
        "    del held",
        "    time.sleep(60)",
        "except KeyboardInterrupt:",
        "    end_as_stopped()",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(program)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (-signal.SIGTERM, "")


def test_a_background_job_of_a_script_is_stopped() -> None:
    """A shell starts it with SIGINT ignored."""
    program = (
        "import signal, time",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "from service.cli.stop_signals import end_as_stopped, stop_as_ctrl_c_does",
        "stop_as_ctrl_c_does()",
        "try:",
        "    signal.raise_signal(signal.SIGTERM)",
        "except KeyboardInterrupt:",
        "    end_as_stopped()",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(program)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGTERM, b"")

"""`make run` starts everything and leaves nothing behind, however it ends."""

import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.e2e.journey.processes import (
    PATIENCE,
    alive,
    as_users_start_it,
    command_line,
    dev,
    eventually,
    forked_serve,
    kill,
    run_command,
    serve,
)
from tests.e2e.journey.visitor import Visitor

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads Linux's process table")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_child_process_is_left_at_any_end_of_the_parent(tmp_path: Path, ending: signal.Signals) -> None:
    with dev(tmp_path / "data", command=as_users_start_it(tmp_path / "data")) as running:
        children = running.children()
        assert len(children) >= 2  # Redis and a worker
        running.process.send_signal(ending)
        status = running.process.wait(PATIENCE)
        assert status == (-signal.SIGKILL if ending == signal.SIGKILL else 0)
        eventually(lambda: not alive(children), what="the end of every child")
    assert (tmp_path / "data" / "dev.env").exists() == (ending == signal.SIGKILL)


def test_no_process_is_left_when_make_is_killed(tmp_path: Path) -> None:
    command = ["make", "run", "DEV_OPTIONS=--port 0 --data " + str(tmp_path / "data")]
    with dev(tmp_path / "data", command=command) as running:
        below = running.children()
        assert len(below) >= 3  # the system itself, Redis and a worker
        kill(running.process.pid)
        eventually(lambda: not alive(below), what="the end of every process")


def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    with dev(tmp_path / "data", command=as_users_start_it(tmp_path / "data")) as running:

        def workers() -> list[int]:
            return [pid for pid in running.children() if b"workers" in command_line(pid)]

        (before,) = workers()
        kill(before)
        eventually(lambda: [pid for pid in workers() if pid != before], what="another worker")


def test_data_and_secrets_survive_a_restart(tmp_path: Path) -> None:
    with dev(tmp_path / "data") as running:
        visitor = Visitor(running.url)
        page = visitor.get("/demo/trials/NCT04787263")
        visitor.submit(page, "/v1/subscriptions", email="anna@example.org", accept_terms="yes")
        confirmation = running.mail("anna@example.org")
        secrets = (tmp_path / "data" / "secrets.env").read_text()
    with dev(tmp_path / "data") as running:
        assert [mail["id"] for mail in running.mails("anna@example.org")] == [confirmation["id"]]
        assert (tmp_path / "data" / "secrets.env").read_text() == secrets
        token = next(link for link in confirmation["links"] if "/confirm/" in link).rpartition("/")[2]
        visitor = Visitor(running.url)
        assert visitor.submit(visitor.get(f"/confirm/{token}"), "/confirm/").status_code == 200


def test_a_port_in_use_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with dev(tmp_path / "one") as running:
        port = running.url.rpartition(":")[2]
        refused = run_command("dev", "--port", port, "--data", str(tmp_path / "two"))
    assert refused.returncode == 1
    assert (
        refused.stderr.strip()
        == f"trial-alerts: Port {port} of 127.0.0.1 is in use: choose another one with --port."
    )


def test_a_second_system_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with dev(tmp_path / "data"):
        refused = run_command("dev", "--port", "0", "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert "already runs on" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_files_of_dev_are_private(tmp_path: Path) -> None:
    with dev(tmp_path / "data"):
        for name in ("dev.env", "secrets.env"):
            assert (tmp_path / "data" / name).stat().st_mode & 0o077 == 0


def test_serve_has_none_of_the_development_pages(tmp_path: Path, environ: dict[str, str]) -> None:
    with serve(environ, "--processes", "2") as (process, port):
        url = f"http://127.0.0.1:{port}"
        assert _answers(f"{url}/health/ready") == 200
        for path in ("/", "/dev/mailbox", "/dev/mailbox.json", "/dev/events", "/demo/trials/NCT04787263"):
            assert _answers(url + path) == 404, path
        assert httpx.post(f"{url}/dev/digests", timeout=PATIENCE, trust_env=False).status_code == 404
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert not os.path.exists(f"/proc/{process.pid}")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_stopped_server_exits_with_status_0(
    environ: dict[str, str], ending: signal.Signals, processes: str
) -> None:
    with forked_serve(environ, "--processes", processes) as (process, _):
        if ending is signal.SIGHUP:  # a terminal that closes tells all its processes
            os.killpg(process.pid, ending)
        else:
            process.send_signal(ending)
        assert process.wait(PATIENCE) == 0


def _answers(url: str) -> int:
    return httpx.get(url, timeout=PATIENCE, trust_env=False).status_code

"""`trial-alerts init`: a folder with settings in which every command works, in containers and without."""

import os
import stat
import subprocess
from pathlib import Path

import httpx
import pytest
from dotenv import dotenv_values

from service.cli.new_installation import write_files
from service.configuration.settings import read
from tests.e2e.journey.processes import COMMAND, eventually, plain_environment, run_command
from tests.servers import free_port
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow


def command(
    folder: Path, *arguments: str, text: str = "", **environ: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=folder,
        env=plain_environment(**environ),
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--public-url", "alerts.example.org", "it must be a URL that begins with http:// or https://"),
        ("--mail-from", "Example Updates", "it must be a sender such as: Example Trials"),
    ],
)
def test_a_value_that_no_command_would_accept_is_refused_before_it_is_written(
    tmp_path: Path, option: str, value: str, told: str
) -> None:
    """It was written, and a second `init` leaves what is there."""
    done = command(tmp_path, "init", "new", option, value)
    assert done.returncode == 2
    assert done.stderr.startswith(f"trial-alerts: Invalid value for '{option}': {told}")
    assert not (tmp_path / "new").exists()


def test_a_new_installation_has_valid_settings(tmp_path: Path) -> None:
    for arguments in ((), ("--compose",)):
        folder = tmp_path / ("containers" if arguments else "machine")
        done = command(tmp_path, "init", folder.name, *arguments)
        assert done.returncode == 0, done.stderr
        text = (folder / "settings.env").read_text(encoding="utf-8")
        given = [line for line in text.splitlines() if line and line[0] != "#"]
        assert not any("'" in line or '"' in line for line in given), "programs differ in what quotes mean"
        values = {name: value for name, value in dotenv_values(folder / ".env").items() if value is not None}
        settings = read(values)
        assert settings.public_url == "http://127.0.0.1:8000"
        assert {stat.S_IMODE((folder / name).stat().st_mode) for name in ("settings.env", "terms.txt")} == {
            0o600
        }
        password = folder / "database_password"
        assert password.exists() == bool(arguments)
        if arguments:
            assert f":{password.read_text()}@database/" in settings.database_url


def test_a_new_installation_overwrites_nothing(tmp_path: Path) -> None:
    assert command(tmp_path, "init", ".", "--compose").returncode == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    again = command(tmp_path, "init", ".", "--compose")
    assert again.stdout.count("is there already") == 3
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    (tmp_path / "settings.env").unlink()  # lost: the database still has the password
    command(tmp_path, "init", ".", "--compose")
    assert before["database_password"].decode() in (tmp_path / "settings.env").read_text()


def test_the_containers_users_can_read_their_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "config"
    folder.mkdir(mode=0o700)
    given = list[tuple[str, int]]()
    monkeypatch.setattr(os, "chown", lambda path, user, _: given.append((path.name.split(".")[1], user)))
    list(
        write_files(
            folder, compose=True, owner=10001, public_url="http://a.example", mail_from="A <a@a.example>"
        )
    )
    assert given == [("database_password", 70), ("settings", 10001), ("terms", 10001)]
    assert folder.stat().st_mode & 0o005 == 0o005


def test_a_new_installation_serves(
    tmp_path: Path, sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs the services `init`, `setup` and `service` of compose.yaml, one after the other."""
    monkeypatch.chdir(tmp_path)
    assert run_command("init", ".", "--compose").returncode == 0
    port = free_port()
    own = {
        "ALERTS_DATABASE_URL": sqlite_url,
        "ALERTS_REDIS_URL": redis_url,
        "ALERTS_DATA": str(tmp_path / "data"),
    }
    for _ in range(2):  # the second `docker compose up` finds everything there
        assert run_command("migrate", **own).returncode == 0
        done = run_command("terms", "publish", "terms.txt", "--version", "1", "--first", **own)
        assert (done.returncode, "1 is published" in done.stdout) == (0, True), done.stderr
        (tmp_path / "terms.txt").write_text("Other terms.", encoding="utf-8")
    serving = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port)], cwd=tmp_path, env=plain_environment(**own)
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False) as client:

            def answers() -> bool:
                try:
                    return client.get("/health/ready").status_code == 200
                except httpx.HTTPError:
                    return False

            eventually(answers, what="an answer")
            assert client.get("/v1/terms").json()["version"] == "1"
            assert client.get("/subscribe").status_code == 200
    finally:
        serving.terminate()
        serving.wait(PATIENCE)


def test_terms_come_from_standard_input(tmp_path: Path, sqlite_url: str, redis_url: str) -> None:
    own = {"ALERTS_DATABASE_URL": sqlite_url, "ALERTS_REDIS_URL": redis_url, "ALERTS_DATA": str(tmp_path)}
    assert command(tmp_path, "init").returncode == 0
    done = command(tmp_path, "terms", "publish", "-", "--version", "2026-11", text="Be kind.", **own)
    assert (done.returncode, done.stdout) == (0, "Version 2026-11 is published.\n"), done.stderr


def test_an_older_version_of_the_terms_does_not_become_the_current_one_again(
    tmp_path: Path, sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"ALERTS_DATABASE_URL": sqlite_url, "ALERTS_REDIS_URL": redis_url, "ALERTS_DATA": str(tmp_path)}
    monkeypatch.chdir(tmp_path)
    assert run_command("init").returncode == 0

    def published(text: str, version: str) -> str:
        Path("terms.txt").write_text(text, encoding="utf-8")
        return run_command("terms", "publish", "terms.txt", "--version", version, **own).stdout

    published("Be kind.", "1")
    known = "has already been published with this text"
    assert published("Be kind.", "1") == f"Version 1 {known}.\n"
    published("Be kinder.", "2")
    assert published("Be kind.", "1") == f"Version 1 {known}; the current version is 2.\n"


def test_secrets_are_printed_as_they_are_read(tmp_path: Path) -> None:
    done = command(tmp_path, "keys", "generate")
    lines = dict(line.split("=", 1) for line in done.stdout.splitlines())
    (tmp_path / "keys.env").write_text(done.stdout)
    assert dotenv_values(tmp_path / "keys.env") == lines

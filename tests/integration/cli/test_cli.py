"""The command line: exit statuses, one sentence on standard error, no secrets."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import make_url

from service.configuration import settings
from service.runtime import worker_health
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import COMMAND, plain_environment, run_command, run_program

pytestmark = pytest.mark.slow


def test_help_is_there_without_any_setting() -> None:
    done = run_program("--help")
    assert done.returncode == 0
    assert "doctor" in done.stdout


def test_help_loads_no_slow_library() -> None:
    code = "import service.cli.main, sys; print({'litestar', 'sqlalchemy', 'arq'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["digests"],
        ["nonsense"],
        ["serve", "--port", "99999"],
        ["dev", "--nonsense"],
        ["lmtp", "--listen", "nonsense"],
        ["runs", "show", "9223372036854775808"],
        ["runs", "release", "9223372036854775808"],
        ["runs", "cancel", "9223372036854775808", "--never-tell"],
        ["mail", "release", "--run", "9223372036854775808"],
        ["why", "--delivery", "9223372036854775808"],
        ["why", "--event", "9223372036854775808"],
        ["events", "replay", "--id", "9223372036854775808"],
        ["events", "send", __file__, "--url", "example.org"],
        ["events", "send", __file__, "--url", "https://"],
        ["events", "send", __file__, "--url", "http://[x"],
        ["registry", "watch", "--url", "http://127.0.0.1:port"],
    ],
)
def test_wrong_usage_is_exit_status_2_and_one_sentence(
    wrong: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_command(*wrong)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("trial-alerts: ")
    assert done.stderr.endswith(" --help).\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["doctor"]])
def test_a_missing_setting_is_named_in_one_sentence(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_command(*command, ALERTS_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "ALERTS_REDIS_URL is required but not set." in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_generated_keys_are_accepted_settings(tmp_path: Path) -> None:
    first, second = run_command("keys", "generate"), run_command("keys", "generate")
    assert first.returncode == 0
    assert first.stdout != second.stdout
    given = dict(line.split("=", 1) for line in first.stdout.splitlines())
    environ = ENVIRONMENT | {name: value.strip("'") for name, value in given.items()}
    read = settings.read(environ | {"ALERTS_REDIS_URL": "redis://127.0.0.1:1"})
    assert len(read.secret_keys) == 1


def test_after_a_rotation_the_command_says_until_when_an_older_key_is_needed(
    sqlite_url: str, redis_url: str
) -> None:
    """It said that it can be removed: links to the preferences and to confirm ended with it."""
    here = ENVIRONMENT | {"ALERTS_REDIS_URL": redis_url, "ALERTS_DATABASE_URL": sqlite_url}
    done = run_command("keys", "rotate", **here)
    assert done.returncode == 0
    assert "Links in mails need an older one until the newest is 30 days old;" in done.stdout


def test_migrate_makes_the_schema_and_may_be_repeated(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.sqlite3'}"
    for _ in range(2):
        done = run_command("migrate", ALERTS_DATABASE_URL=url)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("The schema is at ")


def test_a_database_that_is_away_is_one_sentence_without_its_password() -> None:
    done = run_command("migrate", ALERTS_DATABASE_URL="postgresql://alerts:secretword@127.0.0.1:1/alerts")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "connection refused: nothing listens there" in done.stderr
    assert "secretword" not in done.stdout + done.stderr


@pytest.mark.parametrize("processes", ["1", "2"])
def test_foreign_keys_and_an_unavailable_database_stop_the_start_in_one_sentence(
    sqlite_url: str, redis_url: str, tmp_path: Path, processes: str
) -> None:
    here = ENVIRONMENT | {"ALERTS_REDIS_URL": redis_url, "ALERTS_DATA": str(tmp_path)}
    first = run_command("subscriptions", "export", **here, ALERTS_DATABASE_URL=sqlite_url)
    assert first.returncode == 0, first.stderr
    other = {"ALERTS_SECRET_KEYS": "another-secret-key-of-more-than-32-characters"}
    away = "postgresql://alerts:secretword@127.0.0.1:1/alerts"
    for changed, words in (
        (other | {"ALERTS_DATABASE_URL": sqlite_url}, "ALERTS_SECRET_KEYS holds none of the keys"),
        ({"ALERTS_DATABASE_URL": away}, "The database can't be"),
    ):
        ended = run_command("serve", "--port", "0", "--processes", processes, **(here | changed))
        assert ended.returncode == 1
        assert words in ended.stderr
        assert len(ended.stderr.splitlines()) == 1
        assert "Traceback" not in ended.stdout + ended.stderr


#: Commands that need the tables, each with its arguments.
NEED_TABLES = (
    ("serve", "--port", "0"),
    ("worker",),
    ("lmtp", "--listen", "127.0.0.1:0"),
    ("imap", "--once"),
    ("digests", "send-due"),
    ("runs", "list"),
    ("mail", "status"),
    ("subscriptions", "export"),
    ("why", "--email", "alice@example.org"),
)


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_each_command_on_an_empty_database_asks_for_a_migration(
    environ: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.sqlite3").touch()
    empty = f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}"
    if database_url.startswith("postgresql"):
        empty = make_url(database_url).set(database="postgres").render_as_string(hide_password=False)
    here = environ | {"ALERTS_DATABASE_URL": empty, "ALERTS_IMAP_URL": "imaps://u:p@127.0.0.1:1/INBOX"}
    for command in NEED_TABLES:
        ended = run_command(*command, **here)
        assert (ended.returncode, ended.stderr) == (
            1,
            "trial-alerts: The database's tables are missing: run trial-alerts migrate.\n",
        ), command


def test_a_worker_with_an_unavailable_or_older_database_ends_with_one_sentence(
    environ: dict[str, str], sqlite_url: str
) -> None:
    away = {"ALERTS_DATABASE_URL": "postgresql://alerts:secretword@127.0.0.1:1/alerts"}
    ended = run_command("worker", **(environ | away))
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert "connection refused: nothing listens there" in ended.stderr
    with closing(sqlite3.connect(sqlite_url.partition("///")[2])) as older:
        older.execute("UPDATE alembic_version SET version_num = '0000'")
        older.commit()
    ended = run_command("worker", **(environ | {"ALERTS_DATABASE_URL": sqlite_url}))
    assert ended.returncode == 1
    assert ended.stderr.startswith("trial-alerts: The database's tables are at revision 0000, ")


def diagnosed(environ: dict[str, str]) -> tuple[int, dict[str, str]]:
    """The exit status and the verdicts of `doctor`."""
    done = run_command("doctor", **environ)
    lines = [line.split() for line in done.stdout.splitlines()]
    return done.returncode, {name.rstrip(":"): verdict for verdict, name, *_ in lines}


#: The checks of `doctor` that need only servers that the tests start.
HERE = ("settings", "database", "schema", "redis", "proxies")


def test_doctor_names_each_check_and_fails_if_one_fails(environ: dict[str, str]) -> None:
    exit_status, verdicts = diagnosed(environ)
    assert list(verdicts) == [
        "settings", "public-url", "templates", "database", "schema", "keys", "terms", "redis", "clock",
        "workers", "events", "proxies", "smtp", "ptr", "spf", "dkim", "dmarc", "bounces", "mta-sts", "locks",
    ]  # fmt: skip
    assert {verdicts[name] for name in HERE} == {"ok"}
    assert verdicts["smtp"] == "FAIL"  # nothing listens on the port of these settings
    assert exit_status == 1


def test_a_missing_worker_is_reported_to_a_health_check(environ: dict[str, str]) -> None:
    done = run_command("worker", "--check", **environ)
    assert (done.returncode, done.stderr) == (1, "trial-alerts: No worker is running.\n")


@pytest.mark.parametrize("form", ["ALERTS_DATA={folder}", "ALERTS_DATA_FILE={folder}/named"])
def test_a_health_check_looks_into_the_data_folder_that_the_env_file_names(tmp_path: Path, form: str) -> None:
    """Workers have it from there."""
    data = tmp_path / "data"
    worker_health.write(data, datetime.now(UTC), [])
    (tmp_path / "named").write_text(f"{data}\n")
    (tmp_path / ".env").write_text(form.format(folder=data if "FILE" not in form else tmp_path) + "\n")
    check = [COMMAND, "worker", "--check"]
    done = subprocess.run(
        check, cwd=tmp_path, env=plain_environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"worker {os.getpid()}: well\n")


def test_openapi_prints_the_document_without_settings(tmp_path: Path) -> None:
    printed = run_command("openapi")
    written = run_command("openapi", "--out", str(tmp_path / "api.json"))
    assert (printed.returncode, written.returncode) == (0, 0)
    assert (tmp_path / "api.json").read_text() == printed.stdout
    document = msgspec.json.decode(printed.stdout)
    assert document["openapi"].startswith("3.1")
    assert "/v1/subscriptions" in document["paths"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_completion(shell: str) -> None:
    done = run_command("completion", shell)
    assert done.returncode == 0
    assert "_TRIAL_ALERTS_COMPLETE" in done.stdout


def test_words_are_completed() -> None:
    words = {"COMP_WORDS": "trial-alerts subscriptions im", "COMP_CWORD": "2"}
    done = run_program("subscriptions", _TRIAL_ALERTS_COMPLETE="bash_complete", **words)
    assert done.stdout == "plain,import\n"

"""Commands whose standard input, output or error is closed, full, cut off or in another encoding."""

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from service.configuration.settings import read
from service.system import open_system
from tests.e2e.journey.processes import COMMAND, plain_environment, run_command
from tests.integration.privacy import cast
from tests.integration.privacy.cast import ALICE

pytestmark = pytest.mark.slow

STUDY = Path(__file__).parents[2] / "data" / "registry" / "studies" / "NCT00353704_2024-12-16.json"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """No stream depends on the database: one kind of it is enough."""
    return sqlite_url


def in_a_shell(line: str, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """A line of a shell in which `ta` is the command, with `$1` and so on for `words`."""
    return subprocess.run(
        ["sh", "-c", f'ta() {{ "{COMMAND}" "$@"; }}; {line}', "sh", *words],
        env=plain_environment(**environ),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


async def test_a_command_works_without_standard_error(environ: dict[str, str]) -> None:
    async with open_system(read(environ)) as system:
        await cast.follower(system, ALICE)
    for line in ("ta subscriptions export 2>&-", "ta subscriptions export 2>/dev/full"):
        done = in_a_shell(line, **environ)
        assert (done.returncode, done.stdout.count(ALICE)) == (0, 2), line


@pytest.mark.parametrize("target", ["&-", "/dev/full"])
def test_wrong_usage_has_its_exit_status_when_no_sentence_can_be_written(target: str) -> None:
    assert in_a_shell(f"ta nonsense 2>{target}").returncode == 2


@pytest.mark.parametrize(
    ("target", "reason"), [("&-", "Bad file descriptor"), ("/dev/full", "No space left on device")]
)
@pytest.mark.parametrize(
    "command", ["subscriptions export", 'registry convert "$1"', "mail status", "--help"]
)
def test_a_result_that_can_not_be_written_is_a_failure_in_one_sentence(
    environ: dict[str, str], target: str, reason: str, command: str
) -> None:
    done = in_a_shell(f"ta {command} >{target}", str(STUDY), **environ)
    assert done.returncode == 1
    assert done.stderr == f"trial-alerts: Standard output: {reason}.\n"


def test_a_reader_that_has_enough_is_told_nothing() -> None:
    done = in_a_shell("(sleep 1; ta openapi; echo $? >&2) | true")
    assert done.stderr == "1\n"


def test_standard_input_that_is_closed_is_named(environ: dict[str, str]) -> None:
    done = in_a_shell("ta terms publish - --version 1 <&-", **environ)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "unexpected" not in done.stderr


@pytest.mark.parametrize("strange", [{"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_output_for_programs_is_utf_8_in_any_locale(strange: dict[str, str]) -> None:
    done = in_a_shell("ta openapi", PYTHONCOERCECLOCALE="0", **strange)
    assert done.returncode == 0
    assert json.loads(done.stdout)
    assert not done.stdout.isascii()


def test_a_terminal_without_a_letter_shows_its_number() -> None:
    ours, theirs = pty.openpty()
    environ = plain_environment(PYTHONIOENCODING="latin-1")
    with subprocess.Popen([COMMAND, "openapi"], env=environ, stdout=theirs) as command:
        os.close(theirs)
        shown = b""
        try:
            while some := os.read(ours, 1 << 16):
                shown += some
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    assert command.returncode == 0
    assert b"\\u" in shown


@pytest.mark.parametrize(
    "command", [["openapi"], ["subscriptions", "export"], ["registry", "convert", str(STUDY)]]
)
def test_a_file_that_can_not_be_written_is_named(
    environ: dict[str, str], tmp_path: Path, command: list[str]
) -> None:
    for out, reason in (
        (Path("/dev/full"), "No space left on device"),
        (tmp_path / "nowhere" / "file", "No such file or directory"),
    ):
        done = run_command(*command, "--out", str(out), **environ)
        assert (done.returncode, done.stderr) == (1, f"trial-alerts: {out}: {reason}.\n")


def test_a_report_whose_disk_is_full_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    """Its first lines wait in memory, so that the disk says so at their end."""
    file = tmp_path / "people.csv"
    file.write_text("email,topic\nanna@example.org,trial:NCT04787263\nanna,trial:NCT04787263\n")
    for command in ("subscriptions", "suppressions"):
        done = run_command(command, "import", str(file), "--report", "/dev/full", **environ)
        assert (done.returncode, done.stderr) == (
            1,
            "trial-alerts: /dev/full: No space left on device.\n",
        ), command

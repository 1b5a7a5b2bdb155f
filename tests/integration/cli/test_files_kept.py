"""Files of operators that a command must not lose: what it reads, and what lies where it writes."""

import os
import threading
from pathlib import Path

import pytest

from service.cli.context import written_whole
from service.cli.import_run import RejectionReport
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import run_command

pytestmark = pytest.mark.slow

PEOPLE = "email,topic\nanna@example.org,trial:NCT04787263\n"


@pytest.mark.parametrize("command", [["subscriptions", "import"], ["suppressions", "import"]])
def test_a_report_is_not_written_over_the_file_that_is_imported(tmp_path: Path, command: list[str]) -> None:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    (tmp_path / "link").symlink_to(file)
    done = run_command(*command, str(file), "--report", str(tmp_path / "link"), **ENVIRONMENT)
    assert done.returncode == 2
    assert done.stderr.endswith("is the file that is read: name another one.\n")
    assert file.read_text() == PEOPLE


@pytest.mark.parametrize("option", ["--out", "--state"])
def test_events_are_not_written_over_the_records_that_are_converted(tmp_path: Path, option: str) -> None:
    file = tmp_path / "records.json"
    file.write_text("[]")
    done = run_command("registry", "convert", str(file), option, str(file))
    assert (done.returncode, file.read_text()) == (2, "[]")


def test_the_events_of_before_stay_where_a_conversion_fails(tmp_path: Path) -> None:
    file, out, state = (tmp_path / name for name in ("records.json", "events.json", "state.sqlite3"))
    file.write_text("[]")
    out.write_text("those of before")
    state.write_text("no database, but a text that is longer than the head of one would be" * 9)
    done = run_command("registry", "convert", str(file), "--out", str(out), "--state", str(state))
    assert (done.returncode, out.read_text()) == (1, "those of before")
    assert sorted(tmp_path.iterdir()) == [out, file, state]


def test_a_file_of_another_kind_is_not_taken_for_the_report_of_an_earlier_import(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    for kept in ("my,notes\n", ""):
        path.write_text(kept)
        RejectionReport(path, go_on=False).close()
        assert path.read_text() == kept
    earlier = RejectionReport(path, go_on=False)
    earlier.reject(2, "no")
    earlier.close()
    RejectionReport(path, go_on=False).close()
    assert not path.exists()


@pytest.mark.parametrize("group", ["subscriptions", "suppressions", "conditions"])
def test_a_pipe_is_no_file_for_an_import_which_reads_it_twice(tmp_path: Path, group: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = run_command(group, "import", str(tmp_path / "pipe"), **ENVIRONMENT)
    assert done.returncode == 2
    assert "is no regular file, and it is read twice: save it to one" in done.stderr


def test_a_link_such_as_dev_stdout_is_followed_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for content in (b"first", b"2nd"):
        with written_whole(tmp_path / "link") as stream:
            stream.write(content)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "file").read_bytes() == content


def test_a_pipe_or_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = list[bytes]()
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with written_whole(pipe) as stream:
        stream.write(b"all")
    reader.join()
    assert (read, pipe.is_fifo()) == ([b"all"], True)


@pytest.mark.parametrize("what", ["subscriptions", "suppressions"])
def test_an_import_whose_report_can_not_be_written_does_not_begin(
    environ: dict[str, str], tmp_path: Path, what: str
) -> None:
    """It ended at the first rejected line, with what was above it stored."""
    file, report = tmp_path / "people.csv", tmp_path / "nowhere" / "rejected.csv"
    file.write_text(PEOPLE + "no address,trial:NCT04787263\n")
    done = run_command(what, "import", str(file), "--report", str(report), **environ)
    assert (done.returncode, done.stdout) == (2, "")
    why = "can't be written (no such file or directory): name another file with --report."
    assert done.stderr == f"trial-alerts: {report} {why}\n"
    done = run_command("subscriptions", "export", **environ)
    assert "anna" not in done.stdout
    assert sorted(tmp_path.glob("people*")) == [file]

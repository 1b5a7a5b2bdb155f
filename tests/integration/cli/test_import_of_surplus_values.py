"""Lines of a file with more values than its header has names, and headers with a name twice."""

from pathlib import Path

import pytest

from service.cli import suppressions
from service.cli.context import CommandFailed
from service.system import System
from tests.integration.cli.test_import import OTHER, TRIAL, follows, import_lines, rejected, written

pytestmark = pytest.mark.slow


async def test_topics_between_commas_without_quotes_are_not_left_out_in_silence(
    system: System, tmp_path: Path
) -> None:
    lines = [f"anna@example.org,{TRIAL},{OTHER}", f"bo@example.org,{TRIAL},, ", f'cy@example.org,"{OTHER}"']
    path = written(tmp_path, "\n".join(["email,topic", *lines]))
    assert await import_lines(system, path) == (2, 0, 1)
    assert rejected(path) == {
        "2": "there are more values than columns: one that holds a comma stands in quotes"
    }
    assert await follows(system, "bo@example.org") == [(TRIAL, "weekly")]


@pytest.mark.parametrize("header", ["email,topic,topic", "email,Topics,topic", "E-Mail,topic,email"])
async def test_a_column_that_is_there_twice_is_not_left_out_in_silence(
    system: System, tmp_path: Path, header: str
) -> None:
    """The last one counted."""
    path = written(tmp_path, f"{header}\nanna@example.org,{TRIAL},{OTHER}\n")
    with pytest.raises(CommandFailed, match=r"people.csv has the column (topic|email) more than once"):
        await import_lines(system, path)
    path = written(tmp_path, f"email,topic,note,note\nanna@example.org,{TRIAL},,\n")
    assert await import_lines(system, path) == (1, 0, 0)


async def test_no_suppression_is_lost_to_a_second_column_of_addresses(system: System, tmp_path: Path) -> None:
    path = written(tmp_path, "email,mail\nanna@example.org,bo@example.org\n")
    with pytest.raises(CommandFailed, match="the column email more than once"):
        await suppressions.import_file(system, path, tmp_path / "rejected.csv", lambda *_: None)

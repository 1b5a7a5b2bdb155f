"""Lines of a file with more values than its header has names."""

from pathlib import Path

import pytest

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

"""A state file that is none is refused, however short; an empty one is a new one."""

from pathlib import Path

import pytest

from service.cli.context import CommandFailed
from service.cli.registry_state import RegistryState
from service.domain.trials.registry_revisions import Observation


@pytest.mark.parametrize("content", [b"x", b"{}", b"SQLite format", b"nct_id,revision\n" * 100])
def test_another_file_is_refused_and_stays_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state"
    path.write_bytes(content)
    with pytest.raises(CommandFailed, match="can't be used as a state file: the file is no SQLite database"):
        RegistryState(path)
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_state_file(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.touch()
    for revision in (3, 3):  # the second time it is read
        state = RegistryState(path)
        seen = Observation("NCT04787263", "digest", "record", 3)
        assert state.revise(seen).revision == revision
        state.commit()
        state.close()

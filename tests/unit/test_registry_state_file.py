"""A state file that is none is refused, however short; an empty one is a new one; processes may share one."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.cli.context import CommandFailed
from service.cli.registry import state as registry_state
from service.cli.registry.state import RegistryState
from service.domain.trials.registry.revisions import Observation
from tests.waiting import PATIENCE


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


def test_two_processes_give_no_revision_twice(tmp_path: Path) -> None:
    path, begins = tmp_path / "state", threading.Event()

    def revise_there() -> int:
        there = RegistryState(path)
        there.connection.set_trace_callback(lambda text: begins.set() if text.startswith("BEGIN") else None)
        revision = there.revise(Observation("NCT04787263", "another digest", "another record", 3)).revision
        there.commit()
        there.close()
        return revision

    here = RegistryState(path)
    assert here.revise(Observation("NCT04787263", "digest", "record", 3)).revision == 3
    with ThreadPoolExecutor(1) as other:
        revising = other.submit(revise_there)
        assert begins.wait(PATIENCE)
        here.commit()
        assert revising.result() == 4
    here.close()


def test_a_file_that_another_process_keeps_for_too_long_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_state, "_LOCK_SECONDS", 0)
    seen = Observation("NCT04787263", "digest", "record", 3)
    here, there = RegistryState(tmp_path / "state"), RegistryState(tmp_path / "state")
    here.revise(seen)
    with pytest.raises(CommandFailed, match="another process uses it"):
        there.revise(seen)
    here.close()
    there.close()

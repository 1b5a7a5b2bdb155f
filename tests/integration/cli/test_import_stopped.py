"""Imports that are stopped, killed, or run at once: nobody is lost, and nobody is there twice."""

import json
import signal
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from secrets import token_hex

import pytest
from sqlalchemy import func, select

from service.cli.csv_files import open_csv
from service.domain.imported_columns import FileLine
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import plain_environment
from tests.forked import TRIAL_ALERTS, fork_server

pytestmark = pytest.mark.slow

TRIAL = "trial:NCT04787263"


class Import:
    """A command that runs in a forked process."""

    def __init__(self, environ: Mapping[str, str], *arguments: str) -> None:
        written = Path(environ["ALERTS_DATA"]) / token_hex(4)
        self._out, self._err = written.with_suffix(".out"), written.with_suffix(".err")
        with self._out.open("wb") as out, self._err.open("wb") as err:
            command = ["subscriptions", "import", *arguments]
            self.process = fork_server().launch(TRIAL_ALERTS, command, environ, out, err)

    def ended(self) -> tuple[int, str, str]:
        """Its status, and what it printed and said, once it has ended."""
        return self.process.wait(), self._out.read_text(), self._err.read_text()


@pytest.fixture
def start(database_url: str, redis_url: str, tmp_path: Path) -> Callable[..., Import]:
    environment = plain_environment(
        **ENVIRONMENT, ALERTS_DATABASE_URL=database_url, ALERTS_REDIS_URL=redis_url, ALERTS_DATA=str(tmp_path)
    )
    return partial(Import, environment)


def long_file(folder: Path, lines: int) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(["email,topic", *(f"p{n}@example.org,{TRIAL}" for n in range(lines))]))
    return path


async def stored(system: System) -> int:
    async with reading(system.database) as connection:
        counts = [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (t.subscriber, t.subscription, t.consent)
        ]
    assert len(set(counts)) == 1, "a person without a consent, or a consent twice"
    return counts[0]


async def some_are_stored(system: System, running: Import) -> None:
    for _ in range(1200):
        async with reading(system.database) as connection:
            if (await connection.execute(select(t.subscriber.c.id).limit(1))).first():
                return
        assert not running.process.ended()
        time.sleep(0.1)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
async def test_a_stopped_or_killed_import_can_be_resumed(
    system: System, tmp_path: Path, start: Callable[..., Import], how: signal.Signals
) -> None:
    path = long_file(tmp_path, 15_000)
    running = start(str(path))
    await some_are_stored(system, running)
    running.process.send_signal(how)
    status, _, said = running.ended()
    before = await stored(system)
    assert 0 < before < 15_000
    assert status == (130 if how == signal.SIGINT else -signal.SIGKILL)
    go_on = ["--json"]
    if how == signal.SIGINT:
        assert f"--from-line {before + 2} goes on" in said
        go_on += ["--from-line", str(before + 2)]
    status, printed, _ = start(str(path), *go_on).ended()
    result = json.loads(printed)
    assert (status, result["rejected"], result["next_line"]) == (0, 0, None)
    assert result["new"] == 15_000 - before
    assert await stored(system) == 15_000


def test_a_record_of_several_lines_is_left_out_whole_where_an_import_goes_on(tmp_path: Path) -> None:
    """A stop after it says to go on at its second line: that was read as a person's."""
    path = tmp_path / "people.csv"
    note = f'"called,\nthen wrote as\nbo@example.org,{TRIAL},and so on"'
    path.write_text(f"email,topic,note\nanna@example.org,{TRIAL},{note}\ncarl@example.org,{TRIAL},\n")
    carl = FileLine(5, {"email": "carl@example.org", "topic": TRIAL, "note": ""})
    for first in (3, 4, 5):
        assert list(open_csv(path).lines(first)) == [carl]
    assert len(list(open_csv(path).lines(2))) == 2


async def test_concurrent_imports_of_the_same_people_create_each_of_them_once(
    system: System, tmp_path: Path, start: Callable[..., Import]
) -> None:
    path = long_file(tmp_path, 4_000)
    both = [start(str(path), "--json") for _ in range(2)]
    done = [json.loads(running.ended()[1]) for running in both]
    assert sum(result["new"] for result in done) == 4_000
    assert sum(result["known"] for result in done) == 4_000
    assert [result["rejected"] for result in done] == [0, 0]
    assert await stored(system) == 4_000

"""Several reasons why an address must not be written to: the one that weighs most counts, in any order."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from service.cli import suppressions as files
from service.cli.import_run import Result
from service.domain.delivery.suppression import REPLACED_BY, Reason
from service.store.people import suppressions
from service.store.people.rows import Suppression
from service.store.sql.database import reading
from service.system import System
from tests.integration.cli.test_import import import_lines, written
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

STRONGER = [(weaker, reason) for reason, replaced in REPLACED_BY.items() for weaker in sorted(replaced)]
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
DAYS = {reason: datetime(2025, 1, day, tzinfo=UTC) for day, reason in enumerate(Reason, 1)}


def line(reason: Reason) -> str:
    return f"a@example.org,{reason},list of {reason},{DAYS[reason].isoformat()}\n"


async def imported(system: System, folder: Path, *reasons: Reason, dry_run: bool = False) -> Result:
    path = written(folder, "email,reason,source,created_at\n" + "".join(map(line, reasons)))
    report = folder / "rejected.csv"
    return await files.import_file(system, path, report, lambda *_: None, dry_run=dry_run)


async def known(system: System) -> Suppression | None:
    async with reading(system.database) as connection:
        return await suppressions.get(connection, system.addresses.of("a@example.org"))


@pytest.mark.parametrize("order", [1, -1], ids=["weaker-first", "stronger-first"])
@pytest.mark.parametrize("in_one_file", [True, False])
async def test_the_reason_that_weighs_most_counts_with_its_source_and_time(
    system: System, tmp_path: Path, in_one_file: bool, order: int
) -> None:
    for weaker, stronger in STRONGER:
        pair = (weaker, stronger)[::order]
        for reasons in [pair] if in_one_file else [pair[:1], pair[1:]]:
            await imported(system, tmp_path, *reasons)
        found = await known(system)
        assert found is not None
        assert (found.reason, found.source) == (stronger, f"list of {stronger}"), pair
        assert found.created_at == DAYS[stronger]
        async with system.writing() as connection:
            await suppressions.lift(connection, system.addresses.of("a@example.org"))


async def test_the_result_says_how_many_reasons_were_replaced(system: System, tmp_path: Path) -> None:
    await imported(system, tmp_path, Reason.HARD_BOUNCE)
    for dry_run in (True, False):
        done = await imported(system, tmp_path, Reason.COMPLAINT, dry_run=dry_run)
        assert (done.new, done.known, done.replaced) == (0, 1, 1)
    assert done.sentence(dry_run=False) == (
        "0 imported, 1 known already (1 of them for a weaker reason, now replaced), 0 rejected."
    )
    assert (await imported(system, tmp_path, Reason.COMPLAINT)).replaced == 0


async def test_a_dry_run_counts_what_a_large_file_repeats_as_the_import_does(
    system: System, tmp_path: Path
) -> None:
    """The file has more lines than are stored at once."""
    addresses = [f"a{number}@example.org" for number in range(4000)] + ["a0@example.org"]
    path = written(tmp_path, "email,reason\n" + "".join(f"{address},bounce\n" for address in addresses))
    for dry_run in (True, False):
        done = await files.import_file(system, path, tmp_path / "r", lambda *_: None, dry_run=dry_run)
        assert (done.new, done.known) == (4000, 1)
    people = [f"b{number}@example.org,trial:NCT04787263" for number in range(4000)]
    path = written(tmp_path, "email,topic\n" + "\n".join([*people, people[0]]))
    for dry_run in (True, False):
        assert await import_lines(system, path, dry_run=dry_run) == (4000, 1, 0)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_weaker_reason_that_is_stored_at_the_same_moment_gives_way(
    system: System, database_url: str, tmp_path: Path
) -> None:
    """As two imports at once, or a bounce that comes back during one."""
    async with system.writing() as connection:
        index = system.addresses.of("a@example.org")
        await suppressions.add(
            connection, index, Reason.HARD_BOUNCE, source="feedback", now=DAYS[Reason.OPERATOR]
        )
        importing = asyncio.create_task(imported(system, tmp_path, Reason.COMPLAINT))
        async with asyncio.timeout(PATIENCE), await psycopg.AsyncConnection.connect(database_url) as look:
            while (await (await look.execute(_WAITING)).fetchone()) == (0,):
                await asyncio.sleep(0.05)
    await importing
    found = await known(system)
    assert found is not None
    assert found.reason == Reason.COMPLAINT

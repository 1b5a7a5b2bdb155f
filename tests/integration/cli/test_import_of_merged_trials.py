"""An import follows mergers as a sign-up does, and says how many it moved."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as sql_event

from service.actions.subject_rights import export
from service.cli.import_run import Result
from service.cli.operator import this_operator
from service.cli.subscriptions import import_file
from service.store.people import subscribers, subscriptions
from service.store.sql.database import reading
from service.system import System
from tests.events import event, upserted
from tests.events import merged as merger
from tests.integration.workers.ingested import received

pytestmark = pytest.mark.slow

OLD, MIDDLE, NEW, OTHER = (f"NCT0000000{number}" for number in (1, 2, 3, 4))
PEOPLE = ("anna@example.org", "bo@example.org", "cy@example.org", "di@example.org")
LINES = list(zip(PEOPLE, (OLD, MIDDLE, NEW, OTHER), strict=True))


@pytest.fixture
async def merged(system: System) -> None:
    for nct_id in (OLD, MIDDLE, NEW, OTHER):
        await received(system, upserted(nct_id, 1))
    await received(system, merger(OLD, 2, MIDDLE), merger(MIDDLE, 2, NEW))


def file_of(folder: Path, lines: list[tuple[str, str]]) -> Path:
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("email", "topic"), *((address, f"trial:{number}") for address, number in lines)]
        )
    return path


async def import_lines(system: System, path: Path, **options: Any) -> Result:
    return await import_file(system, path, path.with_name("rejected.csv"), lambda *_: None, **options)


async def followed(system: System, address: str) -> list[str]:
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(address))
        assert person is not None
        return [row.key for row in await subscriptions.active(connection, person.id)]


@pytest.mark.usefixtures("merged")
async def test_a_follower_of_a_merged_trial_follows_the_last_trial_of_the_chain(
    system: System, tmp_path: Path
) -> None:
    path = file_of(tmp_path, LINES)
    tried = await import_lines(system, path, dry_run=True)
    done = await import_lines(system, path)
    assert (tried.new, tried.moved, tried.rejected) == (done.new, done.moved, done.rejected) == (4, 2, 0)
    assert "4 imported (2 of them follow the study that theirs was merged into), 0" in done.sentence(
        dry_run=False
    )
    assert [await followed(system, address) for address, _ in LINES] == [
        [f"trial:{NEW}"],
        [f"trial:{NEW}"],
        [f"trial:{NEW}"],
        [f"trial:{OTHER}"],
    ]


@pytest.mark.usefixtures("merged")
async def test_an_import_that_is_resumed_or_repeated_moves_nobody_twice(
    system: System, tmp_path: Path
) -> None:
    path = file_of(tmp_path, [*LINES, ("anna@example.org", NEW)])
    rest = await import_lines(system, path, first_line=3)  # line 2 is anna's first one
    assert (rest.new, rest.known, rest.moved) == (4, 0, 1)
    again = await import_lines(system, path)
    assert (again.new, again.known, again.moved) == (0, 5, 0)
    assert await followed(system, "anna@example.org") == [f"trial:{NEW}"]


@pytest.mark.usefixtures("merged")
async def test_the_evidence_names_the_trial_of_the_file(system: System, tmp_path: Path) -> None:
    await import_lines(system, file_of(tmp_path, LINES[:1]))
    exported = await export(system, this_operator(), "anna@example.org", now=datetime.now(UTC))
    (consent,) = exported["consents"]
    assert consent["evidence"]["topics"] == [f"trial:{OLD}"]


async def test_a_trial_whose_successor_was_removed_keeps_its_number(system: System, tmp_path: Path) -> None:
    for nct_id in (OLD, NEW):
        await received(system, upserted(nct_id, 1))
    await received(system, merger(OLD, 2, NEW))
    await received(system, event("trial.removed", NEW, {"nct_id": NEW, "revision": 2}))
    done = await import_lines(system, file_of(tmp_path, LINES[:1]))
    assert (done.new, done.moved) == (1, 0)
    assert await followed(system, "anna@example.org") == [f"trial:{OLD}"]


@pytest.mark.usefixtures("merged")
async def test_mergers_cost_a_batch_the_same_statements_for_any_number_of_lines(
    system: System, tmp_path: Path
) -> None:
    statements: list[str] = []

    def record(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "merged_into" in statement:
            statements.append(statement)

    sql_event.listen(system.database.sync_engine, "before_cursor_execute", record)
    try:
        await import_lines(system, file_of(tmp_path, [(f"p{n}@example.org", OLD) for n in range(300)]))
    finally:
        sql_event.remove(system.database.sync_engine, "before_cursor_execute", record)
    assert len(statements) <= 3, "one for each step of the chain"

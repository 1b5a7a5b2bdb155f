"""A person with several lines in one file: what one line leaves open, another one may give."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.store.people import subscribers, terms
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.cli.test_import import import_lines, written
from tests.integration.privacy.cast import ALICE

HEADER = "email,topic,locale,timezone,hour,discreet"
FULL = f"{ALICE},trial:NCT00000001,de-AT,Europe/Vienna,0,no"
EMPTY = f"{ALICE},trial:NCT00000002,,,,"


@pytest.mark.parametrize("lines", [(FULL, EMPTY), (EMPTY, FULL)])
async def test_an_empty_cell_takes_no_known_preference_away(
    system: System, tmp_path: Path, lines: tuple[str, str]
) -> None:
    assert await import_lines(system, written(tmp_path, "\n".join((HEADER, *lines)))) == (2, 0, 0)
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(ALICE))
    assert person is not None
    assert (person.locale, person.timezone, person.hour, person.discreet) == ("de", "Europe/Vienna", 0, False)


async def test_a_preference_that_no_line_gives_has_its_default(system: System, tmp_path: Path) -> None:
    assert await import_lines(system, written(tmp_path, f"{HEADER}\n{EMPTY}")) == (1, 0, 0)
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(ALICE))
    assert person is not None
    assert (person.locale, person.timezone, person.hour, person.discreet) == ("en", "UTC", 8, True)


async def test_the_newest_terms_that_a_line_proves_count(system: System, tmp_path: Path) -> None:
    async with writing(system.database) as connection:
        for version, month in (("old", 1), ("new", 2)):
            text = f"The terms of month {month}."
            await terms.publish(connection, version, text, now=datetime(2026, month, 1, tzinfo=UTC))
    with (tmp_path / "exported.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["email", "topic", "consents"])
        for number, version in ((1, "new"), (2, "old")):
            record = {"kind": "confirmed", "at": "2026-03-01T08:00:00+00:00", "terms_version": version}
            lines.writerow([ALICE, f"trial:NCT0000000{number}", json.dumps([record])])
    assert await import_lines(system, tmp_path / "exported.csv") == (2, 0, 0)
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(ALICE))
    assert person is not None
    assert person.terms_version == "new"

"""Subscriptions imported from elsewhere and exported again."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from service.actions.import_lines import COLUMNS
from service.cli.context import CommandFailed
from service.cli.subscriptions import export, import_file
from service.crypto.sealed_json import EVIDENCE, open_json
from service.store.people import consents, subscribers, subscriptions
from service.store.sql.database import reading
from service.system import System
from tests.e2e.journey.processes import run_command

GOOD = [
    "anna@example.org",
    "trial:NCT04787263",
    "daily",
    "en",
    "Europe/Rome",
    "2026-01-05T10:00:00+01:00",
    "CRM 17",
]


def file_of(folder: Path, *lines: list[str]) -> Path:
    path = folder / "subscriptions.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([list(COLUMNS), *lines])
    return path


async def import_lines(system: System, folder: Path, *lines: list[str]) -> tuple[int, int, int]:
    """How many are new, known and rejected."""
    return await import_path(system, file_of(folder, *lines))


async def import_path(system: System, path: Path, **options: Any) -> tuple[int, int, int]:
    done = await import_file(system, path, path.with_name("rejected.csv"), lambda *_: None, **options)
    return done.new, done.known, done.rejected


async def exported(system: System) -> list[dict[str, str]]:
    out = io.StringIO()
    await export(system, out, lambda _: None)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


async def test_an_imported_subscription_is_active_with_its_documented_consent(
    system: System, tmp_path: Path
) -> None:
    assert await import_lines(system, tmp_path, GOOD) == (1, 0, 0)
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of("anna@example.org"))
        assert person is not None
        assert person.confirmed_at is not None
        (followed,) = await subscriptions.active(connection, person.id)
        (consent,) = await consents.of(connection, person.id)
    assert (followed.key, followed.frequency) == ("trial:NCT04787263", "daily")
    assert consent.kind == "imported"
    assert consent.at.isoformat() == "2026-01-05T09:00:00+00:00"


async def test_rejected_lines_are_named_and_the_good_ones_kept(system: System, tmp_path: Path) -> None:
    lines = [
        GOOD,
        ["no address", *GOOD[1:]],
        [GOOD[0], "trial:nonsense", *GOOD[2:]],
        [GOOD[0], "condition:unheard of", *GOOD[2:]],
        [*GOOD[:2], "hourly", *GOOD[3:]],
        [*GOOD[:4], "Mars/Base", *GOOD[5:]],
        [*GOOD[:5], "yesterday", GOOD[6]],
        [*GOOD[:5], "2999-01-01", GOOD[6]],
        [*GOOD, "24"],
        [*GOOD, "00024"],
        ["bob@example.org", *GOOD[1:]],
    ]
    assert await import_lines(system, tmp_path, *lines) == (2, 0, 9)
    with (tmp_path / "rejected.csv").open(encoding="utf-8") as report:
        rejected = list(csv.DictReader(report))
    assert [row["line"] for row in rejected] == [str(number) for number in range(3, 12)]
    assert all(row["reason"] for row in rejected)
    assert "@" not in "".join(row["reason"] for row in rejected).replace(
        "has an @ in it, such as name@example.org", ""
    )
    emails = sorted(row["email"] for row in await exported(system))
    assert emails == ["anna@example.org", "bob@example.org"]


async def test_importing_twice_changes_nothing(system: System, tmp_path: Path) -> None:
    await import_lines(system, tmp_path, GOOD)
    before = await exported(system)
    assert await import_lines(system, tmp_path, GOOD) == (0, 1, 0)
    assert await exported(system) == before


async def test_an_export_has_the_values_of_the_import(system: System, tmp_path: Path) -> None:
    await import_lines(system, tmp_path, GOOD)
    (row,) = await exported(system)
    assert [row[name] for name in COLUMNS[:5]] == GOOD[:5]


async def test_an_export_can_be_imported_again(system: System, tmp_path: Path) -> None:
    await import_lines(system, tmp_path, GOOD)
    (row,) = await exported(system)
    assert await import_lines(system, tmp_path, list(row.values())) == (0, 1, 0)


async def test_a_line_without_a_consent_is_imported_on_the_operators_responsibility(
    system: System, tmp_path: Path
) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("email,topic,locale\nanna@example.org,trial:NCT04787263,xx\n", encoding="utf-8")
    assert await import_path(system, path) == (1, 0, 0)
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of("anna@example.org"))
        assert person is not None
        assert person.locale == "en"
        (consent,) = await consents.of(connection, person.id)
    evidence = open_json(system.keyring, EVIDENCE, person.id, consent.evidence)
    assert "operator's responsibility" in evidence["source"]


async def test_a_file_without_addresses_is_refused(system: System, tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("topic\ntrial:NCT04787263\n", encoding="utf-8")
    with pytest.raises(CommandFailed, match="lacks the column email"):
        await import_path(system, path)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_rejected_line_changes_the_exit_status_and_the_others_are_kept(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email,topic\nanna@example.org,trial:NCT04787263\nnobody,trial:NCT1\n", encoding="utf-8")
    done = run_command("subscriptions", "import", str(path), **environ)
    assert done.returncode == 1
    assert "1 imported, 1 rejected." in done.stdout + done.stderr
    assert (tmp_path / "people.csv.rejected.csv").exists()
    path.write_text("email,topic\nanna@example.org,trial:NCT04787263\n", encoding="utf-8")
    assert run_command("subscriptions", "import", str(path), **environ).returncode == 0
    for kind in ("subscriptions", "suppressions"):
        text = " ".join(run_command(kind, "import", "--help").stdout.split())
        assert "exit status is 1 if any line was rejected" in text

"""An import brings nothing back that its person has stopped since the consent in the file."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.cli.subscriptions import import_file
from service.domain.subscription import EndReason
from service.store.people import subscribers, subscriptions
from service.store.sql.database import reading, writing
from service.system import System

ANNA = "anna@example.org"
FIRST, SECOND = "trial:NCT00000001", "trial:NCT00000002"
EARLIER = "2026-01-05T10:00:00+01:00"

Line = tuple[str, str]


async def import_lines(system: System, folder: Path, *lines: Line, dry_run: bool = False) -> list[str]:
    """The reasons of the rejected lines: each has a topic, and the time of the consent to it."""
    path, report = folder / "people.csv", folder / "rejected.csv"
    report.unlink(missing_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("email", "topic", "consented_at"), *((ANNA, *line) for line in lines)])
    await import_file(system, path, report, lambda *_: None, dry_run=dry_run)
    if not report.exists():
        return []
    with report.open(encoding="utf-8") as rejected:
        return [row["reason"] for row in csv.DictReader(rejected)]


async def followed(system: System) -> list[str]:
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(ANNA))
        assert person is not None
        return sorted(row.key for row in await subscriptions.active(connection, person.id))


async def stop(system: System, *keys: str, reason: EndReason = EndReason.UNSUBSCRIBED) -> str:
    """Ends what Anna follows, or these topics; returns what an import says then."""
    now = system.now()
    async with writing(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(ANNA))
        assert person is not None
        active = await subscriptions.active(connection, person.id)
        ids = [row.topic_id for row in active if row.key in keys] if keys else None
        await subscriptions.end(connection, person.id, reason=reason, now=now, topic_ids=ids)
    return f"the person withdrew this consent on {now:%Y-%m-%d}"


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_person_who_unsubscribed_from_everything_stays_so(
    system: System, tmp_path: Path, dry_run: bool
) -> None:
    """Whatever else an older file names: another study, or a consent without a time."""
    await import_lines(system, tmp_path, (FIRST, EARLIER))
    withdrawn = await stop(system)
    lines = ((FIRST, EARLIER), (SECOND, EARLIER), (FIRST, ""))
    assert await import_lines(system, tmp_path, *lines, dry_run=dry_run) == [withdrawn] * 3
    assert await followed(system) == []


@pytest.mark.parametrize("reason", [EndReason.UNSUBSCRIBED, EndReason.UNFOLLOWED])
async def test_a_study_that_was_stopped_alone_stays_so(
    system: System, tmp_path: Path, reason: EndReason
) -> None:
    third = "trial:NCT00000003"
    await import_lines(system, tmp_path, (FIRST, EARLIER), (SECOND, EARLIER))
    withdrawn = await stop(system, FIRST, reason=reason)
    lines = ((FIRST, EARLIER), (SECOND, EARLIER), (third, EARLIER))
    assert await import_lines(system, tmp_path, *lines) == [withdrawn]
    assert await followed(system) == [SECOND, third]


async def test_a_consent_after_the_withdrawal_counts(system: System, tmp_path: Path) -> None:
    await import_lines(system, tmp_path, (FIRST, EARLIER))
    async with writing(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(ANNA))
        assert person is not None
        ended = datetime.now(UTC) - timedelta(days=2)
        await subscriptions.end(connection, person.id, reason=EndReason.UNSUBSCRIBED, now=ended)
    again = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    assert await import_lines(system, tmp_path, (FIRST, again)) == []
    assert await followed(system) == [FIRST]


async def test_a_study_that_ended_by_itself_is_followed_again(system: System, tmp_path: Path) -> None:
    await import_lines(system, tmp_path, (FIRST, EARLIER))
    await stop(system, reason=EndReason.REMOVED)
    assert await import_lines(system, tmp_path, (FIRST, EARLIER)) == []
    assert await followed(system) == [FIRST]

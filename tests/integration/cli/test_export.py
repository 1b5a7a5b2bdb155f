"""Exports that are imported again, into the same installation and into another one."""

import csv
import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.actions import personal_data, subject_rights
from service.actions.suppressions import add
from service.cli import subscriptions as subscription_files
from service.cli import suppressions as suppression_files
from service.configuration.settings import read
from service.domain.delivery.suppression import Reason
from service.store.audit import Operator
from service.store.people import subscribers, subscriptions, suppressions, terms
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.store.topics import topics
from service.system import System, open_system
from tests.e2e.journey.processes import run_command
from tests.events import merged, upserted
from tests.integration.cli.test_import import import_lines, rejected, written
from tests.integration.privacy import cast
from tests.integration.privacy.cast import ALICE, BOB, CONDITION, TRIAL, WORDING
from tests.integration.workers.ingested import received

pytestmark = pytest.mark.slow

OPERATOR = Operator("test", "command")
NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.fixture
async def elsewhere(environ: dict[str, str], sqlite_template: Path, tmp_path: Path) -> AsyncIterator[System]:
    """Another installation, with keys of its own."""
    shutil.copy(sqlite_template, tmp_path / "elsewhere.sqlite3")
    url = f"sqlite+aiosqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    keys = "another-secret-key-of-more-than-32-characters"
    async with open_system(read(environ | {"ALERTS_DATABASE_URL": url, "ALERTS_SECRET_KEYS": keys})) as other:
        yield other


async def exported(system: System, folder: Path, files: Any = subscription_files) -> Path:
    path = folder / "exported.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        await files.export(system, out, lambda _: None)
    return path


async def evidence(system: System, address: str) -> list[dict[str, Any]]:
    """The consents of a person, as they are given to that person, without the numbers of rows."""
    held = await subject_rights.export(system, OPERATOR, address, now=NOW)
    consents: list[dict[str, Any]] = held["consent"] if "consent" in held else held["consents"]
    return [
        {name: value for name, value in row.items() if name not in ("id", "subscriber_id")}
        for row in consents
    ]


async def test_an_export_keeps_the_evidence_of_consent(
    system: System, elsewhere: System, tmp_path: Path
) -> None:
    await cast.follower(system, ALICE)
    before = await evidence(system, ALICE)
    assert len(before) == 2
    async with writing(elsewhere.database) as connection:
        await terms.publish(connection, "2026-01", "The terms of January.", now=NOW)
        await terms.publish(connection, "2026-02", "The terms of February.", now=NOW)
        await topics.ensure_topics(connection, [CONDITION])
    assert await import_lines(elsewhere, await exported(system, tmp_path)) == (2, 0, 0)
    after = await evidence(elsewhere, ALICE)
    assert [row["kind"] for row in after] == ["requested", "confirmed", "imported", "imported"]
    for old, new in zip(before, after, strict=False):
        assert new["wording"] == old["wording"] == WORDING
        for name in ("kind", "at", "terms_version", "terms_text"):
            assert new[name] == old[name]
        assert new["evidence"].items() >= old["evidence"].items()
    async with reading(elsewhere.database) as connection:
        person = await subscribers.find(connection, elsewhere.addresses.of(ALICE))
        assert person is not None
        assert (person.timezone, person.terms_version) == ("Europe/Rome", "2026-01")
        followed = await subscriptions.active(connection, person.id)
    assert {row.key for row in followed} == {TRIAL, CONDITION}
    assert [row.filters for row in followed] == [{"countries": ["IT"]}] * 2


async def test_an_export_keeps_the_evidence_for_a_trial_that_was_merged(
    system: System, tmp_path: Path
) -> None:
    old, new = TRIAL.removeprefix("trial:"), "NCT00000002"
    await received(system, upserted(old, 1), upserted(new, 1))
    await cast.follower(system, ALICE)
    await received(system, merged(old, 2, new))
    with (await exported(system, tmp_path)).open(encoding="utf-8", newline="") as file:
        lines = {line["topic"]: line for line in csv.DictReader(file)}
    assert set(lines) == {f"trial:{new}", CONDITION}
    assert json.loads(lines[f"trial:{new}"]["consents"]) == json.loads(lines[CONDITION]["consents"])
    assert "confirmed" in lines[f"trial:{new}"]["consents"]


async def test_terms_agreed_to_elsewhere_are_kept_word_for_word(
    system: System, elsewhere: System, tmp_path: Path
) -> None:
    await cast.follower(system, ALICE)
    before = await evidence(system, ALICE)
    assert before[-1]["terms_text"] == "The terms of January."
    async with writing(elsewhere.database) as connection:
        await terms.publish(connection, "2026-01", "Other terms of that name.", now=NOW)
        await topics.ensure_topics(connection, [CONDITION])
    assert await import_lines(elsewhere, await exported(system, tmp_path)) == (2, 0, 0)
    async with reading(elsewhere.database) as connection:
        person = await subscribers.find(connection, elsewhere.addresses.of(ALICE))
    assert person is not None
    assert person.terms_version is None, "other terms of the same name were not agreed to"
    folder = tmp_path / "again"
    folder.mkdir()
    async with writing(system.database) as connection:
        await personal_data.erase(
            connection, system, (await subject_rights.find(connection, system, ALICE)).id
        )
    for there in (elsewhere, system):  # from the other installation, and back from there
        for old, new in zip(before, await evidence(there, ALICE), strict=False):
            for name in ("kind", "at", "terms_version", "terms_text", "terms_sha256", "wording"):
                assert new[name] == old[name]
        if there is elsewhere:
            assert await import_lines(system, await exported(elsewhere, folder)) == (2, 0, 0)


async def test_texts_of_a_rejected_line_are_kept_for_the_others(
    system: System, elsewhere: System, tmp_path: Path
) -> None:
    await cast.follower(system, ALICE)
    path = await exported(system, tmp_path)
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if "say something" in line)
    lines[first] = lines[first].replace(TRIAL, "trial:NONE").replace(CONDITION, "condition:none")
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    async with writing(elsewhere.database) as connection:
        await topics.ensure_topics(connection, [CONDITION])
    assert await import_lines(elsewhere, path) == (1, 0, 1)
    after = await evidence(elsewhere, ALICE)
    assert [row["wording"] for row in after if row["kind"] == "confirmed"] == [WORDING]


async def test_an_export_of_an_import_names_the_documentation_of_the_consent(
    system: System, elsewhere: System, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        "email,topic,consented_at,consent_source,paused_until,hour,discreet\n"
        f"{ALICE},{TRIAL},2025-01-05T10:00:00Z,CRM 17,2999-01-01,20,false\n",
    )
    await import_lines(system, path)
    await import_lines(elsewhere, await exported(system, tmp_path))
    (newest,) = await evidence(elsewhere, ALICE)
    assert newest["at"] == datetime(2025, 1, 5, 10, tzinfo=UTC)
    assert newest["evidence"]["source"] == "CRM 17"
    async with reading(elsewhere.database) as connection:
        person = await subscribers.find(connection, elsewhere.addresses.of(ALICE))
    assert person is not None
    assert (person.hour, person.discreet, person.paused_until.year) == (20, False, 2999)


async def test_an_altered_text_is_no_evidence(system: System, elsewhere: System, tmp_path: Path) -> None:
    await cast.follower(system, ALICE)
    path = await exported(system, tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace("say something", "say anything"), encoding="utf-8"
    )
    imported = await import_lines(elsewhere, path)
    assert (imported[0], imported[2]) == (1, 1)
    assert "SHA-256" in rejected(path)["2"]


async def suppressed(system: System, address: str) -> str | None:
    async with reading(system.database) as connection:
        return await suppressions.reason_of(connection, system.addresses.of(address))


async def import_suppressions(system: System, path: Path, **options: Any) -> tuple[int, int, int]:
    report = path.with_name("rejected.csv")
    done = await suppression_files.import_file(system, path, report, lambda *_: None, **options)
    return done.new, done.known, done.rejected


@pytest.mark.on_both_databases
async def test_suppressions_are_moved_with_their_reason(
    system: System, elsewhere: System, tmp_path: Path
) -> None:
    await cast.follower(system, ALICE)
    async with writing(system.database) as connection:
        index = system.addresses.of(ALICE)
        await suppressions.add(connection, index, Reason.COMPLAINT, source="fbl", now=NOW)
    await add(system, OPERATOR, BOB, now=NOW)
    path = await exported(system, tmp_path, suppression_files)
    text = path.read_text(encoding="utf-8")
    assert ALICE in text
    assert BOB not in text, "the address of a suppression without a subscriber is known to nobody"
    assert await import_suppressions(elsewhere, path) == (1, 0, 1)
    assert "another installation" in "".join(rejected(path).values())
    assert await suppressed(elsewhere, ALICE) == "complaint"
    async with writing(system.database) as connection:
        await suppressions.lift(connection, system.addresses.of(BOB))
    assert await import_suppressions(system, path) == (1, 1, 0)
    assert await suppressed(system, BOB) == "operator"


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("email\na@example.org\n\nb@example.org\n", ["operator", "operator"]),
        (
            "Email;Reason\na@example.org;HardBounce\nb@example.org;Spam\n",
            ["hard_bounce", "complaint"],
        ),
        ("email,reason\na@example.org,550 5.1.1\nb@example.org,unsubscribed\n", ["operator", "unsubscribed"]),
        (
            "Email Address,LEID,UNSUB_TIME,CLEAN_TIME\na@example.org,1,2025-01-05 10:00:00,\n"
            "b@example.org,2,,2025-01-05 10:00:00\n",
            ["unsubscribed", "hard_bounce"],
        ),
        (
            "uuid,email,name,attributes,status,created_at,updated_at\nu,a@example.org,,{},blocklisted,,\n"
            "u,b@example.org,,{},disabled,,0001-01-01 00:00:00 +0000 UTC\n",
            ["operator", "operator"],
        ),
        (
            "email,reason\na@example.org,550 5.1.1 no such user, sorry\nb@example.org,complaint, by mail\n",
            ["operator", "complaint"],
        ),
    ],
)
async def test_suppression_lists_of_other_programs_are_imported(
    system: System, tmp_path: Path, text: str, reasons: list[str]
) -> None:
    path = written(tmp_path, text)
    assert await import_suppressions(system, path, dry_run=True) == (2, 0, 0)
    assert await suppressed(system, "a@example.org") is None
    assert await import_suppressions(system, path) == (2, 0, 0)
    assert [await suppressed(system, f"{name}@example.org") for name in "ab"] == reasons


async def test_a_source_that_no_database_takes_costs_no_suppression(system: System, tmp_path: Path) -> None:
    text = "email,source\na@example.org,mail\0server\x07\nb@example.org,\0\n"
    assert await import_suppressions(system, written(tmp_path, text)) == (2, 0, 0)
    async with reading(system.database) as connection:
        sources = (await connection.execute(select(t.suppression.c.source))).scalars()
    assert sorted(sources) == ["import", "mailserver"]


async def test_active_subscribers_of_another_program_are_not_suppressed(
    system: System, tmp_path: Path
) -> None:
    header = "uuid,email,name,attributes,status,created_at,updated_at\n"
    path = written(tmp_path, header + "u,a@example.org,,{},enabled,,\nu,no address,,{},disabled,,\n")
    assert await import_suppressions(system, path) == (0, 0, 2)
    assert await suppressed(system, "a@example.org") is None


async def test_a_suppressed_person_is_not_subscribed(system: System, tmp_path: Path) -> None:
    await add(system, OPERATOR, ALICE, now=NOW)
    path = written(tmp_path, f"email,topic\n{ALICE},{TRIAL}\n{BOB},{TRIAL}\n")
    assert await import_lines(system, path) == (1, 0, 1)
    assert rejected(path)["2"] == "this address must not be written to (operator)"


async def test_an_export_that_is_stopped_leaves_no_half_file(
    system: System, environ: dict[str, str], tmp_path: Path
) -> None:
    await cast.follower(system, ALICE)
    out = tmp_path / "people.csv"
    out.write_text("of yesterday", encoding="utf-8")
    gone = environ | {"ALERTS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'gone' / 'x.sqlite3'}"}
    assert run_command("subscriptions", "export", "--out", str(out), **gone).returncode == 1
    assert out.read_text(encoding="utf-8") == "of yesterday"
    assert run_command("subscriptions", "export", "--out", str(out), **environ).returncode == 0
    assert out.read_text(encoding="utf-8").count(ALICE) == 2
    assert [path.name for path in tmp_path.glob("people*")] == ["people.csv"]

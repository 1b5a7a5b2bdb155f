"""An import that confirms somebody who signed up and never confirmed: the file counts, not the sign-up."""

import csv
import json
from pathlib import Path

from sqlalchemy import select

from service.cli.subscriptions import import_file
from service.store.people import subscribers
from service.store.people.rows import Subscriber
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast


async def imported(system: System, folder: Path, **columns: str) -> Subscriber:
    """Alice, whom somebody signed up in English, after the import of a line with these columns."""
    async with writing(system.database) as connection:
        alice = await cast.sign_up(connection, system, cast.ALICE)
    path = folder / "people.csv"
    line = {
        "email": cast.ALICE,
        "topic": "trial:NCT00000009",
        "consented_at": "2026-01-05T10:00:00Z",
    } | columns
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([line.keys(), line.values()])
    await import_file(system, path, folder / "rejected.csv", lambda *_: None)
    async with reading(system.database) as connection:
        person = await subscribers.get(connection, alice)
    assert person is not None
    assert person.confirmed_at is not None
    return person


async def test_preferences_in_the_file_count(system: System, tmp_path: Path) -> None:
    person = await imported(
        system, tmp_path, locale="de", timezone="Europe/Berlin", hour="7", weekday="2", discreet="false"
    )
    assert (person.locale, person.timezone, person.hour, person.weekday, person.discreet) == (
        "de",
        "Europe/Berlin",
        7,
        2,
        False,
    )
    slot = select(t.slot.c.zone, t.slot.c.hour, t.slot.c.weekday).join(
        t.cursor, t.cursor.c.slot_id == t.slot.c.id
    )
    async with reading(system.database) as connection:
        assert [tuple(row) for row in await connection.execute(slot)] == [("Europe/Berlin", 7, 2)]


async def test_preferences_that_it_lacks_stay_as_at_the_sign_up(system: System, tmp_path: Path) -> None:
    person = await imported(system, tmp_path, locale="fr")
    assert (person.locale, person.timezone, person.hour, person.discreet) == (
        "fr",
        "Europe/Rome",
        8,
        True,
    )


async def test_terms_agreed_to_by_its_evidence_count(system: System, tmp_path: Path) -> None:
    agreed = [{"kind": "confirmed", "at": "2026-01-05T10:00:00+00:00", "terms_version": "2026-01"}]
    person = await imported(system, tmp_path, consents=json.dumps(agreed))
    assert person.terms_version == "2026-01"

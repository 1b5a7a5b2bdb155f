"""Imports as operators make them: files of other programs, broken ones, large ones, stopped ones."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.cli.context import CommandFailed
from service.cli.csv_files import open_csv
from service.cli.subscriptions import import_file
from service.domain.imported_columns import FileLine
from service.store.people import subscribers, subscriptions
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import run_command

pytestmark = pytest.mark.slow

TRIAL = "trial:NCT04787263"
OTHER = "trial:NCT00000002"


async def import_lines(system: System, path: Path, **options: object) -> tuple[int, int, int]:
    """How many are new, known and rejected."""
    report = path.with_name("rejected.csv")
    done = await import_file(system, path, report, lambda *_: None, **options)  # type: ignore[arg-type]
    return done.new, done.known, done.rejected


def rejected(path: Path) -> dict[str, str]:
    """The reasons by line."""
    with path.with_name("rejected.csv").open(encoding="utf-8") as report:
        return {row["line"]: row["reason"] for row in csv.DictReader(report)}


async def follows(system: System, address: str) -> list[tuple[str, str]]:
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(address))
        if person is None:
            return []
        return [(row.key, row.frequency) for row in await subscriptions.active(connection, person.id)]


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


LINES = ["Email,Topic,Frequency", f"anna@example.org,{TRIAL},daily", f'"bo@example.org","{OTHER}",weekly']


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_of_spreadsheets_are_read(tmp_path: Path, delimiter: str, encoding: str, end: str) -> None:
    text = end.join(line.replace(",", delimiter) for line in LINES)
    assert list(open_csv(written(tmp_path, text.encode(encoding))).lines()) == [
        FileLine(2, {"email": "anna@example.org", "topic": TRIAL, "frequency": "daily"}),
        FileLine(3, {"email": "bo@example.org", "topic": OTHER, "frequency": "weekly"}),
    ]


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_a_file_in_another_encoding_is_named_as_such(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(CommandFailed, match="not a CSV file with a header, in UTF-8 or UTF-16"):
        open_csv(written(tmp_path, "\n".join(LINES).encode(encoding)))


async def test_a_file_of_excel_is_imported(system: System, tmp_path: Path) -> None:
    text = "sep=;\r\n" + "\r\n".join(LINES).replace(",", ";")
    assert await import_lines(system, written(tmp_path, text.encode("utf-16"))) == (2, 0, 0)
    assert await follows(system, "anna@example.org") == [(TRIAL, "daily")]
    assert await follows(system, "bo@example.org") == [(OTHER, "weekly")]


@pytest.mark.parametrize(
    "header", ["email,topic", "EMAIL,TOPIC", " E-Mail , Topic ", '"Email Address","Topics"']
)
async def test_the_case_of_header_names_does_not_matter(system: System, tmp_path: Path, header: str) -> None:
    assert await import_lines(system, written(tmp_path, f"{header}\nanna@example.org,{TRIAL}\n")) == (1, 0, 0)


async def test_a_cell_may_hold_several_topics(system: System, tmp_path: Path) -> None:
    path = written(tmp_path, f'email,topics\nanna@example.org,"{TRIAL}, {OTHER}"\n')
    assert await import_lines(system, path) == (2, 0, 0)
    assert {key for key, _ in await follows(system, "anna@example.org")} == {TRIAL, OTHER}


async def test_a_quote_that_is_never_closed_costs_only_its_own_line(system: System, tmp_path: Path) -> None:
    good = [f"p{n}@example.org,{TRIAL}" for n in range(200)]
    good[50] = f'"p50@example.org,{TRIAL}'
    good[120] = f'p120@example.org,"{TRIAL}'
    good[130] = f'"p130@example.org","{TRIAL}"'
    path = written(tmp_path, "\n".join(["email,topic", *good]))
    assert await import_lines(system, path) == (198, 0, 2)
    assert rejected(path).keys() == {"52", "122"}
    assert all("quotation mark" in reason for reason in rejected(path).values())


async def test_a_value_may_go_over_lines(system: System, tmp_path: Path) -> None:
    text = f'email,notes,topic\nanna@example.org,"Met, in\r\nRome",{TRIAL}\nbo@example.org,,{TRIAL}\nx,,\n'
    path = written(tmp_path, text)
    assert await import_lines(system, path) == (2, 0, 1)
    assert rejected(path).keys() == {"5"}


BROKEN = {
    "0001-01-01": "before 1995",
    "0001-01-01T00:00:00+14:00": "before 1995",
    "9999-12-31T23:59:59-14:00": "before 1995",
    "2999-01-01": "future",
    "yesterday": "must be a moment",
}


async def test_impossible_dates_cost_only_their_own_line(system: System, tmp_path: Path) -> None:
    lines = [f"p{n}@example.org,{TRIAL},{at}" for n, at in enumerate(BROKEN)]
    path = written(tmp_path, "\n".join(["email,topic,consented_at", *lines, f"bo@example.org,{TRIAL},"]))
    assert await import_lines(system, path) == (1, 0, len(BROKEN))
    assert all(
        words in reason for words, reason in zip(BROKEN.values(), rejected(path).values(), strict=True)
    )


async def test_a_pause_beyond_the_calendar_costs_only_its_own_line(system: System, tmp_path: Path) -> None:
    moments = ("9999-12-31", "9999-12-30T12:00:00-12:00", "9999-12-30", "2999-01-01", "")
    lines = [f"p{n}@example.org,{TRIAL},{until}" for n, until in enumerate(moments)]
    path = written(tmp_path, "\n".join(["email,topic,paused_until", *lines]))
    assert await import_lines(system, path) == (3, 0, 2)
    assert set(rejected(path).values()) == {"paused_until is after 9999-12-30"}


async def test_invalid_bytes_cost_only_their_own_line(system: System, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        b"email,topic\n" + f"an\xefna@example.org,{TRIAL}\nbo@example.org,{TRIAL}\n".encode("latin-1"),
    )
    assert await import_lines(system, path) == (1, 0, 1)
    assert "encoding" in rejected(path)["2"]


LISTMONK = f'''uuid,email,name,attributes,status,created_at,updated_at
5e91dda1-1c16-467d-9bf9-2a21bf22ae21,anna@example.org,Anna,\
"{{""topic"": ""{TRIAL}"", ""lang"": ""en""}}",enabled,2025-01-05 10:00:00.123456789 +0100 CET,\
2025-02-05 10:00:00 +0000 UTC
b7bd1ab3-5a16-4a85-a4d6-5d8f1a0a7a10,bo@example.org,Bo,\
"{{""topics"": [""{TRIAL}"", ""{OTHER}""]}}",enabled,\
0001-01-01 00:00:00 +0000 UTC,0001-01-01 00:00:00 +0000 UTC
c7bd1ab3-5a16-4a85-a4d6-5d8f1a0a7a10,cy@example.org,Cy,{{}},blocklisted,2025-01-05 10:00:00 +0000 UTC,\
2025-02-05 10:00:00 +0000 UTC
d7bd1ab3-5a16-4a85-a4d6-5d8f1a0a7a10,di@example.org,Di,{{}},enabled,2025-01-05 10:00:00 +0000 UTC,
'''


async def test_an_export_of_listmonk_as_it_is(system: System, tmp_path: Path) -> None:
    path = written(tmp_path, LISTMONK)
    assert await import_lines(system, path) == (3, 0, 2)
    assert {key for key, _ in await follows(system, "bo@example.org")} == {TRIAL, OTHER}
    assert "status" in rejected(path)["4"]
    assert "--topic" in rejected(path)["5"]
    assert await import_lines(system, path, topics=(OTHER,)) == (1, 3, 1)
    assert await follows(system, "di@example.org") == [(OTHER, "weekly")]
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of("anna@example.org"))
        moment = (
            await connection.execute(
                select(t.consent.c.at).where(t.consent.c.subscriber_id == person.id)  # type: ignore[union-attr]
            )
        ).scalar_one()
    assert moment.isoformat() == "2025-01-05T09:00:00.123456+00:00"


MAILCHIMP = f'''"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,\
CONFIRM_IP,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS
anna@example.org,Anna,Adams,2,"2025-01-05 10:00:00",203.0.113.5,"2025-01-05 10:03:00",\
203.0.113.5,Europe/Rome,it,62,\
"2025-01-05 10:03:00",12345,a1b2c3,,"""{TRIAL}"",""newsletter"",""{OTHER}"""
bo@example.org,Bo,,2,,,"2025-01-06 10:03:00",,,,,"2025-01-06 10:03:00",12346,a1b2c4,"A note
on two lines","""newsletter"""
'''


async def test_empty_lines_above_the_header_are_left_out(system: System, tmp_path: Path) -> None:
    path = written(tmp_path, f"\n \r\nemail,topic\nanna@example.org,{TRIAL}\nno address,{TRIAL}\n")
    assert await import_lines(system, path) == (1, 0, 1)
    assert rejected(path).keys() == {"5"}


async def test_an_export_of_mailchimp_as_it_is(system: System, tmp_path: Path) -> None:
    path = written(tmp_path, MAILCHIMP)
    assert await import_lines(system, path, topics=("trial:NCT00000009",)) == (3, 0, 0)
    assert {key for key, _ in await follows(system, "anna@example.org")} == {TRIAL, OTHER}
    assert await follows(system, "bo@example.org") == [("trial:NCT00000009", "weekly")]


async def test_people_unsubscribed_at_mailchimp_are_not_subscribed(system: System, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        f"Email Address,OPTIN_TIME,UNSUB_TIME,LEID,TAGS\na@example.org,,2025-01-05 10:00:00,1,{TRIAL}\n",
    )
    assert await import_lines(system, path) == (0, 0, 1)
    assert "suppression" in rejected(path)["2"]


async def test_a_dry_run_checks_every_line_and_stores_nothing(system: System, tmp_path: Path) -> None:
    path = written(tmp_path, f"email,topic\nanna@example.org,{TRIAL}\nno address,{TRIAL}\n")
    assert await import_lines(system, path, dry_run=True) == (1, 0, 1)
    assert rejected(path).keys() == {"3"}
    async with reading(system.database) as connection:
        for table in (t.subscriber, t.subscription, t.topic, t.consent, t.audit):
            assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == 0
    assert await import_lines(system, path) == (1, 0, 1)
    assert await import_lines(system, path, dry_run=True) == (0, 1, 1)


async def test_a_file_that_is_no_table_is_refused_in_one_sentence(tmp_path: Path, sqlite_url: str) -> None:
    environ = ENVIRONMENT | {"ALERTS_DATABASE_URL": sqlite_url, "ALERTS_REDIS_URL": "redis://127.0.0.1:1"}
    for content in (b"", b"\n", b"\x89PNG\r\n\x1a\n\x00\x01", b"name,topic\n"):
        done = run_command("subscriptions", "import", str(written(tmp_path, content)), **environ)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert "people.csv" in done.stderr

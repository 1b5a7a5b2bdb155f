"""Sending, replaying, converting and importing, as an operator does it."""

import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Response, post
from sqlalchemy import func, select, update

from service.app import create_app
from service.cli.conditions import import_conditions
from service.cli.context import CommandFailed
from service.cli.events import MOST_BYTES, Sent, batches, replay, send
from service.cli.registry.convert import convert
from service.configuration.settings import Settings
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.events import SECRET, upserted
from tests.servers import served
from workers.ingest.events import ingest_events

pytestmark = pytest.mark.slow

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


async def counted(system: System, table: Any) -> int:
    async with reading(system.database) as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def test_every_form_of_event_file_is_sent(settings: Settings, system: System, tmp_path: Path) -> None:
    made = [upserted(f"NCT{number:08}", 1) for number in range(7)]
    one, many, lines = (tmp_path / name for name in ("one.json", "many.json", "lines.jsonl"))
    one.write_text(json.dumps(made[0], indent=2))
    many.write_text(json.dumps(made[:3], indent=1))
    lines.write_text("".join(json.dumps(event) + "\n" for event in made[3:]))
    async with served(create_app(settings)) as url:
        sent = await send([one, many, lines], url, SECRET, batch=2, quiet=True)
        assert sent == Sent(accepted=7, duplicates=1, ignored=0)
        assert await send([many], url + "/v1/events", SECRET, quiet=True) == Sent(duplicates=3)
    assert await counted(system, t.event) == 7


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_refusal_is_reported_in_one_sentence(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text(json.dumps([upserted("NCT1", 1, id="bad-one")]))
    async with served(create_app(settings)) as url:
        with pytest.raises(CommandFailed, match=r"422.*bad-one nct_id must be NCT and eight digits"):
            await send([file], url, SECRET, quiet=True)
        with pytest.raises(CommandFailed, match="401"):
            await send([file], url, "whsec_" + "QUJD" * 8, quiet=True)
    file.write_text("no json")
    with pytest.raises(CommandFailed, match=r"bad\.json is not JSON"):
        await send([file], url, SECRET, quiet=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_line_that_is_not_json_is_named_and_nothing_of_its_file_is_sent(
    settings: Settings, system: System, tmp_path: Path
) -> None:
    file = tmp_path / "cut.jsonl"
    whole = [json.dumps(upserted(f"NCT{number:08}", 1)) for number in range(2)]
    async with served(create_app(settings)) as url:
        for broken in (b"{oops", whole[1][:-1].encode(), b"5}", b"NaN", b"{'a': 1}", b'"\xe9"'):
            file.write_bytes("\n".join([*whole, ""]).encode() + broken)
            with pytest.raises(CommandFailed, match=r"cut\.jsonl, value 3 is not JSON\."):
                await send([file], url, SECRET, batch=1, quiet=True)
    assert await counted(system, t.event) == 0


async def test_events_are_read_from_a_pipe_as_well() -> None:
    """They were counted first, which emptied it: nothing was sent, and the exit status was 0."""
    bodies: list[bytes] = []

    @post("/v1/events")
    async def accepted(request: Request[Any, Any, Any]) -> Response[dict[str, int]]:
        bodies.append(await request.body())
        return Response({"accepted": 2, "duplicates": 0, "ignored": 0}, status_code=202)

    end, begin = os.pipe()
    os.write(begin, json.dumps([upserted("NCT00000001", 1), upserted("NCT00000002", 1)]).encode())
    os.close(begin)
    async with served(Litestar([accepted], openapi_config=None)) as url:
        assert await send([Path(f"/dev/fd/{end}")], url, SECRET, quiet=True) == Sent(accepted=2)
    os.close(end)
    assert [len(json.loads(body)) for body in bodies] == [2]


def test_batches_stay_within_the_receivers_limits() -> None:
    assert [len(group) for group in batches([b"{}"] * 2500)] == [1000, 1000, 500]
    large = list(batches([b"x" * (MOST_BYTES // 3)] * 4))
    assert [len(group) for group in large] == [2, 2]
    assert list(batches([])) == []


async def test_dead_events_can_be_processed_again(system: System) -> None:
    async with writing(system.database) as connection:
        for number in (1, 2):
            made = upserted(f"NCT0000000{number}", 1)
            await connection.execute(
                t.event.insert().values(
                    source="s",
                    event_id=str(number),
                    type=made["type"],
                    subject=made["subject"],
                    received_at=NOW,
                    body=json.dumps(made),
                    state=("dead", "processed")[number - 1],
                )
            )
    assert await replay(system, dead=True) == 1
    assert await ingest_events(system) == 1
    assert await counted(system, t.trial) == 1
    assert await replay(system, dead=True, event_id=2) == 0, "it is not dead"
    assert await replay(system, event_id=2) == 1
    async with writing(system.database) as connection:
        await connection.execute(update(t.event).values(body=None))
    assert await replay(system) == 0


RECORD = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A study"},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "lastUpdatePostDateStruct": {"date": "2026-06-30"},
        },
        "conditionsModule": {"conditions": ["Leukemia"]},
    }
}


def test_records_become_events_and_others_are_named(tmp_path: Path) -> None:
    good, answer, lines = (tmp_path / name for name in ("good.json", "answer.json", "lines.jsonl"))
    good.write_text(json.dumps(RECORD, indent=1))
    answer.write_text(json.dumps({"studies": [RECORD, {"protocolSection": {}}]}))
    lines.write_text(json.dumps(RECORD) + "\nno json\n")
    out = io.BytesIO()
    converted = convert([good, answer, lines], out, now=NOW)
    assert converted.count == 3
    assert [place for place, _ in converted.skipped] == [
        "answer.json, value 1, study 2",
        "lines.jsonl, value 2",
    ]
    first = json.loads(out.getvalue().splitlines()[0])
    assert (first["type"], first["subject"]) == ("trial.upserted", "NCT00000001")


def converted(*records: Any, state: Path | None = None, folder: Path, **options: Any) -> list[dict[str, Any]]:
    file = folder / "records.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    out = io.BytesIO()
    assert convert([file], out, now=NOW, state=state, **options).skipped == []
    return [json.loads(line) for line in out.getvalue().splitlines()]


def versions(*, updated: str = "2026-06-30", **status: str) -> dict[str, Any]:
    changed = {**RECORD["protocolSection"]["statusModule"], **status}
    changed["lastUpdatePostDateStruct"] = {"date": updated}
    return {"protocolSection": {**RECORD["protocolSection"], "statusModule": changed}}


def test_with_a_state_file_every_difference_has_a_higher_revision(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    observed = [
        versions(),
        versions(overallStatus="SUSPENDED"),
        versions(overallStatus="SUSPENDED"),
        versions(overallStatus="UNKNOWN"),
        versions(),
        versions(overallStatus="COMPLETED", updated="2026-07-02"),
    ]
    events = [converted(each, state=state, folder=tmp_path)[0] for each in observed]
    revisions = [event["data"]["revision"] for event in events]
    assert revisions == sorted(revisions)
    assert len(set(revisions)) == 5
    assert events[1]["id"] == events[2]["id"]
    late = converted(versions(updated="2026-01-01"), state=state, folder=tmp_path)[0]
    assert late["data"]["revision"] < revisions[0]
    again = converted(observed[-1], state=state, folder=tmp_path)[0]
    assert again["id"] == events[-1]["id"]


def test_within_a_run_revisions_rise_without_a_state_file(tmp_path: Path) -> None:
    events = converted(versions(), versions(overallStatus="SUSPENDED"), folder=tmp_path)
    assert events[0]["data"]["revision"] < events[1]["data"]["revision"]


def test_a_file_that_is_no_state_is_named(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("no database at all, but long enough to be read as the header of one")
    with pytest.raises(CommandFailed, match="can't be used as a state file"):
        converted(versions(), state=state, folder=tmp_path)


async def test_a_flip_to_unknown_is_reported_and_a_first_load_is_not(system: System, tmp_path: Path) -> None:
    """The records of a study whose status changed without a new update date, all the way to a change."""
    case = Path(__file__).parents[2] / "data/registry/cases/01_unknown_without_update_date"
    before, after = (json.loads(Path(f"{case}.{part}.json").read_text()) for part in ("before", "after"))
    state = tmp_path / "state.sqlite3"
    made = converted(before, state=state, folder=tmp_path, first_load=True)
    made += converted(after, state=state, folder=tmp_path)
    async with writing(system.database) as connection:
        for event in made:
            await connection.execute(
                t.event.insert().values(
                    source=event["source"],
                    event_id=event["id"],
                    type=event["type"],
                    subject=event["subject"],
                    received_at=NOW,
                    body=json.dumps(event),
                )
            )
    assert await ingest_events(system) == 2
    async with reading(system.database) as connection:
        kinds = (await connection.execute(select(t.change.c.kind))).scalars().all()
    assert kinds == ["status"]


OBO = """format-version: 1.2

[Term]
id: MONDO:0005059
name: leukemia
synonym: "leukaemia" EXACT []

[Term]
id: MONDO:0004967
name: acute lymphoblastic leukemia
is_a: MONDO:0005059 ! leukemia
"""


async def test_a_hierarchy_is_imported(system: System, tmp_path: Path) -> None:
    file = tmp_path / "small.obo"
    file.write_text(OBO)
    assert await import_conditions(system, file, now=NOW) == 2
    assert await ingest_events(system) == 2
    async with reading(system.database) as connection:
        closure = {tuple(row) for row in await connection.execute(select(t.condition_closure))}
        names = set((await connection.execute(select(t.condition_name.c.folded))).scalars())
    child, parent = "MONDO:0004967", "MONDO:0005059"
    assert closure == {(child, child), (child, parent), (parent, parent)}
    assert names == {"leukemia", "leukaemia", "acute lymphoblastic leukemia", "all"}
    file.write_text("\ufeff" + OBO.partition("\n\n")[2], encoding="utf-8")
    later = NOW + timedelta(days=1)
    assert await import_conditions(system, file, now=later) == 2, "its first line names a term"
    file.write_text("nothing")
    with pytest.raises(CommandFailed, match="no terms"):
        await import_conditions(system, file, now=NOW)


async def test_an_import_names_the_places_that_it_leaves_out(system: System, tmp_path: Path) -> None:
    file, named = tmp_path / "small.obo", list[str]()
    chronic = "[Term]\nid: MONDO:0004948\nname: chronic lymphocytic leukemia\nis_a: MONDO:0004967\n"
    file.write_text(f"{OBO}\n{chronic}is_a: MONDO:0005059\n")
    assert await import_conditions(system, file, now=NOW, omitted=named.append) == 3
    assert named == [
        "Left out: chronic lymphocytic leukemia is not placed below acute lymphoblastic leukemia."
    ]
    await ingest_events(system)
    async with reading(system.database) as connection:
        above = select(t.condition_closure.c.ancestor).where(
            t.condition_closure.c.condition == "MONDO:0004948"
        )
        found = set((await connection.execute(above)).scalars())
    assert found == {"MONDO:0004948", "MONDO:0005059"}


async def test_a_large_hierarchy_is_stored_in_parts_or_not_at_all(system: System, tmp_path: Path) -> None:
    terms = [
        f"[Term]\nid: MONDO:{n:07}\nname: disease {n}\nis_a: MONDO:{n // 3:07}\n" for n in range(1, 1300)
    ]
    broken = tmp_path / "broken.obo"
    broken.write_text("\n".join([*terms, "[Term]\nid: MONDO:9999999\nname: " + "x" * 100_000]))
    with pytest.raises(CommandFailed, match="an invalid term"):
        await import_conditions(system, broken, now=NOW)
    async with reading(system.database) as connection:
        assert (await connection.execute(select(func.count()).select_from(t.event))).scalar_one() == 0
    whole, shown = tmp_path / "whole.obo", list[tuple[int, int]]()
    whole.write_text("\n".join(terms))
    count = await import_conditions(system, whole, now=NOW, progress=lambda *numbers: shown.append(numbers))
    assert (count, shown) == (1299, [(500, 1299), (1000, 1299), (1299, 1299)])

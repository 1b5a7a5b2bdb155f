"""Events in trouble are found, shown whole, and processed again; terms are published."""

from datetime import UTC, datetime, timedelta

import httpx
from sqlalchemy import select

from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.integration.web.operating import BEARER, add_event, csrf, sign_in


async def states(system: System) -> dict[str, str]:
    async with reading(system.database) as connection:
        return {row.event_id: row.state for row in await connection.execute(select(t.event))}


async def test_events_are_listed_by_state_the_newest_first(client: httpx.AsyncClient, system: System) -> None:
    for number, state in enumerate(("processed", "dead", "conflict", "dead"), start=1):
        await add_event(system, number, state, reason="no such thing" if state == "dead" else None)
    all_of_them = (await client.get("/v1/admin/events", headers=BEARER)).json()
    dead = (await client.get("/v1/admin/events?state=dead", headers=BEARER)).json()
    assert [item["event_id"] for item in all_of_them["items"]] == ["e4", "e3", "e2", "e1"]
    assert [item["event_id"] for item in dead["items"]] == ["e4", "e2"]
    assert dead["items"][0]["reason"] == "no such thing"
    assert "body" not in dead["items"][0]


async def test_pages_continue_at_the_end_of_the_last_one(client: httpx.AsyncClient, system: System) -> None:
    for number in range(1, 6):
        await add_event(system, number, "dead" if number != 3 else "processed")
    first = (await client.get("/v1/admin/events?state=dead&limit=2", headers=BEARER)).json()
    await add_event(system, 6, "dead")
    path = f"/v1/admin/events?state=dead&limit=2&before={first['next']}"
    second = (await client.get(path, headers=BEARER)).json()
    last = (await client.get(path.replace(str(first["next"]), str(second["next"])), headers=BEARER)).json()
    assert [item["event_id"] for page in (first, second, last) for item in page["items"]] == [
        "e5",
        "e4",
        "e2",
        "e1",
    ]
    assert (last["items"], last["next"]) == ([], None)


async def test_a_page_that_makes_no_sense_is_a_problem_at_its_field(client: httpx.AsyncClient) -> None:
    for query, field in (
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("before=x", "before"),
        ("state=lost", "state"),
    ):
        answer = await client.get(f"/v1/admin/events?{query}", headers=BEARER)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert field in answer.json()["errors"][0]["field"]


async def test_one_event_is_shown_whole_and_replayed(client: httpx.AsyncClient, system: System) -> None:
    number = await add_event(system, 1, "dead", reason="boom", processed_at=datetime.now(UTC))
    shown = (await client.get(f"/v1/admin/events/{number}", headers=BEARER)).json()
    assert (shown["body"], shown["reason"]) == ('{"id": "e1"}', "boom")
    answer = await client.post(f"/v1/admin/events/{number}/replay", headers=BEARER)
    assert answer.json() == {"changed": 1}
    again = await client.post(f"/v1/admin/events/{number}/replay", headers=BEARER)
    assert again.json() == {"changed": 0}
    shown = (await client.get(f"/v1/admin/events/{number}", headers=BEARER)).json()
    assert (shown["state"], shown["reason"], shown["processed_at"]) == ("received", None, None)


async def test_an_event_whose_body_is_gone_can_not_be_replayed(
    client: httpx.AsyncClient, system: System
) -> None:
    number = await add_event(system, 1, "dead", body=None)
    answer = await client.post(f"/v1/admin/events/{number}/replay", headers=BEARER)
    assert (answer.status_code, await states(system)) == (409, {"e1": "dead"})
    assert (await client.get("/v1/admin/events/77", headers=BEARER)).status_code == 404
    assert (await client.post("/v1/admin/events/77/replay", headers=BEARER)).status_code == 404


async def test_all_failed_events_are_replayed_together(client: httpx.AsyncClient, system: System) -> None:
    for number, state in enumerate(("dead", "processed", "dead", "conflict"), start=1):
        await add_event(system, number, state)
    answer = await client.post("/v1/admin/events/replay", json={"state": "dead"}, headers=BEARER)
    assert answer.json() == {"changed": 2}
    assert await states(system) == {"e1": "received", "e2": "processed", "e3": "received", "e4": "conflict"}
    bad = await client.post("/v1/admin/events/replay", json={"state": "processed"}, headers=BEARER)
    assert bad.status_code == 400


async def test_terms_are_published_once_and_never_change(client: httpx.AsyncClient) -> None:
    first = {"version": "2026-11", "text": "Be kind."}
    assert (await client.post("/v1/admin/terms", json=first, headers=BEARER)).json() == {"changed": 1}
    assert (await client.post("/v1/admin/terms", json=first, headers=BEARER)).json() == {"changed": 0}
    other = await client.post("/v1/admin/terms", json=first | {"text": "Be quick."}, headers=BEARER)
    assert other.status_code == 409
    assert other.json()["detail"].startswith("Version 2026-11 is published")
    versions = (await client.get("/v1/admin/terms", headers=BEARER)).json()
    assert [(version["version"], version["text"], version["material"]) for version in versions] == [
        ("2026-11", "Be kind.", False)
    ]
    assert (await client.get("/v1/terms")).json()["version"] == "2026-11"


async def test_material_terms_leave_time_to_agree(client: httpx.AsyncClient) -> None:
    new = {"version": "2027-01", "text": "Be kinder.", "material": True}
    await client.post("/v1/admin/terms", json=new, headers=BEARER)
    past = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    bad = await client.post(
        "/v1/admin/terms", json=new | {"version": "2027-02", "pause_at": past}, headers=BEARER
    )
    (version,) = (await client.get("/v1/admin/terms", headers=BEARER)).json()
    assert bad.status_code == 422
    assert bad.json()["errors"][0]["field"] == "pause_at"
    left = datetime.fromisoformat(version["pause_at"]) - datetime.fromisoformat(version["published_at"])
    assert left == timedelta(days=30)


async def test_terms_without_text_or_with_a_field_too_many_are_refused(client: httpx.AsyncClient) -> None:
    for body in (
        {"version": "1", "text": ""},
        {"version": "a b", "text": "x"},
        {"version": "1", "text": "x", "to": 1},
    ):
        answer = await client.post("/v1/admin/terms", json=body, headers=BEARER)
        assert answer.status_code == 400
    assert (await client.get("/v1/admin/terms", headers=BEARER)).json() == []


async def test_an_event_that_was_replayed_meanwhile_is_not_said_to_be_set_aside(
    client: httpx.AsyncClient, system: System
) -> None:
    number = await add_event(system, 1, "dead")
    await sign_in(client)
    form = await csrf(client)
    await client.post(f"/admin/events/{number}/replay", data=form)
    answer = await client.post(f"/admin/events/{number}/discard", data=form)
    assert answer.status_code == 303
    page = (await client.get(answer.headers["location"])).text
    assert "Nothing was changed: the event is not among the failed ones" in page
    assert "set aside" not in page

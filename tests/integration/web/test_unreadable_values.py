"""Stored values that can't be used: a person's own pages stay calm and usable, the log names places only."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from service import person_errors
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.link_tokens import Scope, make_unsubscribe_token
from service.store.people import subscribers, subscriptions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.web.preferring import followed, link, status_of

pytestmark = pytest.mark.slow

SPOILT = {
    "no ciphertext": (t.subscriber, {"sealed": b""}),
    "a foreign ciphertext": (t.subscriber, {"sealed": b"x" * 60}),
    "filters: a list": (t.subscription, {"filters": [1]}),
    "filters: a text": (t.subscription, {"filters": "Italy"}),
    "filters: a number": (t.subscription, {"filters": 5}),
    "filters: unknown": (t.subscription, {"filters": {"nonsense": 1}}),
    "filters: countries": (t.subscription, {"filters": {"countries": 7}}),
    "filters: kinds": (t.subscription, {"filters": {"kinds": {"a": 1}}}),
    "filters: age": (t.subscription, {"filters": {"age": [1]}}),
    "frequency": (t.subscription, {"frequency": "hourly"}),
    "no frequency": (t.subscription, {"frequency": ""}),
}

SETTINGS = {"hour": "8", "weekday": "0", "timezone": "Europe/Rome", "locale": "it", "discreet": "yes"}


async def spoil(system: System, person: int, table: Any, values: dict[str, Any]) -> None:
    mine = (table.c.id if table is t.subscriber else table.c.subscriber_id) == person
    async with writing(system.database) as connection:
        await connection.execute(update(table).where(mine).values(**values))


async def topics_of(system: System, person: int) -> list[Any]:
    async with reading(system.database) as connection:
        return list(await subscriptions.active(connection, person))


@pytest.mark.parametrize("case", SPOILT)
async def test_the_page_shows_readable_values_and_names_the_others(
    client: httpx.AsyncClient, system: System, alice: int, case: str
) -> None:
    table, values = SPOILT[case]
    await spoil(system, alice, table, values)
    with capture_logs() as logged:
        answer = await client.get(link(system, alice))
    assert answer.status_code == 200
    assert "NCT04787263" in answer.text
    assert ("We can’t read your address" in answer.text) == (table is t.subscriber)
    assert answer.text.count("We can’t read what you chose here") == (2 if table is t.subscription else 0)
    (line,) = (entry for entry in logged if entry["event"] == "person_error")
    place = "address" if table is t.subscriber else next(iter(values))
    assert (line["stage"], line["subscriber"], line["error"]) == ("page", alice, f"unreadable: {place}")
    assert (await person_errors.counts(system.redis))["page"] == 1


@pytest.mark.parametrize("case", SPOILT)
async def test_every_form_of_the_page_goes_on_working(
    client: httpx.AsyncClient, system: System, alice: int, case: str
) -> None:
    await spoil(system, alice, *SPOILT[case])
    path = link(system, alice)
    first, second = await topics_of(system, alice)
    forms: list[tuple[str, dict[str, str]]] = [
        ("settings", SETTINGS),
        ("pause", {"until": "2099-01-01"}),
        ("pause", {"do": "resume"}),
        ("topic", {"subscription": str(first.id), "frequency": "daily", "do": "save"}),
        ("topic", {"subscription": str(second.id), "do": "unfollow"}),
        ("again", {"subscription": str(second.id), "terms_version": "2026-01"}),
    ]
    for place, form in forms:
        answer = await client.post(f"{path}/{place}", data=form)
        assert answer.status_code == 303, (place, form, answer.text)
        assert status_of(await followed(client, path, answer)), place
    for place in ("follow", "erase"):
        assert (await client.get(f"{path}/{place}")).status_code == 200
    again = {row.key: row for row in await topics_of(system, alice)}
    assert set(again) == {first.key, second.key}
    assert again[first.key].frequency == "daily"
    assert {row.frequency for row in again.values()} <= {"daily", "weekly"}
    assert (await client.post(f"{path}/erase", data={"do": "erase"})).status_code == 200
    async with reading(system.database) as connection:
        assert await subscribers.get(connection, alice) is None


async def test_a_new_choice_is_readable_and_mail_resumes(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    await spoil(system, alice, t.subscription, {"frequency": "hourly", "filters": [1]})
    path = link(system, alice)
    for row in await topics_of(system, alice):
        form = {"subscription": str(row.id), "frequency": "weekly", "countries": "IT", "do": "save"}
        page = await followed(client, path, await client.post(path + "/topic", data=form))
    assert "We can’t read" not in page
    assert [(row.frequency, row.filters) for row in await topics_of(system, alice)] == [
        ("weekly", {"countries": ["IT"]})
    ] * 2
    async with reading(system.database) as connection:
        kept = (await connection.execute(select(t.slot.c.frequency))).scalars().all()
    assert set(kept) == {"weekly"}, "no slot is made for a frequency that is none"


@pytest.mark.parametrize("table", [t.subscriber, t.consent], ids=["address", "evidence"])
async def test_unreadable_data_are_answered_with_a_page_instead_of_a_download(
    client: httpx.AsyncClient, system: System, alice: int, table: Any
) -> None:
    await spoil(system, alice, table, {"sealed" if table is t.subscriber else "evidence": b"x" * 60})
    with capture_logs() as logged:
        answer = await client.get(link(system, alice) + "/data", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "Please try again tomorrow" in answer.text
    (line,) = (entry for entry in logged if entry["event"] == "person_error")
    assert (line["stage"], line["error"]) == ("page", "DecryptionError")


async def test_a_subscription_with_an_unreadable_frequency_can_be_ended(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    await spoil(system, alice, t.subscription, {"frequency": "hourly", "filters": 5})
    async with reading(system.database) as connection:
        person = await subscribers.get(connection, alice)
    assert person is not None
    secret = decrypt_subscriber(system.keyring, person.sealed, person.public_id).link_secret
    path = "/unsubscribe/" + make_unsubscribe_token(secret, person.public_id, Scope.ALL, 0)
    assert (await client.get(path)).status_code == 200
    assert (await client.post(path, data={"scope": "all"})).status_code == 200
    assert await topics_of(system, alice) == []

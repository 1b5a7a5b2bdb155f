"""The page after an unsubscribe: names the ended subscriptions, and restores them within an hour."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from service.store.people import erasure, subscribers
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.web.signing_up import LEUKEMIA, TRIAL, add_condition, publish_terms, rows
from tests.integration.web.test_unsubscribe import ONE_CLICK, link, states, world  # noqa: F401

FIELD = r'name="{}" value="([^"]+)"'


def form(page: str) -> dict[str, str]:
    """The fields of the page's form that undoes."""
    return {name: re.findall(FIELD.format(name), page)[0] for name in ("undo", "terms_version")}


async def ended(client: httpx.AsyncClient, path: str, scope: str = "all", *topics: str) -> str:
    """The page after the page's own button."""
    answer = await client.post(path, data={"scope": scope, "topic": list(topics)})
    assert answer.status_code == 200
    return answer.text


async def test_the_page_names_the_ended_subscriptions_and_restores_them(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await link(system)
    async with writing(system.database) as connection:
        await connection.execute(
            t.subscription.update().where(t.subscription.c.id == 2).values(small_changes=True)
        )
    page = await ended(client, path)
    assert "Study NCT04787263" in page
    assert "leukemia" in page
    assert await states(system) == ["ended", "ended"]
    answer = await client.post(f"{path}/undo", data=form(page))
    assert answer.status_code == 200
    assert "You follow it again" in answer.text
    assert "leukemia" in answer.text
    assert await states(system) == ["ended", "ended", "active", "active"]
    before, after = (
        (await rows(system.database, t.subscription))[:2],
        (await rows(system.database, t.subscription))[2:],
    )
    assert [(row.topic_id, row.small_changes) for row in after] == [
        (row.topic_id, row.small_changes) for row in before
    ]
    kinds = [row.kind for row in await rows(system.database, t.consent)]
    assert kinds[-5:] == ["withdrawn", "requested", "confirmed", "requested", "confirmed"]
    again = await client.post(f"{path}/undo", data=form(page))
    assert (again.status_code, await states(system)) == (200, ["ended", "ended", "active", "active"])


async def test_only_subscriptions_ended_by_that_press_are_restored(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await link(system)
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=5)):
        await ended(client, path, "topic", LEUKEMIA)
    page = await ended(client, path, "topic", TRIAL)
    assert "leukemia" not in page
    await client.post(f"{path}/undo", data=form(page))
    topics = {row.id: row.key for row in await rows(system.database, t.topic)}
    active = [
        topics[row.topic_id] for row in await rows(system.database, t.subscription) if row.state == "active"
    ]
    assert active == [TRIAL]


async def test_a_condition_that_became_too_broad_within_the_hour_is_restored(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await link(system)
    page = await ended(client, path)
    await add_condition(system.database, LEUKEMIA, "leukemia", followable=False)
    answer = await client.post(f"{path}/undo", data=form(page))
    assert (answer.status_code, "leukemia" in answer.text) == (200, True)


async def test_the_answer_to_one_click_reveals_nothing_of_the_person(
    client: httpx.AsyncClient, system: System
) -> None:
    answer = await client.post(await link(system), data=ONE_CLICK)
    assert answer.status_code == 200
    assert "NCT04787263" not in answer.text
    assert 'name="undo"' not in answer.text


async def test_a_second_press_has_nothing_to_undo(client: httpx.AsyncClient, system: System) -> None:
    path = await link(system)
    await ended(client, path)
    assert 'name="undo"' not in await ended(client, path)


@pytest.mark.parametrize("wrong", ["late", "altered", "none", "other terms", "erased", "another address"])
async def test_an_undo_that_is_impossible_refers_to_the_preferences(
    client: httpx.AsyncClient, system: System, wrong: str
) -> None:
    path = await link(system)
    sent = form(await ended(client, path))
    when = datetime.now(UTC)
    if wrong == "late":
        when += timedelta(minutes=61)
    elif wrong == "altered":
        sent["undo"] = sent["undo"][:-6] + "AAAAAA"
    elif wrong == "none":
        sent = {}
    elif wrong == "other terms":
        await publish_terms(system.database, "2027-01")
    person = (await rows(system.database, t.subscriber))[0].id
    async with writing(system.database) as connection:
        if wrong == "erased":
            await erasure.erase(connection, person)
        elif wrong == "another address":
            await subscribers.change(connection, person, email_index=system.addresses.of("new@example.org"))
    with time_machine.travel(when):
        answer = await client.post(f"{path}/undo", data=sent)
    assert answer.status_code == 410
    assert "from your preferences" in answer.text
    assert ("Our terms have changed" in answer.text) == (wrong == "other terms")
    assert ("works for an hour" in answer.text) == (wrong != "other terms")
    assert "active" not in await states(system)


async def test_a_former_address_sees_no_name_and_undoes_nothing(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await link(system)
    person = (await rows(system.database, t.subscriber))[0].id
    async with writing(system.database) as connection:
        await subscribers.change(connection, person, address_changed_at=datetime.now(UTC))
    page = await ended(client, path)
    assert "NCT04787263" not in page
    assert 'name="undo"' not in page
    assert await states(system) == ["ended", "ended"]

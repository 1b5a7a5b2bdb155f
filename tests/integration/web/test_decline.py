"""The words "It wasn't me": never written to again, nothing kept, a way back for the owner alone."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from service.crypto.link_tokens import Purpose, make_token
from service.store.people import subscribers, subscriptions, suppressions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.web.signing_up import (
    ALICE,
    TRIAL,
    all_mail_sent,
    everything,
    post,
    publish_terms,
    rows,
    work,
)
from tests.keys import first_id


@pytest.fixture(autouse=True)
async def world(client: httpx.AsyncClient, system: System) -> None:
    await publish_terms(system.database)
    await post(client)
    await work(system)


def link(system: System, *, whole: bool = True) -> str:
    """The link of Alice's mail; not `whole`: of one that was sent before links held the whole index."""
    index, keyring = system.addresses.of(ALICE), system.keyring
    return "/decline/" + make_token(
        keyring, Purpose.DECLINE, first_id(index), None, email_index=index, outlives_row=whole
    )


def hidden(page: httpx.Response) -> dict[str, str]:
    found = re.search(r'name="again" value="([^"]+)"', page.text)
    assert found
    return {"again": found[1]}


async def test_get_head_and_an_empty_post_change_nothing(client: httpx.AsyncClient, system: System) -> None:
    before = await everything(system.database)
    for _ in range(3):
        assert (await client.get(link(system))).status_code == 200
        assert (await client.head(link(system))).status_code == 200
        assert (await client.post(link(system))).status_code == 200
    assert await everything(system.database) == before


async def test_a_stranger_is_forgotten_and_suppressed(client: httpx.AsyncClient, system: System) -> None:
    fields = hidden(await client.get(link(system)))
    first = await client.post(link(system), data=fields)
    for table in (t.subscriber, t.subscription, t.consent, t.delivery):
        assert await rows(system.database, table) == []
    (suppressed,) = await rows(system.database, t.suppression)
    assert (suppressed.address_index, suppressed.reason) == (system.addresses.of(ALICE), "declined")
    after = await everything(system.database)
    second = await client.post(link(system), data=fields)
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert await everything(system.database) == after


async def test_an_older_link_promises_nothing_for_an_address_that_is_not_stored_any_more(
    client: httpx.AsyncClient, system: System
) -> None:
    path = link(system, whole=False)
    fields = hidden(await client.get(path))
    assert "We will never write to this address again" in (await client.post(path, data=fields)).text
    async with writing(system.database) as connection:
        await connection.execute(t.suppression.delete())
    answer = await client.post(path, data=fields)
    assert "had been deleted before" in answer.text
    assert "We will never write" not in answer.text
    assert await rows(system.database, t.suppression) == []


async def test_signing_up_again_needs_the_link_that_was_shown(
    client: httpx.AsyncClient, system: System
) -> None:
    fields = hidden(await client.get(link(system)))
    declined = await client.post(link(system), data=fields)
    await all_mail_sent(system.database)
    await post(client)
    await work(system)
    assert await rows(system.database, t.delivery) == []
    assert await rows(system.database, t.subscriber) == []
    shown = re.search(r"/subscribe\?again=([^\"]+)", declined.text)
    assert shown
    form = await client.get(f"/subscribe?topic={TRIAL}&again={shown[1]}")
    assert f'name="again" value="{shown[1]}"' in form.text
    await post(client, email="mallory@example.org", again=shown[1])
    await work(system)
    assert len(await rows(system.database, t.suppression)) == 1
    await post(client, again=shown[1])
    await work(system)
    asked = [(row.kind, row.passes_suppression) for row in await rows(system.database, t.delivery)]
    assert asked == [("confirmation", None), ("confirmation", "declined")]
    assert len(await rows(system.database, t.suppression)) == 1, "only the confirmation lifts it"


async def test_a_decline_ends_existing_subscriptions_and_keeps_the_evidence(
    client: httpx.AsyncClient, system: System
) -> None:
    sent = "updates are sent to this address"
    assert sent not in (await client.get(link(system))).text
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        await subscribers.change(connection, first_id(system.addresses.of(ALICE)), confirmed_at=now)
        await subscriptions.activate_pending(connection, first_id(system.addresses.of(ALICE)), now)
    page = await client.get(link(system))
    assert sent in page.text
    assert "You don’t need to do anything" not in page.text
    await client.post(link(system), data=hidden(page))
    assert sent not in (await client.get(link(system))).text
    assert [row.end_reason for row in await rows(system.database, t.subscription)] == ["declined"]
    assert [row.kind for row in await rows(system.database, t.consent)] == ["requested", "declined"]


async def test_a_complaint_is_not_lifted_by_a_strangers_sign_up(
    client: httpx.AsyncClient, system: System
) -> None:
    async with writing(system.database) as connection:
        index = system.addresses.of(ALICE)
        await suppressions.add(connection, index, "complaint", source="test", now=datetime.now(UTC))
    await all_mail_sent(system.database)
    before = len(await rows(system.database, t.delivery))
    await post(client)
    await work(system)
    assert len(await rows(system.database, t.delivery)) == before

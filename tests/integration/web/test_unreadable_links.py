"""Stored values that can't be used: the links of mails work all the same, or say what to do."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.link_tokens import Purpose, Scope, make_token, make_unsubscribe_token
from service.crypto.sealed_json import CONTEXT, seal_json
from service.domain.digests.schedule import Frequency
from service.store.people import address_changes, subscribers
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast
from tests.integration.web.test_unreadable_values import SPOILT, spoil, topics_of

pytestmark = pytest.mark.slow

CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    **{
        case: SPOILT[case]
        for case in ("no ciphertext", "a foreign ciphertext", "filters: a list", "frequency")
    },
    "locale": (t.subscriber, {"locale": "tlh"}),
    "time zone": (t.subscriber, {"timezone": "Mars/Olympus"}),
    "hour": (t.subscriber, {"hour": 77, "weekday": 9}),
    "evidence": (t.consent, {"evidence": b"x" * 60}),
}
every_case = pytest.mark.parametrize("case", CASES)


async def unsubscribe_path(system: System, person: int) -> str:
    """The link of a mail that the person got before their values were spoilt."""
    async with reading(system.database) as connection:
        row = await subscribers.get(connection, person)
    assert row is not None
    secret = decrypt_subscriber(system.keyring, row.sealed, row.public_id).link_secret
    return "/unsubscribe/" + make_unsubscribe_token(secret, row.public_id, Scope.ALL, 0)


def link(system: System, kind: str, purpose: Purpose, person: int) -> str:
    until = datetime.now(UTC) + timedelta(hours=1)
    index = system.addresses.of(cast.ALICE)
    return f"/{kind}/" + make_token(system.keyring, purpose, person, until, email_index=index)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


@every_case
async def test_the_unsubscribe_link_and_its_undo_work(
    client: httpx.AsyncClient, system: System, case: str
) -> None:
    alice = await cast.follower(system)
    path = await unsubscribe_path(system, alice)
    await spoil(system, alice, *CASES[case])
    page = await client.get(path)
    assert (page.status_code, "Stop all emails" in page.text) == (200, True)
    done = await client.post(path, data={"scope": "all"})
    assert (done.status_code, "We won’t write to you any more" in done.text) == (200, True)
    assert await topics_of(system, alice) == []
    undo = hidden(done.text)
    assert bool(undo) == ("sealed" not in CASES[case][1]), "whose link can't be verified sees no names"
    again = await client.post(f"{path}/undo", data=undo)
    if undo:
        assert (again.status_code, "You follow it again" in again.text) == (200, True)
        assert len(await topics_of(system, alice)) == 2
        # With one click, as mail programs do.
        assert (await client.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200
        assert await topics_of(system, alice) == []
    else:
        assert again.status_code == 410


@every_case
async def test_the_confirmation_link_works(client: httpx.AsyncClient, system: System, case: str) -> None:
    async with writing(system.database) as connection:
        alice = await cast.sign_up(connection, system, cast.ALICE)
    await spoil(system, alice, *CASES[case])
    path = link(system, "confirm", Purpose.CONFIRM, alice)
    page = await client.get(path)
    assert (page.status_code, "One last step" in page.text) == (200, True)
    for _ in range(2):
        done = await client.post(path, data=hidden(page.text) | {"timezone": "Europe/Rome"})
        assert (done.status_code, "You are signed up" in done.text) == (200, True)
    assert (await client.get(path)).status_code == 200
    rows = await topics_of(system, alice)
    assert {row.frequency for row in rows} == {Frequency.WEEKLY}
    assert len(rows) == 2


@every_case
async def test_the_other_links_work(client: httpx.AsyncClient, system: System, case: str) -> None:
    alice = await cast.follower(system)
    await spoil(system, alice, *CASES[case])
    assert (await client.get(link(system, "preferences", Purpose.PREFERENCES, alice))).status_code == 200
    assert (await client.post("/preferences", data={"email": cast.ALICE})).status_code == 200
    terms = link(system, "terms", Purpose.TERMS, alice)
    page = await client.get(terms)
    assert (page.status_code, "You agreed to version 2026-01" in page.text) == (200, True)
    decline = link(system, "decline", Purpose.DECLINE, alice)
    page = await client.get(decline)
    assert (await client.post(decline, data=hidden(page.text))).status_code == 200
    assert await topics_of(system, alice) == []


@pytest.mark.parametrize("spoilt", ["the address of before", "the new address"])
async def test_an_unreadable_change_of_address_offers_a_new_link(
    client: httpx.AsyncClient, system: System, spoilt: str
) -> None:
    alice = await cast.follower(system)
    sealed = seal_json(system.keyring, CONTEXT, alice, {"address": "new@example.org"})
    async with writing(system.database) as connection:
        change = await address_changes.create(connection, alice, sealed, datetime.now(UTC))
    path = link(system, "address", Purpose.ADDRESS, change)
    table = t.subscriber if spoilt == "the address of before" else t.address_change
    await spoil(system, alice, table, {"sealed": b"x" * 60})
    pages = [await client.post(path, data={"do": "confirm"})]
    if table is t.address_change:
        pages += [await client.get(path), await client.get(f"{path}/decline")]
        pages.append(await client.post(f"{path}/decline", data={"do": "decline"}))
    assert [(page.status_code, "This link no longer works" in page.text) for page in pages] == [
        (410, True) for _ in pages
    ]

"""A serving process whose clock is wrong goes by the database's: links, consents, sign-ins, events."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from service import request_queue
from service.configuration.settings import Settings
from service.store.mail import quota
from service.store.people import erasure
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.conftest import app_of, serving
from tests.events import signed, upserted
from tests.integration.privacy import cast
from tests.integration.web.operating import sign_in
from tests.integration.web.signing_up import post, publish_terms, rows, solved
from tests.integration.web.test_confirm import shown, signed_up
from tests.machines import AHEAD, machines

__all__ = ["machines"]

#: SQLite is on the machine of its processes: it has their clock.
pytestmark = [
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
    pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=3), timedelta(hours=-3)], ids=str),
    pytest.mark.slow,
    pytest.mark.usefixtures("machines"),
]

#: How much time may pass within a test.
SLACK = timedelta(minutes=2)


@asynccontextmanager
async def elsewhere(settings: Settings, ahead: timedelta) -> AsyncIterator[tuple[httpx.AsyncClient, System]]:
    """A serving process on a machine whose clock is ahead by so much."""
    AHEAD.set(ahead)
    with app_of(settings) as app:
        async with serving(app) as client:
            yield client, app.state.system
    AHEAD.set(timedelta())


async def test_a_link_lasts_as_long_as_was_promised_and_the_consent_has_the_right_time(
    client: httpx.AsyncClient, system: System, settings: Settings, ahead: timedelta
) -> None:
    await publish_terms(system.database)
    link = await signed_up(client, system, topic=["trial:NCT04787263"])
    began = datetime.now(UTC)
    async with elsewhere(settings, ahead) as (wrong, _):
        page = await wrong.get(link)
        assert page.status_code == 200
        done = await wrong.post(link, data=shown(page))
        assert done.status_code == 200
    (person,) = await rows(system.database, t.subscriber)
    consented = await rows(system.database, t.consent, t.consent.c.kind == "confirmed")
    assert abs(person.confirmed_at - began) < SLACK
    assert [abs(row.at - began) < SLACK for row in consented] == [True]


async def test_a_session_is_valid_at_each_process(
    client: httpx.AsyncClient, settings: Settings, ahead: timedelta
) -> None:
    await sign_in(client)
    async with elsewhere(settings, ahead) as (wrong, _):
        wrong.cookies.update(client.cookies)
        assert "At a glance" in (await wrong.get("/admin")).text
        wrong.cookies.clear()
        await sign_in(wrong)
        client.cookies = wrong.cookies
    assert "At a glance" in (await client.get("/admin")).text


async def test_events_with_the_present_time_are_accepted(
    system: System, settings: Settings, ahead: timedelta
) -> None:
    body = json.dumps([upserted("NCT00000001", 1)]).encode()
    headers = signed(body)
    async with elsewhere(settings, ahead) as (wrong, _):
        assert (await wrong.post("/v1/events", content=body, headers=headers)).status_code == 202
    (row,) = await rows(system.database, t.event)
    assert abs(row.received_at - datetime.now(UTC)) < SLACK


async def test_a_sign_up_is_kept_with_the_right_time_and_queries_no_clock(
    system: System, settings: Settings, ahead: timedelta
) -> None:
    await publish_terms(system.database)
    began, statements = datetime.now(UTC), list[str]()
    async with elsewhere(settings, ahead) as (wrong, there):

        def note(_: Any, __: Any, statement: str, *___: Any) -> None:
            statements.append(statement)

        event.listen(there.database.sync_engine, "before_cursor_execute", note)
        assert (await post(wrong)).status_code == 202
        event.remove(there.database.sync_engine, "before_cursor_execute", note)
    (row,) = await rows(system.database, t.request)
    assert abs(row.received_at - began) < SLACK
    asked = request_queue.decrypt(system.keyring, row.kind, row.sealed).content.decode()
    assert f'"at":"{began:%Y-%m-%d}' in asked
    assert not [statement for statement in statements if "clock_timestamp" in statement]


async def test_a_proof_of_work_is_valid_at_each_process(
    client: httpx.AsyncClient, system: System, settings: Settings, ahead: timedelta
) -> None:
    await publish_terms(system.database)
    asking = settings.model_copy(update={"challenge": "always"})
    sent = (await client.get("/v1/challenge")).json()
    async with elsewhere(asking, ahead) as (wrong, _):
        assert (await post(wrong)).status_code == 422
        assert (await post(wrong, challenge=solved(sent))).status_code == 202


async def test_an_erasure_removes_the_past_quota_of_a_mailbox_and_keeps_the_rest(
    system: System, settings: Settings, ahead: timedelta
) -> None:
    number = await cast.follower(system, cast.BOB)
    mailbox = system.addresses.mailbox(cast.BOB)
    soon = datetime.now(UTC) + timedelta(hours=1)
    async with writing(system.database) as connection:
        await quota.count(connection, mailbox, soon)
        await quota.count(connection, mailbox, datetime.now(UTC) - timedelta(hours=1))
    async with elsewhere(settings, ahead) as (_, there), writing(there.database) as connection:
        await erasure.erase(connection, number, mailboxes=(mailbox,))
    assert [row.at for row in await rows(system.database, t.mail_quota)] == [soon]

"""Unsubscribing: a page that changes nothing, one click that works for ever and says so to everybody."""

import socket
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from sqlalchemy import select

from service.configuration import settings as settings_module
from service.configuration.settings import Settings
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.link_tokens import Scope, make_unsubscribe_token
from service.crypto.sealed_json import EVIDENCE, open_json
from service.store.people import erasure, subscribers, subscriptions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.conftest import client_of
from tests.integration.web.signing_up import (
    LEUKEMIA,
    TRIAL,
    add_condition,
    everything,
    post,
    publish_terms,
    rows,
    work,
)
from tests.integration.web.sockets import HOST, is_closed, served
from tests.keys import key_of

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
async def world(client: httpx.AsyncClient, system: System) -> None:
    """Alice follows a trial and a condition."""
    await publish_terms(system.database)
    await add_condition(system.database, LEUKEMIA, "leukemia")
    await post(client, topic=[TRIAL, LEUKEMIA])
    await work(system)
    person = (await rows(system.database, t.subscriber))[0].id
    async with writing(system.database) as connection:
        await subscribers.change(connection, person, confirmed_at=datetime.now(UTC), terms_version="2026-11")
        await subscriptions.activate_pending(connection, person, datetime.now(UTC))


async def link(system: System, scope: Scope = Scope.ALL, reference: int = 0) -> str:
    """The unsubscribe link of one of Alice's mails."""
    row = (await rows(system.database, t.subscriber))[0]
    secret = decrypt_subscriber(system.keyring, row.sealed, row.public_id).link_secret
    return "/unsubscribe/" + make_unsubscribe_token(secret, row.public_id, scope, reference)


async def states(system: System) -> list[str]:
    return [row.state for row in await rows(system.database, t.subscription)]


async def digest_mail(system: System, *topics: str) -> int:
    """The id of a delivery whose digest reported `topics`."""
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        person = (await connection.execute(select(t.subscriber.c.id))).scalars().first()
        run = t.run.insert().values(
            frequency="weekly", due_at=now, planned_at=now, to_seq=9, state="planned", digests=1
        )
        run_id = (await connection.execute(run.returning(t.run.c.id))).scalar_one()
        digest = (
            t.digest.insert()
            .values(
                **key_of(person), run_id=run_id, frequency="weekly", from_seq=0, to_seq=9, topics="1:0,2:0"
            )
            .values(reported={"trials": [], "topics": list(topics)})
        )
        digest_id = (await connection.execute(digest.returning(t.digest.c.id))).scalar_one()
        delivery = t.delivery.insert().values(
            **key_of(person),
            kind="digest",
            digest_id=digest_id,
            state="sent",
            priority=10,
            due_at=now,
            created_at=now,
            message_key="m",
            attempts=1,
        )
        return int((await connection.execute(delivery.returning(t.delivery.c.id))).scalar_one())


@pytest.mark.parametrize("encoding", ["urlencoded", "multipart", "none"])
async def test_repeated_one_clicks_end_everything_once(
    client: httpx.AsyncClient, system: System, encoding: str
) -> None:
    path = await link(system)
    for _ in range(3):
        if encoding == "multipart":
            answer = await client.post(path, files={"List-Unsubscribe": (None, "One-Click")})
        else:
            answer = await client.post(path, data=ONE_CLICK if encoding == "urlencoded" else None)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    assert await states(system) == ["ended", "ended"]
    assert {row.end_reason for row in await rows(system.database, t.subscription)} == {"unsubscribed"}
    withdrawn = [row for row in await rows(system.database, t.consent) if row.kind == "withdrawn"]
    assert len(withdrawn) == 1
    assert open_json(system.keyring, EVIDENCE, withdrawn[0].subscriber_id, withdrawn[0].evidence)[
        "topics"
    ] == [TRIAL, LEUKEMIA]


@pytest.mark.slow
async def test_get_and_head_of_the_page_change_nothing(client: httpx.AsyncClient, system: System) -> None:
    path, before = await link(system), await everything(system.database)
    for _ in range(3):
        page, head = await client.get(path), await client.head(path)
        assert (page.status_code, head.status_code) == (200, 200)
    assert "Study NCT04787263" in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert await everything(system.database) == before


async def test_a_forged_link_changes_nothing_and_a_damaged_one_is_explained(
    client: httpx.AsyncClient, system: System
) -> None:
    row = (await rows(system.database, t.subscriber))[0]
    before = await everything(system.database)
    forged = "/unsubscribe/" + make_unsubscribe_token(b"x" * 16, row.public_id)
    assert (await client.post(forged, data=ONE_CLICK)).status_code == 200
    assert "NCT04787263" not in (await client.get(forged)).text
    for damaged in ((await link(system))[:-1], (await link(system))[:-3] + "AAA", "/unsubscribe/hello"):
        for answer in (await client.get(damaged), await client.post(damaged, data=ONE_CLICK)):
            assert answer.status_code == 404
            assert "cut off" in answer.text
    assert await everything(system.database) == before


async def test_the_page_ends_one_mails_topics_or_all(client: httpx.AsyncClient, system: System) -> None:
    path = await link(system, Scope.DELIVERY, await digest_mail(system, TRIAL))
    page = await client.get(path)
    assert 'value="topic"' in page.text
    answer = await client.post(path, data={"scope": "topic"})
    assert answer.status_code == 200
    assert await states(system) == ["ended", "active"]
    await client.post(path, data={"scope": "all"})
    assert await states(system) == ["ended", "ended"]


@pytest.mark.parametrize("media", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_form_that_does_not_arrive_in_full_ends_nothing(
    settings: Settings, system: System, media: str
) -> None:
    path = await link(system, Scope.DELIVERY, await digest_mail(system, TRIAL))
    head = f"POST {path} HTTP/1.1\r\nContent-Type: {media}\r\nContent-Length: 90\r\n"
    with served(settings) as server:
        sending = server.connect(head.encode() + HOST + b"\r\nscope=to")
        sending.shutdown(socket.SHUT_WR)
        assert is_closed(sending)
    assert await states(system) == ["active", "active"]


async def test_a_mail_that_is_kept_no_more_ends_all(client: httpx.AsyncClient, system: System) -> None:
    path = await link(system, Scope.DELIVERY, 12345)
    assert 'value="topic"' not in (await client.get(path)).text
    assert (await client.post(path, data={"scope": "topic"})).status_code == 200
    assert await states(system) == ["ended", "ended"]


async def test_a_link_of_400_days_ago_works_after_the_keys_rotated(
    environ: dict[str, str], system: System
) -> None:
    path = await link(system)
    new = "another-secret-key-of-more-than-32-characters"
    environ["ALERTS_SECRET_KEYS"] = f"{new},{environ['ALERTS_SECRET_KEYS']}"
    with time_machine.travel(datetime.now(UTC) + timedelta(days=400)):
        async with client_of(settings_module.read(environ)) as client:
            assert (await client.post(path, data=ONE_CLICK)).status_code == 200
    assert await states(system) == ["ended", "ended"]


async def test_an_erased_persons_link_answers_with_the_same_success(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await link(system)
    first = await client.post(path, data=ONE_CLICK)
    async with writing(system.database) as connection:
        await erasure.erase(connection, (await connection.execute(select(t.subscriber.c.id))).scalar_one())
    again = await client.post(path, data=ONE_CLICK)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (await client.get(path)).status_code == 200


async def test_an_erased_person_who_signed_up_anew_is_referred_to_a_newer_mail(
    client: httpx.AsyncClient, system: System
) -> None:
    path = await link(system)
    async with writing(system.database) as connection:
        await erasure.erase(connection, (await connection.execute(select(t.subscriber.c.id))).scalar_one())
    for scope in ("all", "topic"):
        answer = await client.post(path, data={"scope": scope})
        assert answer.status_code == 200
        assert "We won’t write to you" not in answer.text
        assert "This sign-up has been erased, and no more emails are sent because of it." in answer.text
        assert "If you have signed up again since then, use the link in a newer email." in answer.text

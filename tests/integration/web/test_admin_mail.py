"""One person's mails and the addresses that must not be written to: an address only ever in a body."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from service.digests.planner import plan_now
from service.domain.delivery.suppression import Reason
from service.store.people import suppressions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.web.operating import ALICE, BEARER, BOB, TOPIC, everything, held_run
from tests.integration.workers.world import open_world, snapshot
from tests.smtp_server import On
from workers.deliver.deliver import deliver


async def ask(client: httpx.AsyncClient, path: str, **body: object) -> httpx.Response:
    return await client.post(f"/v1/admin/{path}", json=body, headers=BEARER)


async def suppress(system: System, address: str, reason: Reason) -> None:
    async with writing(system.database) as connection:
        index = system.addresses.of(address)
        await suppressions.add(connection, index, reason, source="test", now=datetime.now(UTC))


@pytest.mark.slow
async def test_the_mails_of_an_address_are_found_and_say_nothing_of_its_topics(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        number = await held_run(world, ALICE, BOB)
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        await deliver(world.mailer)
        (mail,) = world.mails(ALICE)
    answer = await ask(client, "deliveries/search", email=" Alice@EXAMPLE.org ")
    (delivery,) = answer.json()["items"]
    assert (delivery["state"], delivery["kind"], delivery["run_id"]) == ("sent", "digest", number)
    assert mail["message-id"] == f"<{delivery['message_key']}@mail.example.org>"
    assert "NCT" not in answer.text
    assert "@" not in answer.text
    one = await client.get(f"/v1/admin/deliveries/{delivery['id']}", headers=BEARER)
    assert one.json() == delivery


@pytest.mark.slow
async def test_mails_to_anybody_are_listed_by_state_and_page_by_page(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system, On("RCPT", "550 5.1.1 no", match=BOB)) as world:
        number = await held_run(world, ALICE, BOB)
        held = await client.get("/v1/admin/deliveries", params={"state": "held"}, headers=BEARER)
        assert len(held.json()["items"]) == 2
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        await deliver(world.mailer)
    answer = await client.get("/v1/admin/deliveries", headers=BEARER)
    every = answer.json()["items"]
    assert sorted(mail["state"] for mail in every if mail["run_id"] == number) == ["bounced", "sent"]
    assert "@" not in answer.text.replace("mail.example.org", "")
    first = (await client.get("/v1/admin/deliveries", params={"limit": 1}, headers=BEARER)).json()
    second = {"limit": 1, "before": first["next"]}
    rest = (await client.get("/v1/admin/deliveries", params=second, headers=BEARER)).json()
    assert [*first["items"], *rest["items"]] == every[:2]


@pytest.mark.parametrize(
    ("rule", "state", "reply"),
    [
        (On("RCPT", f"550 5.1.1 <{ALICE}>: no such user here"), "bounced", "550 5.1.1"),
        (On("RCPT", f"450 4.2.1 {ALICE} is busy, no such user here yet"), "queued", "450 4.2.1"),
        (On("BODY", "554 5.6.0 no such user here " + "x, " * 400), "failed", "554 5.6.0"),
    ],
)
async def test_the_servers_reply_is_kept_without_addresses(
    client: httpx.AsyncClient, system: System, rule: On, state: str, reply: str
) -> None:
    async with open_world(system, rule) as world:
        number = await held_run(world, ALICE)
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        await deliver(world.mailer)
    answer = await ask(client, "deliveries/search", email=ALICE)
    (delivery,) = answer.json()["items"]
    assert delivery["state"] == state
    assert delivery["server_reply"].startswith(reply)
    assert "no such user here" in delivery["server_reply"]
    assert "alice" not in answer.text.lower()
    assert len(delivery["server_reply"]) <= 500


@pytest.mark.slow
async def test_pages_of_mails_hold_each_mail_once(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        held = snapshot()
        await world.hold(held)
        await world.follow(ALICE, TOPIC)
        for status in ("RECRUITING", "SUSPENDED", "RECRUITING", "TERMINATED", "COMPLETED"):
            held = await world.change(held, status=status)
            await plan_now(world.system)
    seen, body = [], {"email": ALICE, "limit": 2}
    for _ in range(4):
        page = (await ask(client, "deliveries/search", **body)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        body["before"] = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


async def test_an_unknown_or_invalid_address_is_a_problem_that_does_not_repeat_it(
    client: httpx.AsyncClient,
) -> None:
    for path in ("deliveries/search", "suppressions/search"):
        unknown = await ask(client, path, email="nobody@example.org")
        assert (unknown.status_code, "nobody" in unknown.text) == (404, False)
    for path in ("deliveries/search", "suppressions", "suppressions/lift", "suppressions/search"):
        bad = await ask(client, path, email="nobody at example.org")
        assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "email")
        assert "nobody" not in bad.text
    assert (await client.get("/v1/admin/deliveries/9", headers=BEARER)).status_code == 404


@pytest.mark.parametrize("name", ["email", "address"])
@pytest.mark.parametrize("listed", ["deliveries", "suppressions"])
async def test_an_address_in_the_url_is_refused_with_the_right_request(
    client: httpx.AsyncClient, listed: str, name: str
) -> None:
    answer = await client.get(f"/v1/admin/{listed}", params={name: ALICE}, headers=BEARER)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, name)
    assert f"POST /v1/admin/{listed}/search" in answer.json()["detail"]
    assert ALICE not in answer.text


@pytest.mark.slow
async def test_a_suppressed_address_gets_missed_news_once_it_is_lifted(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        assert (await ask(client, "suppressions", email=ALICE)).json() == {"changed": 1}
        assert (await ask(client, "suppressions", email=ALICE)).json() == {"changed": 0}
        after = await world.change(before, status="RECRUITING")
        assert await plan_now(world.system) == 0
        found = (await ask(client, "suppressions/search", email=ALICE)).json()
        assert (found["reason"], found["source"]) == ("operator", "operator")
        assert (await ask(client, "suppressions/lift", email=ALICE)).json() == {"changed": 1}
        assert (await ask(client, "suppressions/lift", email=ALICE)).json() == {"changed": 0}
        assert await plan_now(world.system) == 1
        await deliver(world.mailer)
        assert len(world.mails(ALICE)) == 1
        assert after["status"] == "RECRUITING"


@pytest.mark.parametrize("reason", [Reason.DECLINED, Reason.COMPLAINT, Reason.UNSUBSCRIBED])
async def test_a_suppression_by_the_person_is_lifted_only_on_their_request(
    client: httpx.AsyncClient, system: System, reason: Reason
) -> None:
    await suppress(system, ALICE, reason)
    before = await everything(system)
    refused = await ask(client, "suppressions/lift", email=ALICE)
    assert (refused.status_code, reason in refused.json()["detail"]) == (409, True)
    assert await everything(system) == before
    lifted = await ask(client, "suppressions/lift", email=ALICE, asked_by_person=True)
    assert lifted.json() == {"changed": 1}


async def test_suppressions_are_listed_without_addresses_page_by_page(
    client: httpx.AsyncClient, system: System
) -> None:
    for number in range(5):
        await suppress(system, f"p{number}@example.org", Reason.HARD_BOUNCE)
    await suppress(system, ALICE, Reason.COMPLAINT)
    async with writing(system.database) as connection:  # some at one moment: a page may end between them
        moment = datetime.now(UTC) - timedelta(days=1)
        bounced = t.suppression.c.reason == "hard_bounce"
        await connection.execute(update(t.suppression).where(bounced).values(created_at=moment))
    seen, query, pages = [], "", 0
    while pages < 5:
        answer = await client.get(f"/v1/admin/suppressions?limit=2{query}", headers=BEARER)
        page, pages = answer.json(), pages + 1
        assert "@" not in answer.text
        assert all(set(item) == {"reason", "source", "created_at"} for item in page["items"])
        seen += [item["reason"] for item in page["items"]]
        if page["next"] is None:
            break
        query = f"&before={page['next']}"
    assert seen == ["complaint"] + ["hard_bounce"] * 5
    only = (await client.get("/v1/admin/suppressions?reason=complaint", headers=BEARER)).json()
    assert len(only["items"]) == 1
    forged = await client.get("/v1/admin/suppressions?before=AAAA", headers=BEARER)
    assert forged.status_code == 400


async def test_concurrent_suppressions_by_two_operators_count_once(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(ask(client, "suppressions", email=ALICE) for _ in range(4)))
    assert sorted(answer.json()["changed"] for answer in answers) == [0, 0, 0, 1]


@pytest.mark.parametrize(("part", "value"), [("runs", 999), ("kinds", "nonsense")])
async def test_an_unknown_run_or_kind_is_not_released(
    client: httpx.AsyncClient, part: str, value: int | str
) -> None:
    await ask(client, "mail/hold")
    answer = await ask(client, "mail/release", **{part: [value]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == part
    assert (await client.get("/v1/admin/mail", headers=BEARER)).json()["released"] == []

"""A person's data: shown, exported, erased, by an address in a body."""

import httpx
import pytest
from sqlalchemy import select

from service.crypto.email_addresses import new_secret
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.web.operating import ALICE, BEARER, BOB, TOPIC, everything, held_run
from tests.integration.workers.world import open_world
from workers.deliver.deliver import deliver


async def ask(client: httpx.AsyncClient, what: str, email: str = ALICE) -> httpx.Response:
    return await client.post(f"/v1/admin/subscribers/{what}", json={"email": email}, headers=BEARER)


async def reported(client: httpx.AsyncClient, system: System) -> None:
    """Alice and Bob were notified of a change."""
    async with open_world(system) as world:
        number = await held_run(world, ALICE, BOB)
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        await deliver(world.mailer)


@pytest.mark.slow
async def test_a_person_is_shown_in_short_and_exported_whole(
    client: httpx.AsyncClient, system: System
) -> None:
    await reported(client, system)
    before = await everything(system)
    short, whole = (
        (await ask(client, "show")).json(),
        (await ask(client, "export", " ALICE@example.org")).json(),
    )
    assert short["person"]["address"] == whole["person"]["address"] == ALICE
    assert [subscription["topic"] for subscription in short["subscriptions"]] == [TOPIC]
    assert (short["mails"], len(whole["mails"])) == (1, 1)
    assert whole["digests"][0]["topics"] == [TOPIC]
    assert BOB not in str(whole)
    assert await everything(system) | {"audit": []} == before | {"audit": []}


@pytest.mark.slow
async def test_an_erased_person_is_gone_from_every_table_and_the_other_is_not(
    client: httpx.AsyncClient, system: System
) -> None:
    await reported(client, system)
    erased = (await ask(client, "erase")).json()["erased"]
    assert (erased["subscriber"], erased["subscription"], erased["delivery"]) == (1, 1, 1)
    assert (await ask(client, "show")).status_code == 404
    assert (await ask(client, "erase")).status_code == 404
    assert (await ask(client, "show", BOB)).status_code == 200
    async with reading(system.database) as connection:
        left = (await connection.execute(select(t.delivery.c.subscriber_id))).scalars().all()
    assert len(left) == 1


async def test_an_unknown_or_invalid_address_is_a_problem(client: httpx.AsyncClient) -> None:
    for what in ("show", "export", "erase"):
        unknown, bad = await ask(client, what, "nobody@example.org"), await ask(client, what, "nobody")
        assert (unknown.status_code, bad.status_code) == (404, 422)
        assert "nobody" not in unknown.text + bad.text


async def test_without_the_key_a_person_can_still_be_erased(
    client: httpx.AsyncClient, system: System
) -> None:
    await reported(client, system)
    async with writing(system.database) as connection:
        await connection.execute(t.subscriber.update().values(sealed=new_secret() * 4))
    refused = await ask(client, "export")
    assert (refused.status_code, "secret keys" in refused.json()["detail"]) == (409, True)
    assert (await ask(client, "erase")).status_code == 200

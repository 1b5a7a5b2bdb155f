"""A person's data: the way to the page, another address, a copy of everything, erasure."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.link_tokens import Purpose, make_token
from service.crypto.sealed_json import CONTEXT, open_json
from service.domain.delivery.suppression import Reason
from service.store.people import address_changes, subscribers, suppressions
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast, rows
from tests.integration.web.preferring import error_at, followed, link, status_of
from workers.visitor_requests import process_requests

NEW = "alice.new@example.net"
YES = {"do": "confirm"}


async def _mails(system: System) -> list[tuple[int, str]]:
    async with reading(system.database) as connection:
        left = await rows.dump(connection)
    return [(row["subscriber_id"], row["kind"]) for row in left["delivery"]]


async def _suppress(system: System, address: str, reason: Reason) -> None:
    async with writing(system.database) as connection:
        index = system.addresses.of(address)
        await suppressions.add(connection, index, reason, source="test", now=datetime.now(UTC))


async def test_a_request_for_a_link_gets_the_same_answer_for_everybody(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    async with writing(system.database) as connection:
        await cast.sign_up(connection, system, "pending@example.org")
    await cast.follower(system, "declined@example.org")
    await _suppress(system, "declined@example.org", Reason.DECLINED)
    asked = (cast.ALICE, "nobody@example.org", "pending@example.org", "declined@example.org")
    answers = [await client.post("/preferences", data={"email": email}) for email in asked]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    await process_requests(system)
    assert await _mails(system) == [(alice, "preferences_link")]
    async with reading(system.database) as connection:
        assert (await rows.dump(connection))["request"] == [], "nobody's address stays"


async def test_repeated_requests_send_one_link(client: httpx.AsyncClient, system: System, alice: int) -> None:
    for email in (cast.ALICE, cast.ALICE.replace("@", "+tag@"), cast.ALICE.lower(), cast.ALICE):
        assert (await client.post("/preferences", data={"email": email})).status_code == 200
    await process_requests(system)
    assert await _mails(system) == [(alice, "preferences_link")]


async def test_a_reader_who_unsubscribed_from_everything_can_still_get_their_data(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    await _suppress(system, cast.ALICE, Reason.UNSUBSCRIBED)
    await client.post("/preferences", data={"email": cast.ALICE})
    await process_requests(system)
    assert await _mails(system) == [(alice, "preferences_link")]


async def test_an_invalid_address_in_a_request_for_a_link_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.post("/preferences", data={"email": "no address"})
    assert answer.status_code == 422
    assert error_at(answer.text, "email")


async def _asked(
    client: httpx.AsyncClient, system: System, subscriber_id: int, email: str = NEW
) -> str | None:
    """The path in the mail to the new address after the person asked, None when no mail is due."""
    path = link(system, subscriber_id)
    page = await followed(client, path, await client.post(path + "/address", data={"email": email}))
    assert "a message with a link is on its way" in status_of(page)
    await process_requests(system)
    async with reading(system.database) as connection:
        change = await address_changes.pending(connection, subscriber_id)
    if change is None:
        return None
    until = datetime.now(UTC) + timedelta(hours=48)
    return "/address/" + make_token(
        system.keyring, Purpose.ADDRESS, change.id, until, email_index=system.addresses.of(email)
    )


async def _address(system: System, subscriber_id: int) -> str:
    async with reading(system.database) as connection:
        person = await subscribers.get(connection, subscriber_id)
    assert person is not None
    assert person.email_index == system.addresses.of(
        decrypt_subscriber(system.keyring, person.sealed, person.public_id).address
    )
    return decrypt_subscriber(system.keyring, person.sealed, person.public_id).address


async def test_an_address_changes_only_once_the_new_one_confirms_and_the_old_one_is_notified(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = await _asked(client, system, alice)
    assert path is not None
    assert NEW in (await client.get(path)).text
    await client.head(path)
    await client.post(path, data={"blind": "1"})
    assert await _address(system, alice) == cast.ALICE
    for _ in range(2):
        answer = await client.post(path, data=YES)
        assert answer.status_code == 200
        assert "Your address has been changed" in answer.text
    assert await _address(system, alice) == NEW
    async with reading(system.database) as connection:
        mails = (await rows.dump(connection))["delivery"]
    assert [mail["kind"] for mail in mails] == ["address_change", "address_changed"]
    assert open_json(system.keyring, CONTEXT, alice, mails[0]["context"])["address"] == NEW
    assert open_json(system.keyring, CONTEXT, alice, mails[1]["context"]) == {"address": cast.ALICE}


async def test_an_old_unsubscribe_link_still_works_after_a_change_of_address(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    async with reading(system.database) as connection:
        before = await subscribers.get(connection, alice)
    path = await _asked(client, system, alice)
    assert path is not None
    await client.post(path, data=YES)
    async with reading(system.database) as connection:
        after = await subscribers.get(connection, alice)
    assert before is not None
    assert after is not None
    secrets = {
        decrypt_subscriber(system.keyring, row.sealed, row.public_id).link_secret for row in (before, after)
    }
    assert len(secrets) == 1


async def test_an_address_that_is_another_persons_is_refused_and_only_its_owner_learns_it(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    bob = await cast.follower(system, cast.BOB)
    path = await _asked(client, system, alice, cast.BOB)
    assert path is not None, "the same answer as for a free address, and a mail to its owner"
    answer = await client.post(path, data=YES)
    assert answer.status_code == 409
    assert "This address already gets updates" in answer.text
    assert await _address(system, alice) == cast.ALICE
    assert await _address(system, bob) == cast.BOB


async def test_a_sign_up_never_confirmed_makes_way_for_the_owner_of_the_mailbox(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    async with writing(system.database) as connection:
        await cast.sign_up(connection, system, NEW)
    path = await _asked(client, system, alice)
    assert path is not None
    assert (await client.post(path, data=YES)).status_code == 200
    assert await _address(system, alice) == NEW


async def test_a_new_address_that_declined_gets_no_mail(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    await _suppress(system, NEW, Reason.DECLINED)
    assert await _asked(client, system, alice) is None
    assert await _mails(system) == []


async def test_a_stranger_who_declines_an_address_change_gets_no_more_mail(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = await _asked(client, system, alice)
    assert path is not None
    assert (await client.get(path + "/decline")).status_code == 200
    assert (await client.post(path + "/decline", data={"do": "decline"})).status_code == 200
    async with reading(system.database) as connection:
        assert await suppressions.reason_of(connection, system.addresses.of(NEW)) == Reason.DECLINED
        assert await suppressions.reason_of(connection, system.addresses.of(cast.ALICE)) is None
    assert (await client.post(path, data=YES)).status_code == 410
    assert await _address(system, alice) == cast.ALICE


async def test_a_later_address_change_voids_an_earlier_link(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    first = await _asked(client, system, alice)
    second = await _asked(client, system, alice, "other@example.net")
    assert first is not None
    assert second is not None
    assert (await client.post(first, data=YES)).status_code == 410
    assert (await client.post(second, data=YES)).status_code == 200
    assert await _address(system, alice) == "other@example.net"


async def test_the_download_holds_everything_readable(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    answer = await client.get(link(system, alice) + "/data")
    assert answer.headers["content-disposition"].startswith("attachment")
    held = json.loads(answer.content)
    assert held["person"]["address"] == cast.ALICE
    assert {subscription["topic"] for subscription in held["subscriptions"]} == {cast.TRIAL, cast.CONDITION}
    assert b"\n  " in answer.content, "for people, on several lines"


async def test_the_download_reconstructs_the_screen_that_was_agreed_to(
    client: httpx.AsyncClient, system: System
) -> None:
    with time_machine.travel(datetime(2024, 1, 2, 3, 4, tzinfo=UTC), tick=False):
        alice = await cast.follower(system)
    asked, confirmed = json.loads((await client.get(link(system, alice) + "/data")).content)["consents"]
    assert (asked["kind"], confirmed["kind"]) == ("requested", "confirmed")
    for row in (asked, confirmed):
        assert row["at"].startswith("2024-01-02T03:04:00")
        assert row["wording"] == cast.WORDING
        assert (row["terms_version"], row["terms_text"]) == ("2026-01", "The terms of January.")
        assert len(row["terms_sha256"]) == len(row["wording_sha256"]) == 64
        assert row["evidence"]["topics"] == [cast.TRIAL, cast.CONDITION]
        assert row["evidence"]["network"] == "192.0.2.0/24"


@pytest.mark.parametrize("never_again", [False, True])
async def test_erasure_from_the_page_leaves_at_most_a_suppression(
    client: httpx.AsyncClient, system: System, alice: int, never_again: bool
) -> None:
    path = link(system, alice)
    page = await client.get(path + "/erase")
    assert "What stays, and why" in page.text
    answer = await client.post(
        path + "/erase", data={"do": "erase"} | ({"never_again": "yes"} if never_again else {})
    )
    assert answer.status_code == 200
    assert "Everything has been erased" in answer.text
    async with reading(system.database) as connection:
        left = await rows.dump(connection)
    for table in ("subscriber", "subscription", "consent", "cursor", "delivery", "digest"):
        assert left[table] == []
    assert len(left["suppression"]) == int(never_again)
    assert (await client.get(path)).status_code == 410


async def test_a_blind_post_erases_nobody(client: httpx.AsyncClient, system: System, alice: int) -> None:
    path = link(system, alice) + "/erase"
    assert (await client.post(path)).status_code == 415
    assert (await client.post(path, data={"a": "b"})).status_code == 422
    assert (await client.get(path)).status_code == 200


async def test_an_erased_persons_link_never_opens_somebody_elses_page(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = link(system, alice)
    await client.post(path + "/erase", data={"do": "erase"})
    bob = await cast.follower(system, cast.BOB)
    assert bob != alice
    assert (await client.get(path)).status_code == 410

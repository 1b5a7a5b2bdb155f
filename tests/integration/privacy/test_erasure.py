"""After erasure nothing names the person (rights of the person): every table is walked, new ones too."""

import asyncio
from dataclasses import fields
from datetime import UTC, datetime

import msgspec
import pytest

from service import request_queue
from service.actions import personal_data
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.link_tokens import make_unsubscribe_token, read_unsubscribe_token
from service.domain.delivery.suppression import Reason
from service.store.mail import deliveries, quota
from service.store.people import erasure, export, subscribers, suppressions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast, rows


def test_every_table_is_classified_as_personal_or_impersonal() -> None:
    known = [*erasure.BY_SUBSCRIBER, *erasure.BY_OTHER_MEANS, *erasure.IMPERSONAL]
    assert sorted(table.name for table in known) == sorted(table.name for table in rows.tables())


def test_erasure_covers_every_table_that_names_a_subscriber() -> None:
    naming = {
        table.name
        for table in rows.tables()
        for column in table.columns
        if "subscriber" in column.name or any(key.column.table is t.subscriber for key in column.foreign_keys)
    }
    naming.remove(t.address.name)  # found by the index of the address, and gone with it
    naming.remove(t.canary.name)  # of a person who is nobody
    assert naming == {table.name for table in erasure.BY_SUBSCRIBER}
    assert naming == {field.name for field in fields(export.PersonRows)}


@pytest.mark.slow
async def test_a_row_of_every_personal_table_is_exported_and_erased(system: System) -> None:
    alice = await cast.follower(system)
    async with writing(system.database) as connection:
        person = await subscribers.get(connection, alice)
        assert person is not None
        await rows.fill(connection, system, alice)
        whole = await personal_data.export_person(connection, system, person, datetime.now(UTC))
        for name in ("subscriptions", "reported_up_to", "consents", "mails", "digests", "failed_mails"):
            assert whole[name], name
        assert whole["address_changes"][0]["new_address"] == "new@example.org"
        await personal_data.erase(connection, system, alice)
        left = await rows.dump(connection)
    for table in erasure.BY_SUBSCRIBER:
        assert left[table.name] == []
    for name, lines in left.items():
        for line in lines:
            values = list(line.values())
            assert person.public_id not in values, name
            assert person.email_index not in values, name


async def test_erasure_leaves_other_people_alone(system: System) -> None:
    alice, bob = await cast.follower(system), await cast.follower(system, cast.BOB)
    async with writing(system.database) as connection:
        before = (await export.rows_of(connection, bob)).subscription
        await personal_data.erase(connection, system, alice)
        assert (await export.rows_of(connection, bob)).subscription == before


async def test_erasure_includes_waiting_mail_requests_and_limits(system: System) -> None:
    alice, now = await cast.follower(system), datetime.now(UTC)
    sign_up = request_queue.SignUp(
        email=cast.ALICE.upper(), topics=[], terms_version="1", origin=request_queue.RequestOrigin(at=now)
    )
    others = msgspec.structs.replace(sign_up, email=cast.BOB)
    async with writing(system.database) as connection:
        await deliveries.queue(connection, alice, "preferences_link", now=now)
        await quota.reserve(connection, system.addresses.mailbox(cast.ALICE), now)
        for request in (sign_up, others):
            await request_queue.enqueue(
                connection, system.keyring, 1, request_queue.RequestKind.SUBSCRIBE, request, now
            )
        gone = await personal_data.erase(connection, system, alice)
        left = await rows.dump(connection)
    assert (gone["delivery"], gone["request"], gone["mail_quota"]) == (1, 1, 1)
    assert left["delivery"] == []
    assert left["mail_quota"] == []
    assert len(left["request"]) == 1, "Bob's request stays"


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (Reason.DECLINED, True),
        (Reason.UNSUBSCRIBED, True),
        (Reason.COMPLAINT, True),
        (Reason.OPERATOR, True),
        (Reason.HARD_BOUNCE, False),
        (Reason.SOFT_BOUNCES, False),
    ],
)
async def test_a_suppression_that_the_person_wanted_outlives_erasure(
    system: System, reason: Reason, kept: bool
) -> None:
    alice = await cast.follower(system)
    index = system.addresses.of(cast.ALICE)
    async with writing(system.database) as connection:
        await suppressions.add(connection, index, reason, source="test", now=datetime.now(UTC))
        await personal_data.erase(connection, system, alice)
        assert (await suppressions.reason_of(connection, index) is not None) is kept


async def test_a_person_whose_key_is_lost_can_be_erased(system: System) -> None:
    alice = await cast.follower(system)
    async with writing(system.database) as connection:
        await subscribers.change(connection, alice, sealed=b"unreadable" * 5)
        await personal_data.erase(connection, system, alice)
        assert await subscribers.get(connection, alice) is None


async def test_an_unsubscribe_link_of_an_erased_person_is_still_recognized(
    system: System,
) -> None:
    alice = await cast.follower(system)
    async with writing(system.database) as connection:
        row = await subscribers.get(connection, alice)
        assert row is not None
        secret = decrypt_subscriber(system.keyring, row.sealed, row.public_id).link_secret
        token = make_unsubscribe_token(secret, row.public_id)
        await personal_data.erase(connection, system, alice)
        link = read_unsubscribe_token(token)
        assert await subscribers.find_public(connection, link.public_id) is None


@pytest.mark.slow
async def test_an_erasure_during_a_confirmation_leaves_nothing_half_done(system: System) -> None:
    for _ in range(5):
        async with writing(system.database) as connection:
            alice = await cast.sign_up(connection, system, cast.ALICE)

        async def confirm(subscriber_id: int) -> None:
            async with writing(system.database) as connection:
                if await subscribers.lock(connection, subscriber_id) is not None:
                    await cast.confirm(connection, system, subscriber_id)

        async def erase(subscriber_id: int) -> None:
            async with writing(system.database) as connection:
                await personal_data.erase(connection, system, subscriber_id)

        await asyncio.gather(confirm(alice), erase(alice), confirm(alice))
        async with reading(system.database) as connection:
            left = await rows.dump(connection)
        for name in ("subscriber", *(table.name for table in erasure.BY_SUBSCRIBER)):
            assert left[name] == [], name

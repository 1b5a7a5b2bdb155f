"""Rotation of keys: everything opens afterwards without the old key, and concurrent changes are kept."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import LargeBinary, update

from service import request_queue
from service.actions import key_rotation, personal_data
from service.cli.context import CommandFailed
from service.cli.rotation import rotate
from service.crypto import keyring as keyring_module
from service.crypto.email_addresses import SubscriberIdentity, decrypt_subscriber, encrypt_subscriber
from service.crypto.keyring import DecryptionError, Keyring, SameKeyId, derive, key_id
from service.crypto.link_tokens import (
    Purpose,
    make_token,
    make_unsubscribe_token,
    read_token,
    read_unsubscribe_token,
)
from service.crypto.sealed_json import CONTEXT, EVIDENCE, open_json, seal_json
from service.digests.planner import plan
from service.domain.buckets import BUCKETS
from service.store.mail import deliveries
from service.store.people import address_changes, consents, subscribers
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System, open_system
from tests.integration.privacy import cast, rows
from tests.integration.workers.world import open_world, snapshot
from workers import rotate_keys as worker_job
from workers.deliver.deliver import deliver
from workers.deliver.mailer import open_mailer
from workers.rotate_keys import rotate_keys

pytestmark = pytest.mark.slow

OLD = "test-secret-key-of-more-than-32-characters"
NEW = "another-test-secret-key-of-more-than-32-characters"


@asynccontextmanager
async def _under(system: System, *keys: str):
    """The same database under other secret keys."""
    settings = system.settings.model_copy(update={"secret_keys": keys})
    async with open_system(settings) as opened:
        yield opened


async def _world(system: System) -> tuple[int, bytes]:
    """Alice, with a value in every sealed column; and her links' secret."""
    alice, now = await cast.follower(system), datetime.now(UTC)
    async with writing(system.database) as connection:
        person = await subscribers.get(connection, alice)
        assert person is not None
        sealed = seal_json(system.keyring, CONTEXT, alice, {"address": "new@example.org"})
        await address_changes.create(connection, alice, sealed, now)
        await deliveries.queue(connection, alice, "address_change", now=now, context=sealed)
        request = request_queue.PreferencesLinkRequest(cast.ALICE)
        await request_queue.enqueue(
            connection, system.keyring, 1, request_queue.RequestKind.PREFERENCES_LINK, request, now
        )
    return alice, decrypt_subscriber(system.keyring, person.sealed, person.public_id).link_secret


def test_every_column_of_bytes_is_resealed_or_known_to_be_no_secret() -> None:
    sealed = {str(sealed_column.column) for sealed_column in key_rotation.SEALED} | {"wrapped_key.sealed"}
    plain = {
        "subscriber.public_id",
        "subscriber.email_index",
        "address.email_index",
        "mail_quota.mailbox",
        "ended_session.id",
        "suppression.address_index",
    }
    held = {
        str(column)
        for table in rows.tables()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert held == sealed | plain


async def test_after_a_rotation_the_old_key_may_be_dropped_and_everything_opens(system: System) -> None:
    alice, secret = await _world(system)
    reports: list[tuple[int, int]] = []
    async with _under(system, NEW, OLD) as both:
        assert not await key_rotation.is_complete(both.database, both.keyring)
        await rotate(both, lambda done, total: reports.append((done, total)))
        assert await key_rotation.is_complete(both.database, both.keyring)
    assert reports[-1][0] == reports[-1][1] == 6
    async with _under(system, NEW) as alone, reading(alone.database) as connection:
        person = await personal_data.find(connection, alone, cast.ALICE)
        assert person is not None
        held = await personal_data.export_person(connection, alone, person, datetime.now(UTC))
        assert held["person"]["address"] == cast.ALICE
        assert held["consents"][0]["evidence"]["topics"] == [cast.TRIAL, cast.CONDITION]
        assert held["address_changes"][0]["new_address"] == "new@example.org"
        assert held["mails"][0]["context"] == {"address": "new@example.org"}
        assert held["requests_waiting"][0]["words"] == {"email": cast.ALICE}
        link = read_unsubscribe_token(make_unsubscribe_token(secret, person.public_id))
        assert link.genuine(decrypt_subscriber(alone.keyring, person.sealed, person.public_id).link_secret)
    assert alice == person.id


async def test_the_worker_completes_a_rotation_and_then_changes_nothing(system: System) -> None:
    await _world(system)
    async with _under(system, NEW, OLD) as both:
        await rotate_keys(both)
        assert await key_rotation.remaining(both.database, both.keyring) == 0
        async with reading(both.database) as connection:
            before = await rows.dump(connection)
        await rotate_keys(both)
        async with reading(both.database) as connection:
            assert await rows.dump(connection) == before


async def test_a_stopped_rotation_resumes(system: System) -> None:
    await _world(system)
    async with _under(system, NEW, OLD) as both:
        assert not (await key_rotation.reencrypt(both.database, both.keyring, seconds=0)).done
        assert not await key_rotation.is_complete(both.database, both.keyring)
        assert (await key_rotation.reencrypt(both.database, both.keyring, seconds=60)).done


async def test_a_rotation_ends_though_no_run_of_the_worker_has_time_for_all_rows(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run began anew: with more rows than one has time to look at, none reached the end."""
    await _world(system)
    monkeypatch.setattr(worker_job, "_SECONDS", 0.0)
    async with _under(system, NEW, OLD) as both:
        for _ in range(2 * len(key_rotation.SEALED) * len(BUCKETS)):  # an empty part, or a chunk, each
            await rotate_keys(both)
        assert await key_rotation.remaining(both.database, both.keyring) == 0
        assert await key_rotation.is_complete(both.database, both.keyring)


async def test_a_row_that_no_key_opens_is_named_and_stops_nothing(system: System) -> None:
    await _world(system)
    async with writing(system.database) as connection:
        await connection.execute(update(t.request).values(sealed=b"x" * 60))
    async with _under(system, NEW, OLD) as both:
        with pytest.raises(CommandFailed, match="1 value still encrypted with another key"):
            await rotate(both, lambda done, total: None)
        assert await key_rotation.remaining(both.database, both.keyring) == 1


async def test_links_of_the_old_key_work_until_it_is_dropped(system: System) -> None:
    index = system.addresses.of(cast.ALICE)
    token = make_token(system.keyring, Purpose.PREFERENCES, 7, None, email_index=index)
    link = read_token(Keyring([NEW, OLD]), Purpose.PREFERENCES, token, datetime.now(UTC))
    assert (link.subject, link.belongs_to(index)) == (7, True)


async def test_a_rotation_during_changes_of_address_and_erasures_loses_neither(system: System) -> None:
    people = [await cast.follower(system, f"person{number}@example.org") for number in range(12)]
    async with _under(system, NEW, OLD) as both:

        async def change(number: int) -> None:
            async with writing(both.database) as connection:
                row = await subscribers.lock(connection, number)
                assert row is not None
                person = decrypt_subscriber(both.keyring, row.sealed, row.public_id)
                fresh = SubscriberIdentity(f"moved{number}@example.org", person.link_secret)
                await subscribers.change(
                    connection,
                    number,
                    sealed=encrypt_subscriber(system.keyring, fresh, row.public_id),
                    key_id=system.keyring.current_key_id("address"),
                )

        async def erase(number: int) -> None:
            async with writing(both.database) as connection:
                await personal_data.erase(connection, both, number)

        again = [key_rotation.reencrypt(both.database, both.keyring, seconds=60) for _ in range(2)]
        await asyncio.gather(*again, *map(change, people[:6]), *map(erase, people[6:]))
        await key_rotation.reencrypt(both.database, both.keyring, seconds=60)
    async with _under(system, NEW) as alone, reading(alone.database) as connection:
        left = (await rows.dump(connection))["subscriber"]
        found = [decrypt_subscriber(alone.keyring, row["sealed"], row["public_id"]).address for row in left]
    assert sorted(found) == sorted(f"moved{number}@example.org" for number in people[:6])


async def test_a_rotation_during_sending_loses_and_repeats_no_mail(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "_CHUNK", 2)  # many short turns between the mails
    people = [f"person{number}@example.org" for number in range(20)]
    async with open_world(system) as world:
        first = snapshot()
        await world.hold(first)
        for address in people:
            await world.follow(address, f"trial:{first['nct_id']}")
        second = await world.change(first, status="RECRUITING")
        assert await plan(world.system) == len(people)
        async with _under(world.system, NEW, OLD) as both, open_mailer(both) as mailer:
            await asyncio.gather(
                deliver(mailer), key_rotation.reencrypt(both.database, both.keyring, seconds=60)
            )
            assert await key_rotation.remaining(both.database, both.keyring) == 0
        assert sorted(mail.rcpt_to for mail in world.smtp.mails) == sorted(people)
        async with _under(world.system, NEW) as alone, open_mailer(alone) as mailer:
            await world.change(second, status="SUSPENDED")
            assert await plan(alone) == len(people)
            await deliver(mailer)
            assert await key_rotation.is_complete(alone.database, alone.keyring)
        assert sorted(mail.rcpt_to for mail in world.smtp.mails) == sorted(people * 2)


async def test_a_value_sealed_in_one_row_does_not_open_in_another(system: System) -> None:
    alice, bob = await cast.follower(system), await cast.follower(system, cast.BOB)
    async with reading(system.database) as connection:
        people = {row["id"]: row for row in (await rows.dump(connection))["subscriber"]}
        witness = (await consents.of(connection, alice))[0].evidence
    with pytest.raises(DecryptionError):
        decrypt_subscriber(system.keyring, people[alice]["sealed"], people[bob]["public_id"])
    with pytest.raises(DecryptionError):
        open_json(system.keyring, EVIDENCE, bob, witness)
    with pytest.raises(DecryptionError):
        open_json(
            system.keyring,
            CONTEXT,
            bob,
            seal_json(system.keyring, CONTEXT, alice, {"address": "a@example.org"}),
        )
    with pytest.raises(DecryptionError):
        open_json(system.keyring, CONTEXT, alice, witness)


def _pair_with_equal_beginnings() -> tuple[str, str]:
    """Two secret keys whose ids for addresses begin with the same two octets."""
    seen: dict[bytes, str] = {}
    for number in range(5_000):
        key = f"{OLD}-{number}"
        beginning = key_id(derive(key, "seal:address"))[:2]
        if beginning in seen:
            return seen[beginning], key
        seen[beginning] = key
    raise AssertionError("no two ids begin alike")


async def test_a_rotation_to_a_key_with_a_similar_id_loses_nothing(system: System) -> None:
    old, new = _pair_with_equal_beginnings()
    async with _under(system, OLD, old) as opened:
        await cast.follower(opened)
    async with _under(system, old, OLD) as opened:
        await rotate(opened, lambda done, total: None)
    async with _under(system, new, old) as both:
        assert await key_rotation.remaining(both.database, both.keyring) > 0
        await rotate(both, lambda done, total: None)
    async with _under(system, new) as alone, reading(alone.database) as connection:
        person = await personal_data.find(connection, alone, cast.ALICE)
        assert person is not None
        assert decrypt_subscriber(alone.keyring, person.sealed, person.public_id).address == cast.ALICE


def test_two_keys_of_one_id_do_not_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring_module, "key_id", lambda key: b"the same")
    with pytest.raises(SameKeyId, match="ALERTS_SECRET_KEYS"):
        Keyring([NEW, OLD]).seal(b"x", "address")

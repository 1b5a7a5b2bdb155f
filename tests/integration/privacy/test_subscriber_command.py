"""`trial-alerts subscriber`: shown in short, given out whole, erased, by address."""

from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_urlsafe

import pytest

from service.cli.context import CommandFailed
from service.cli.subscriber import erase, export, show
from service.crypto.keyring import DecryptionError, Keyring
from service.domain.buckets import bucket_of_index
from service.domain.delivery.suppression import Reason
from service.request_queue import RequestKind, RequestOrigin, SignUp, enqueue
from service.runtime.failure_reasons import sentence
from service.store import audit
from service.store.people import suppressions
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast
from workers.visitor_requests import process_requests


async def test_a_person_is_shown_and_found_in_any_letter_case(system: System) -> None:
    await cast.follower(system)
    shown = await show(system, " " + cast.ALICE.lower())
    assert shown["person"]["address"] == cast.ALICE
    assert {subscription["topic"] for subscription in shown["subscriptions"]} == {cast.TRIAL, cast.CONDITION}
    assert [consent["kind"] for consent in shown["consents"]] == ["requested", "confirmed"]
    assert shown["mails"] == 0


async def test_a_person_is_exported_and_erased_and_then_unknown(system: System) -> None:
    await cast.follower(system)
    assert (await export(system, cast.ALICE))["consents"][0]["wording"] == cast.WORDING
    assert (await erase(system, cast.ALICE))["subscriber"] == 1
    for command in (show, export, erase):
        with pytest.raises(CommandFailed, match="Nobody is known by that address") as reported:
            await command(system, cast.ALICE)
        assert cast.ALICE not in str(reported.value)


async def test_a_person_whom_no_key_opens_is_reported_in_a_sentence(system: System) -> None:
    """It was the error's own words: “not sealed by any of the secret keys”."""
    await cast.follower(system)
    other = replace(system, keyring=Keyring([token_urlsafe(32)]))
    for command in (show, export):
        with pytest.raises(DecryptionError) as raised:
            await command(other, cast.ALICE)
        assert sentence(raised.value) == (
            "None of the secret keys opens what is stored: bring back the one that was dropped."
        )


async def test_a_suppression_that_is_all_that_is_kept_is_named(system: System) -> None:
    await cast.follower(system)
    async with writing(system.database) as connection:
        at = datetime(2026, 11, 22, tzinfo=UTC)
        await suppressions.add(
            connection, system.addresses.of(cast.ALICE), Reason.DECLINED, source="erasure", now=at
        )
    await erase(system, cast.ALICE)
    for command in (show, export, erase):
        with pytest.raises(CommandFailed) as reported:
            await command(system, cast.ALICE)
        assert str(reported.value) == (
            "Nobody is known by that address; that it must not be written to is kept"
            " (declined, by erasure, since 2026-11-22)."
        )


async def test_a_sign_up_that_waits_is_shown_and_erased_before_it_makes_a_subscriber(system: System) -> None:
    now = datetime.now(UTC)
    async with writing(system.database) as connection:
        for address in (cast.ALICE.upper(), cast.BOB):
            sign_up = SignUp(address, [cast.TRIAL], "1", RequestOrigin(now))
            bucket = bucket_of_index(system.addresses.mailbox(address))
            await enqueue(connection, system.keyring, bucket, RequestKind.SUBSCRIBE, sign_up, now)
    short, whole = await show(system, cast.ALICE), await export(system, cast.ALICE)
    assert (short["person"], short["requests_waiting"]) == (None, [{"kind": "subscribe", "received_at": now}])
    assert [request["words"]["topics"] for request in whole["requests_waiting"]] == [[cast.TRIAL]]
    assert await erase(system, cast.ALICE) == {"request": 1}
    await process_requests(system)
    with pytest.raises(CommandFailed, match="Nobody is known by that address"):
        await erase(system, cast.ALICE)
    assert (await show(system, cast.BOB))["person"]["address"] == cast.BOB
    assert (await export(system, cast.BOB)).keys() == whole.keys()
    assert (await show(system, cast.BOB)).keys() == short.keys()
    async with reading(system.database) as connection:
        acts = [(row.action, row.target, row.changed) for row in await audit.page(connection)]
    assert ("subscriber.erase", None, 1) in acts


async def test_a_look_for_somebody_unknown_is_audited(system: System) -> None:
    for command in (show, export):
        with pytest.raises(CommandFailed):
            await command(system, cast.ALICE)
    async with reading(system.database) as connection:
        acts = [(row.action, row.target) for row in await audit.page(connection)]
    assert acts == [("subscriber.export", None), ("subscriber.show", None)]


async def test_an_address_is_found_in_every_spelling_of_its_domain(system: System) -> None:
    await cast.follower(system, "alice@xn--mller-kva.example.org")
    for typed in ("alice@MÜLLER.example.org", "Alice@xn--mller-kva.example.org"):
        assert (await show(system, typed))["person"]["address"] == "alice@xn--mller-kva.example.org"
    with pytest.raises(CommandFailed, match="Nobody is known"):
        await show(system, "no address")

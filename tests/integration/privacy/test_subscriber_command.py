"""`trial-alerts subscriber`: shown in short, given out whole, erased, by address."""

import pytest

from service.cli.context import CommandFailed
from service.cli.subscriber import erase, export, show
from service.system import System
from tests.integration.privacy import cast


async def test_it_shows_who_follows_what_and_finds_the_address_in_any_letter_case(system: System) -> None:
    await cast.follower(system)
    shown = await show(system, " " + cast.ALICE.lower())
    assert shown["person"]["address"] == cast.ALICE
    assert {subscription["topic"] for subscription in shown["subscriptions"]} == {cast.TRIAL, cast.CONDITION}
    assert [consent["kind"] for consent in shown["consents"]] == ["requested", "confirmed"]
    assert shown["mails"] == 0


async def test_it_exports_and_erases_and_then_knows_nobody(system: System) -> None:
    await cast.follower(system)
    assert (await export(system, cast.ALICE))["consents"][0]["wording"] == cast.WORDING
    assert (await erase(system, cast.ALICE))["subscriber"] == 1
    for command in (show, export, erase):
        with pytest.raises(CommandFailed, match="Nobody is known by that address") as reported:
            await command(system, cast.ALICE)
        assert cast.ALICE not in str(reported.value)


async def test_it_finds_an_address_however_its_domain_is_written(system: System) -> None:
    await cast.follower(system, "alice@xn--mller-kva.example.org")
    for typed in ("alice@MÜLLER.example.org", "Alice@xn--mller-kva.example.org"):
        assert (await show(system, typed))["person"]["address"] == "alice@xn--mller-kva.example.org"
    with pytest.raises(CommandFailed, match="Nobody is known"):
        await show(system, "no address")

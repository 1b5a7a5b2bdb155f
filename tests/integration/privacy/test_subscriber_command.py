"""`trial-alerts subscriber`: shown in short, given out whole, erased, by address."""

import pytest

from service.cli.context import CommandFailed
from service.cli.subscriber import erase, export, show
from service.system import System
from tests.integration.privacy import cast


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


async def test_an_address_is_found_in_every_spelling_of_its_domain(system: System) -> None:
    await cast.follower(system, "alice@xn--mller-kva.example.org")
    for typed in ("alice@MÜLLER.example.org", "Alice@xn--mller-kva.example.org"):
        assert (await show(system, typed))["person"]["address"] == "alice@xn--mller-kva.example.org"
    with pytest.raises(CommandFailed, match="Nobody is known"):
        await show(system, "no address")

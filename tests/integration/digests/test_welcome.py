"""The first digest that a person gets welcomes them; no other one does."""

from datetime import timedelta

import pytest

from service.cli.digests import send_now
from service.store.mail import claims
from service.system import System
from tests.integration.workers.world import open_world, snapshot
from workers.deliver.deliver import deliver

ALICE = "alice@example.org"
TRIAL = "trial:NCT04787263"


async def test_only_the_first_digest_welcomes(system: System) -> None:
    async with open_world(system) as world:
        now = snapshot()
        await world.hold(now)
        await world.follow(ALICE, TRIAL, frequency="weekly")
        for status in ("RECRUITING", "SUSPENDED"):
            now = await world.change(now, status=status)
            await send_now(world.system)
            await deliver(world.mailer)
        first, second = (mail.get_body(("plain",)).get_content() for mail in world.mails(ALICE))
        assert "You get one a week at most" in " ".join(first.split())
        assert "Welcome" not in second


async def test_who_confirmed_long_ago_is_not_welcomed(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(system) as world:
        now = snapshot()
        await world.hold(now)
        await world.follow(ALICE, TRIAL, frequency="weekly")
        monkeypatch.setattr(claims, "WELCOME", timedelta(0))
        await world.change(now, status="RECRUITING")
        await send_now(world.system)
        await deliver(world.mailer)
        (mail,) = world.mails(ALICE)
        assert "Welcome" not in mail.get_body(("plain",)).get_content()

"""The first digest that a person gets welcomes them; no other one does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.cli.digests import preview, send_now
from service.store.mail import claimed_deliveries
from service.store.people import subscriptions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.store.topics import topics
from service.system import System
from tests.integration.workers.world import open_world, snapshot
from workers.deliver.deliver import deliver

ALICE, BOB = "alice@example.org", "bob@example.org"
TRIAL = "trial:NCT04787263"


@pytest.mark.slow
@pytest.mark.usefixtures("one_bucket")
async def test_only_the_first_digest_welcomes(system: System) -> None:
    async with open_world(system) as world:
        now = snapshot()
        await world.hold(now)
        for status, newcomer in (("RECRUITING", ALICE), ("SUSPENDED", BOB)):
            await world.follow(newcomer, TRIAL, frequency="weekly")
            now = await world.change(now, status=status)
            (shown,) = await preview(world.system, ALICE)
            assert ("Welcome" in shown.text, "Welcome" in shown.html) == (status == "RECRUITING",) * 2
            await send_now(world.system)
            await deliver(world.mailer)
        first, second = (mail.get_body(("plain",)).get_content() for mail in world.mails(ALICE))
        assert "You get one a week at most" in " ".join(first.split())
        assert "Welcome" not in second
        (of_newcomer,) = world.texts(BOB)
        assert "Welcome" in of_newcomer


async def test_a_reader_who_confirmed_long_ago_is_not_welcomed(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(system) as world:
        now = snapshot()
        await world.hold(now)
        await world.follow(ALICE, TRIAL, frequency="weekly")
        monkeypatch.setattr(claimed_deliveries, "WELCOME", timedelta(0))
        await world.change(now, status="RECRUITING")
        (shown,) = await preview(world.system, ALICE)
        assert "Welcome" not in shown.text
        await send_now(world.system)
        await deliver(world.mailer)
        (mail,) = world.mails(ALICE)
        assert "Welcome" not in mail.get_body(("plain",)).get_content()


async def test_a_reader_whose_first_digests_are_deleted_by_now_is_not_welcomed_again(system: System) -> None:
    settings = system.settings.model_copy(update={"keep_deliveries_days": 30})
    async with open_world(replace(system, settings=settings)) as world:
        now = snapshot()
        await world.hold(now)
        await world.follow(ALICE, TRIAL, frequency="weekly")
        async with writing(system.database) as connection:
            ago = datetime.now(UTC) - timedelta(days=40)
            await connection.execute(t.subscriber.update().values(confirmed_at=ago))
        await world.change(now, status="RECRUITING")
        (shown,) = await preview(world.system, ALICE)
        await send_now(world.system)
        await deliver(world.mailer)
        (text,) = world.texts(ALICE)
        assert ["Welcome" in shown.text, "Welcome" in text] == [False, False]


async def test_only_the_first_of_two_previewed_digests_welcomes(system: System) -> None:
    async with open_world(system) as world:
        studies = [snapshot(), snapshot("NCT00000002")]
        alice = await world.follow(ALICE, TRIAL, frequency="weekly")
        async with writing(system.database) as connection:
            now = datetime.now(UTC)
            (topic_id,) = (await topics.ensure_topics(connection, ["trial:NCT00000002"])).values()
            wanted = {"frequency": "daily", "filters": None, "small_changes": False, "now": now}
            await subscriptions.add_pending(connection, alice, topic_id, **wanted)
            await subscriptions.activate_pending(connection, alice, now)
        for study in studies:
            await world.hold(study)
            await world.change(study, status="RECRUITING")
        shown = [(mail.frequency, "Welcome" in mail.text) for mail in await preview(world.system, ALICE)]
        assert shown == [("daily", True), ("weekly", False)]

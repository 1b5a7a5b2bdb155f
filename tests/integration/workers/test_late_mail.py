"""Mail that leaves late says what the registry says by then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from service.crypto.sealed_json import CONTEXT, seal_json
from service.digests.content_cache import ContentCache
from service.digests.planner import plan
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.suppression import Reason
from service.domain.trials.events.snapshot import read_snapshot
from service.store.digests import runs
from service.store.mail import deliveries
from service.store.people import suppressions
from service.store.sql.database import writing
from service.system import System
from tests.integration.web.operating import plan_held
from tests.integration.workers.world import TRIAL, open_world, snapshot, text_of
from tests.smtp_server import On
from workers.deliver.deliver import deliver

ALICE, BOB, TOPIC = "alice@example.org", "bob@example.org", f"trial:{TRIAL}"
OPEN, PAUSED = "looking for participants", "this study is paused"
LATER = On("RCPT", "451 4.2.0 Later\r\n", match=BOB, times=1)


async def test_a_mail_that_was_deferred_has_the_facts_of_the_day_on_which_it_leaves(system: System) -> None:
    seconds = 100.0
    with time_machine.travel(datetime.now(UTC)) as clock:
        async with open_world(system, replace(LATER)) as world:
            cache = ContentCache(clock=lambda: seconds)
            mailer = replace(world.mailer, content_cache=cache)
            before = snapshot(has_results=False)
            await world.hold(before)
            for reader in (ALICE, BOB):
                await world.follow(reader, TOPIC)
            after = await world.change(before, has_results=True)
            await plan(world.system)
            await deliver(mailer)
            assert "Not taking participants yet" in world.texts(ALICE)[0]
            await world.change(after, status="SUSPENDED")
            clock.shift(timedelta(hours=1))
            seconds += 3600
            await deliver(mailer)
            assert "Status in the registry: Paused" in world.texts(BOB)[0]


@pytest.mark.slow
@pytest.mark.parametrize("is_overtaken", [True, False])
async def test_a_released_run_says_of_no_study_that_it_is_open_when_it_closed_meanwhile(
    system: System, is_overtaken: bool
) -> None:
    async with open_world(system) as world:
        before = snapshot(has_results=False)
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        after = await world.change(before, status="RECRUITING", has_results=True)
        held = await plan_held(system)
        await world.change(after, status="SUSPENDED")
        if is_overtaken:
            await plan(world.system)
            await deliver(world.mailer)
        async with writing(system.database) as connection:
            await runs.release(connection, held)
        await deliver(world.mailer)
        late = text_of(world.mails(ALICE)[-1])
        assert "Results are now posted" in late
        assert OPEN not in late
        assert "Status in the registry: Paused" in late
        await plan(world.system)
        await deliver(world.mailer)
        assert [PAUSED in text for text in world.texts(ALICE)].count(True) == 1


FINISHED, STOPPED = "has finished", "was stopped early"


@pytest.mark.parametrize(
    ("silent", "later", "told"),
    [("COMPLETED", None, [FINISHED]), ("RECRUITING", None, []), ("COMPLETED", "TERMINATED", [STOPPED])],
)
async def test_a_status_that_another_one_replaced_silently_is_reported_as_it_is_now(
    system: System, silent: str, later: str | None, told: list[str]
) -> None:
    async with open_world(system) as world:
        before = snapshot(status="RECRUITING")
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        paused = await world.change(before, status="SUSPENDED")
        after = read_snapshot({**paused, "revision": 3, "status": silent, "notify": "suppress"})
        await world.hold(after)
        if later:
            await world.change({**after, "notify": "allow"}, status=later)
        await world.send_all()
        texts = world.texts(ALICE)
        assert [sentence for sentence in (PAUSED, FINISHED, STOPPED) if sentence in " ".join(texts)] == told
        assert len(texts) == len(told)


async def test_a_late_mail_opens_no_place_of_a_study_that_closed_meanwhile(system: System) -> None:
    """The next digest says that it closed; of its places nobody can join any more."""
    async with open_world(system) as world:
        before = snapshot(status="RECRUITING", has_results=False)
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        places = [*before["locations"], {"facility": "Hopital", "city": "Paris", "country": "France"}]
        after = await world.change(before, locations=places, has_results=True)
        held = await plan_held(system)
        await world.change(after, status="COMPLETED")
        async with writing(system.database) as connection:
            await runs.release(connection, held)
        await deliver(world.mailer)
        await world.send_all()
        late, following = world.texts(ALICE)
        assert "Results are now posted" in late
        assert "A site was added" not in late
        assert FINISHED in following


@pytest.mark.parametrize("is_suppressed", [True, False])
async def test_a_notice_to_a_former_address_is_not_sent_once_that_is_suppressed(
    system: System, is_suppressed: bool
) -> None:
    async with open_world(system) as world:
        alice, now = await world.follow(ALICE, TOPIC), datetime.now(UTC)
        former = seal_json(system.keyring, CONTEXT, alice, {"address": BOB})
        async with writing(system.database) as connection:
            await deliveries.queue(connection, alice, MailKind.ADDRESS_CHANGED, now=now, context=former)
            if is_suppressed:
                index = system.addresses.of(BOB)
                await suppressions.add(connection, index, Reason.OPERATOR, source="operator", now=now)
        await deliver(world.mailer)
        assert len(world.mails(BOB)) == (not is_suppressed)

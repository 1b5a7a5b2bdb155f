"""A stranger floods a mailbox with tags and dots: its owner gets a mail within a day, and nothing is lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
import time_machine
from sqlalchemy import delete, func, select

from service.actions import personal_data
from service.store.mail import quota
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.privacy import cast
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.preferring import link
from tests.integration.web.signing_up import ALICE, TERMS, post, publish_terms, rows
from tests.integration.workers.world import text_of
from workers.retention import sweep_retention
from workers.visitor_requests import process_requests

pytestmark = pytest.mark.slow

DAY = timedelta(hours=24)

#: The version that `cast.follower` publishes.
OLDER = "2026-01"
SPELLINGS = [f"alice+{number}@example.org" for number in range(15)]

#: A link's life and what follows it, so short that few sign-ups outlast them.
SOON = {"ALERTS_CONFIRM_HOURS": "24", "ALERTS_KEEP_UNCONFIRMED_DAYS": "1"}

#: So many that with SOON the first of them are deleted unconfirmed before the last of them are written to.
MANY = [f"alice+{number}@example.org" for number in range(12)]


@pytest.fixture
def environ(environ: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    return environ | getattr(request, "param", {})


@pytest.fixture(autouse=True)
async def world(system: System) -> None:
    await publish_terms(system.database)


async def _flood(
    client: httpx.AsyncClient, system: System, spellings: Sequence[str] = SPELLINGS, terms: str = TERMS
) -> None:
    for spelling in spellings:
        assert (await post(client, email=spelling, terms_version=terms)).status_code == 202
    await process_requests(system)


async def _next_due(system: System) -> datetime | None:
    async with reading(system.database) as connection:
        waiting = t.delivery.c.state == "queued"
        first: datetime | None = await connection.scalar(select(func.min(t.delivery.c.due_at)).where(waiting))
    return first


async def _send_all(
    system: System, inbox: Inbox, clock: time_machine.Traveller
) -> list[tuple[str, datetime]]:
    """Sends the waiting mails, each when it is due; the recipient and time of each."""
    sent = []
    while (due := await _next_due(system)) is not None:
        clock.move_to(max(due, datetime.now(UTC)) + timedelta(milliseconds=1))
        before = len(inbox.world.smtp.mails)
        await inbox.look()
        sent += [(mail.rcpt_to, datetime.now(UTC)) for mail in inbox.world.smtp.mails[before:]]
    return sent


async def _hours_until_mail(inbox: Inbox, clock: time_machine.Traveller, address: str = ALICE) -> int:
    """Whole hours until `address` gets a mail; 48 if it gets none in so many."""
    for hour in range(48):
        if await inbox.look(address):
            return hour
        clock.shift(timedelta(hours=1))
    return 48


def _keep_the_ceiling(times: Sequence[datetime]) -> bool:
    in_order, late = sorted(times), timedelta(minutes=1)  # a mail is noticed shortly after it went
    pauses = all(later - earlier > quota.PAUSE - late for earlier, later in pairwise(in_order))
    days = zip(in_order, in_order[quota.MOST_A_DAY :], strict=False)
    return pauses and all(later - earlier > DAY - late for earlier, later in days)


async def test_the_owner_of_a_flooded_mailbox_gets_a_mail_within_a_day_and_nothing_is_lost(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await _flood(client, system, [*SPELLINGS[:8], *(f"a.lice+{number}@example.org" for number in range(8))])
    asked = datetime.now(UTC)
    await post(client)
    await _flood(client, system, [f"al.ice+{number}@example.org" for number in range(4)])
    sent = await _send_all(system, inbox, clock)
    assert len(sent) == len({address for address, _ in sent}) == 21
    assert dict(sent)[ALICE] <= asked + DAY
    assert _keep_the_ceiling([at for _, at in sent])


async def test_a_repeated_request_goes_ahead(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await _flood(client, system)
    behind = max(await rows(system.database, t.delivery), key=lambda row: row.due_at)
    person = (await rows(system.database, t.subscriber, t.subscriber.c.id == behind.subscriber_id))[0]
    (address,) = [text for text in SPELLINGS if system.addresses.of(text) == person.email_index]
    await post(client, email=address, topic="trial:NCT00000002")
    clock.shift(quota.PAUSE)
    assert await _hours_until_mail(inbox, clock, address) <= 24
    assert "NCT00000002" in text_of(inbox.world.mails(address)[0])
    assert len(await rows(system.database, t.delivery)) == len(SPELLINGS)


async def test_strangers_who_keep_requesting_do_not_delay_the_owner(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await _flood(client, system)
    await post(client)
    for hour in range(25):
        if await inbox.look():
            break
        await _flood(client, system, [f"alice+{hour}-{number}@example.org" for number in range(4)])
        clock.shift(timedelta(hours=1))
    assert len(inbox.world.mails(ALICE)) == 1


async def test_a_known_reader_goes_ahead_under_any_spelling(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    known = "a.lice+trials@example.org"
    await cast.follower(system, known)
    await _flood(client, system, terms=OLDER)
    await client.post("/preferences", data={"email": known})
    await process_requests(system)
    await _flood(client, system, ["alice@example.org", "a.lice@example.org"], OLDER)
    assert await _hours_until_mail(inbox, clock, known) <= 24
    assert (await client.get(link_in(inbox.world.mails(known)[0], "preferences"))).status_code == 200


async def test_a_repeated_confirmation_to_a_new_address_goes_ahead(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    person = await cast.follower(system, "bob@example.net")
    path = link(system, person, address="bob@example.net") + "/address"
    await _flood(client, system, ["alice@example.org", *SPELLINGS[:3]], OLDER)
    await client.post(path, data={"email": "alice+new@example.org"})
    await process_requests(system)
    await _flood(client, system, SPELLINGS[3:], OLDER)
    await client.post(path, data={"email": "alice+new@example.org"})
    assert await _hours_until_mail(inbox, clock, "alice+new@example.org") <= 24
    assert len([row for row in await rows(system.database, t.delivery) if row.kind == "address_change"]) == 1


@pytest.mark.on_both_databases
async def test_slots_of_deleted_mails_are_reused_for_new_requests(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await _flood(client, system)
    async with writing(system.database) as connection:
        for row in await rows(system.database, t.delivery):
            if row.due_at > datetime.now(UTC) + timedelta(minutes=1):
                await personal_data.erase(connection, system, row.subscriber_id, requested=False)
    await _flood(client, system, ["b" + text for text in SPELLINGS[:1]])
    await post(client)
    assert await _hours_until_mail(inbox, clock) <= 24
    times = [row.due_at for row in await rows(system.database, t.delivery)]
    assert _keep_the_ceiling(times[:1] + times[2:])


@pytest.mark.parametrize("environ", [pytest.param(SOON, id="soon")], indirect=True)
async def test_deleting_a_strangers_sign_up_does_not_raise_the_limit(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    await _flood(client, system, MANY)
    sent = []
    while (due := await _next_due(system)) is not None:
        clock.move_to(max(due, datetime.now(UTC)) + timedelta(milliseconds=1))
        before = len(inbox.world.smtp.mails)
        await inbox.look()
        sent += [(mail.rcpt_to, datetime.now(UTC)) for mail in inbox.world.smtp.mails[before:]]
        if len(sent) % 3 == 0:
            await sweep_retention(system)
        if len(sent) % 6 == 0 and len(sent) < len(MANY):
            await _flood(client, system, [ALICE])
    assert {address for address, _ in sent} == {ALICE, *MANY}
    assert _keep_the_ceiling([at for _, at in sent])
    assert 0 < len(await rows(system.database, t.subscriber)) < len(MANY), "some were deleted"


async def test_a_mailbox_gets_a_moment_by_reading_three(system: System) -> None:
    mailbox, now = system.addresses.mailbox(ALICE), datetime.now(UTC)
    async with writing(system.database) as connection:
        times = [await quota.reserve(connection, mailbox, now) for _ in range(40)]
        assert len(await quota.moments_within_a_day(connection, mailbox, now + DAY)) == 3
        assert _keep_the_ceiling(times)
        await connection.execute(delete(t.mail_quota))

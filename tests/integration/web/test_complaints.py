"""Complaints that say nothing of the envelope, as Microsoft sends them: known by the copy of our own mail."""

import re
from datetime import timedelta
from email.message import EmailMessage

import httpx
import pytest
import time_machine
from sqlalchemy import select, update

from service.crypto.sealed_json import EVIDENCE, open_json
from service.digests.planner import plan_now
from service.store.people import subscribers, suppressions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.operating import ALICE, BEARER, BOB, TOPIC
from tests.integration.web.preferring import link
from tests.integration.workers.world import open_world, snapshot
from tests.keys import key_of
from tests.odd_rows import store_row
from workers.deliver.deliver import deliver

pytestmark = pytest.mark.slow

NOBODY: tuple[list[str], list[str]] = ([], ["active", "active"])


@pytest.fixture
async def mail(system: System) -> EmailMessage:
    """A digest as it reached Alice; Bob got one too."""
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, TOPIC)
        await world.follow(BOB, TOPIC)
        await world.change(before, status="RECRUITING")
        await plan_now(world.system)
        await deliver(world.mailer)
        return world.mails(ALICE)[0]


def copy_of(mail: EmailMessage, *names: str, **instead: str) -> str:
    """A mail as a provider returns it: the header fields `names` alone, the reader's address gone."""
    fields = {"From": mail["From"], "To": "<redacted@hotmail.example>", "Subject": "Your updates"}
    fields |= {name: mail[name] for name in names} | instead
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\nHello\r\n"


def copy_alone(copy: str) -> bytes:
    """Microsoft's complaint of old: a copy alone, under a subject."""
    return (
        "From: staff@hotmail.example\r\nTo: complaints@mail.example.org\r\n"
        "Subject:  complaint about message from 192.0.2.222\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n"
        f"Content-Disposition: inline\r\n\r\n{copy}\r\n--b--\r\n"
    ).encode()


def report(copy: str, kind: str = "abuse") -> bytes:
    """An abuse report (RFC 5965) without Original-Mail-From."""
    return (
        "From: staff@hotmail.example\r\nTo: complaints@mail.example.org\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
        f"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\n"
        "User-Agent: x\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{copy}\r\n--b--\r\n"
    ).encode()


async def after(client: httpx.AsyncClient, system: System, raw: bytes) -> tuple[list[str], list[str]]:
    """The reasons of suppressions and the states of subscriptions once the message was taken."""
    headers = BEARER | {"content-type": "message/rfc822"}
    assert (await client.post("/v1/feedback", content=raw, headers=headers)).status_code == 202
    async with reading(system.database) as connection:
        reasons = (await connection.execute(select(t.suppression.c.reason))).scalars().all()
        states = (await connection.execute(select(t.subscription.c.state))).scalars().all()
    return list(reasons), sorted(states)


@pytest.mark.parametrize("form", [copy_alone, report])
@pytest.mark.parametrize("name", ["Message-ID", "List-Unsubscribe"])
async def test_the_copied_mail_identifies_the_person_who_complains(
    client: httpx.AsyncClient, system: System, mail: EmailMessage, form: object, name: str
) -> None:
    raw = copy_alone(copy_of(mail, name)) if form is copy_alone else report(copy_of(mail, name))
    assert await after(client, system, raw) == (["complaint"], ["active", "ended"])
    async with reading(system.database) as connection:
        index = (await connection.execute(select(t.suppression.c.address_index))).scalar_one()
    assert index == system.addresses.of(ALICE)


async def test_an_opt_out_ends_the_subscriptions_of_the_person(
    client: httpx.AsyncClient, system: System, mail: EmailMessage
) -> None:
    raw = report(copy_of(mail, "Message-ID"), "opt-out")
    assert await after(client, system, raw) == ([], ["active", "ended"])


async def test_a_copy_that_is_forged_altered_or_of_something_else_has_no_effect(
    client: httpx.AsyncClient, system: System, mail: EmailMessage
) -> None:
    link, key = mail["List-Unsubscribe"], mail["Message-ID"]
    other = "0" if key[32] != "0" else "1"
    for copy in (
        copy_of(mail),
        copy_of(mail, **{"Message-ID": "<" + "0" * 32 + key[33:]}),
        copy_of(mail, **{"Message-ID": key[:32] + other + key[33:]}),
        copy_of(mail, **{"List-Unsubscribe": re.sub(r"/unsubscribe/.(.*)>", r"/unsubscribe/B\1>", link)}),
        copy_of(mail, **{"List-Unsubscribe": f"<https://alerts.example/unsubscribe/{'A' * 60}>"}),
    ):
        assert await after(client, system, copy_alone(copy)) == NOBODY
        assert await after(client, system, report(copy)) == NOBODY
    for kind in ("not-spam", "auth-failure", "virus"):
        assert await after(client, system, report(copy_of(mail, "Message-ID"), kind)) == NOBODY


async def test_a_bounce_is_known_by_its_return_address_alone(
    client: httpx.AsyncClient, system: System, mail: EmailMessage
) -> None:
    copy = copy_of(mail, "Message-ID", "List-Unsubscribe")
    notice = (
        "From: MAILER-DAEMON@mx.example.net\r\nTo: updates@example.org\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        "Final-Recipient: rfc822; x@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{copy}--b--\r\n"
    )
    assert await after(client, system, notice.encode()) == NOBODY


async def test_a_mail_to_the_address_before_suppresses_not_the_one_of_now(
    client: httpx.AsyncClient, system: System, mail: EmailMessage
) -> None:
    is_alice = t.subscriber.c.email_index == system.addresses.of(ALICE)
    async with writing(system.database) as connection:
        person = (await connection.execute(select(t.subscriber.c.id).where(is_alice))).scalar_one()
        hers = select(t.delivery.c.first_attempt_at).where(t.delivery.c.subscriber_id == person)
        sent = (await connection.execute(hers)).scalars().first()
        await store_row(
            connection, t.address_change, **key_of(person), sealed=b"", created_at=sent, done_at=sent
        )
    raw = copy_alone(copy_of(mail, "Message-ID"))
    assert await after(client, system, raw) == ([], ["active", "ended"])


async def test_a_complaint_about_an_address_change_ends_no_subscription(
    client: httpx.AsyncClient, system: System, mail: EmailMessage
) -> None:
    async with writing(system.database) as connection:
        await connection.execute(update(t.delivery).values(kind="address_change"))
    assert await after(client, system, copy_alone(copy_of(mail, "Message-ID"))) == NOBODY


async def test_a_complaint_of_a_new_address_ends_all_mail_to_it_and_the_change(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    new = "new@example.net"
    path = link(system, await inbox.world.follow(ALICE, TOPIC), address=ALICE)
    await client.post(f"{path}/address", data={"email": new})
    mail = await inbox.one(new)
    raw = report(copy_of(mail, "Message-ID"))
    assert await after(client, system, raw) == (["complaint"], ["active"])
    async with reading(system.database) as connection:
        assert await suppressions.reason_of(connection, system.addresses.of(new)) == "complaint"
    assert (await client.get(link_in(mail, "address"))).status_code == 410
    clock.shift(timedelta(hours=1))
    await client.post(f"{path}/address", data={"email": new})
    assert await inbox.look(new) == []


async def test_a_complaint_about_an_earlier_new_address_leaves_the_later_one(
    client: httpx.AsyncClient, system: System, inbox: Inbox, clock: time_machine.Traveller
) -> None:
    path = link(system, await inbox.world.follow(ALICE, TOPIC), address=ALICE)
    await client.post(f"{path}/address", data={"email": "mistyped@example.net"})
    mail = await inbox.one("mistyped@example.net")
    clock.shift(timedelta(hours=1))
    await client.post(f"{path}/address", data={"email": "new@example.net"})
    later = await inbox.one("new@example.net")
    assert await after(client, system, report(copy_of(mail, "Message-ID"))) == ([], ["active"])
    assert (await client.get(link_in(later, "address"))).status_code == 200


async def withdrawals(system: System) -> list[list[str]]:
    """The topics of each withdrawal of a consent that is on record."""
    async with reading(system.database) as connection:
        rows = (await connection.execute(select(t.consent).order_by(t.consent.c.id))).all()
    return [
        open_json(system.keyring, EVIDENCE, row.subscriber_id, row.evidence)["topics"]
        for row in rows
        if row.kind == "withdrawn"
    ]


async def test_a_complaint_that_comes_twice_withdraws_a_consent_once(
    client: httpx.AsyncClient, system: System, mail: EmailMessage
) -> None:
    for form, kind in ((report, "abuse"), (report, "opt-out"), (report, "abuse")):
        await after(client, system, form(copy_of(mail, "Message-ID"), kind))
    await after(client, system, copy_alone(copy_of(mail, "List-Unsubscribe")))
    assert await withdrawals(system) == [[TOPIC]]


async def test_a_late_copy_of_a_complaint_ends_nothing_that_was_followed_anew(
    client: httpx.AsyncClient, system: System, mail: EmailMessage
) -> None:
    complaint = report(copy_of(mail, "Message-ID"))
    assert await after(client, system, complaint) == (["complaint"], ["active", "ended"])
    async with writing(system.database) as connection:
        await suppressions.lift(connection, system.addresses.of(ALICE))
        person = await subscribers.id_of(connection, system.addresses.of(ALICE))
    assert person is not None
    async with open_world(system) as world:
        await world.follow_too(person, TOPIC)
    assert await after(client, system, complaint) == ([], ["active", "active", "ended"])
    assert await withdrawals(system) == [[TOPIC]]

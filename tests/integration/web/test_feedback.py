"""Feedback from mail servers: which messages are trusted, and their effect on the reader."""

import asyncio
import smtplib
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select, update

from service.actions.feedback import process_feedback
from service.domain.delivery import verp
from service.mail.inbound.lmtp import LmtpListener
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.store.topics import topics
from service.system import System
from tests.keys import key_of
from tests.odd_rows import store_row
from tests.waiting import PATIENCE

NOW = datetime.now(UTC)
MAIL = 5 << 8 | 1


@pytest.fixture
async def token(system: System) -> str:
    """The return address of a mail that was sent to a person who follows one topic."""
    async with writing(system.database) as connection:
        person = {"bucket": 1, "id": 1, "public_id": b"p", "email_index": b"i", "sealed": b"", "key_id": 1}
        await store_row(connection, t.subscriber, **person, created_at=NOW)
        topic = (await topics.ensure_topics(connection, ["trial:NCT00000001"]))["trial:NCT00000001"]
        follows = {"topic_id": topic, "state": "active", "frequency": "daily", "in_planning": True}
        await store_row(connection, t.subscription, **key_of(1), **follows, created_at=NOW)
        mail = {"bucket": 1, "id": MAIL, "subscriber_id": 1, "kind": "digest", "state": "sent", "priority": 1}
        times = {"due_at": NOW, "created_at": NOW, "first_attempt_at": NOW}
        await store_row(connection, t.delivery, **mail, **times, message_key="k")
    return verp.make(MAIL, system.keyring.mac_keys("verp")[0])


def notice(token: str, action: str = "failed", status: str = "5.1.1", words: str = "") -> bytes:
    """A delivery status notification (RFC 3464)."""
    diagnostic = f"Diagnostic-Code: smtp; {words}\r\n" if words else ""
    return (
        f"From: MAILER-DAEMON@mx.example.net\r\nTo: {token}@mail.example.org\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; x@example.net\r\nAction: {action}\r\n"
        f"Status: {status}\r\n{diagnostic}\r\n--b--\r\n"
    ).encode()


def unsubscribe_mail(token: str) -> bytes:
    """An unsubscribe by mail, written to the return address."""
    return f"From: x@example.net\r\nTo: {token}@mail.example.org\r\nSubject: unsubscribe\r\n\r\n".encode()


async def sent(client: httpx.AsyncClient, system: System, raw: bytes) -> tuple[list[str], list[str]]:
    """Sends a returned mail; the suppressions' reasons and the subscription's state after it."""
    headers = {"authorization": f"Bearer {system.settings.admin_token}", "content-type": "message/rfc822"}
    answer = await client.post("/v1/feedback", content=raw, headers=headers)
    assert (answer.status_code, answer.json()) == (202, {"status": "taken"})
    async with reading(system.database) as connection:
        reasons = (await connection.execute(select(t.suppression.c.reason))).scalars().all()
        states = (await connection.execute(select(t.subscription.c.state))).scalars().all()
    return list(reasons), list(states)


async def test_a_mailbox_that_is_gone_is_suppressed_once(
    client: httpx.AsyncClient, system: System, token: str
) -> None:
    assert await sent(client, system, notice(token.upper())) == (["hard_bounce"], ["active"])
    assert await sent(client, system, notice(token)) == (["hard_bounce"], ["active"])


async def test_a_failure_reported_several_times_counts_once(
    client: httpx.AsyncClient, system: System, token: str
) -> None:
    for _ in range(3):
        assert await sent(client, system, notice(token, status="4.2.2")) == ([], ["active"])
    async with reading(system.database) as connection:
        failures = (await connection.execute(select(t.bounce_count.c.failures))).scalar_one()
    assert len(failures) == 1


async def test_delayed_forged_and_stale_notices_have_no_effect(
    client: httpx.AsyncClient, system: System, token: str
) -> None:
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")
    for raw in (notice(token, "delayed"), notice(forged), notice("b-" + "a" * 32), b"", b"\xff\0"):
        assert await sent(client, system, raw) == ([], ["active"])
    async with writing(system.database) as connection:
        long_ago = NOW - timedelta(days=31)
        await connection.execute(update(t.delivery).values(first_attempt_at=long_ago))
    assert await sent(client, system, notice(token)) == ([], ["active"])


async def test_a_notice_of_a_mail_to_another_address_suppresses_nobody(
    client: httpx.AsyncClient, system: System, token: str
) -> None:
    async with writing(system.database) as connection:
        await connection.execute(update(t.delivery).values(kind="address_change"))
    assert await sent(client, system, notice(token)) == ([], ["active"])
    async with reading(system.database) as connection:
        assert (await connection.execute(select(t.delivery.c.state))).scalar_one() == "bounced"


async def test_the_servers_reply_is_kept_with_the_delivery(
    client: httpx.AsyncClient, system: System, token: str
) -> None:
    await sent(client, system, notice(token, words="550 5.1.1 <x@example.net>: no such user"))
    async with reading(system.database) as connection:
        reply = (await connection.execute(select(t.delivery.c.server_reply))).scalar_one()
    assert reply == "550 5.1.1 <(address)>: no such user"


@pytest.mark.slow
async def test_messages_without_effect_are_accepted_by_lmtp_and_counted(
    client: httpx.AsyncClient, system: System, token: str
) -> None:
    reply = f"From: x@example.net\r\nTo: {token}@mail.example.org\r\nSubject: Thanks\r\n\r\nHi\r\n".encode()
    away = reply.replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:")
    spam = b"From: x@example.net\r\nTo: nobody@mail.example.org\r\nSubject: Buy\r\n\r\nthis\r\n"
    odd = b"\x0b\x0c\x1cFrom: \x85\r\n\x1c: \x0b\r\n\r\n\xff"
    bounces = [notice("b-" + "a" * 40), notice(token, "delayed"), notice(token), notice(token)]

    def talk(port: int) -> list[int]:
        codes = []
        with smtplib.LMTP("127.0.0.1", port, local_hostname="mx.example", timeout=PATIENCE) as session:
            session.ehlo_or_helo_if_needed()
            for raw in (reply, away, spam, odd, b"", *bounces):
                session.mail("")
                codes += [session.rcpt("nobody@elsewhere.example")[0], session.data(raw)[0]]
        return codes

    async with LmtpListener(
        "127.0.0.1:0", lambda raw, to: process_feedback(system, raw, to, system.now())
    ) as listener:
        codes = await asyncio.to_thread(talk, listener.port)
    assert codes == [250] * 18
    families = text_string_to_metric_families((await client.get("/metrics")).text)
    (family,) = [metric for metric in families if metric.name == "trial_alerts_feedback"]
    counted = {(sample.labels["kind"], sample.labels["effect"]): sample.value for sample in family.samples}
    assert counted == {
        ("unknown", "no_action"): 4,
        ("auto_reply", "no_action"): 1,
        ("bounced_hard", "not_ours"): 1,
        ("delayed", "no_action"): 1,
        ("bounced_hard", "applied"): 1,
        ("bounced_hard", "repeated"): 1,
    }


async def test_an_unsubscribe_by_mail_works(client: httpx.AsyncClient, system: System, token: str) -> None:
    async with writing(system.database) as connection:
        await connection.execute(update(t.delivery).values(first_attempt_at=NOW - timedelta(days=400)))
    assert await sent(client, system, unsubscribe_mail(token)) == ([], ["ended"])


async def test_only_operators_may_pass_mail_on(client: httpx.AsyncClient, system: System) -> None:
    good = f"Bearer {system.settings.admin_token}"
    for authorization, media_type, status in (
        ("", "message/rfc822", 401),
        ("Bearer wrong", "message/rfc822", 401),
        ("Bearer \xfc", "message/rfc822", 401),
        (good, "text/plain", 415),
    ):
        headers = {"authorization": authorization.encode("latin-1"), "content-type": media_type.encode()}
        answer = await client.post("/v1/feedback", content=b"x", headers=headers)
        assert answer.status_code == status

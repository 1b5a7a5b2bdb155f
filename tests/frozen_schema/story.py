"""The story of the frozen installation, on three days: people of every kind, and mail in every state."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import time_machine

from service.digests.planner import plan
from service.domain.buckets import bucket_of
from service.store.mail import deliveries
from service.store.mail.claim_names import new_claim
from service.store.mail.receipts import ReceiptWriter
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.conftest import ENVIRONMENT, client_of
from tests.events import ALL, LEUKEMIA, condition, post, removed, upserted
from tests.integration.web.inbox import Inbox, link_in, open_inbox
from tests.integration.web.operating import BEARER, add_event, csrf, plan_held, sign_in
from tests.integration.workers.world import World, text_of
from tests.smtp_script import On
from workers.bucket_leases import BucketLeases
from workers.daily_figures import count_days
from workers.deliver.deliver import deliver
from workers.heartbeat import Heartbeat
from workers.ingest.events import ingest_events
from workers.visitor_requests import process_requests

#: The clock of the story: a Monday. It ends on the Wednesday, a quarter past eight.
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
END = MONDAY + timedelta(days=2, hours=2, minutes=15)

#: The settings of the installation; the keys are for tests alone.
ENVIRON = ENVIRONMENT | {"ALERTS_SMTP_QUOTA": "1000/10000"}

TERMS = "2026-11"
TRIAL, OTHER_TRIAL, GONE_TRIAL = "NCT04787263", "NCT00000002", "NCT00000003"
CONDITION = f"condition:{LEUKEMIA['id']}"

#: Everybody, by name: the topics and frequency of each, and the other fields of their form.
PEOPLE: Mapping[str, tuple[tuple[str, ...], str, dict[str, Any]]] = {
    "anna": ((f"trial:{TRIAL}",), "weekly", {"timezone": "Europe/Rome"}),
    "ben": ((f"trial:{TRIAL}",), "daily", {}),
    "carol": ((f"trial:{TRIAL}", CONDITION), "immediate", {}),
    "dora": ((f"trial:{TRIAL}",), "immediate", {"locale": "de"}),
    "emma": ((f"trial:{TRIAL}",), "immediate", {}),
    "frank": ((f"trial:{TRIAL}", f"trial:{OTHER_TRIAL}"), "daily", {}),
    "henry": ((f"trial:{TRIAL}",), "immediate", {}),
    "ida": ((f"trial:{TRIAL}",), "daily", {"locale": "fr"}),
    "jonas": ((CONDITION, f"trial:{OTHER_TRIAL}"), "monthly", {"locale": "de", "timezone": "Europe/Berlin"}),
    "mia": ((f"trial:{TRIAL}",), "daily", {}),
    "noah": ((f"trial:{TRIAL}",), "immediate", {}),
    "olga": ((f"trial:{TRIAL}",), "immediate", {}),
    "pia": ((f"trial:{OTHER_TRIAL}",), "immediate", {}),
    "rosa": ((f"trial:{TRIAL}", f"trial:{OTHER_TRIAL}"), "immediate", {}),
    "quin": ((f"trial:{GONE_TRIAL}",), "daily", {}),
}


def address_of(name: str) -> str:
    """The address of somebody of the story."""
    return f"{name}@{name}.example"  # domains of their own: what one server answers concerns no other


async def play(system: System) -> list[dict[str, Any]]:
    """Lets everything happen; returns the mails that arrived, as `written` describes them."""
    with time_machine.travel(MONDAY) as clock:
        async with client_of(system.settings) as client, open_inbox(system) as inbox:
            await _monday(client, inbox, clock)
            await _tuesday(client, inbox, clock)
            await _wednesday(client, inbox, clock)
            return [written(mail.mail_from, mail.rcpt_to, found) for mail, found in _mails(inbox.world)]


def _mails(world: World) -> Any:
    return zip(world.smtp.mails, world.mails(), strict=True)


def written(mail_from: str, rcpt_to: str, mail: Any) -> dict[str, Any]:
    """A mail as a reader's mailbox keeps it: its envelope, its Message-ID, its text, and its own links."""
    text = mail.get_body(("plain",)).get_content()
    links = [urlsplit(link).path for link in re.findall(r"http://testserver\.local/\S+", text)]
    return {
        "to": rcpt_to,
        "return_path": mail_from,
        "message_id": str(mail["Message-ID"]),
        "subject": str(mail["Subject"]),
        "list_unsubscribe": str(mail["List-Unsubscribe"] or ""),
        "links": links,
        "text": text_of(mail),
    }


async def change(client: httpx.AsyncClient, system: System, nct_id: str, revision: int, status: str) -> None:
    """A trial gets another status, and the change log knows."""
    fields = {"conditions": [LEUKEMIA], "title": "Engineered immune cells"}
    answer = await post(client, upserted(nct_id, revision, status=status, **fields))
    assert answer.status_code == 202, answer.text
    await ingest_events(system)


async def work(inbox: Inbox) -> None:
    """One round of a worker: requests, planning, mail."""
    await process_requests(inbox.world.system)
    await plan(inbox.world.system)
    await deliver(inbox.world.mailer)


async def sign_up(client: httpx.AsyncClient, name: str, topics: tuple[str, ...], **fields: Any) -> None:
    """The form, sent."""
    wanted = {"email": address_of(name), "topic": list(topics), "accept_terms": True, "terms_version": TERMS}
    answer = await client.post("/v1/subscriptions", json=wanted | fields)
    assert answer.status_code == 202, answer.text


async def confirm(client: httpx.AsyncClient, path: str) -> None:
    """The button on the page that a confirmation's link leads to."""
    page = (await client.get(path)).text
    shown = re.search(r'name="shown" value="([^"]+)"', page)
    assert shown is not None, page
    answer = await client.post(path, data={"shown": shown[1]})
    assert answer.status_code in (200, 303), answer.text


async def decline(client: httpx.AsyncClient, path: str) -> None:
    """The button "it wasn't me"."""
    again = re.search(r'name="again" value="([^"]+)"', (await client.get(path)).text)
    assert again is not None
    assert (await client.post(path, data={"again": again[1]})).status_code == 200


async def _monday(client: httpx.AsyncClient, inbox: Inbox, clock: Any) -> None:
    """Trials are known, people sign up; one of them declines."""
    system = inbox.world.system
    terms = {"version": TERMS, "text": "We write to you about the studies that you follow."}
    assert (await client.post("/v1/admin/terms", json=terms, headers=BEARER)).status_code == 200
    await post(
        client,
        condition(LEUKEMIA["id"], LEUKEMIA["name"], [], synonyms=["leukaemia"], xrefs=["DOID:1240"]),
        condition(ALL["id"], ALL["name"], [LEUKEMIA["id"]]),
    )
    await ingest_events(system)
    for nct_id in (TRIAL, OTHER_TRIAL, GONE_TRIAL):
        await change(client, system, nct_id, 1, "NOT_YET_RECRUITING")
    for name, (topics, frequency, fields) in PEOPLE.items():
        await sign_up(client, name, topics, frequency=frequency, **fields)
        mail = await inbox.one(address_of(name))
        await confirm(client, link_in(mail, "confirm"))
    await sign_up(client, "grace", (f"trial:{TRIAL}",))
    await decline(client, link_in(await inbox.one(address_of("grace")), "decline"))
    await add_event(system, 900, "dead", reason="unreadable")
    await plan(system)  # nobody is behind from now on
    clock.move_to(MONDAY + timedelta(hours=4))
    await change(client, system, TRIAL, 2, "RECRUITING")
    await work(inbox)


async def _tuesday(client: httpx.AsyncClient, inbox: Inbox, clock: Any) -> None:
    """Digests of Monday leave; people unsubscribe, complain, pause, move; mailboxes are full or gone."""
    system, smtp = inbox.world.system, inbox.world.smtp
    clock.move_to(MONDAY + timedelta(days=1, hours=2, minutes=1))
    await work(inbox)
    await _answers(client, inbox)
    await sign_up(client, "kim", (f"trial:{TRIAL}",), frequency="daily")
    await inbox.one(address_of("kim"))
    clock.shift(timedelta(hours=1))
    await change(client, system, TRIAL, 3, "ACTIVE_NOT_RECRUITING")
    await plan(system)
    await client.post(_newest(inbox, "olga", "unsubscribe"), data={"List-Unsubscribe": "One-Click"})
    await client.post(_newest(inbox, "rosa", "unsubscribe"), data={"scope": "topic"})
    smtp.rules = (
        On("RCPT", "550 5.1.1 no such user\r\n", match=address_of("carol")),
        On("RCPT", "550 5.7.1 refused by policy\r\n", match=address_of("dora")),
        On("RCPT", "452 4.2.2 mailbox full\r\n", match=address_of("noah")),
    )
    await deliver(inbox.world.mailer)
    smtp.rules = ()
    await post(client, removed(GONE_TRIAL, 2, "withdrawn"))
    await ingest_events(system)
    await change(client, system, OTHER_TRIAL, 2, "RECRUITING")
    await plan(system)
    await change(client, system, OTHER_TRIAL, 3, "NOT_YET_RECRUITING")  # as it was: nothing is to be told
    await deliver(inbox.world.mailer)
    await count_days(system)


async def _answers(client: httpx.AsyncClient, inbox: Inbox) -> None:
    """The answers of people and their mail servers to the first digests."""
    one_click = {"List-Unsubscribe": "One-Click"}
    assert (await client.post(_newest(inbox, "frank", "unsubscribe"), data=one_click)).status_code == 200
    preferences = _newest(inbox, "emma", "preferences")
    assert (await client.post(f"{preferences}/pause", data={"until": "2026-12-24"})).status_code == 303
    preferences = _newest(inbox, "ida", "preferences")
    moved = await client.post(f"{preferences}/address", data={"email": "ida@new.example"})
    assert moved.status_code == 303
    await process_requests(inbox.world.system)
    headers = BEARER | {"content-type": "message/rfc822"}
    to_henry = [mail for mail in inbox.world.smtp.mails if mail.rcpt_to == address_of("henry")]
    complaint = complaint_about(to_henry[-1].mail_from)
    assert (await client.post("/v1/feedback", content=complaint, headers=headers)).status_code == 202


def complaint_about(return_path: str) -> bytes:
    """A reader pressed "spam" (RFC 5965)."""
    return (
        "From: abuse@example.org\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"
        f"Original-Mail-From: <{return_path}>\r\n\r\n--b--\r\n"
    ).encode()


def _newest(inbox: Inbox, name: str, page: str) -> str:
    return link_in(inbox.world.mails(address_of(name))[-1], page)


async def _wednesday(client: httpx.AsyncClient, inbox: Inbox, clock: Any) -> None:
    """A held run, digests that are queued or claimed, a mail with a receipt alone; a sign-up waits."""
    system = inbox.world.system
    clock.move_to(MONDAY + timedelta(days=2, hours=2, minutes=1))
    await plan(system)
    await change(client, system, TRIAL, 4, "SUSPENDED")
    await plan_held(system)
    await _claim(inbox, address_of("ben"), sent=False)
    await _claim(inbox, address_of("mia"), sent=True)
    worker = Heartbeat(inbox.world.mailer)
    await worker.beat()
    await BucketLeases(system, worker.id).renew()
    await sign_in(client)
    await client.post("/admin/sign-out", data=await csrf(client))
    await sign_up(client, "lena", (f"trial:{TRIAL}",), frequency="immediate")
    clock.move_to(END)


async def _claim(inbox: Inbox, address: str, *, sent: bool) -> None:
    """A worker claims somebody's digest, and dies; `sent`: after the server had accepted it."""
    system, now = inbox.world.system, datetime.now(UTC)
    async with reading(system.database) as connection:
        index = t.address.c.email_index == system.addresses.of(address)
        number = (await connection.execute(t.address.select().where(index))).one().subscriber_id
    claim = new_claim(bucket_of(number))
    async with writing(system.database) as connection:
        ids = await deliveries.claim(
            connection, claim=claim, limit=1, now=now, lease_until=now + timedelta(seconds=60)
        )
    assert len(ids) == 1
    if sent:
        receipts = ReceiptWriter(inbox.world.mailer.receipts_db, claim)
        await receipts.sent(ids, now)
        await receipts.close()


def as_json(mails: list[dict[str, Any]]) -> str:
    """The mails as the data folder keeps them."""
    return json.dumps(mails, indent=1, ensure_ascii=False) + "\n"

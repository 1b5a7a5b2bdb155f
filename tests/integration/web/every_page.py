"""A walk over every page for readers, wrong turns included, through its links and forms."""

import re
from datetime import UTC, datetime, timedelta

import httpx

from service.crypto.link_tokens import Purpose, make_token
from service.store.digests import runs
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.privacy import cast
from tests.integration.web.inbox import Inbox, link_in
from tests.integration.web.operating import plan_held
from tests.integration.web.preferring import link
from tests.integration.web.signing_up import (
    ALICE,
    LEUKEMIA,
    TRIAL,
    add_condition,
    publish_terms,
    rows,
    sign_up,
)
from tests.integration.workers.world import snapshot
from tests.keys import first_id


async def walk(reader: httpx.AsyncClient, system: System, inbox: Inbox, locale: str) -> None:
    """Gets every page, as somebody whose mails and pages are in the language `locale`."""
    await publish_terms(system.database)
    await add_condition(system.database, LEUKEMIA, "leukemia")
    await signing_up(reader, system, inbox)
    await preferring(reader, system, locale)
    await changing_address(reader, system, inbox)
    await leaving(reader, system, inbox, locale)
    await going_wrong(reader, system)


def alice(system: System) -> int:
    return first_id(system.addresses.of(ALICE))


def token(
    system: System, purpose: Purpose, subject: int, address: str, hours: int = 1, reference: int = 0
) -> str:
    until = datetime.now(UTC) + timedelta(hours=hours)
    index = system.addresses.of(address)
    return make_token(system.keyring, purpose, subject, until, email_index=index, reference=reference)


async def signing_up(reader: httpx.AsyncClient, system: System, inbox: Inbox) -> None:
    await reader.get("/subscribe")
    await reader.get(f"/subscribe?topic={TRIAL}&topic={LEUKEMIA}")
    await reader.get(f"/embed?topic={TRIAL}&topic={LEUKEMIA}")
    for wrong in (
        {
            "email": "",
            "topic": "",
            "accept_terms": "",
            "frequency": "often",
            "return_to": "https://evil.example",
        },
        {"email": "nobody", "topic": "condition:unheard", "terms_version": ""},
        {"email": "a@b", "topic": ["x"] * 30, "terms_version": "2020-01"},
        {
            "email": "ﬁ@ﬁ.example",
            "topic": ["x", "trial:x", "condition:"],
            "countries": "Atlantis",
            "age": "x",
        },
    ):
        assert (await reader.post("/v1/subscriptions", data=sign_up(**wrong))).status_code == 422
    await reader.post("/v1/subscriptions", data=sign_up(topic=[TRIAL, LEUKEMIA], frequency="daily"))
    await reader.get("/subscribe/sent")
    mail = await inbox.one()
    path = link_in(mail, "confirm")
    page = (await reader.get(path)).text
    await reader.post(path, data={"shown": "another"})
    sent = (await rows(system.database, t.delivery))[-1].id
    old = "/confirm/" + token(system, Purpose.CONFIRM, alice(system), ALICE, hours=-1, reference=sent)
    assert (await reader.get(old)).status_code == 410
    shown = re.search(r'name="shown" value="(\w+)"', page)
    assert shown is not None
    assert "preferences/" in (await reader.post(path, data={"shown": shown.group(1)})).text
    await reader.get(path)
    await reader.post(old + "/again")
    await reader.get("/confirm/" + token(system, Purpose.CONFIRM, alice(system), ALICE))


async def preferring(reader: httpx.AsyncClient, system: System, locale: str) -> None:
    await reader.get("/preferences")
    await reader.post("/preferences", data={"email": "nobody"})
    await reader.post("/preferences", data={"email": "nobody@example.org"})
    await reader.get("/preferences/expired")
    path = link(system, alice(system), address=ALICE)
    followed = await rows(system.database, t.subscription)
    first = {"subscription": str(followed[0].id)}
    page = await reader.get(path)
    assert f'value="{locale}" lang="{locale}" selected' in page.text
    for what, fields in (
        ("settings", {"hour": "99", "weekday": "9", "timezone": "Nowhere", "locale": "xx"}),
        ("pause", {"do": "pause", "until": "yesterday"}),
        (
            "topic",
            first | {"frequency": "?", "countries": "Atlantis", "age": "x"},
        ),
        ("address", {"email": "nobody"}),
        ("follow", {"do": "search", "q": "leuk"}),
        ("follow", {"do": "search", "q": "zzzz"}),
        ("follow", {"do": "follow", "topic": ["condition:x"], "q": "leuk"}),
    ):
        assert (await reader.post(f"{path}/{what}", data=fields)).status_code in (200, 422), what
    await reader.get(f"{path}/follow")
    settings = {"hour": "8", "weekday": "0", "timezone": "Europe/Rome", "locale": locale, "discreet": "yes"}
    tomorrow = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    for what, fields in (
        ("settings", settings),
        (
            "topic",
            first | {"frequency": "weekly", "age": "7", "countries": "IT"},
        ),
        ("pause", {"do": "pause", "until": tomorrow}),
        ("pause", {"do": "resume"}),
        ("topic", first | {"do": "unfollow"}),
        ("again", first | {"terms_version": "2026-11"}),
    ):
        answer = await reader.post(f"{path}/{what}", data=fields)
        assert answer.status_code == 303, what
        await reader.get(answer.headers["location"])
    await publish_terms(system.database, "2027-01", "Be kinder.")
    await reader.get(path)
    terms = "/terms/" + token(system, Purpose.TERMS, alice(system), ALICE)
    await reader.get(terms)
    await reader.post(terms, data={"shown": "another"})
    await reader.post(terms, data={"shown": (await rows(system.database, t.terms))[-1].sha256})


async def changing_address(reader: httpx.AsyncClient, system: System, inbox: Inbox) -> None:
    for number, new in enumerate(("new@example.net", "other@example.net")):
        answer = await reader.post(
            f"{link(system, alice(system), address=ALICE)}/address", data={"email": new}
        )
        await reader.get(answer.headers["location"])
        path = link_in((await inbox.look(new))[-1], "address")
        for what in ("", "/decline"):
            await reader.get(path + what)
        if number == 0:
            await reader.post(path + "/decline", data={"do": "decline"})
            assert (await reader.get(path)).status_code == 410
    taken = await cast.follower(system, "taken@example.net")
    assert taken
    await reader.post(
        f"{link(system, alice(system), address=ALICE)}/address", data={"email": "taken@example.net"}
    )
    path = link_in((await inbox.look("taken@example.net"))[-1], "address")
    assert (await reader.post(path, data={"do": "confirm"})).status_code == 409
    await reader.post(
        f"{link(system, alice(system), address=ALICE)}/address", data={"email": "last@example.net"}
    )
    path = link_in((await inbox.look("last@example.net"))[-1], "address")
    await reader.post(path, data={"do": "confirm"})


async def leaving(reader: httpx.AsyncClient, system: System, inbox: Inbox, locale: str) -> None:
    """A digest of two studies, its whole page, stopping one of them, then everything."""
    world, bob = inbox.world, "bob@example.org"
    follower = await world.follow(bob, TRIAL, "trial:NCT00000001")
    stranger = await world.follow("eve@example.org", TRIAL)
    async with writing(system.database) as connection:
        await connection.execute(t.subscriber.update().values(locale=locale))
    for number in (TRIAL[6:], "NCT00000001"):
        before = snapshot(number, title="canary cells")
        await world.hold(before)
        await world.change(before, status="COMPLETED")
    await release(system)
    (mail,) = await inbox.look(bob)
    await reader.get(link_in(mail, "unsubscribe"))
    digest = (await rows(system.database, t.digest, t.digest.c.subscriber_id == follower))[0].id
    await reader.get("/digest/" + token(system, Purpose.DIGEST, digest, bob))
    path = link_in(mail, "unsubscribe")
    for fields in ({"scope": "topic", "choose": "yes"}, {"scope": "topic", "topic": TRIAL}, {"scope": "all"}):
        ended = await reader.post(path, data=fields)
        await reader.get(path)
    undo = dict(re.findall(r'<input type="hidden" name="(undo|terms_version)" value="([^"]*)">', ended.text))
    await reader.post(f"{path}/undo", data=undo)
    await reader.post(f"{path}/undo")
    decline = "/decline/" + token(system, Purpose.DECLINE, stranger, "eve@example.org")
    again = re.search(r'name="again" value="([^"]+)"', (await reader.get(decline)).text)
    assert again is not None
    await reader.post(decline, data={"again": again.group(1)})
    await reader.get(f"/subscribe?again={again.group(1)}")
    own = link(system, follower, address=bob)
    await reader.get(own)
    async with writing(system.database) as connection:
        mine = t.subscription.c.subscriber_id == follower
        await connection.execute(t.subscription.update().where(mine).values(filters=[1]))
        await connection.execute(
            t.subscriber.update().where(t.subscriber.c.id == follower).values(sealed=b"")
        )
    await reader.get(own)
    assert (await reader.get(f"{own}/data")).status_code == 503
    await reader.get(f"{own}/erase")
    await reader.post(f"{own}/erase", data={"do": "erase", "never_again": "yes"})


async def release(system: System) -> None:
    """Plans the pending digests and releases them."""
    run = await plan_held(system)
    async with writing(system.database) as connection:
        await runs.release(connection, run)


async def going_wrong(reader: httpx.AsyncClient, system: System) -> None:
    await reader.get("/confirm/nonsense")
    await reader.get("/nowhere")
    await reader.get("/v1/subscriptions")
    await reader.post("/v1/subscriptions", content=b"x" * 300_000)
    assert (await reader.post("/v1/subscriptions", data={"email": "x" * 300_000})).status_code == 413

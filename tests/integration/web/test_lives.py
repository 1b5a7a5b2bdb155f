"""Random lives of an address: what its owner and strangers do, in any order and at any time.

A promise never to write is kept, who follows nothing gets no mail about that, and who wants to can come back.
"""

import random
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import httpx
import pytest
import time_machine

from service.store.people import terms
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from service.web.http import lookup_cache
from tests.fuzzing import chance, is_free
from tests.integration.web.inbox import Inbox
from tests.integration.web.signing_up import rows, sign_up
from workers.deliver.deliver import deliver
from workers.retention import sweep_retention
from workers.visitor_requests import process_requests

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

STEPS = 25
TOPICS = [f"trial:NCT0000000{number}" for number in range(1, 4)]
LINK = re.compile(r"http://testserver\.local(/(confirm|decline|unsubscribe|preferences|address|terms)/\S+)")
PASSING = [timedelta(minutes=16), timedelta(hours=26), timedelta(hours=49), timedelta(days=8)]
NEVER = ("We will never write", "We won’t write to this address")
OF_FOLLOWERS = ("You are already signed up", "Our terms have changed")


class Life:
    """The life of an address, `own`, and of a second one that its owner may move to."""

    def __init__(
        self, client: httpx.AsyncClient, inbox: Inbox, clock: time_machine.Traveller, dice: random.Random
    ) -> None:
        self.client, self.inbox, self.clock, self.dice = client, inbox, clock, dice
        self.own, self.second = (f"{name}{dice.getrandbits(40)}@example.org" for name in ("own", "second"))
        self.links: dict[str, list[tuple[str, str]]] = {}
        self.promised: set[str] = set()  # never to write to these
        self.again: dict[str, str] = {}  # the link to sign up again, by address
        self.undo: tuple[str, dict[str, str]] | None = None
        self.version = "1"
        self.story: list[object] = []
        self.seen = len(inbox.world.mails())

    async def send(self, path: str, **fields: object) -> httpx.Response:
        """Posts a form; the worker processes what was asked for."""
        answer = await self.client.post(path, data=fields)
        self.story.append((path, fields, answer.status_code))
        assert answer.status_code < 500, self.story
        await process_requests(self.inbox.world.system)
        return answer

    def any_link(self, kind: str) -> tuple[str, str]:
        """The address and the path of a link that was mailed; of none, one that is not complete."""
        return self.dice.choice(self.links.get(kind) or [(self.own, f"/{kind}/nothing")])

    async def look(self) -> list[EmailMessage]:
        """The new mails, which must be such as may be sent now."""
        await deliver(self.inbox.world.mailer)
        mails = self.inbox.world.mails()
        theirs = (self.own, self.second)  # and none to those of an earlier life
        new, self.seen = [mail for mail in mails[self.seen :] if mail["To"] in theirs], len(mails)
        for mail in new:
            address = str(mail["To"])
            self.story.append((address, str(mail["Subject"])))
            assert address not in self.promised, self.story
            assert mail["Subject"] not in OF_FOLLOWERS or await self.followed(), self.story
            body = mail.get_body(("plain",))
            assert body is not None
            for path, kind in LINK.findall(body.get_content()):
                self.links.setdefault(kind, []).append((address, path))
        return new

    async def followed(self) -> list[str]:
        """What is followed by anybody who has one of the two addresses."""
        database, addresses = self.inbox.world.system.database, self.inbox.world.system.addresses
        indexes = [addresses.of(address) for address in (self.own, self.second)]
        people = [row.id for row in await rows(database, t.subscriber) if row.email_index in indexes]
        keys = {row.id: row.key for row in await rows(database, t.topic)}
        active = await rows(database, t.subscription, t.subscription.c.state == "active")
        return [keys[row.topic_id] for row in active if row.subscriber_id in people]

    async def sign_up(self, address: str | None = None) -> list[str]:
        """Somebody signs an address up; where it declined, its owner, by the link that was shown."""
        address = address or self.dice.choice([self.own, self.own, self.second])
        topics = self.dice.sample(TOPICS, self.dice.choice([1, 2]))
        fields = sign_up(email=address, topic=topics, terms_version=self.version, accept_terms="yes")
        if address in self.again and self.dice.random() < 0.7:
            fields["again"] = self.again[address]
            self.promised.discard(address)
        assert (await self.send("/v1/subscriptions", **fields)).status_code == 303, self.story
        return topics

    async def confirm(self, link: tuple[str, str] | None = None) -> None:
        address, path = link or self.any_link("confirm")
        page = await self.client.get(path)
        if found := re.search(r'name="shown" value="([^"]+)"', page.text):
            done = await self.send(path, shown=found[1])
            assert "You are signed up" in done.text, self.story
            self.promised.discard(address)
            for own in re.findall(r'href="(/preferences/[^"]+)"', done.text):
                self.links.setdefault("preferences", []).append((address, own))
        elif page.status_code == 410:
            answer = await self.send(path + "/again")
            if "Check your email" in answer.text and address not in self.promised:
                await self.expect(address)

    async def expect(self, address: str) -> None:
        """A mail to the address comes within a day or so."""
        for _ in range(8):
            if any(mail["To"] == address for mail in await self.look()):
                return
            self.clock.shift(timedelta(hours=4))
        raise AssertionError(("nothing came", address, self.story))

    async def decline(self) -> None:
        kind = self.dice.choice(["decline", "address"])
        address, path = self.any_link(kind)
        if kind == "address" and not path.endswith("/decline"):
            return
        page = await self.client.get(path)
        found = re.search(r'name="again" value="([^"]+)"', page.text)
        done = await self.send(path, do="decline", again=found[1] if found else "")
        if any(promise in done.text for promise in NEVER):
            self.promised.add(address)
            (self.again[address],) = re.findall(r"/subscribe\?again=([\w-]+)", done.text)

    async def move(self) -> None:
        address, path = self.any_link("address")
        if not path.endswith("/decline") and "has been changed" in (await self.send(path, do="confirm")).text:
            self.promised.discard(address)

    async def unsubscribe(self) -> None:
        path = self.any_link("unsubscribe")[1]
        ways = [{"List-Unsubscribe": "One-Click"}, {"scope": "all"}, {"scope": "topic"}]
        done = await self.send(path, **self.dice.choice(ways))
        undo = dict(re.findall(r'name="(undo|terms_version)" value="([^"]*)"', done.text))
        self.undo = (path + "/undo", undo) if undo else self.undo

    async def undo_it(self) -> None:
        if self.undo:
            await self.send(self.undo[0], **self.undo[1])

    async def prefer(self) -> None:
        address, path = self.any_link("preferences")
        page = await self.client.get(path)
        numbers = re.findall(r'name="subscription" value="(\d+)"', page.text) or ["0"]
        one = {"subscription": self.dice.choice(numbers), "terms_version": self.version, "language": "en"}
        act, fields = self.dice.choice(
            [
                ("pause", {"do": "pause", "until": f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"}),
                ("pause", {"do": "resume"}),
                ("topic", one | {"do": "unfollow"}),
                ("again", one),
                ("address", {"email": self.dice.choice([self.own, self.second])}),
                ("erase", {"do": "erase", "never_again": self.dice.choice(["yes", ""])}),
            ]
        )
        done = await self.send(f"{path}/{act}", **fields)
        if act == "erase" and done.status_code == 200 and fields["never_again"]:
            self.promised.add(address)
            self.again.pop(address, None)

    async def publish(self) -> None:
        """Material terms, to be agreed to at once or within ten days."""
        now, self.version = datetime.now(UTC), str(int(self.version) + 1)
        pause = now + timedelta(days=self.dice.choice([0, 10]))
        async with writing(self.inbox.world.system.database) as connection:
            await terms.publish(
                connection, self.version, self.version, now=now, material=True, pause_at=pause
            )

    async def pass_time(self) -> None:
        self.clock.shift(self.dice.choice(PASSING))
        await sweep_retention(self.inbox.world.system)

    async def live(self) -> None:
        """Some random steps; then the owner signs up once more."""
        often = [self.sign_up, self.look, self.look, self.confirm, self.confirm, self.prefer, self.pass_time]
        steps = [*often * 3, self.decline, self.decline, self.move, self.unsubscribe, self.unsubscribe]
        for _ in range(STEPS):
            await self.dice.choice([*steps, self.undo_it, self.publish])()
        if self.own in self.promised and self.own not in self.again:
            return  # erased, "whoever signs it up"
        self.clock.shift(timedelta(hours=26))
        await self.look()
        topics = await self.sign_up(self.own)
        while self.own in self.promised:
            topics = await self.sign_up(self.own)
        await self.expect(self.own)
        for link in [link for link in self.links.get("confirm", []) if link[0] == self.own][-2:]:
            await self.confirm(link)
        assert set(topics) <= set(await self.followed()), self.story


async def test_promises_to_an_address_are_kept_through_any_life(
    client: httpx.AsyncClient,
    system: System,
    inbox: Inbox,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The databases take turns with the lives; in `make fuzz` each has its own."""
    monkeypatch.setattr(lookup_cache, "_SECONDS", 0.0)
    dice, lives = chance(1)
    turn = int(system.database.dialect.name == "postgresql")
    for number in range(lives):
        own = random.Random(dice.getrandbits(64))
        if number % 2 != turn and not is_free():
            continue
        life = Life(client, inbox, clock, own)
        life.version = str(number * 1_000)
        await life.publish()
        await life.live()

"""A few people, the ingestor, an operator and the workers, several of whom act at a time."""

import asyncio
import email
import email.policy
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import time_machine

from service.actions.feedback import apply_feedback
from service.actions.import_subscriptions import Import, import_subscriptions
from service.actions.transfer_suppressions import import_suppressions
from service.digests.planner import plan, plan_now
from service.domain.delivery.smtp_reply import SessionStage, classify
from service.domain.imported_columns import FileLine
from service.mail.inbound.feedback import Feedback, FeedbackKind
from service.store.audit import Operator
from service.store.sql import tables as t
from service.store.sql.outages import is_deadlock
from tests import events
from tests.html_forms import forms_of
from tests.integration.web.operating import BEARER
from tests.integration.web.signing_up import TERMS, post
from tests.integration.workers.world import World
from tests.smtp_script import On
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events
from workers.retention import sweep_retention
from workers.visitor_requests import process_requests

#: Each at a server of their own: one that refuses is not asked again for a while.
PEOPLE = [f"somebody@mail{number}.example.org" for number in range(4)]
TRIALS = [f"NCT0000000{number}" for number in range(1, 6)]
CONDITIONS = [f"MONDO:000000{number}" for number in range(1, 4)]
TOPICS = [*(f"trial:{number}" for number in TRIALS), *(f"condition:{number}" for number in CONDITIONS)]
STATUSES = ["RECRUITING", "SUSPENDED", "ACTIVE_NOT_RECRUITING", "COMPLETED", "NOT_YET_RECRUITING"]
#: What the mail server says to some.
REFUSALS = ["451 4.3.0 Later\r\n", "552 5.2.2 Full\r\n", None]

#: How much time may pass between two rounds.
PASSING = [timedelta(minutes=20), timedelta(hours=5), timedelta(hours=26), timedelta(days=8)]
_OPERATOR = Operator("command:test", "command")

#: How likely somebody uses a link that ends what they follow, instead of another one.
_LIKELY = {"unsubscribe": 0.1, "decline": 0.01}


@dataclass
class Crowd:
    """Everybody; `answers` counts what they were answered, `troubles` holds what must never be."""

    world: World
    http: httpx.AsyncClient
    random: random.Random
    refusal: On
    clock: time_machine.Traveller
    version: str = TERMS
    answers: Counter[tuple[str, int | str]] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    revisions: Counter[str] = field(default_factory=Counter)

    async def act(self, times: int) -> None:
        """One to six do something at once, so many times."""
        acts, weights = zip(*self._acts().items(), strict=True)
        for _ in range(times):
            chosen = self.random.choices(acts, weights, k=self.random.choice([1, 2, 4, 6]))
            await asyncio.gather(*(self._do(act) for act in chosen))
            if self.random.random() < 0.1:
                self.clock.shift(self.random.choice(PASSING))

    async def settle(self) -> None:
        """Everything that waits is done; the sweep moves who began to follow a trial during its merger."""
        self.refusal.times = 0
        await ingest_events(self.world.system)
        await sweep_retention(self.world.system)
        for _ in range(4):
            await process_requests(self.world.system)
            await ingest_events(self.world.system)
            await plan_now(self.world.system)
            await deliver(self.world.mailer)

    def _acts(self) -> dict[Callable[[], Awaitable[object]], float]:
        system, mailer = self.world.system, self.world.mailer
        return {
            self.sign_up: 10,
            self.use_a_link: 30,
            self.send_event: 8,
            self.send_condition: 1,
            self.return_a_mail: 1.5,
            self.operate: 1,
            self.publish_terms: 0.1,
            self.import_people: 0.5,
            self.import_suppressions: 0.1,
            self.forget_limits: 3,
            self.refuse: 1,
            lambda: process_requests(system): 6,
            lambda: ingest_events(system): 5,
            lambda: plan(system): 4,
            lambda: plan_now(system): 1,
            lambda: deliver(mailer): 6,
            lambda: sweep_retention(system): 0.2,
        }

    async def _do(self, act: Callable[[], Awaitable[object]]) -> None:
        try:
            await act()
        except Exception as error:
            if is_deadlock(error):  # as the worker's loop does
                return await self._do(act)
            self.troubles.append(f"{getattr(act, '__name__', act)}: {error!r}")
            raise

    def _note(self, what: str, answer: httpx.Response) -> httpx.Response:
        self.answers[what, answer.status_code] += 1
        if answer.status_code >= 500:
            self.troubles.append(f"{what}: {answer.status_code} {answer.text[:200]}")
        return answer

    def _rejected(self, line: int, reason: str) -> None:
        """One of an import's lines, of somebody who must not be written to."""
        self.answers["rejected", reason] += 1

    async def sign_up(self) -> None:
        """Somebody asks for a few topics."""
        topics = self.random.sample(TOPICS, self.random.randint(1, 3))
        frequency = self.random.choice(["immediate", "daily", "weekly"])
        who = self.random.choice(PEOPLE)
        asked = {"email": who, "topic": topics, "frequency": frequency, "terms_version": self.version}
        self._note("sign-up", await post(self.http, **asked))

    async def use_a_link(self) -> None:
        """Somebody opens a link of one of the last mails, and sends some of the forms that they find."""
        mails = self.world.smtp.mails[-15:]
        if not mails:
            return
        parsed = email.message_from_bytes(self.random.choice(mails).content, policy=email.policy.default)
        body = parsed.get_body(("plain",))
        links = re.findall(r"http://testserver\.local(/\S+)", body.get_content()) if body else []
        links = [link for link in links if self.random.random() < _LIKELY.get(link.split("/")[1], 1)]
        if not links:
            return
        page = self.random.choice([link for link in links if "/confirm/" in link] or links).rstrip(").,")
        answer = self._note(_route(page), await self.http.get(page))
        for _ in range(self.random.randint(1, 3)):
            forms = [form for form in forms_of(answer.text) if form.method == "post"]
            forms = [form for form in forms if "erase" not in form.action or self.random.random() < 0.1]
            if not forms:
                return
            form = self.random.choice(forms)
            later = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
            fields = form.filled(self.random, {"email": PEOPLE, "date": [later, ""]})
            target = urljoin(page, form.action) if form.action else page
            answer = self._note(_route(target), await self.http.post(target, data=fields))
            if answer.has_redirect_location:
                page = urlsplit(answer.headers["location"]).path
                answer = self._note(_route(page), await self.http.get(page))

    async def send_event(self) -> None:
        """The ingestor sees a trial changed, gone, or merged; or sends what came before late."""
        trial = self.random.choice(TRIALS)
        self.revisions[trial] += 1
        revision = self.revisions[trial] - (self.random.random() < 0.1)
        other = self.random.choice([number for number in TRIALS if number != trial])
        conditions = [{"id": key, "name": key} for key in self.random.sample(CONDITIONS, 1)]
        changed = {
            "status": self.random.choice(STATUSES),
            "has_results": self.random.random() < 0.5,
            "conditions": conditions,
        }
        event = self.random.choices(
            [
                events.upserted(trial, revision, **changed),
                events.merged(trial, revision, other),
                events.removed(trial, revision),
            ],
            [90, 6, 4],
        )[0]
        self._note(event["type"], await events.post(self.http, event))

    async def send_condition(self) -> None:
        """The ingestor learns where a condition stands, or what replaced it."""
        key, other = self.random.sample(CONDITIONS, 2)
        replaced: dict[str, Any] = {"replaced_by": other} if self.random.random() < 0.2 else {}
        parents = [] if replaced else [other]
        event = events.condition(key, key, parents, time=datetime.now(UTC).isoformat(), **replaced)
        self._note(event["type"], await events.post(self.http, event))

    async def return_a_mail(self) -> None:
        """A mail bounces, or its reader complains."""
        if not self.world.smtp.mails:
            return
        token = self.random.choice(self.world.smtp.mails[-30:]).mail_from.partition("@")[0]
        full = classify(SessionStage.REPORT, 552, "5.2.2", "The mailbox is full")
        gone = classify(SessionStage.REPORT, 550, "5.1.1", "No such user")
        feedback = self.random.choices(
            [
                Feedback(FeedbackKind.BOUNCED_SOFT, token, full),
                Feedback(FeedbackKind.BOUNCED_HARD, token, gone),
                Feedback(FeedbackKind.COMPLAINT, token, None),
            ],
            [8, 1, 1],
        )[0]
        effect = await apply_feedback(self.world.system, feedback, self.world.system.now())
        self.answers["feedback", effect] += 1

    async def operate(self) -> None:
        """An operator lifts a suppression, erases somebody, or holds and releases mail and runs."""
        who = {"email": self.random.choice(PEOPLE)}
        path, body = self.random.choices(
            [
                ("suppressions/lift", who | {"asked_by_person": True}),
                ("subscribers/erase", who),
                ("mail/hold", None),
                ("mail/release", {"kinds": ["confirmation"]}),
                ("mail/release", {}),
                ("subscribers/export", who),
                ("why", who),
            ],
            [8, 0.5, 0.5, 0.5, 3, 1, 1],
        )[0]
        self._note(path, await self.http.post(f"/v1/admin/{path}", json=body, headers=BEARER))

    async def publish_terms(self) -> None:
        """The operator publishes new terms, to which all who follow something must agree, or need not."""
        version = f"2027-{self.random.getrandbits(40)}"
        body = {"version": version, "text": f"Be kind {version}.", "material": self.random.random() < 0.3}
        answer = self._note("terms", await self.http.post("/v1/admin/terms", json=body, headers=BEARER))
        if answer.is_success:
            self.version = version

    async def import_people(self) -> None:
        """The operator imports what some people follow elsewhere."""
        lines = [
            FileLine(number, {"email": who, "topic": self.random.choice(TOPICS), "frequency": "weekly"})
            for number, who in enumerate(self.random.choices(PEOPLE, k=4), 2)
        ]
        job = Import(self.world.system, self._rejected)
        await import_subscriptions(
            job, _OPERATOR, lines, progress=lambda line: None, stopping=asyncio.Event()
        )

    async def import_suppressions(self) -> None:
        """The operator imports an address that must not be written to."""
        values = {"email": self.random.choice(PEOPLE), "reason": self.random.choice(["bounce", "spam"])}
        await import_suppressions(
            self.world.system,
            _OPERATOR,
            [FileLine(2, values)],
            self._rejected,
            progress=lambda line: None,
            stopping=asyncio.Event(),
        )

    async def forget_limits(self) -> None:
        """A day passes for the limits of mailboxes."""
        async with self.world.system.writing() as connection:
            await connection.execute(t.mail_quota.delete())

    async def refuse(self) -> None:
        """The mail server refuses the next mail to somebody."""
        self.refusal.reply, self.refusal.match = self.random.choice(REFUSALS), self.random.choice(PEOPLE)
        self.refusal.times = 1


def _route(path: str) -> str:
    """A path without its token."""
    return re.sub(r"/[^/]{20,}", "/…", path.partition("?")[0])

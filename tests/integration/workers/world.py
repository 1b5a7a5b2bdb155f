"""A small world for the workers' tests: Alice, Bob and Carol follow things; trials change; mail arrives.

Alice follows a trial, Bob a condition, Carol both. Everything is written the way the service writes it,
without the web in between.
"""

import email
import email.policy
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import lru_cache
from typing import Any

import msgspec

from service.crypto.email_addresses import new_subscriber_columns
from service.digests.planner import plan_now
from service.domain.trials.change import Change, as_stored
from service.domain.trials.comparison.diff import diff
from service.domain.trials.events.snapshot import content_digest, read_snapshot
from service.store import change_log
from service.store.changes import trials
from service.store.people import subscribers, subscriptions
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.store.topics import topics
from service.system import System
from tests.smtp_server import SmtpServer
from workers.deliver.deliver import deliver
from workers.deliver.mailer import Mailer, open_mailer

TRIAL = "NCT04787263"
LEUKEMIA = "condition:MONDO:0005059"


def snapshot(nct_id: str = TRIAL, **changes: Any) -> dict[str, Any]:
    """A trial as the ingestor would send it."""
    return read_snapshot(
        {
            "nct_id": nct_id,
            "revision": 1,
            "url": f"https://www.example.org/trials/{nct_id}",
            "title": "Engineered immune cells take on childhood leukemia",
            "summary": "A study of engineered immune cells.",
            "status": "NOT_YET_RECRUITING",
            "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}],
            "locations": [{"facility": "Hospital", "city": "Roma", "country": "Italy"}],
            "registry_first_posted": "2026-11-01",
            "registry_last_updated": "2026-11-20",
            **changes,
        }
    )


@dataclass(frozen=True)
class World:
    """The open system, its mail side, and the server that its mail goes to."""

    system: System
    mailer: Mailer
    smtp: SmtpServer

    async def follow(
        self, address: str, *keys: str, frequency: str = "immediate", confirmed: bool = True, **options: Any
    ) -> int:
        """A person who asked to follow topics, and confirmed. Returns the subscriber's id."""
        now = datetime.now(UTC)
        async with writing(self.system.database) as connection:
            person = await subscribers.create(
                connection,
                **new_subscriber_columns(self.system.keyring, self.system.addresses, address),
                locale="en",
                timezone="UTC",
                now=now,
            )
        await self.follow_too(person, *keys, frequency=frequency, confirmed=confirmed, **options)
        return person

    async def follow_too(
        self, person: int, *keys: str, frequency: str = "immediate", confirmed: bool = True, **options: Any
    ) -> None:
        """The same for a person who is known."""
        now = datetime.now(UTC)
        async with writing(self.system.database) as connection:
            ids = await topics.ensure_topics(connection, keys)
            for key in keys:
                await subscriptions.add_pending(
                    connection,
                    person,
                    ids[key],
                    **{"frequency": frequency, "filters": None, "small_changes": False, "now": now} | options,
                )
            if confirmed:
                await subscribers.change(connection, person, confirmed_at=now)
                await subscriptions.activate_pending(connection, person, now)

    async def append_changes(self, nct_id: str, changes: Sequence[Change], *keys: str) -> int:
        """Appends changes to the log, for the followers of the topics `keys`. Returns the last seq."""
        about = {
            "nct_id": nct_id,
            "is_correction": False,
            "revision": None,
            "due_seq": None,
            "notified_seq": None,
        }
        async with writing(self.system.database) as connection:
            ids = list((await topics.ensure_topics(connection, keys)).values())
            records = [(about | as_stored(change), ids) for change in changes]
            await change_log.append(connection, records, datetime.now(UTC))
            return await change_log.head(connection)

    async def hold(self, held: Mapping[str, Any]) -> None:
        """Makes `held` the newest snapshot of its trial."""
        nct_id, revision = held["nct_id"], held["revision"]
        row = {"nct_id": nct_id, "revision": revision, "snapshot_revision": revision, "state": "present"}
        row |= {"snapshot": msgspec.json.encode(held).decode(), "digest": content_digest(held)}
        async with writing(self.system.database) as connection:
            (topic_id,) = (await topics.ensure_topics(connection, [f"trial:{nct_id}"])).values()
            await connection.execute(t.trial.delete().where(t.trial.c.nct_id == nct_id))
            row |= {"topic_id": topic_id, "merged_into": None, "remembered": None}
            await trials.upsert(connection, [row], datetime.now(UTC))

    async def change(self, before: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
        """A trial changes: its followers are to be notified. Returns the new snapshot."""
        after = read_snapshot({**before, "revision": before["revision"] + 1, **changes})
        await self.hold(after)
        await self.append_changes(before["nct_id"], diff(before, after), f"trial:{before['nct_id']}")
        return after

    async def send_all(self) -> None:
        """Plans and sends everything pending."""
        await plan_now(self.system)
        await deliver(self.mailer)

    def texts(self, address: str) -> list[str]:
        """The texts of the mails that arrived for one person."""
        return [text_of(mail) for mail in self.mails(address)]

    def mails(self, address: str | None = None) -> list[EmailMessage]:
        """The mails that arrived, of all or of one person."""
        taken = [mail for mail in self.smtp.mails if address in (None, mail.rcpt_to)]
        return [_parsed(mail.content) for mail in taken]


@lru_cache(maxsize=256)
def _parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


@asynccontextmanager
async def open_world(system: System, *rules: Any, **server: Any) -> AsyncIterator[World]:
    """A world on `system`, its mail going to a server with the given rules."""
    async with SmtpServer(*rules, **server) as smtp:
        settings = system.settings.model_copy(update={"smtp_url": smtp.url()})
        aimed = replace(system, settings=settings)
        async with open_mailer(aimed) as mailer:
            yield World(aimed, mailer, smtp)


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail, white space folded."""
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())

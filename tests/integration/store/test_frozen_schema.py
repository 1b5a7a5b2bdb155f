"""An installation of the frozen schema is brought up to date and lives on: links, mail, sign-ups, erasure."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import time_machine
from sqlalchemy import select

from service.configuration import settings as settings_module
from service.domain.delivery.states import DeliveryState
from service.domain.digests.run import RunState
from service.store.digests.digests import read_topics
from service.store.sql import schema, schema_revision
from service.store.sql import tables as t
from service.store.sql.database import create_database, reading
from service.system import System, open_system
from tests.conftest import POSTGRESQL, client_of
from tests.e2e.journey.processes import run_command
from tests.frozen_schema import dumps, story
from tests.frozen_schema.story import TRIAL, address_of, change, complaint_about, confirm, sign_up, work
from tests.integration.web.inbox import Inbox, link_in, open_inbox
from tests.integration.web.operating import BEARER
from workers.release_stale_claims import release_stale_claims

pytestmark = pytest.mark.slow

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
MESSAGE = BEARER | {"content-type": "message/rfc822"}


@pytest.fixture(params=["sqlite", POSTGRESQL])
def frozen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The URL of a database as the frozen migration made and the service filled it; the dump's folder."""
    folder = dumps.FOLDER / request.param
    dump = (folder / "dump.sql").read_text()
    if request.param == "sqlite":
        yield dumps.load_sqlite(dump, tmp_path / "frozen.sqlite3"), folder
        return
    with dumps.loaded_postgresql(dump, request.getfixturevalue("postgresql")) as url:
        yield url, folder


@pytest.fixture
def old_mails(frozen: tuple[str, Path]) -> list[dict[str, Any]]:
    """The mails that were sent from it before."""
    found: list[dict[str, Any]] = json.loads((frozen[1] / "mails.json").read_text())
    return found


@pytest.fixture
async def system(frozen: tuple[str, Path], redis_url: str, tmp_path: Path) -> AsyncIterator[System]:
    """The system of today on the database of then, brought up to date, soon after its last day."""
    environ = {"ALERTS_DATABASE_URL": frozen[0], "ALERTS_REDIS_URL": redis_url, "ALERTS_DATA": str(tmp_path)}
    migrated = run_command("migrate", ALERTS_DATABASE_URL=frozen[0])
    assert migrated.returncode == 0, migrated.stderr
    settings = settings_module.read(story.ENVIRON | environ | {"ALERTS_LEASE_SECONDS": "3"})
    with time_machine.travel(story.END):
        async with open_system(settings) as opened:
            yield opened


@pytest.fixture
async def client(system: System) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(system.settings) as opened:
        yield opened


@pytest.fixture
async def inbox(system: System) -> AsyncIterator[Inbox]:
    async with open_inbox(system) as opened:
        yield opened


def newest(mails: list[dict[str, Any]], name: str, page: str = "") -> Any:
    """The last mail to somebody, or the path of its link to a page."""
    mail = [mail for mail in mails if mail["to"] == address_of(name)][-1]
    return next(link for link in mail["links"] if link.startswith(f"/{page}/")) if page else mail


async def subscriptions_of(system: System, name: str) -> list[tuple[str, str | None]]:
    """The state and the end reason of each of somebody's subscriptions."""
    rows = (
        select(t.subscription.c.state, t.subscription.c.end_reason)
        .join(t.address, t.address.c.subscriber_id == t.subscription.c.subscriber_id)
        .where(t.address.c.email_index == system.addresses.of(address_of(name)))
    )
    async with reading(system.database) as connection:
        return [(row.state, row.end_reason) for row in await connection.execute(rows)]


def test_the_frozen_migrations_are_those_that_made_the_installations() -> None:
    """The newest one may be missing from the list until another one follows it."""
    lines = (dumps.FOLDER / "migrations.sha256").read_text().splitlines()
    frozen = {name: digest for digest, name in (line.split() for line in lines)}
    present = dumps.migration_hashes()
    assert set(list(present)[:-1]) <= set(frozen), "freeze the older migrations: add their sha256sum"
    assert {name: present.get(name) for name in frozen} == frozen, (
        "installations were made by these migrations: leave them as they are, and write the next one"
        ' (.ci/new-migration "what it does"; CONTRIBUTING.md, "a migration").'
    )


async def test_an_update_migrates_the_schema_to_the_newest_tables(frozen: tuple[str, Path]) -> None:
    assert run_command("migrate", ALERTS_DATABASE_URL=frozen[0]).returncode == 0
    database = create_database(frozen[0])
    assert await schema.differences(database) == []
    assert await schema_revision.current_revision(database) == schema_revision.newest_revision()
    await database.dispose()


async def test_the_frozen_installation_has_mail_in_every_state(system: System) -> None:
    async with reading(system.database) as connection:
        mails = set((await connection.execute(select(t.delivery.c.state))).scalars())
        subscriptions = set((await connection.execute(select(t.subscription.c.state))).scalars())
    assert mails == set(DeliveryState)
    assert subscriptions == {"pending", "active", "ended"}


async def test_links_in_old_mails_work(
    client: httpx.AsyncClient, system: System, old_mails: list[dict[str, Any]]
) -> None:
    await confirm(client, newest(old_mails, "kim", "confirm"))
    assert await subscriptions_of(system, "kim") == [("active", None)]
    page = await client.get(newest(old_mails, "ben", "preferences"))
    assert page.status_code == 200
    assert TRIAL in page.text
    link = newest(old_mails, "anna")["list_unsubscribe"].strip("<>").removeprefix("http://testserver.local")
    assert (await client.post(link, data=ONE_CLICK)).status_code == 200
    assert await subscriptions_of(system, "anna") == [("ended", "unsubscribed")]
    former = newest(old_mails, "frank", "unsubscribe")  # who left before
    assert (await client.post(former, data=ONE_CLICK)).status_code == 200


async def test_complaints_about_old_mails_are_processed(
    client: httpx.AsyncClient, system: System, old_mails: list[dict[str, Any]]
) -> None:
    by_address = complaint_about(newest(old_mails, "ben")["return_path"])
    by_message_id = copied(newest(old_mails, "ida"))
    for raw in (by_address, by_message_id):
        assert (await client.post("/v1/feedback", content=raw, headers=MESSAGE)).status_code == 202
    for name in ("ben", "ida"):
        assert await subscriptions_of(system, name) == [("ended", "complaint")]


def copied(mail: dict[str, Any]) -> bytes:
    """A complaint that knows the mail by its Message-ID alone."""
    return (
        "From: abuse@example.org\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {mail['message_id']}\r\nSubject: Your updates\r\n\r\n...\r\n--b--\r\n"
    ).encode()


async def test_digests_go_on_and_nothing_is_reported_twice_or_lost(
    client: httpx.AsyncClient, system: System, inbox: Inbox, old_mails: list[dict[str, Any]]
) -> None:
    with time_machine.travel(story.END + timedelta(minutes=10)) as clock:
        assert await release_stale_claims(inbox.world.system) == 1  # of two: one has a receipt
        await release_held_run(client, system)
        await work(inbox)
        await change(client, system, TRIAL, 5, "COMPLETED")
        for days in (1, 6, 31):  # daily digests, weekly ones, and those that waited for a pause or a month
            clock.move_to(story.MONDAY + timedelta(days=2 + days, hours=2, minutes=20))
            await work(inbox)
    names = [str(mail["Message-ID"]) for mail in inbox.world.mails()] + [m["message_id"] for m in old_mails]
    assert len(names) == len(set(names))
    reported, due = await reported_changes(system)
    assert due, "people follow what changed"
    assert {key: reported[key] for key in due} == dict.fromkeys(due, 1)


async def release_held_run(client: httpx.AsyncClient, system: System) -> None:
    """Releases the held run, as an operator does."""
    async with reading(system.database) as connection:
        held = select(t.run.c.id).where(t.run.c.state == RunState.HELD)
        number = (await connection.execute(held)).scalar_one()
    answer = await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
    assert answer.json()["changed"] > 0


async def reported_changes(system: System) -> tuple[Counter[tuple[int, int, int]], set[tuple[int, int, int]]]:
    """How often each (person, topic, seq) was reported by a digest, and all that had to be.

    A digest that was empty counts as a report that the change was reversed. Suppressed people are left out.
    """
    d, s, c = t.digest.c, t.subscription.c, t.change_topic.c
    async with reading(system.database) as connection:
        pairs = (await connection.execute(select(c.topic_id, c.seq))).all()
        reached = (
            select(t.address.c.subscriber_id)
            .outerjoin(t.suppression, t.suppression.c.address_index == t.address.c.email_index)
            .where(t.suppression.c.reason.is_(None))
        )
        active = select(s).where(s.state == "active", s.subscriber_id.in_(reached))
        following = (await connection.execute(active)).all()
        sent = (
            await connection.execute(
                select(d.subscriber_id, d.topics, d.to_seq)
                .join(t.delivery, t.delivery.c.digest_id == d.id)
                .where(t.delivery.c.state.in_((DeliveryState.SENT, DeliveryState.EMPTY)))
            )
        ).all()
    reported = Counter[tuple[int, int, int]]()
    for row in sent:
        since = read_topics(row.topics)
        reported.update(
            (row.subscriber_id, topic_id, seq)
            for topic_id, seq in pairs
            if topic_id in since and since[topic_id] < seq <= row.to_seq
        )
    due = {
        (row.subscriber_id, topic_id, seq)
        for row in following
        for topic_id, seq in pairs
        if topic_id == row.topic_id and seq > row.active_seq
    }
    return reported, due


async def test_new_and_waiting_sign_ups_are_served(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    await sign_up(client, "zoe", (f"trial:{TRIAL}",), frequency="immediate")
    for name in ("lena", "zoe"):
        await confirm(client, link_in((await inbox.look(address_of(name)))[0], "confirm"))
        assert await subscriptions_of(system, name) == [("active", None)]
    await change(client, system, TRIAL, 5, "COMPLETED")
    await work(inbox)
    for name in ("lena", "zoe"):
        assert len(await inbox.look(address_of(name))) == 1


async def test_people_can_be_erased(
    client: httpx.AsyncClient, system: System, old_mails: list[dict[str, Any]]
) -> None:
    async with reading(system.database) as connection:
        index = t.address.c.email_index == system.addresses.of(address_of("ben"))
        ben = (await connection.execute(select(t.address).where(index))).one().subscriber_id
    erased = await client.post(newest(old_mails, "ben", "preferences") + "/erase", data={"do": "erase"})
    assert "Everything has been erased" in erased.text
    async with reading(system.database) as connection:
        for table in t.SQLModel.metadata.sorted_tables:
            if "subscriber_id" in table.c:
                rows = (await connection.execute(select(table.c.subscriber_id))).scalars().all()
                assert ben not in rows, table.name
    link = newest(old_mails, "ben", "unsubscribe")
    assert (await client.post(link, data=ONE_CLICK)).status_code == 200

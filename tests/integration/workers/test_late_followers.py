"""People who begin to follow a topic while its followers are being moved elsewhere are moved too.

On PostgreSQL each test fixes the interleaving: a transaction is open, or waits for a lock, while the merger
is ingested. On SQLite, which has one writer, the merger waits.
"""

import asyncio
import csv
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import follow, subscribe
from service.actions.consent_record import Origin
from service.cli.subscriptions import import_file
from service.domain.buckets import BUCKETS
from service.domain.subscription import EndReason, SubscriptionState
from service.languages import language
from service.request_queue import RequestOrigin, SignUp
from service.store.people import subscribers, subscriptions
from service.store.people.rows import Subscriber
from service.store.sql import tables as t
from service.store.sql.database import is_postgresql, reading, writing
from service.system import System
from tests.events import merged, upserted
from tests.integration.web.signing_up import TERMS, publish_terms
from tests.integration.workers.ingested import received
from tests.integration.workers.world import World, open_world
from tests.lock_waits import somebody_waits
from workers.ingest.late_followers import move_late_followers

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

OLD, NEW = "NCT00000001", "NCT00000002"
ALICE, BOB = "alice@example.org", "bob@example.org"
ORIGIN = Origin("192.0.2.0/24", "Firefox")

#: Seconds; a machine at work may take long.
PATIENCE = 120

#: An act of a person, who is locked, in a transaction of their own.
Door = Callable[[AsyncConnection, System, Subscriber], Awaitable[object]]


async def signs_up(connection: AsyncConnection, system: System, _: Subscriber) -> None:
    now = datetime.now(UTC)
    asked = SignUp(ALICE, [f"trial:{OLD}"], TERMS, RequestOrigin(now), frequency="immediate")
    await subscribe.subscribe(connection, system, asked, now)


async def follows_on_the_page(connection: AsyncConnection, system: System, person: Subscriber) -> None:
    await follow.follow(
        connection,
        system,
        person,
        [f"trial:{OLD}"],
        "immediate",
        TERMS,
        language("en"),
        ORIGIN,
        datetime.now(UTC),
    )


async def follows_again(connection: AsyncConnection, system: System, person: Subscriber) -> None:
    (ended,) = await subscriptions.with_states(connection, person.id, SubscriptionState.ENDED)
    await follow.follow_again(
        connection, system, person, str(ended.id), TERMS, language("en"), ORIGIN, datetime.now(UTC)
    )


async def is_confirmed(connection: AsyncConnection, _: System, person: Subscriber) -> None:
    await subscriptions.activate_pending(connection, person.id, datetime.now(UTC))


async def stops_all(connection: AsyncConnection, _: System, person: Subscriber) -> None:
    await subscriptions.end(
        connection, person.id, reason=EndReason.UNSUBSCRIBED, now=datetime.now(UTC), topic_ids=None
    )


@pytest.fixture
async def world(system: System) -> AsyncIterator[World]:
    await publish_terms(system.database)
    await received(system, upserted(OLD, 1, title="Old"), upserted(NEW, 1, title="New"))
    async with open_world(system) as world:
        yield world


async def followed(system: System, address: str = ALICE) -> list[tuple[str, str]]:
    """The trials that a person follows, or has asked to follow."""
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(address))
        assert person is not None
        rows = await subscriptions.with_states(
            connection, person.id, SubscriptionState.ACTIVE, SubscriptionState.PENDING
        )
    return [(row.key.removeprefix("trial:"), row.state) for row in rows]


async def sweep(system: System) -> int:
    return sum([await move_late_followers(system, bucket) for bucket in BUCKETS])


async def waits(connection: AsyncConnection, system: System, task: "asyncio.Task[object]") -> None:
    """Returns when a task waits for a lock of another transaction; this one stays in use meanwhile."""
    if not is_postgresql(connection):
        await asyncio.sleep(0.2)
        assert not task.done()
        return
    async with asyncio.timeout(PATIENCE):
        while not await somebody_waits(system):
            assert not task.done()
            await stay_in_use(connection)


async def ends(connection: AsyncConnection, task: "asyncio.Task[object]") -> None:
    """Returns when a task is done; the transaction stays in use meanwhile."""
    async with asyncio.timeout(PATIENCE):
        while not task.done():
            await stay_in_use(connection)


async def stay_in_use(connection: AsyncConnection) -> None:
    """Uses a transaction: one that stands still is ended."""
    await connection.execute(text("SELECT 1"))
    await asyncio.sleep(0.01)


@asynccontextmanager
async def merged_meanwhile(system: System) -> AsyncIterator[AsyncConnection]:
    """A transaction that is open while the merger is ingested; SQLite lets that wait for its end."""
    async with writing(system.database) as connection:
        yield connection
        merging = asyncio.create_task(received(system, merged(OLD, 2, NEW)))
        if is_postgresql(connection):
            await ends(connection, merging)
        else:
            await waits(connection, system, merging)
    await merging


@pytest.mark.parametrize(
    ("door", "state"),
    [(signs_up, "pending"), (follows_on_the_page, "active"), (follows_again, "active")],
)
async def test_a_new_follower_during_a_merger_follows_the_trial_that_goes_on(
    world: World, door: Door, state: str
) -> None:
    system, person = world.system, await world.follow(ALICE)
    if door is follows_again:
        await world.follow_too(person, f"trial:{OLD}")
        async with writing(system.database) as connection:
            await stops_all(connection, system, await lock(connection, person))
    async with merged_meanwhile(system) as connection:
        await door(connection, system, await lock(connection, person))
    on_sqlite = system.database.dialect.name == "sqlite"
    assert await followed(system) == [(NEW if on_sqlite else OLD, state)]
    assert await sweep(system) == (0 if on_sqlite else 1)
    assert await followed(system) == [(NEW, state)]
    assert await sweep(system) == 0


async def lock(connection: AsyncConnection, person: int) -> Subscriber:
    found = await subscribers.lock(connection, person)
    assert found is not None
    return found


async def test_the_late_copy_of_a_request_names_the_requested_number(world: World) -> None:
    async with merged_meanwhile(world.system) as connection:
        await signs_up(connection, world.system, None)  # type: ignore[arg-type]
    await sweep(world.system)
    async with reading(world.system.database) as connection:
        person = await subscribers.find(connection, world.system.addresses.of(ALICE))
        assert person is not None
        (row,) = await subscriptions.pending(connection, person.id)
    if world.system.database.dialect.name != "sqlite":
        assert row.older_number == OLD


async def test_an_import_during_a_merger_is_moved_and_reported(world: World, tmp_path: Path) -> None:
    """It waits for a person's lock after it looked the trial up; changes meanwhile are reported once."""
    system, person = world.system, await world.follow(ALICE)
    path = tmp_path / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [("email", "topic", "frequency"), (ALICE, f"trial:{OLD}", "immediate")]
        csv.writer(file).writerows(rows)
    async with writing(system.database) as connection:
        await lock(connection, person)
        reading_file = import_file(system, path, tmp_path / "rejected.csv", lambda *_: None)
        importing = asyncio.create_task(reading_file)
        await waits(connection, system, importing)
        if is_postgresql(connection):
            await ends(connection, asyncio.create_task(received(system, merged(OLD, 2, NEW))))
    await importing
    await received(system, merged(OLD, 2, NEW), upserted(NEW, 2, title="New", status="SUSPENDED"))
    await world.send_all()
    await sweep(system)
    assert await followed(system) == [(NEW, "active")]
    await world.send_all()
    await world.send_all()
    reported = " ".join(world.texts(ALICE))
    assert reported.count("is now listed as") == 1
    assert reported.count("now says this study is paused") == 1


@pytest.mark.parametrize("door", [stops_all, is_confirmed])
async def test_a_merger_waits_for_a_follower_who_is_just_changing_something(world: World, door: Door) -> None:
    system = world.system
    person = await world.follow(ALICE, f"trial:{OLD}", confirmed=door is stops_all)
    async with writing(system.database) as connection:
        held = await lock(connection, person)
        merging = asyncio.create_task(received(system, merged(OLD, 2, NEW)))
        await waits(connection, system, merging)
        await door(connection, system, held)
    await merging
    assert await followed(system) == ([] if door is stops_all else [(NEW, "active")])
    assert await sweep(system) == 0


@pytest.mark.parametrize("door", [stops_all, is_confirmed])
async def test_a_follower_who_changes_something_waits_for_a_merger(world: World, door: Door) -> None:
    """The merger has locked its first follower, and waits for the second one."""
    system = world.system
    confirmed = door is stops_all
    people = {
        address: await world.follow(address, f"trial:{OLD}", confirmed=confirmed) for address in (ALICE, BOB)
    }
    first, second = sorted(people, key=lambda address: (people[address] & 15, people[address]))

    async def act() -> None:
        async with writing(system.database) as connection:
            await door(connection, system, await lock(connection, people[first]))

    async with writing(system.database) as connection:
        await lock(connection, people[second])
        merging = asyncio.create_task(received(system, merged(OLD, 2, NEW)))
        await waits(connection, system, merging)
        acting = asyncio.create_task(act())
        await asyncio.sleep(0.2)
        assert not acting.done()
    await asyncio.gather(merging, acting)
    assert await followed(system, first) == ([] if door is stops_all else [(NEW, "active")])
    assert await followed(system, second) == [(NEW, "active" if confirmed else "pending")]


async def test_a_follower_of_a_joined_condition_is_moved(world: World) -> None:
    """An import keeps the numbers of topics while it runs: one of them may be joined to another meanwhile."""
    system, person = world.system, await world.follow(ALICE, "condition:some-illness")
    async with writing(system.database) as connection:
        ids = dict((await connection.execute(select(t.topic.c.key, t.topic.c.id))).all())
        into = {"joined_id": ids[f"trial:{NEW}"]}
        late = t.topic.c.key == "condition:some-illness"
        await connection.execute(update(t.topic).where(late).values(**into))
    assert await sweep(system) == 1
    async with reading(system.database) as connection:
        (row,) = await subscriptions.active(connection, person)
    assert row.topic_id == ids[f"trial:{NEW}"]
    assert await sweep(system) == 0

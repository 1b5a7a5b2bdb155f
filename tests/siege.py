"""A siege: real workers deliver to a real server while they, Redis and the database are killed at random.

Used by the short test of every run and by `make torture`.
"""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis
from sqlalchemy import func, insert, select

from service.embedded import die_with_parent, redis_binary
from service.keys.addresses import PURPOSE, Person, new_secret, seal_person
from service.settings import read
from service.store import tables as t
from service.store.database import reading, writing
from service.system import System, open_system
from tests.workers.world import TRIAL, World, snapshot

CONNECTIONS = 4
RATE = 120  # mails a second and worker: slow enough to be killed in the middle


@dataclass
class Toll:
    """What came of a siege: kills, and the Message-IDs that arrived, by recipient."""

    kills: int = 0
    people: list[str] = field(default_factory=list)
    arrived: dict[str, list[str]] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Who got nothing."""
        return [person for person in self.people if person not in self.arrived]

    @property
    def repeats(self) -> int:
        """Mails that came again."""
        return sum(len(ids) - 1 for ids in self.arrived.values())

    @property
    def renamed(self) -> list[str]:
        """Who got the same mail under two Message-IDs: they could not be told for one."""
        return [person for person, ids in self.arrived.items() if len(set(ids)) > 1]

    @property
    def allowed(self) -> int:
        """Each kill may repeat what was in flight: one mail on each connection."""
        return self.kills * CONNECTIONS


class RestartedRedis:
    """A Redis that keeps nothing, and may be killed and started again at the same place."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        options = [
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--save",
            "",
            "--dir",
            str(self.socket.parent),
        ]
        self.process = subprocess.Popen(
            [redis_binary(), *options], stdout=subprocess.DEVNULL, preexec_fn=die_with_parent
        )
        for _ in range(200):
            with suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
                client.ping()
                return
            time.sleep(0.05)
        raise AssertionError("Redis does not answer")

    def kill(self) -> None:
        """Ends it as a crash would, and starts it anew, empty."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Ends it at once."""
        self.process.kill()
        self.process.wait()

    def forget(self) -> None:
        """FLUSHALL."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@contextmanager
def mail_server(store: Path) -> Iterator[int]:
    """The port of a server in a process of its own, which writes each mail down before it says 250."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.smtp_server", "--store", str(store)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        found = re.search(r":(\d+)$", process.stdout.readline().strip())
        assert found
        yield int(found[1])
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def start_worker(environ: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """One worker process."""
    log = Path(environ["ALERTS_DATA"]) / "workers.log"
    with log.open("ab") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "workers"],
            env={**os.environ, **environ},
            stderr=stream,
            preexec_fn=die_with_parent,
        )


async def gather_people(system: System, first: int, count: int) -> list[str]:
    """Adds confirmed followers of the trial, quickly; returns their addresses."""
    world = World(system, None, None)  # type: ignore[arg-type]
    addresses = [f"person{number}@example.org" for number in range(first, first + count)]
    model = await world.follow(addresses[0], f"trial:{TRIAL}")
    async with writing(system.database) as connection:
        person, wish, place = [
            dict((await connection.execute(select(table).where(column == model))).mappings().one())
            for table, column in (
                (t.subscriber, t.subscriber.c.id),
                (t.subscription, t.subscription.c.subscriber_id),
                (t.cursor, t.cursor.c.subscriber_id),
            )
        ]
        del person["id"], wish["id"]
        people = []
        for address in addresses[1:]:
            public_id = os.urandom(16)
            sealed = seal_person(system.keyring, Person(address, new_secret()), public_id)
            own = {"public_id": public_id, "sealed": sealed}
            own |= {"email_index": system.addresses.of(address)}
            own |= {"key_id": system.keyring.current_key_id(PURPOSE)}
            people.append({**person, **own})
        if people:
            added = insert(t.subscriber).returning(t.subscriber.c.id)
            ids = (await connection.execute(added, people)).scalars().all()
            wishes = [{**wish, "subscriber_id": one} for one in ids]
            await connection.execute(insert(t.subscription), wishes)
            await connection.execute(insert(t.cursor), [{**place, "subscriber_id": one} for one in ids])
    return addresses


async def tell_them(system: System, revision: int) -> None:
    """The trial changes; the workers plan and deliver by themselves."""
    world = World(system, None, None)  # type: ignore[arg-type]
    before = snapshot(revision=revision, status="SUSPENDED")
    await world.change(before, status="RECRUITING")


def besiege(
    environ: Mapping[str, str],
    folder: Path,
    *,
    people: int,
    kills: int,
    seed: int,
    also: Callable[[], None] | None = None,
    patience: float = 90,
) -> Toll:
    """Tells `people` of a change, kills at random so many times, and waits until everybody has heard.

    `also` is one more thing to do to the system now and then.
    """
    chance, toll, store = random.Random(seed), Toll(), folder / f"arrived-{seed}"
    with mail_server(store) as port:
        restarted = RestartedRedis(folder)
        settings = {
            **environ,
            "ALERTS_REDIS_URL": restarted.url,
            "ALERTS_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
            "ALERTS_SMTP_CONNECTIONS": str(CONNECTIONS),
            "ALERTS_SMTP_RATE": str(RATE),
            "ALERTS_LEASE_SECONDS": "3",
            "ALERTS_RUN_HOLD": "0",
            "ALERTS_DATA": str(folder),
        }
        toll.people = asyncio.run(_prepare(settings, people))
        workers = [start_worker(settings) for _ in range(2)]
        try:
            _storm(toll, settings, workers, restarted, chance, kills, also)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline and (_read(toll, store) or toll.missing):
                time.sleep(0.25)
        finally:
            for worker in workers:
                worker.send_signal(signal.SIGTERM)
            for worker in workers:
                worker.wait(20)
            restarted.stop()
        toll.states = asyncio.run(_states(settings))
        _read(toll, store)
    return toll


def _storm(
    toll: Toll,
    settings: Mapping[str, str],
    workers: list["subprocess.Popen[bytes]"],
    restarted: RestartedRedis,
    chance: random.Random,
    kills: int,
    also: Callable[[], None] | None,
) -> None:
    while toll.kills < kills:
        time.sleep(chance.uniform(0.7, 2.5))
        victim = chance.randrange(len(workers))
        workers[victim].kill()
        workers[victim].wait()
        toll.kills += 1
        workers[victim] = start_worker(settings)
        chance.choice([restarted.forget, restarted.kill, also or restarted.forget])()


async def _prepare(settings: Mapping[str, str], people: int) -> list[str]:
    async with open_system(read(settings)) as system:
        await World(system, None, None).hold(snapshot(status="SUSPENDED"))  # type: ignore[arg-type]
        async with reading(system.database) as connection:
            known = (await connection.execute(select(func.count()).select_from(t.subscriber))).scalar_one()
        addresses = await gather_people(system, known, people)
        await tell_them(system, 1)
        return addresses


async def _states(settings: Mapping[str, str]) -> dict[str, int]:
    async with open_system(read(settings)) as system, reading(system.database) as connection:
        counted = select(t.delivery.c.state, func.count().label("count")).group_by(t.delivery.c.state)
        return {row.state: row[1] for row in await connection.execute(counted)}


def _read(toll: Toll, store: Path) -> None:
    arrived: dict[str, list[str]] = {}
    for line in store.read_text().splitlines() if store.exists() else ():
        message_id, _, recipient = line.partition(" ")
        arrived.setdefault(recipient, []).append(message_id)
    toll.arrived = arrived


def report(toll: Toll) -> str:
    """One line for people."""
    times = Counter(len(ids) for ids in toll.arrived.values())
    return (
        f"{len(toll.people)} people, {toll.kills} kills, {len(toll.missing)} lost, {toll.repeats} repeated "
        f"(at most {toll.allowed}), {len(toll.renamed)} under another Message-ID; "
        f"{dict(times)}, {toll.states}"
    )

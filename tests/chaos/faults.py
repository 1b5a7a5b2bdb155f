"""What can strike a siege, how often among each other, and how many repeats each of them allows."""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from tests.chaos import ledger
from tests.chaos.databases import Postgres
from tests.chaos.report import Arrivals, Toll
from tests.chaos.targets import RestartedRedis, Target, WebService

LEASE_SECONDS = 4
#: Mails a second that a worker may send in one life of it; 0: all that it can.
RATES = ("0", "0", "150")
#: Mail goes out as long as one arrived within so many seconds.
FLOW_SECONDS = 0.2
#: PostgreSQL may forget what was noted within the last 0.6 s (three rounds of its log writer), and no more.
FORGETFUL_SECONDS = 1.0
#: Until then a living worker has said again what PostgreSQL forgot.
CALM_SECONDS = 180.0


@dataclass(frozen=True)
class Field:
    """Who stands in the siege."""

    workers: Sequence[Target]
    service: WebService
    redis: RestartedRedis
    postgres: Postgres | None
    database_url: str
    arrivals: Arrivals


class Strikes:
    """The strikes by name; each is counted in the toll."""

    def __init__(self, field: Field, toll: Toll, chance: random.Random) -> None:
        self._field, self._toll, self._chance = field, toll, chance
        self._last_kill = time.monotonic()
        self.table: dict[str, Callable[[], None]] = {
            "worker killed": self._kill_worker,
            "worker asked to stop": self._stop_worker,
            "worker asleep for longer than its lease": self._sleep_worker,
            "service killed": self._kill_service,
            "workers, service and Redis killed at once": self._kill_all,
            "Redis killed": self._kill_redis,
            "Redis emptied": field.redis.forget,
            "Redis hangs": lambda: field.redis.sleep(self._while()),
            "no disk space for workers and service": self._no_disk,
        }
        self._weights = [6, 1, 1, 2, 1, 1, 1, 2, 1]
        if field.postgres is not None:
            postgres = field.postgres
            away = partial(postgres.crash, LEASE_SECONDS + 1)
            self.table |= {
                "PostgreSQL restarted": postgres.restart,
                "PostgreSQL crashed": partial(self._database_dies, postgres.crash),
                "PostgreSQL killed": partial(self._database_dies, postgres.lose_its_head),
                "PostgreSQL away for longer than a lease": partial(self._database_dies, away),
                "PostgreSQL and a worker killed in the same moment": self._double_death,
                "PostgreSQL read-only": lambda: postgres.read_only(self._while()),
                "PostgreSQL full": lambda: postgres.full(self._while()),
                "PostgreSQL out of connections": lambda: postgres.out_of_connections(self._while()),
                "PostgreSQL without rights": lambda: postgres.without_rights(self._while()),
            }
            self._weights += [1] * 5 + [2] * 4

    def strike(self, name: str | None = None) -> str:
        """Does what is named, or what chance draws; returns its name."""
        name = name or self._chance.choices(list(self.table), self._weights)[0]
        self.table[name]()
        self._toll.strikes[name] += 1
        return name

    def _while(self) -> float:
        """How long something answers no: shorter than a lease, or longer."""
        return self._chance.uniform(0.5, 2.5 * LEASE_SECONDS)

    def _no_disk(self) -> None:
        """Nobody dies of it: nothing is repeated."""
        seconds = self._while()
        with ThreadPoolExecutor() as pool:
            for target in (*self._field.workers, self._field.service):
                pool.submit(target.without_disk, seconds)

    def _kill_worker(self) -> None:
        victim = self._chance.choice(self._field.workers)
        self._count_kills(1)
        victim.kill()
        victim.start(ALERTS_SMTP_RATE=self._chance.choice(RATES))

    def _count_kills(self, kills: int) -> None:
        self._toll.kills += kills
        self._toll.in_full_flow += kills if self._field.arrivals.lately(FLOW_SECONDS) else 0
        self._last_kill = time.monotonic()

    def _stop_worker(self) -> None:
        """It finishes what is in flight and gives the rest back: nothing is repeated for that."""
        victim = self._chance.choice(self._field.workers)
        victim.stop()
        victim.start(ALERTS_SMTP_RATE=self._chance.choice(RATES))

    def _sleep_worker(self) -> None:
        """Another takes over what it held: only what was in flight as it fell asleep may come twice."""
        victim = self._chance.choice(self._field.workers)
        self._count_kills(1)
        victim.sleep(2 * LEASE_SECONDS)

    def _kill_service(self) -> None:
        self._field.service.kill()
        time.sleep(self._chance.uniform(0, 1))
        self._field.service.start()

    def _kill_redis(self) -> None:
        self._field.redis.kill()
        self._field.redis.start()

    def _kill_all(self) -> None:
        targets = [*self._field.workers, self._field.service, self._field.redis]
        self._count_kills(len(self._field.workers))
        for target in targets:
            target.kill()
        for target in targets:
            target.start()

    def _database_dies(self, die: Callable[[], None]) -> None:
        """No worker died just before, and none dies until all is noted again: nothing is repeated for it.

        Outcomes are noted in haste. The database may forget the last of them; the living say them again.
        """
        time.sleep(max(0.0, self._last_kill + FORGETFUL_SECONDS - time.monotonic()))
        arrivals = self._field.arrivals
        first = len(arrivals.ids) - len(arrivals.lately(FORGETFUL_SECONDS))
        die()
        arrivals.look()
        unnoted, deadline = ledger.unnoted(arrivals.ids[first:]), time.monotonic() + CALM_SECONDS
        while ledger.ask(self._field.database_url, unnoted) and time.monotonic() < deadline:
            time.sleep(0.3)

    def _double_death(self) -> None:
        """The one case in which more than the mails in flight may come again: who noted them died as well."""
        assert self._field.postgres is not None
        self._kill_worker()
        self._toll.at_risk += len(self._field.arrivals.lately(FORGETFUL_SECONDS))
        self._field.postgres.crash()

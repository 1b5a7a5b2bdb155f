"""The faults of a chaos run, their relative frequencies, and how many repeats each of them allows."""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from tests.chaos import ledger
from tests.chaos.databases import Postgres
from tests.chaos.report import Arrivals, Report
from tests.chaos.targets import RestartedRedis, Target, WebService

LEASE_SECONDS = 4
#: Mails a second that a worker may send in one life of it; 0: all that it can.
RATES = ("0", "0", "150")
#: Mail is going out if one arrived within this many seconds.
FLOW_SECONDS = 0.2
#: PostgreSQL may lose the receipts of the last 0.6 s (three rounds of its log writer), and no more.
FORGETFUL_SECONDS = 1.0
#: Seconds within which a living worker has repeated the receipts that PostgreSQL lost.
CALM_SECONDS = 180.0


@dataclass(frozen=True)
class Targets:
    """The parts of a running system that get faults."""

    workers: Sequence[Target]
    service: WebService
    redis: RestartedRedis
    postgres: Postgres | None
    database_url: str
    arrivals: Arrivals


class FaultInjector:
    """The faults by name; each is counted in the report."""

    def __init__(self, targets: Targets, report: Report, chance: random.Random) -> None:
        self._targets, self._report, self._chance = targets, report, chance
        self._last_kill = time.monotonic()
        self.table: dict[str, Callable[[], None]] = {
            "worker killed": self._kill_worker,
            "worker asked to stop": self._stop_worker,
            "worker asleep for longer than its lease": self._sleep_worker,
            "service killed": self._kill_service,
            "workers, service and Redis killed at once": self._kill_all,
            "Redis killed": self._kill_redis,
            "Redis emptied": targets.redis.forget,
            "Redis hangs": lambda: targets.redis.sleep(self._while()),
            "no disk space for workers and service": self._no_disk,
        }
        self._weights = [6, 1, 1, 2, 1, 1, 1, 2, 1]
        if targets.postgres is not None:
            postgres = targets.postgres
            away = partial(postgres.crash, LEASE_SECONDS + 1)
            self.table |= {
                "PostgreSQL restarted": postgres.restart,
                "PostgreSQL crashed": partial(self._database_dies, postgres.crash),
                "PostgreSQL killed": partial(self._database_dies, postgres.kill_postmaster),
                "PostgreSQL away for longer than a lease": partial(self._database_dies, away),
                "PostgreSQL and a worker killed in the same moment": self._double_death,
                "PostgreSQL read-only": lambda: postgres.read_only(self._while()),
                "PostgreSQL full": lambda: postgres.full(self._while()),
                "PostgreSQL out of connections": lambda: postgres.out_of_connections(self._while()),
                "PostgreSQL without rights": lambda: postgres.without_rights(self._while()),
            }
            self._weights += [1] * 5 + [2] * 4

    def inject(self, name: str | None = None) -> str:
        """Injects the named fault, or a random one; returns its name."""
        name = name or self._chance.choices(list(self.table), self._weights)[0]
        self.table[name]()
        self._report.faults[name] += 1
        return name

    def _while(self) -> float:
        """Seconds of a refusal: shorter than a lease, or longer."""
        return self._chance.uniform(0.5, 2.5 * LEASE_SECONDS)

    def _no_disk(self) -> None:
        """No process dies of it: nothing is repeated."""
        seconds = self._while()
        with ThreadPoolExecutor() as pool:
            for target in (*self._targets.workers, self._targets.service):
                pool.submit(target.without_disk, seconds)

    def _kill_worker(self) -> None:
        victim = self._chance.choice(self._targets.workers)
        self._count_kills(1)
        victim.kill()
        victim.start(ALERTS_SMTP_RATE=self._chance.choice(RATES))

    def _count_kills(self, kills: int) -> None:
        self._report.kills += kills
        self._report.in_full_flow += kills if self._targets.arrivals.lately(FLOW_SECONDS) else 0
        self._last_kill = time.monotonic()

    def _stop_worker(self) -> None:
        """It finishes its mails in flight and gives the rest back: nothing is repeated for that."""
        victim = self._chance.choice(self._targets.workers)
        victim.stop()
        victim.start(ALERTS_SMTP_RATE=self._chance.choice(RATES))

    def _sleep_worker(self) -> None:
        """Another takes over its mails: only those in flight as it fell asleep may come twice."""
        victim = self._chance.choice(self._targets.workers)
        self._count_kills(1)
        victim.sleep(2 * LEASE_SECONDS)

    def _kill_service(self) -> None:
        self._targets.service.kill()
        time.sleep(self._chance.uniform(0, 1))
        self._targets.service.start()

    def _kill_redis(self) -> None:
        self._targets.redis.kill()
        self._targets.redis.start()

    def _kill_all(self) -> None:
        targets = [*self._targets.workers, self._targets.service, self._targets.redis]
        self._count_kills(len(self._targets.workers))
        for target in targets:
            target.kill()
        for target in targets:
            target.start()

    def _database_dies(self, die: Callable[[], None]) -> None:
        """No worker died just before, and none dies until all is recorded again: nothing is repeated for it.

        Receipts have asynchronous commit. The database may lose the last of them; living workers repeat them.
        """
        time.sleep(max(0.0, self._last_kill + FORGETFUL_SECONDS - time.monotonic()))
        arrivals = self._targets.arrivals
        first = len(arrivals.ids) - len(arrivals.lately(FORGETFUL_SECONDS))
        die()
        arrivals.look()
        unrecorded, deadline = ledger.unrecorded(arrivals.ids[first:]), time.monotonic() + CALM_SECONDS
        while ledger.ask(self._targets.database_url, unrecorded) and time.monotonic() < deadline:
            time.sleep(0.3)

    def _double_death(self) -> None:
        """The only fault after which more than the mails in flight may come again: their worker died too."""
        assert self._targets.postgres is not None
        self._kill_worker()
        self._report.at_risk += len(self._targets.arrivals.lately(FORGETFUL_SECONDS))
        self._targets.postgres.crash()

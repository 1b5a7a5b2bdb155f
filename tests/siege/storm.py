"""The storm: strike after strike while mail goes out and visitors come; then a calm, and all must arrive."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.siege import ledger
from tests.siege.databases import Postgres
from tests.siege.targets import RestartedRedis, Supervisor, Target, WebService, mail_server, worker_of
from tests.siege.toll import CONNECTIONS, Arrivals, Toll
from tests.siege.visitors import Client, Visitors

Say = Callable[[str], None]

#: Mails a second that a worker may send in one life of it; 0: all that it can.
RATES = ("0", "0", "150")
LEASE_SECONDS = 5
CALM_SECONDS = 20.0
#: Mail goes out as long as one arrived within so many seconds.
FLOW_SECONDS = 0.2
#: PostgreSQL may forget what was noted within the last 0.6 s (three rounds of its log writer), and no more.
FORGETFUL_SECONDS = 1.0


@dataclass(frozen=True)
class Plan:
    """How a siege goes: as many strikes as told, or until so many seconds are over; `seed` draws them."""

    people: int
    seed: int
    strikes: int | None = None
    seconds: float | None = None
    patience: float = 120


def besiege(
    environ: Mapping[str, str], folder: Path, plan: Plan, postgres: Postgres | None = None, say: Say = str
) -> Toll:
    """A whole siege on a migrated, empty database; only with `postgres` is that struck too."""
    with _set_up(environ, folder, plan, postgres, say) as siege:
        siege.storm()
        siege.calm()
    return siege.toll


@contextmanager
def _set_up(
    environ: Mapping[str, str], folder: Path, plan: Plan, postgres: Postgres | None, say: Say
) -> Iterator["Siege"]:
    store = folder / "arrived"
    with ExitStack() as stack:
        port = stack.enter_context(mail_server(store))
        restarted = RestartedRedis(folder)
        stack.callback(restarted.kill)
        settings = {
            **environ,
            "ALERTS_REDIS_URL": restarted.url,
            "ALERTS_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
            "ALERTS_SMTP_CONNECTIONS": str(CONNECTIONS),
            "ALERTS_LEASE_SECONDS": str(LEASE_SECONDS),
            "ALERTS_RUN_HOLD": "0",
            "ALERTS_CHALLENGE": "off",
            "ALERTS_DATA": str(folder),
        }
        people = asyncio.run(ledger.prepare(settings, plan.people))
        workers, service = [worker_of(settings) for _ in range(2)], WebService(settings)
        stack.enter_context(Supervisor(service, *workers))
        service.wait_until_ready()
        siege = Siege(plan, settings, people, Arrivals(store), workers, service, restarted, postgres, say)
        siege.visitors.start()
        stack.callback(siege.visitors.stop)
        yield siege


class Siege:
    """One siege under way."""

    def __init__(
        self,
        plan: Plan,
        settings: Mapping[str, str],
        people: list[str],
        arrivals: Arrivals,
        workers: list[Target],
        service: WebService,
        restarted: RestartedRedis,
        postgres: Postgres | None,
        say: Say,
    ) -> None:
        self.toll, self.arrivals = Toll(), arrivals
        self.visitors = Visitors(service.url, "v", plan.seed)
        self._plan, self._settings, self._people = plan, settings, people
        self._workers, self._service, self._redis, self._postgres = workers, service, restarted, postgres
        self._ingestor = Client(service.url)
        self._chance, self._say, self._waves = random.Random(plan.seed), say, 0
        self._began = self._last_kill = time.monotonic()

    # What can happen, and how often among each other

    def _kinds(self) -> dict[Callable[[], str], int]:
        kinds = {self._kill_worker: 6, self._stop_worker: 1, self._kill_service: 2, self._kill_all: 1}
        kinds |= {self._kill_redis: 1, self._empty_redis: 1}
        if self._postgres is not None:
            kinds |= {self._restart_postgres: 1, self._crash: 1, self._behead: 1, self._leave_alone: 1}
            kinds |= {self._double_death: 1}
        return kinds

    def _kill_worker(self) -> str:
        self._one_worker_dies()
        return "worker killed"

    def _stop_worker(self) -> str:
        """It finishes what is in flight and gives the rest back: nothing is repeated for that."""
        victim = self._chance.choice(self._workers)
        victim.stop()
        victim.start(ALERTS_SMTP_RATE=self._chance.choice(RATES))
        return "worker asked to stop"

    def _one_worker_dies(self) -> None:
        victim = self._chance.choice(self._workers)
        self._count_kills(1)
        victim.kill()
        victim.start(ALERTS_SMTP_RATE=self._chance.choice(RATES))

    def _count_kills(self, kills: int) -> None:
        self.toll.kills += kills
        self.toll.in_full_flow += kills if self.arrivals.lately(FLOW_SECONDS) else 0
        self._last_kill = time.monotonic()

    def _kill_service(self) -> str:
        self._service.kill()
        time.sleep(self._chance.uniform(0, 1))
        self._service.start()
        return "service killed"

    def _kill_all(self) -> str:
        targets = [*self._workers, self._service, self._redis]
        self._count_kills(len(self._workers))
        for target in targets:
            target.kill()
        for target in targets:
            target.start()
        return "workers, service and Redis killed at once"

    def _kill_redis(self) -> str:
        self._redis.kill()
        self._redis.start()
        return "Redis killed"

    def _empty_redis(self) -> str:
        self._redis.forget()
        return "Redis emptied"

    def _restart_postgres(self) -> str:
        assert self._postgres is not None
        self._postgres.restart()
        return "PostgreSQL restarted"

    def _crash(self) -> str:
        assert self._postgres is not None
        self._database_dies(self._postgres.crash)
        return "PostgreSQL crashed"

    def _behead(self) -> str:
        assert self._postgres is not None
        self._database_dies(self._postgres.lose_its_head)
        return "PostgreSQL killed"

    def _leave_alone(self) -> str:
        """Every lease ends meanwhile, though nobody died."""
        assert self._postgres is not None
        away = partial(self._postgres.crash, LEASE_SECONDS + 1)
        self._database_dies(away)
        return "PostgreSQL away for longer than a lease"

    def _double_death(self) -> str:
        """The one case in which more than the mails in flight may come again: who noted them died as well."""
        assert self._postgres is not None
        self.toll.at_risk += self._database_dies(self._postgres.crash, self._one_worker_dies)
        return "PostgreSQL and a worker killed in the same moment"

    def _database_dies(self, die: Callable[[], None], before: Callable[[], None] | None = None) -> int:
        """No worker died just before, none dies until all is noted again. Returns the last second's mails.

        Outcomes are noted in haste. The database may forget the last of them; the living workers say them
        again, so that nothing more is repeated for it.
        """
        time.sleep(max(0.0, self._last_kill + FORGETFUL_SECONDS - time.monotonic()))
        if before is not None:
            before()
        forgotten = len(self.arrivals.lately(FORGETFUL_SECONDS))
        first = len(self.arrivals.ids) - forgotten
        die()
        if before is None:
            noted, deadline = ledger.unrecorded(self.arrivals.ids[first:]), time.monotonic() + CALM_SECONDS
            while self._ask(noted) and time.monotonic() < deadline:
                self._watch(0.3)
        return forgotten

    # The course of it

    def storm(self) -> None:
        """Strikes while mail goes out; whenever everybody has heard, there is something new to tell."""
        kinds = self._kinds()
        while not self._over():
            self._wait_for_mail()
            self._watch(self._chance.uniform(0, 1.2))
            (strike,) = self._chance.choices(list(kinds), list(kinds.values()))
            what = strike()
            self.toll.strikes[what] += 1
            wave = f"{self._heard():,} of {len(self._people):,} have heard of news {self._waves}"
            self._note(f"{what}; {wave}")

    def _over(self) -> bool:
        if self._plan.strikes is not None:
            return self.toll.strikes.total() >= self._plan.strikes
        return time.monotonic() - self._began >= (self._plan.seconds or 0)

    def _tell_news(self) -> None:
        self._waves += 1
        self._ingestor.tell(f"msg_news_{self._waves}", ledger.news(self._waves + 1))

    def _wait_for_mail(self) -> None:
        """The strikes are to fall while mail is on the wire; after a lease's time they fall anyway."""
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:
            if self._all_have_heard():
                self._tell_news()
            if len(self.arrivals.lately(FLOW_SECONDS)) > CONNECTIONS:
                return
            time.sleep(0.02)

    def _watch(self, seconds: float) -> None:
        """Lets time pass, looking at what arrives."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.arrivals.look()
            time.sleep(0.02)

    def _heard(self) -> int:
        self.arrivals.look()
        return sum(1 for person in self._people if self.arrivals.have(person) >= self._waves)

    def _all_have_heard(self) -> bool:
        return self._heard() == len(self._people)

    def calm(self) -> None:
        """Nothing is struck any more: everything accepted is done, within the plan's patience."""
        self.visitors.stop()
        self.toll.due.update(dict.fromkeys(self._people, self._waves))
        self.toll.due.update(self.visitors.signed_up)
        deadline = time.monotonic() + self._plan.patience
        while time.monotonic() < deadline:
            self.toll.count(self.arrivals)
            if not self.toll.missing and not self._ask(ledger.unfinished):
                break
            time.sleep(0.5)
        self.toll.count(self.arrivals)
        if self.visitors.fault:
            self.toll.faults.append(self.visitors.fault)
        kept, due = self._ask(ledger.states), {"sent": self.toll.due.total()}
        if kept != due:
            self.toll.faults.append(f"the mails' states are {kept}, not {due}")
        self.toll.faults += self._ask(ledger.faults_of_intake(self.visitors.revisions, self._waves))
        again = self.visitors.client.again + self._ingestor.again
        self._note(f"{len(self.visitors.signed_up)} sign-ups, {again} requests sent again")

    def _ask(self, question: Callable[..., object]) -> object:
        return ledger.ask(self._settings["ALERTS_DATABASE_URL"], question)

    def _note(self, words: str) -> None:
        self._say(f"{time.monotonic() - self._began:6.1f} s  {words}")

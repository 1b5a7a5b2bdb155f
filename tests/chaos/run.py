"""The storm: strike after strike while mail goes out and visitors come; then a calm, and all must arrive."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import ledger
from tests.chaos.databases import Postgres
from tests.chaos.faults import FLOW_SECONDS, LEASE_SECONDS, Field, Strikes
from tests.chaos.report import CONNECTIONS, Arrivals, Toll
from tests.chaos.targets import RestartedRedis, Supervisor, WebService, mail_server, worker_of
from tests.chaos.visitors import Client, Visitors

Log = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How a siege goes: the strikes named, or what chance draws for so many seconds; `seed` draws."""

    people: int
    seed: int
    workers: int = 2
    strikes: tuple[str, ...] = ()
    seconds: float = 0
    patience: float = 300


def besiege(
    environ: Mapping[str, str], folder: Path, plan: Plan, postgres: Postgres | None = None, log: Log = str
) -> Toll:
    """A whole siege on a migrated, empty database; only with `postgres` is that struck too."""
    with _set_up(environ, folder, plan, postgres, log) as siege:
        siege.storm()
        siege.calm()
    return siege.toll


@contextmanager
def _set_up(
    environ: Mapping[str, str], folder: Path, plan: Plan, postgres: Postgres | None, log: Log
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
        workers, service = [worker_of(settings) for _ in range(plan.workers)], WebService(settings)
        stack.enter_context(Supervisor(service, *workers))
        service.wait_until_ready()
        url = settings["ALERTS_DATABASE_URL"]
        field = Field(workers, service, restarted, postgres, url, Arrivals(store))
        siege = Siege(plan, people, field, log)
        siege.visitors.start()
        stack.callback(siege.visitors.stop)
        yield siege


class Siege:
    """One siege under way."""

    def __init__(self, plan: Plan, people: list[str], field: Field, log: Log) -> None:
        self.toll, self.arrivals = Toll(), field.arrivals
        self.visitors = Visitors(field.service.url, "v", plan.seed)
        self._plan, self._people, self._database_url, self._log = plan, people, field.database_url, log
        self._chance, self._ingestor = random.Random(plan.seed), Client(field.service.url)
        self._strikes = Strikes(field, self.toll, self._chance)
        self._began, self._waves = time.monotonic(), 0

    def storm(self) -> None:
        """Strikes while mail goes out; whenever everybody was notified, there is more news."""
        for name in self._names():
            self._wait_for_mail()
            self._watch(self._chance.uniform(0, 1.2))
            struck = self._strikes.strike(name)
            wave = f"{self._notified():,} of {len(self._people):,} were notified of news {self._waves}"
            self._report(f"{struck}; {wave}")

    def _names(self) -> Iterator[str | None]:
        """The strikes of the plan; None: as chance will have it."""
        yield from self._plan.strikes
        while time.monotonic() - self._began < self._plan.seconds:
            yield None

    def _send_news(self) -> None:
        self._waves += 1
        self._ingestor.send_events(f"msg_news_{self._waves}", ledger.news(self._waves + 1))

    def _wait_for_mail(self) -> None:
        """The strikes are to fall while mail is on the wire; after a lease's time they fall anyway."""
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:
            if self._all_notified():
                self._send_news()
            if len(self.arrivals.lately(FLOW_SECONDS)) > CONNECTIONS:
                return
            time.sleep(0.05)

    def _watch(self, seconds: float) -> None:
        """Lets time pass, looking at what arrives."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.arrivals.look()
            time.sleep(0.02)

    def _notified(self) -> int:
        self.arrivals.look()
        return sum(1 for person in self._people if self.arrivals.have(person) >= self._waves)

    def _all_notified(self) -> bool:
        return self._notified() == len(self._people)

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
        self._report(f"{len(self.visitors.signed_up)} sign-ups, {again} requests sent again")

    def _ask(self, question: Callable[..., object]) -> object:
        return ledger.ask(self._database_url, question)

    def _report(self, words: str) -> None:
        self._log(f"{time.monotonic() - self._began:6.1f} s  {words}")

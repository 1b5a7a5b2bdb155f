"""A chaos run: fault after fault while mail goes out and visitors come; then everything must arrive."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import ledger
from tests.chaos.databases import Postgres
from tests.chaos.faults import FLOW_SECONDS, LEASE_SECONDS, FaultInjector, Targets
from tests.chaos.report import CONNECTIONS, Arrivals, Report
from tests.chaos.targets import RestartedRedis, Supervisor, WebService, mail_server, worker_of
from tests.chaos.visitors import Client, Visitors

Log = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """The faults of a run: those named, or random ones for so many seconds, drawn with `seed`."""

    people: int
    seed: int
    workers: int = 2
    faults: tuple[str, ...] = ()
    seconds: float = 0
    patience: float = 300


def run_chaos(
    environ: Mapping[str, str], folder: Path, plan: Plan, postgres: Postgres | None = None, log: Log = str
) -> Report:
    """A whole run on a migrated, empty database; with `postgres` that server gets faults too."""
    with _set_up(environ, folder, plan, postgres, log) as running:
        running.inject_faults()
        running.settle()
    return running.report


@contextmanager
def _set_up(
    environ: Mapping[str, str], folder: Path, plan: Plan, postgres: Postgres | None, log: Log
) -> Iterator["ChaosRun"]:
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
        targets = Targets(workers, service, restarted, postgres, url, Arrivals(store))
        running = ChaosRun(plan, people, targets, log)
        running.visitors.start()
        stack.callback(running.visitors.stop)
        yield running


class ChaosRun:
    """A run in progress."""

    def __init__(self, plan: Plan, people: list[str], targets: Targets, log: Log) -> None:
        self.report, self.arrivals = Report(), targets.arrivals
        self.visitors = Visitors(targets.service.url, "v", plan.seed)
        self._plan, self._people, self._database_url, self._log = plan, people, targets.database_url, log
        self._chance, self._ingestor = random.Random(plan.seed), Client(targets.service.url)
        self._injector = FaultInjector(targets, self.report, self._chance)
        self._began, self._waves = time.monotonic(), 0

    def inject_faults(self) -> None:
        """Injects faults while mail goes out; sends more news whenever everybody was notified."""
        for name in self._names():
            self._wait_for_mail()
            self._watch(self._chance.uniform(0, 1.2))
            fault = self._injector.inject(name)
            wave = f"{self._notified():,} of {len(self._people):,} were notified of news {self._waves}"
            self._print(f"{fault}; {wave}")

    def _names(self) -> Iterator[str | None]:
        """The faults of the plan; None: a random one."""
        yield from self._plan.faults
        while time.monotonic() - self._began < self._plan.seconds:
            yield None

    def _send_news(self) -> None:
        self._waves += 1
        self._ingestor.send_events(f"msg_news_{self._waves}", ledger.news(self._waves + 1))

    def _wait_for_mail(self) -> None:
        """Waits until mail is on the wire, for the length of a lease at most."""
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:
            if self._all_notified():
                self._send_news()
            if len(self.arrivals.lately(FLOW_SECONDS)) > CONNECTIONS:
                return
            time.sleep(0.05)

    def _watch(self, seconds: float) -> None:
        """Lets time pass and records arrivals."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.arrivals.look()
            time.sleep(0.02)

    def _notified(self) -> int:
        self.arrivals.look()
        return sum(1 for person in self._people if self.arrivals.have(person) >= self._waves)

    def _all_notified(self) -> bool:
        return self._notified() == len(self._people)

    def settle(self) -> None:
        """Without further faults everything accepted is done, within the plan's patience."""
        self.visitors.stop()
        self.report.due.update(dict.fromkeys(self._people, self._waves))
        self.report.due.update(self.visitors.signed_up)
        deadline = time.monotonic() + self._plan.patience
        while time.monotonic() < deadline:
            self.report.count(self.arrivals)
            if not self.report.missing and not self._ask(ledger.unfinished):
                break
            time.sleep(0.5)
        self.report.count(self.arrivals)
        if self.visitors.error:
            self.report.violations.append(self.visitors.error)
        kept, due = self._ask(ledger.states), {"sent": self.report.due.total()}
        if kept != due:
            self.report.violations.append(f"the mails' states are {kept}, not {due}")
        self.report.violations += self._ask(ledger.ingestion_errors(self.visitors.revisions, self._waves))
        again = self.visitors.client.again + self._ingestor.again
        self._print(f"{len(self.visitors.signed_up)} sign-ups, {again} requests sent again")

    def _ask(self, question: Callable[..., object]) -> object:
        return ledger.ask(self._database_url, question)

    def _print(self, words: str) -> None:
        self._log(f"{time.monotonic() - self._began:6.1f} s  {words}")

"""The report of a chaos run: its faults, the mails due and arrived, and whether that is well."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

#: SMTP connections of a worker: so many mails can be in flight when it dies.
CONNECTIONS = 4


class Arrivals:
    """The mails that the server has written down, read as they come."""

    def __init__(self, store: Path) -> None:
        self._store, self._read = store, 0
        self.ids: list[str] = []
        self.by_person: dict[str, Counter[str]] = defaultdict(Counter)
        self._looks = [(time.monotonic(), 0)]

    def look(self) -> int:
        """The number of mails that have arrived, repeats included."""
        if self._store.exists():
            with self._store.open("rb") as stream:
                stream.seek(self._read)
                text = stream.read()
            whole = text[: text.rfind(b"\n") + 1]
            self._read += len(whole)
            for line in whole.decode().splitlines():
                message_id, _, person = line.partition(" ")
                self.ids.append(message_id)
                self.by_person[person][message_id] += 1
        self._looks.append((time.monotonic(), len(self.ids)))
        return len(self.ids)

    def lately(self, seconds: float) -> list[str]:
        """The Message-IDs of the last `seconds`; of a little more, where nobody looked just then."""
        self.look()
        since = time.monotonic() - seconds
        known = next((count for at, count in reversed(self._looks) if at <= since), 0)
        return self.ids[known:]

    def have(self, person: str) -> int:
        """The number of mails that a person has, each Message-ID once."""
        return len(self.by_person[person]) if person in self.by_person else 0


@dataclass
class Report:
    """The sums of one run.

    `due`: mails by person. `in_full_flow`: kills while mail went out. `at_risk`: repeats that
    double deaths allow.
    """

    due: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    in_full_flow: int = 0
    at_risk: int = 0
    arrived: int = 0
    missing: int = 0
    excess: int = 0
    repeats: int = 0
    violations: list[str] = field(default_factory=list)

    def count(self, arrivals: Arrivals) -> None:
        """Sums up what arrived against what was due."""
        self.arrived = arrivals.look()
        self.missing = self.excess = 0
        for person in self.due.keys() | arrivals.by_person.keys():
            more = arrivals.have(person) - self.due[person]
            self.missing += max(0, -more)
            self.excess += max(0, more)
        self.repeats = sum(
            copies - 1 for ids in arrivals.by_person.values() for copies in ids.values() if copies > 1
        )

    def include(self, other: "Report") -> None:
        """Adds the sums of another run."""
        self.due.update(other.due)
        self.faults.update(other.faults)
        for name in ("kills", "in_full_flow", "at_risk", "arrived", "missing", "excess", "repeats"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.violations += other.violations

    @property
    def allowed(self) -> int:
        """Maximum of repeats: the mails in flight at the kills, one on each connection; and `at_risk`."""
        return self.kills * CONNECTIONS + self.at_risk

    @property
    def problems(self) -> list[str]:
        """The violated promises, in words; none if all is well."""
        found = list(self.violations)
        if self.missing:
            found.append(f"{self.missing} mails lost")
        if self.excess:
            found.append(f"{self.excess} mails too many, under Message-IDs of their own")
        if self.repeats > self.allowed:
            found.append(f"{self.repeats} mails repeated, {self.allowed} at most may be")
        return found

    def __str__(self) -> str:
        faults = "".join(f"\n  {count:>5} × {name}" for name, count in sorted(self.faults.items()))
        return (
            f"{self.due.total():,} mails due, {self.arrived:,} arrived, {self.missing} lost, "
            f"{self.excess} under another Message-ID.\n"
            f"{self.repeats} repeated; {self.kills} kills of workers ({self.in_full_flow} in full flow) "
            f"allow {self.kills * CONNECTIONS}, double deaths {self.at_risk}.{faults}"
        )

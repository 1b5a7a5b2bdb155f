"""Comparing real snapshots, beside decoding the same JSON: `python -m tests.benchmarks.compare`."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from service.domain.trials.comparison.diff import diff
from service.domain.trials.events.snapshot import content_digest, read_snapshot
from service.domain.trials.registry.record import trial_data
from tests.unit.domain.trials import real_trials
from tests.unit.domain.version_patches import read_patches, records

LARGEST = "NCT04267848_2025-09-11"
SECONDS = 1.0

Pair = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True)
class Figure:
    """A rate per second, and the yardstick of the same run: by default, decoding of JSON."""

    name: str
    per_second: float
    yardstick: float
    of: str = "decoded"

    def __str__(self) -> str:
        ratio = self.per_second / self.yardstick
        return (
            f"{self.name:<58}{self.per_second:>10,.0f}/s{self.yardstick:>12,.0f}/s {self.of}{ratio:>7.2f} x"
        )


def run() -> list[Figure]:
    """All figures; each takes about a second."""
    return [
        figure("pairs of versions (83 patches)", patched_pairs(), compared),
        figure("pairs that differ in nothing (37 records)", unchanged_pairs(), compared),
        figure("pairs with another status, date and criterion (37 records)", changed_pairs(), compared),
        figure("pairs with their sites shuffled (37 records)", shuffled_pairs(), compared),
        figure("the 1,148-site study, one site added", largest_pair(), compared),
        figure(
            "events read, digested and compared (37 records)", changed_pairs(), read_digested_and_compared
        ),
    ]


def compared(before: dict[str, Any], after: dict[str, Any]) -> None:
    diff(before, after)


def read_digested_and_compared(before: dict[str, Any], after: dict[str, Any]) -> None:
    snapshot = read_snapshot(after)
    content_digest(snapshot)
    diff(before, snapshot)


def figure(name: str, pairs: list[Pair], act: Callable[[dict[str, Any], dict[str, Any]], None]) -> Figure:
    encoded = [json.dumps(after) for _, after in pairs]
    # Decoded anew, so that no two sides share a string: a comparison can't end at an identity.
    decoded = [
        (json.loads(json.dumps(before)), json.loads(text))
        for (before, _), text in zip(pairs, encoded, strict=True)
    ]
    return Figure(
        name,
        rate(lambda n: act(*decoded[n % len(decoded)])),
        rate(lambda n: json.loads(encoded[n % len(encoded)])),
    )


def rate(act: Callable[[int], object]) -> float:
    """The number of times that `act` runs in a second."""
    started = time.perf_counter()
    for done in count(1):
        act(done)
        if done % 16 == 0 and time.perf_counter() - started > SECONDS / 2:
            return done / (time.perf_counter() - started)
    return 0.0


def patched_pairs() -> list[Pair]:
    pairs = []
    for _, patch in read_patches():
        before, after = records(patch)
        pairs.append((trial_data(before, revision=1), trial_data(after, revision=2)))
    return pairs


def unchanged_pairs() -> list[Pair]:
    return [(snapshot, {**snapshot, "revision": 20991231}) for snapshot in real_trials().values()]


def changed_pairs() -> list[Pair]:
    return [(snapshot, changed(snapshot)) for snapshot in real_trials().values()]


def changed(snapshot: dict[str, Any]) -> dict[str, Any]:
    eligibility = dict(snapshot["eligibility"])
    eligibility["criteria"] += "\n* Written consent"
    date = {"date": "2031-01", "type": "ESTIMATED"}
    return {**snapshot, "status": "SUSPENDED", "completion_date": date, "eligibility": eligibility}


def shuffled_pairs() -> list[Pair]:
    return [(s, {**s, "locations": s["locations"][::-1]}) for s in real_trials().values()]


def largest_pair() -> list[Pair]:
    snapshot = real_trials()[LARGEST]
    added = {"facility": "Ospedale Bambino Gesù", "city": "Roma", "country": "Italy", "status": "RECRUITING"}
    return [(snapshot, {**snapshot, "locations": [*snapshot["locations"], added]})]


def main() -> None:
    for row in run():
        print(row)


if __name__ == "__main__":
    main()

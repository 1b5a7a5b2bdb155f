"""A real study's updates, which the demo plays forward one by one."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from service.dev.changes import DemoTrial
from service.dev.explanations import Explained, explain

_FILE = Path(__file__).parent / "data" / "history.json"

#: The condition of the study, which the demo's hierarchy lacks.
CONDITION = {
    "id": "MONDO:0007254",
    "name": "breast cancer",
    "synonyms": [],
    "parents": ["MONDO:0004992"],
}


@dataclass(frozen=True, slots=True)
class Update:
    """One update of the registry: its day, what it changed, the snapshots around it, and what is reported."""

    number: int
    day: str
    registry: tuple[str, ...]
    more: int
    before: DemoTrial
    after: DemoTrial
    explained: Explained


@dataclass(frozen=True, slots=True)
class DemoHistory:
    """A study with its updates in order; `first` is its snapshot before all of them."""

    nct_id: str
    title: str
    notice: str
    first: DemoTrial
    updates: tuple[Update, ...]

    def after(self, revision: int) -> tuple[Update, ...]:
        """The updates that come after a revision."""
        return tuple(update for update in self.updates if update.after["revision"] > revision)


@cache
def history() -> DemoHistory:
    """The history that is shipped."""
    read = json.loads(_FILE.read_text("utf-8"))
    updates = []
    for number, step in enumerate(read["steps"], 1):
        before, after = (_shown(snapshot) for snapshot in step["snapshots"])
        updates.append(
            Update(
                number, step["day"], tuple(step["registry"]), step["more"], before, after,
                explain(before | {"url": "https://www.example.org"}, after | {"url": "https://www.example.org"}),
            )
        )  # fmt: skip
    first = updates[0].before | {"revision": 1, "notify": "suppress", "reason": "backfill"}
    return DemoHistory(read["nct_id"], read["title"], read["notice"], first, tuple(updates))


def _shown(snapshot: dict[str, Any]) -> DemoTrial:
    """A snapshot with a condition that can be followed here."""
    return snapshot | {"conditions": [{"id": CONDITION["id"], "name": CONDITION["name"]}]}

"""The real history that the demo plays forward, made from the registry's version patches.

`python -m tests.demo_history` writes it anew; `tests/unit/dev/test_history.py` compares.
"""

import json
from pathlib import Path
from typing import Any

from service.domain.trials.text import clean
from tests.unit.domain.golden_file import registry_lines
from tests.unit.domain.histories import histories
from tests.unit.domain.version_patches import read_patches

HISTORY = Path(__file__).parents[1] / "service" / "dev" / "data" / "history.json"

NUMBER = "NCT01441947"
_NOTICE = (
    "Registry content (ClinicalTrials.gov) is US public domain. The differences between its versions and the "
    "title: TrialDiff (AMBRA7592/trialdiff), CC BY 4.0. Sites, contacts and measurements, which these "
    "differences don't name, are left out."
)
_TITLE = "Cabozantinib in Women With Metastatic Hormone-Receptor-Positive Breast Cancer"
_LEFT_OUT = ("url", "locations", "contacts", "primary_outcomes", "keywords")
_MOST_LINES, _LONGEST_LINE = 8, 170


def history() -> dict[str, Any]:
    """The study's updates: the day, what the registry changed, and the snapshots before and after."""
    lines = {
        patch["toSubmitDate"]: list(registry_lines(patch))
        for _, patch in read_patches()
        if patch["nctId"] == NUMBER
    }
    steps = [
        {
            "day": step.day,
            "registry": [
                clean(line.removeprefix("- "))[:_LONGEST_LINE] for line in lines[step.day][:_MOST_LINES]
            ],
            "more": max(0, len(lines[step.day]) - _MOST_LINES),
            "snapshots": [_clean(snapshot) for snapshot in step.snapshots[1:]],
        }
        for step in histories()
        if step.nct_id == NUMBER
    ]
    return {"notice": _NOTICE, "nct_id": NUMBER, "title": _TITLE, "steps": steps}


def _clean(snapshot: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in snapshot.items() if name not in _LEFT_OUT}
    kept |= {"title": _TITLE, "conditions": [{"name": "Breast Cancer"}]}
    for name in ("interventions", "arms"):
        if name in kept and "[" in json.dumps(kept[name])[1:-1].replace('"interventions": [', ""):
            del kept[name]
    return kept


def text() -> str:
    """The file's content, an update a line."""
    made = history()
    steps = ",\n".join(json.dumps(step, ensure_ascii=False) for step in made.pop("steps"))
    return json.dumps(made, ensure_ascii=False)[:-1] + f', "steps": [\n{steps}\n]}}\n'


if __name__ == "__main__":
    HISTORY.write_text(text(), encoding="utf-8")

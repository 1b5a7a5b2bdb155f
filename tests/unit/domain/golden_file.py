"""Writes the sentences of every version patch into one file that anyone can check against the registry.

`python -m tests.unit.domain.golden_file` writes it anew; `test_golden` compares.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from service.domain.trials.comparison.diff import diff
from service.domain.trials.registry.record import trial_data
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import Sentence, trial_sentences
from tests.unit.domain.version_patches import read_patches, records

GOLDEN = Path(__file__).parent / "golden" / "version_patches.md"

_HEAD = """# What is told of 83 real changes in the registry

Each part is one update of one study. **Registry** lists what the update changed in the fields that may
matter to a reader, and counts the rest. **Told** is what a follower of the study reads: the sentence,
its weight in brackets (only medium and high ones cause a mail), and the lines shown below it.
An update does not repeat what it leaves as it was: words in square brackets stand for what it doesn't give.
"""

_SCALARS = re.compile(
    r"overallStatus$|whyStopped$|(?:tart|ompletion)DateStruct|enrollmentInfo|minimumAge|maximumAge|/sex$"
    r"|healthyVolunteers|hasResults|resultsFirstPostDateStruct|/phases|briefTitle|leadSponsor/name"
    r"|conditionsModule/conditions|interventions/\d+(?:/name)?$"
    r"|primaryOutcomes/\d+(?:/measure|/timeFrame)?$|eligibilityCriteria"
)
_SITES = re.compile(r"/locations(?:/\d+)?(?:/(facility|city|country|status))?$")


def golden() -> str:
    """The whole file's text."""
    parts = [_HEAD]
    for name, patch in read_patches():
        before, after = records(patch)
        revision = {"url": "https://example.org/trials/{nct_id}"}
        old = trial_data(before, revision=patch["fromVersion"], **revision)
        new = trial_data(after, revision=patch["toVersion"], **revision)
        parts.append(f"## {name.replace('_', ' ')}\n")
        parts.append("Registry:\n\n" + "\n".join(registry_lines(patch)) + "\n")
        reported = list(_reported(trial_sentences(diff(old, new), new["status"], ENGLISH)))
        parts.append("Told:\n\n" + ("\n".join(reported) if reported else "- nothing") + "\n")
    return "\n".join(parts)


def _reported(said: Iterable[Sentence]) -> Iterator[str]:
    for sentence in said:
        yield f"- {sentence.text} [{sentence.level.name.lower()}]"
        yield from (f"  - `{line}`" for line in sentence.details)


def registry_lines(patch: dict[str, Any]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for op in patch["ops"]:
        path = op["path"].removeprefix("/protocolSection/")
        site = _SITES.search(path)
        if site:
            counts[f"sites: {site.group(1) or 'whole entry'} {_VERBS[op['op']]}"] += 1
        elif _SCALARS.search(path):
            yield f"- {path.split('/', 1)[-1]}: {_value(op['old_value'])} → {_value(op['new_value'])}"
        else:
            counts["other fields"] += 1
    yield from (f"- {name}: {count}" for name, count in sorted(counts.items()))


_VERBS = {"add": "added", "remove": "removed", "replace": "replaced"}


def _value(value: Any) -> str:
    if isinstance(value, dict) and "__missing__" in value:
        return "(nothing)"
    if isinstance(value, dict):
        value = value.get("name") or value.get("measure") or ", ".join(str(part) for part in value.values())
    text = " ".join(str(value).split())
    return text if len(text) <= 160 else text[:159] + "…"


if __name__ == "__main__":
    GOLDEN.write_text(golden())

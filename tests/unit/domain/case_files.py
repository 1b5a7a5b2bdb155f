"""Writes, for each real case of the registry, the changes of the record and the sentences for a reader.

One file per case in `golden/cases`, to be checked against the registry without reading a program.
`python -m tests.unit.domain.case_files` writes them anew; `test_case_files` compares.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from service.domain.trials.change import Kind
from service.domain.trials.comparison.diff import diff
from service.domain.trials.registry.record import trial_data
from service.domain.trials.text import unescape
from service.domain.wording.facts import conditions, facts
from service.domain.wording.headline import status_line
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import sentences, trial_sentences
from service.domain.wording.summary import shortened_passages
from tests.unit.domain.trials import DATA, trial

CASES = DATA / "registry" / "cases"
FOLDER = Path(__file__).parent / "golden" / "cases"

#: The subject of each case, by its number.
SUBJECTS = {
    "01": "An open study becomes UNKNOWN, and the record's update date stays: it is told.",
    "03": "The registry respells a town over night: nothing is told.",
    "04": "A town is respelled, and the postal code is the same: nothing is told of the place.",
    "06": "Study groups open, close, come and go: each is told.",
    "08": "A heading that the registry derived does not fit what the study team entered.",
    "09": "A summary with a list of questions: the list stays a list, and it is cut at a sentence.",
    "10": "A study of acute lymphoblastic leukemia, as its followers read of it.",
    "12": "Criteria in run-on text are reworded: what is shown are the rules that changed.",
}


def case_files() -> dict[str, str]:
    """The files' texts by their names."""
    names = sorted({path.name.split(".")[0] for path in CASES.iterdir() if path.suffix != ".obo"})
    return {f"{name}.md": "\n".join(_case(name)) + "\n" for name in names}


def _case(name: str) -> Iterator[str]:
    yield f"# {name.replace('_', ' ')}\n"
    yield f"{SUBJECTS[name[:2]]}\n"
    if (CASES / f"{name}.before.txt").exists():
        yield from _criteria(name)
        return
    if (CASES / f"{name}.before.json").exists():
        before, after = (_record(f"{name}.{side}.json") for side in ("before", "after"))
        yield "## What changed in the record\n"
        yield from list(_differences(before, after)) or ["- nothing that is read"]
        yield "\n## What is told\n"
        yield from list(_reported(before, after)) or ["- nothing"]
    else:
        after = _record(f"{name}.json")
    yield "\n## What stands below it\n"
    yield f"- {status_line([], after['status'], ENGLISH)}"
    yield from (f"- {fact.label} {fact.text}" for fact in facts(after, ENGLISH))
    yield f"- Conditions: {'; '.join(conditions(after, ENGLISH, '', '')[0])}"
    yield "\n## The summary of a new study\n"
    passages, is_cut = shortened_passages(after.get("summary") or "")
    for passage in passages:
        mark = "" if passage.shape == "paragraph" else "- "
        yield "\n".join(f"{mark}{line}" for line in passage.lines) + "\n"
    yield "(cut here, with a link to the whole)" if is_cut else "(all of it)"


def _record(name: str) -> dict[str, Any]:
    return trial_data(json.loads((CASES / name).read_text()), revision=1, url="https://example.org/{nct_id}")


def _criteria(name: str) -> Iterator[str]:
    texts = [(CASES / f"{name}.{side}.txt").read_text() for side in ("before", "after")]
    for head, text in zip(("Before", "After"), texts, strict=True):
        yield f"## {head}\n\n" + "\n".join(f"- {line}" for line in _lines(text)) + "\n"
    before, after = (trial(eligibility={"criteria": text}) for text in texts)
    yield "## What is told\n"
    for change in diff(before, after):
        if change.kind is Kind.CRITERIA:
            for sentence in sentences(change, ENGLISH):
                yield f"- {sentence.text} [{sentence.level.name.lower()}]"
                yield from (f"  - {line}" for line in sentence.details)


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in unescape(text).splitlines() if line.strip())


def _reported(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for sentence in trial_sentences(diff(before, after), after["status"], ENGLISH):
        yield f"- {sentence.text} [{sentence.level.name.lower()}]"
        yield from (f"  - {line}" for line in sentence.details)


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Each field that differs; of a list, the entries that only one of the two has."""
    for field in sorted({*before, *after}):
        old, new = before.get(field), after.get(field)
        if old == new:
            continue
        if isinstance(old, list) and isinstance(new, list):
            yield from (f"- {field}, no longer: {_short(item)}" for item in old if item not in new)
            yield from (f"- {field}, new: {_short(item)}" for item in new if item not in old)
        else:
            yield f"- {field}: {_short(old)} → {_short(new)}"


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        value = ", ".join(f"{name} {part}" for name, part in value.items())
    text = " ".join(str("(nothing)" if value is None else value).split())
    return text if len(text) <= 200 else text[:199] + "…"


if __name__ == "__main__":
    for name, text in case_files().items():
        (FOLDER / name).write_text(text)

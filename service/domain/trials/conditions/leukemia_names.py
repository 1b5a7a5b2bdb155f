"""Which of the four common leukemias a study's texts name, by any name; and whether they name one at all.

Registrants write "Acute Lymphocytic Leukaemia", "ALL, in relapse" or "Leukemia, Lymphoblastic", and MeSH's
heading for acute lymphoblastic leukemia is that of lymphoblastic lymphoma too (D054198). So the heading does
not say which of them a study concerns; these words do.

The words are data, with their source: `data/leukemia_names.json`. They are not derived from a hierarchy that
was learned: the conversion runs where none is, and a rule that reads any name in any order, or without its
qualifiers, finds what a study excludes ("atypical chronic myeloid leukemia", "non-lymphocytic"). Other
conditions are found by name, synonym and id (`condition_matching`); another one is added here when real
records show that it is missed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.domain.trials.spelling import spelling_key
from service.domain.trials.text import bare, clean


@dataclass(frozen=True, slots=True)
class Leukemia:
    """A leukemia by its common name. `id` is its MeSH heading's, "" without one of its own.

    `kinds` are further words for what it is a kind of: a lymphoid leukemia, a leukemia of B cells.
    """

    name: str
    id: str = ""
    kinds: str = ""


_FILE = Path(__file__).parents[1] / "data" / "leukemia_names.json"
_DATA = json.loads(_FILE.read_text(encoding="utf-8"))["leukemias"]
LEUKEMIA, LYMPHOMA = Leukemia("Leukemia", "MESH:D007938"), Leukemia("Lymphoma", "MESH:D008223")
"""Any leukemia, and any lymphoma."""

_BY_ABBREVIATION = {row["abbreviation"]: Leukemia(row["name"], row["id"], row["kinds"]) for row in _DATA}


def _whole_names(row: Mapping[str, Any]) -> Iterator[str]:
    for cells in row["cells"]:
        yield spelling_key(f"{row['course']} {cells} leukemia")
        if "lineage" in row:
            yield spelling_key(f"{row['lineage']} cell {row['course']} {cells} leukemia")


#: The common name's key by the key of each name that means just that leukemia; both as `spelling_key`.
COMMON_KEYS = {name: spelling_key(row["name"]) for row in _DATA for name in _whole_names(row)}
#: The abbreviation of each common name. It may stand for something else, so it is but a synonym.
ABBREVIATIONS = {spelling_key(row["name"]): row["abbreviation"] for row in _DATA}

_COURSES = frozenset(row["course"] for row in _DATA)
#: The leukemias by the word for the cells and the course: "" where the word is enough.
_NAMED = {
    (word, course): _BY_ABBREVIATION[row["abbreviation"]]
    for row in _DATA
    for course, words in ((row["course"], row["cells"]), ("", row.get("cells_without_course", ())))
    for word in words
}
#: The lineages with which the words name another illness.
_NOT_OF = {_BY_ABBREVIATION[row["abbreviation"]]: frozenset(row.get("not_of", ())) for row in _DATA}
_CELLS = frozenset(word for word, _ in _NAMED)
_LINEAGES = frozenset({"b", "t", "pre", "precursor", "cell", "cells", "lineage"})
_OR = frozenset({"or", "and"})
_PART_OF_NAME = _COURSES | _CELLS | _LINEAGES | _OR
#: Words that, beside a name, make it another illness: "atypical chronic myeloid leukemia".
_NOT_BEFORE = frozenset({"atypical", "non", "not", "without", "no", "excluding", "except"})
_NOT_AFTER = frozenset({"like"})
_LISTED = re.compile(r"[,/&;]")
_LEUKEMIA = re.compile(r"leuka?emias?")
_ANY = {"leukemia": LEUKEMIA, "lymphoma": LYMPHOMA, "lymphomas": LYMPHOMA}
#: Abbreviations in capitals; "ALL" only at the end of a name, since it is a word too.
_ABBREVIATED = re.compile(r"(?<!\w)(?:(AML|CLL|CML)(?!\w)|(?:[BT]-)?(ALL)(?=\s*(?:$|[),;/])))")


def named_in_term(term: str) -> list[Leukemia]:
    """The leukemias that a registrant's condition names: in full, inverted as in MeSH, or abbreviated."""
    text = clean(term)
    inverted = " ".join(reversed(text.split(", ")))
    found = [*named_in_text(text), *named_in_text(inverted)]
    if _not_shouted(text):
        found += [_BY_ABBREVIATION["".join(groups)] for groups in _ABBREVIATED.findall(text)]
    return list(dict.fromkeys(found))


def named_in_text(text: str) -> list[Leukemia]:
    """The leukemias that a title or a keyword names in full, each once, in the order of the text."""
    words = _words(text)
    ends = [number for number, word in enumerate(words) if word == "leukemia"]
    return list(dict.fromkeys(leukemia for end in ends for leukemia in _named_before(words, end)))


def named_in_general(text: str) -> list[Leukemia]:
    """Whether a text names a leukemia or a lymphoma of any kind: "High-risk leukemias", "EBV lymphoma"."""
    words = _words(text)
    named = (
        _ANY[word]
        for number, word in enumerate(words)
        if word in _ANY and not _is_another(words, number, number) and words[number - 1 : number] != ["pre"]
    )
    return list(dict.fromkeys(named))


def _words(text: str) -> list[str]:
    words = bare(_LISTED.sub(" or ", text)).split()
    return ["leukemia" if _LEUKEMIA.fullmatch(word) else word for word in words]


def without_those_named(
    leukemias: Iterable[Leukemia], names: Iterable[str], ids: Iterable[str]
) -> Iterator[Leukemia]:
    """The leukemias that no condition names already, in any spelling or by id."""
    known, known_ids = {spelling_key(name) for name in names}, {*ids}
    return (
        leukemia
        for leukemia in leukemias
        if spelling_key(leukemia.name) not in known and leukemia.id not in known_ids
    )


def _not_shouted(text: str) -> bool:
    """Whether "ALL" in a text is an abbreviation: it stands alone, or not all of the text is in capitals."""
    return len(bare(text).split()) <= 2 or not text.isupper()


def _named_before(words: list[str], end: int) -> Iterator[Leukemia]:
    """The leukemias whose names end there: two in "acute lymphoblastic or myeloid leukemia"."""
    begin = end
    while begin and words[begin - 1] in _PART_OF_NAME:
        begin -= 1
    if _is_another(words, begin, end):
        return
    course = ""
    for group in _groups(words[begin:end]):
        course = next((word for word in group if word in _COURSES), course)
        cells = [word for word in group if word in _CELLS]
        found = _NAMED.get((cells[0], course)) if len(cells) == 1 else None
        if found and not _NOT_OF[found].intersection(group):
            yield found


def _is_another(words: list[str], begin: int, end: int) -> bool:
    """Whether the words beside a name make another illness of it, or exclude it."""
    return bool(_NOT_BEFORE.intersection(words[:begin][-1:]) or _NOT_AFTER.intersection(words[end + 1 :][:1]))


def _groups(words: Iterable[str]) -> Iterator[list[str]]:
    """The words between each "or" and "and"."""
    group: list[str] = []
    for word in words:
        if word in _OR:
            yield group
            group = []
        else:
            group.append(word)
    yield group

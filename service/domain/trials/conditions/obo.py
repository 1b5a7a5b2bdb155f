"""Reads a hierarchy of conditions from an OBO 1.2/1.4 file."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from service.domain.trials.conditions.condition import TOO_BROAD_NAMES, canonical_id, closure
from service.domain.trials.conditions.misplaced_terms import misplaced, placed_by_name
from service.domain.trials.text import fold

MOST_BELOW = 300
TOP_STEPS = 2
MOST_BELOW_TOP = 25

_FIELDS = ("id", "alt_id", "name", "synonym", "is_a", "xref", "is_obsolete", "replaced_by")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(EXACT|BROAD|NARROW|RELATED)?')
_OBSOLETE = re.compile(r"^obsolete[\s:_-]+", re.IGNORECASE)
#: Mondo's qualifiers of cross-references to terms that are not equivalent.
_NOT_THE_SAME = re.compile(
    r"relatedTo|obsolete|subClassOf|superClassOf|Broad|Narrow|closeMatch", re.IGNORECASE
)
_ID = re.compile(r"[A-Za-z][\w.]*:[^\s:]\S*")


def read_obo(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The terms of an OBO file as `condition.upserted` data, obsolete ones with their replacements.

    `lines` is iterated twice, first for the hierarchy: only that is kept in memory, not the terms.

    An obsolete term without a replacement is omitted, and so is a parent that contradicts the term's own name
    (see `misplaced`). A term is too broad to follow (`followable` false) if
    its name means no more than "ill" (`TOO_BROAD_NAMES`), if it has more than MOST_BELOW descendants, or if
    it is within TOP_STEPS steps of the top with more than MOST_BELOW_TOP descendants: "disease", "acute
    disease", "cancer", "hematologic disorder" are; "leukemia" and "lymphoma" aren't.
    """
    names, parents = _hierarchy(lines)
    omitted = misplaced(names, parents)
    instead = placed_by_name(names, parents, omitted)
    for child, parent in omitted:
        parents[child] = [upper for upper in parents[child] if upper != parent]
    for child, parent in instead.items():
        parents[child] = [*parents[child], parent]
    above = closure(parents)
    below = Counter(upper for term in above for upper in above[term] if upper != term)
    steps = _steps_from_top(parents)
    for term in _terms(lines):
        key = term["id"]
        near_top = steps.get(key, 0) <= TOP_STEPS and below[key] > MOST_BELOW_TOP
        broad = fold(term["name"]) in TOO_BROAD_NAMES or below[key] > MOST_BELOW or near_top
        yield {**term, "parents": parents[key], "followable": not broad}


def contradictions(lines: Iterable[str]) -> list[str]:
    """A sentence for each place that is left out, since it contradicts the terms' names: see `misplaced`."""
    names, parents = _hierarchy(lines)
    return [
        f"{names[child]} is not placed below {names[parent]}" for child, parent in misplaced(names, parents)
    ]


def _hierarchy(lines: Iterable[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The name and the parents of each term, as the file has them."""
    names, parents = {}, {}
    for term in _terms(lines):
        names[term["id"]], parents[term["id"]] = term["name"], term["parents"]
    return names, parents


def _steps_from_top(parents: Mapping[str, list[str]]) -> dict[str, int]:
    """The distance of each term from the nearest one without parents; cycles without a top are absent."""
    children: dict[str, list[str]] = {}
    for term, uppers in parents.items():
        for upper in uppers:
            children.setdefault(upper, []).append(term)
    level = [term for term in {*parents, *children} if not parents.get(term)]
    steps = dict.fromkeys(level, 0)
    distance = 0
    while level:
        distance += 1
        level = [term for upper in level for term in children.get(upper, ()) if term not in steps]
        steps.update(dict.fromkeys(level, distance))
    return steps


def _terms(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    stanza: dict[str, list[str]] | None = None
    for line in chain(lines, ["[End]"]):
        line = line.strip()
        if line.startswith("["):
            if stanza and stanza["id"] and stanza["name"] and (term := _term(stanza)):
                yield term
            stanza = {field: [] for field in _FIELDS} if line == "[Term]" else None
        elif stanza is not None:
            field, _, value = line.partition(":")
            if field in stanza and value.strip():
                stanza[field].append(value.strip())


def _term(stanza: Mapping[str, list[str]]) -> dict[str, Any] | None:
    key, name = _bare(stanza["id"][0]), _text(stanza["name"][0])
    term: dict[str, Any] = {"id": key, "name": name}
    xrefs = [xref for value in stanza["xref"] if (xref := _xref(value))]
    # The id of a term that was merged into this one is an alternative id.
    term["xrefs"] = _each_once([*xrefs, *map(_bare, stanza["alt_id"])], without=key)
    if "true" in map(_bare, stanza["is_obsolete"]):
        replaced = _each_once(map(_bare, stanza["replaced_by"]), without=key)
        if not replaced:
            return None
        shown = _OBSOLETE.sub("", name) or name
        return term | {"name": shown, "synonyms": [], "parents": [], "replaced_by": replaced[0]}
    synonyms = filter(None, map(_synonym, stanza["synonym"]))
    parents = _each_once(map(_bare, stanza["is_a"]))
    return term | {"synonyms": list({s["name"]: s for s in synonyms}.values()), "parents": parents}


def _synonym(value: str) -> dict[str, str] | None:
    """A synonym with its scope; one without a scope is RELATED (OBO 1.4, synonym)."""
    quoted = _QUOTED.match(value)
    if not quoted or not (name := _text(quoted.group(1)).strip()):
        return None
    return {"name": name, "scope": quoted.group(2) or "RELATED"}


def _xref(value: str) -> str:
    """The id of an equivalent cross-reference; "" for others, and for URLs."""
    if _NOT_THE_SAME.search(value.partition("{")[2]):
        return ""
    bare = _bare(value).partition(' "')[0]
    if not _ID.fullmatch(bare) or bare.lower().startswith(("http:", "https:")):
        return ""
    return canonical_id(bare)


def _bare(value: str) -> str:
    """An id without its comment and its qualifiers."""
    return value.split(" ! ")[0].split(" {")[0].strip()


def _text(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)


def _each_once(values: Iterable[str], without: str = "") -> list[str]:
    return [value for value in dict.fromkeys(values) if value and value != without]

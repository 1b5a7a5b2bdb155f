"""The conditions of a ClinicalTrials.gov record: the registrant's terms, then fitting derived headings.

Last come the leukemias that the record names in other words than the headings: see `leukemia_names`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.domain.trials.conditions.condition import mesh_id
from service.domain.trials.conditions.leukemia_names import (
    Leukemia,
    named_in_general,
    named_in_term,
    named_in_text,
    without_those_named,
)
from service.domain.trials.registry.derived_headings import Heading, fitting_headings, is_narrower
from service.domain.trials.text import clean, fold


def conditions(
    terms: Iterable[str],
    keywords: Sequence[str],
    titles: Sequence[str],
    browse: Mapping[str, Sequence[Mapping[str, Any]]],
) -> list[dict[str, str]]:
    """The registrant's terms in their order, with a heading's id if the names are equal; then the headings.

    Titles and keywords are evidence of what is narrower than a term. `browse` holds the objects of the
    record's conditionBrowseModule: `meshes`, `ancestors` and, in older copies of the registry,
    `browseLeaves`, which have the words from which a heading was derived.
    """
    named: dict[str, str] = {}
    for term in terms:
        if fold(term):
            named.setdefault(fold(term), clean(term))
    headings = fitting_headings(
        list(named.values()),
        _headings(browse),
        keywords=keywords,
        titles=titles,
        ancestors=_names(browse["ancestors"]),
    )
    leaves = fitting_headings(list(named.values()), [Heading("", name) for name in _leaves(browse)])
    ids = {fold(heading.name): heading.id for heading in headings}
    found = [{"id": ids[key], "name": name} if key in ids else {"name": name} for key, name in named.items()]
    found += [{"id": h.id, "name": h.name} for h in headings if fold(h.name) not in named]
    found += [{"name": leaf.name} for leaf in leaves if fold(leaf.name) not in named]
    texts = [*titles, *keywords]
    leukemias = _leukemias(list(named.values()), texts)
    said = [heading.name for heading in headings] + [leukemia.name for leukemia in leukemias]
    leukemias += _in_general(list(named.values()), texts, said)
    names, known = [item["name"] for item in found], [item["id"] for item in found if "id" in item]
    return found + [
        {"id": leukemia.id, "name": leukemia.name} if leukemia.id else {"name": leukemia.name}
        for leukemia in without_those_named(leukemias, names, known)
    ]


def _leukemias(terms: Sequence[str], texts: Iterable[str]) -> list[Leukemia]:
    """The leukemias that a term names, and those in other texts that are narrower than a term."""
    in_terms = [leukemia for term in terms for leukemia in named_in_term(term)]
    in_texts = [leukemia for text in texts for leukemia in named_in_text(text)]
    narrower = [found for found in in_texts if _is_narrower(found, terms)]
    return list(dict.fromkeys([*in_terms, *narrower]))


def _in_general(terms: Sequence[str], texts: Iterable[str], said: Iterable[str]) -> list[Leukemia]:
    """Leukemia and lymphoma as such, where the record names one and no heading does."""
    in_terms = [leukemia for term in terms for leukemia in named_in_general(term)]
    in_texts = [leukemia for text in texts for leukemia in named_in_general(text)]
    known = {leukemia for name in said for leukemia in named_in_general(name)}
    narrower = [found for found in in_texts if _is_narrower(found, terms)]
    return [found for found in dict.fromkeys([*in_terms, *narrower]) if found not in known]


def _is_narrower(leukemia: Leukemia, terms: Iterable[str]) -> bool:
    return any(is_narrower(f"{leukemia.name} {leukemia.kinds}", term) for term in terms)


def _headings(browse: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Heading]:
    found_as: dict[str, list[str]] = {}
    for leaf in browse["browseLeaves"]:
        if isinstance(leaf.get("name"), str) and isinstance(leaf.get("asFound"), str):
            found_as.setdefault(fold(leaf["name"]), []).append(leaf["asFound"])
    headings = {
        mesh_id(mesh["id"]): clean(mesh["term"])
        for mesh in browse["meshes"]
        if isinstance(mesh.get("id"), str) and isinstance(mesh.get("term"), str)
    }
    return [Heading(key, name, tuple(found_as.get(fold(name), ()))) for key, name in headings.items()]


def _leaves(browse: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """The names of rare diseases found in a record without any heading; they have no ids."""
    if browse["meshes"]:
        return []
    return [
        clean(leaf["name"])
        for leaf in browse["browseLeaves"]
        if isinstance(leaf.get("name"), str)
        and isinstance(leaf.get("asFound"), str)
        and leaf.get("relevance") == "HIGH"
    ]


def _names(meshes: Iterable[Mapping[str, Any]]) -> list[str]:
    return [mesh["term"] for mesh in meshes if isinstance(mesh.get("term"), str)]

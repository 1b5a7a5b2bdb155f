"""Limits of the texts and lists in an event: far above the registries' longest, far below harmful sizes.

The longest in ClinicalTrials.gov: a title 300 characters, an official title 600, criteria 20,000, a
description 32,000; a few hundred conditions and about 2,000 sites.
"""

from typing import Any

#: Characters of a text, by the last part of its field's name.
_CHARACTERS = {
    "title": 1_000,
    "url": 2_000,
    "id": 200,
    "name": 500,
    "synonyms": 500,
    "parents": 200,
    "xrefs": 200,
    "replaced_by": 200,
    "scope": 200,
    "status": 200,
    "type": 200,
    "sex": 200,
    "summary": 50_000,
    "criteria": 50_000,
}
_OTHER_CHARACTERS = 5_000

#: Entries of a list, by its field's name.
_ENTRIES = {"locations": 5_000}
_OTHER_ENTRIES = 1_000

#: Maximum number of participants: more than the world's population is a mistake.
MOST_PARTICIPANTS = 10_000_000_000

#: Problems reported per event; further ones are reported once these are fixed.
MOST_PROBLEMS = 20


def is_short(value: Any) -> bool:
    """Whether a value is a text that is short enough for any field, as nearly all are."""
    return isinstance(value, str) and len(value) <= 200


def most_characters(field: str) -> int:
    """The characters that a text may have; `field` is named as in a problem: `locations[3].city`."""
    return _CHARACTERS.get(field.rpartition(".")[2].partition("[")[0], _OTHER_CHARACTERS)


def most_entries(field: str) -> int:
    """The entries that a list may have."""
    return _ENTRIES.get(field, _OTHER_ENTRIES)

"""Conditions: keys and topics, display names, and the hierarchy above them."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

from service.domain.trials.conditions.inverted_names import natural_order
from service.domain.trials.text import MARKS, clean, fold, with_signs_in_words, without_accents

# Words that keep their capitals in an all-capitals name: acronyms, and the people and places in names of
# illnesses, of the blood and other well-known ones.
_ACRONYMS = (
    "AIDS ALK AML APL ATLL BCR-ABL CAR CD4 CD8 CD19 CD20 CD22 CD30 CLL CML CMV CNS COPD COVID-19 DLBCL DNA "
    "EBV EGFR GIST GVHD HBV HCV HER2 HHV-8 HIV HPV HTLV-1 MALT MDS NHL NK NKT NSCLC PTLD RNA SARS-CoV-2 SCLC "
    "SLE II III IV VI VII VIII IX XI XII"
)
_PROPER_NAMES = (
    "Addison Alzheimer Barr Behçet Burkitt Castleman Chester Crohn Cushing Down Epstein Erdheim Ewing "
    "Fanconi Gaucher Graves Guillain Barré Hashimoto Hodgkin Huntington Kaposi Kawasaki Klinefelter "
    "Langerhans Lynch Marfan Merkel Noonan Paget Parkinson Philadelphia Pick Pompe Rett Reye Richter "
    "Sezary Sézary Shwachman Sjögren Tourette Turner Waldenström Waldenstrom Whipple Wilms Wilson"
)
_KEPT = {word.casefold(): word for word in (*_ACRONYMS.split(), *_PROPER_NAMES.split())}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_NOT_IN_SLUG = re.compile(rf"(?:[^\w{MARKS}]|_)+")
_HYPHENATED = re.compile(r"[^\s,;()/\[\]]+")

# Other spellings of prefixes of ids.
_PREFIXES = {"MSH": "MESH", "UMLS_CUI": "UMLS", "ORDO": "ORPHANET"}
# MeSH numbered its headings D000001 … D066…, and uses nine digits from D000066448 on.
_FIRST_LONG_ID = 66_448

# Names that mean no more than "ill", of any hierarchy.
TOO_BROAD_NAMES = frozenset(
    {
        "disease",
        "disorder",
        "disease or disorder",
        "syndrome",
        "human disease",
        "acute disease",
        "chronic disease",
        "rare disease",
        "genetic disease",
        "hereditary disease",
        "neoplasm",
        "neoplasms",
        "cancer",
        "cancer or benign tumor",
        "neoplastic disease or syndrome",
    }
)


class TopicKind(StrEnum):
    """The kinds of topic; the value is stored, and is the prefix of a topic's key."""

    TRIAL = "trial"  # one study
    CONDITION = "condition"  # with everything below it in the hierarchy


@lru_cache(maxsize=16_384)
def slug(name: str) -> str:
    """A name as a key: lower-case letters and digits with single hyphens; "" if it has neither.

    >>> slug("HER2+ Breast Cancer")
    'her2-positive-breast-cancer'
    """
    return _NOT_IN_SLUG.sub("-", without_accents(with_signs_in_words(fold(name)))).strip("-")


@lru_cache(maxsize=16_384)
def canonical_id(text: str) -> str:
    """An ontology's id in its usual spelling: `MESH:D007938` for `mesh:D000007938`; others unchanged."""
    prefix, colon, number = text.strip().partition(":")
    if not colon:
        return text.strip()
    prefix = _PREFIXES.get(prefix.upper(), prefix.upper())
    return mesh_id(number) if prefix == "MESH" else f"{prefix}:{number.strip()}"


def mesh_id(text: str) -> str:
    """A MeSH heading's id as `MESH:D007938`. The registry pads old ids to nine digits (D000007938)."""
    number = re.fullmatch(r"D(\d{6}|\d{9})", text.strip().upper())
    if not number:
        return f"MESH:{text.strip().upper()}"
    value = int(number.group(1))
    return f"MESH:D{value:06d}" if value < _FIRST_LONG_ID else f"MESH:D{value:09d}"


def condition_key(condition: Mapping[str, Any]) -> str:
    """The id of a condition, or the slug of its name if it has none."""
    given = condition.get("id")
    return canonical_id(given) if given else slug(condition.get("name") or "")


def trial_topic(nct_id: str) -> str:
    """The topic key of a trial."""
    return f"{TopicKind.TRIAL}:{nct_id}"


def condition_topic(key: str) -> str:
    """The topic key of a condition, by its id or slug."""
    return f"{TopicKind.CONDITION}:{key}"


@lru_cache(maxsize=16_384)
def display_name(name: str) -> str:
    """A condition's name as people read it: in normal case, and an inverted heading in the order of speech.

    >>> display_name("LEUKEMIA, LYMPHOID")
    'lymphoid leukemia'
    """
    return natural_order(normal_case(name))


def normal_case(name: str) -> str:
    """A condition's name in normal case: converted if it is all capitals, else unchanged.

    >>> normal_case("B-CELL ACUTE LYMPHOBLASTIC LEUKEMIA")
    'B-cell acute lymphoblastic leukemia'
    """
    shown = clean(name)
    letters = [c for c in shown if c.isalpha()]
    if len(letters) < 6 or any(c.islower() for c in letters) or fold(shown) in _KEPT:
        return shown
    return _HYPHENATED.sub(_calm, shown)


def _calm(match: re.Match[str]) -> str:
    word = match.group()
    if word.casefold() in _KEPT:
        return _KEPT[word.casefold()]
    if len(word) == 1:
        return word
    parts = word.split("-")
    return "-".join(part if len(part) == 1 else _WORD.sub(_calm_part, part) for part in parts)


def _calm_part(match: re.Match[str]) -> str:
    bare, apostrophe, ending = match.group().partition("'")
    return _KEPT.get(bare.casefold(), bare.lower()) + apostrophe + ending.lower()


def closure(parents: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """The ancestors of every id that occurs, itself included. Cycles are followed once."""
    above: dict[str, frozenset[str]] = {}
    ids = set(parents).union(*(set(ids) for ids in parents.values())) if parents else set()
    for term in ids:
        found, waiting = {term}, [term]
        while waiting:
            for parent in parents.get(waiting.pop(), ()):
                if parent in above:
                    found |= above[parent]
                elif parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        above[term] = frozenset(found)
    return above

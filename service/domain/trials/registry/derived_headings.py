"""Selects the MeSH headings derived by a registry that fit the conditions entered by the registrant.

ClinicalTrials.gov derives headings from keywords and titles too, and some are wrong: "Parkinson Disease 4"
on a cancer study whose keywords name the protein PD-1. A heading fits a registrant's term that has the same
words in any order and spelling, is broader or narrower, is abbreviated by it, or has it as an ancestor.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.domain.trials.respelling import written_out
from service.domain.trials.text import bare

#: Words that don't distinguish names of conditions.
_QUALIFIERS = (
    "a an and or of the in on with without to by for due from other vs "
    "disease disorder syndrome condition diagnosis illness type cell solid acute chronic "
    "advanced early late locally local metastatic metastasis recurrent recurrence relapse relapsed "
    "relapsing refractory resistant stage grade primary secondary adult child childhood children "
    "pediatric elderly male female newly diagnosed untreated severe mild moderate unresectable resectable"
)
_NO_DIFFERENCE = frozenset(_QUALIFIERS.split())
#: Synonyms; the first represents all.
_SAME_WORDS = (
    "neoplasm cancer carcinoma malignancy malignant tumor neoplastic adenocarcinoma neoplasia",
    "hypersensitivity allergy allergic",
    "hematologic blood hematological",
    "stomach gastric",
    "kidney renal",
    "liver hepatic hepatocellular",
    "lung pulmonary",
    "heart cardiac",
    "breast mammary",
    "brain cerebral",
    "skin cutaneous",
    "bone osseous",
    "mouth oral",
    "eye ocular",
    "uterus uterine",
    "ovary ovarian",
    "disc disk",
    "vein venous",
    "tooth dental",
    "urothelial transitional",
    "insufficiency failure",
    "lymphoid lymphocytic",
)
_STANDS_FOR = {word: line.split()[0] for line in _SAME_WORDS for word in line.split()}
#: Abbreviations that are not the initials of their heading, and other names of a few common headings.
_PHRASES = {
    "ALL": "acute lymphoblastic leukemia",
    "CLL": "chronic lymphocytic leukemia",
    "CML": "chronic myelogenous leukemia",
    "HCC": "hepatocellular carcinoma",
    "CRC": "colorectal neoplasms",
    "GVHD": "graft host disease",
    "T1D": "diabetes mellitus 1",
    "T2D": "diabetes mellitus 2",
    "acute lymphocytic leukemia": "acute lymphoblastic leukemia",
    "high blood pressure": "hypertension",
    "heart attack": "myocardial infarction",
}
_SPELLINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        ("ae(?=[mcd])", "e"),
        ("oe(?=[ds])", "e"),
        ("rrhoea", "rrhea"),
        ("tumour", "tumor"),
    )
)
#: Endings of one stem: asthma, asthmatic; prostate, prostatic; depression, depressive; leukemia, leukemic.
_ENDINGS = ("atic", "ion", "ive", "ism", "ia", "ic", "al", "um", "us", "a", "e")
_SHORTEST_STEM = 5
_NO_TUMORS = frozenset({"glaucoma", "hematoma", "trachoma", "granuloma", "coma", "atheroma"})
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9]{2,6}")
_LEFT_OUT_OF_INITIALS = frozenset({"a", "an", "and", "of", "the", "in", "with", "or", "to"})

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Heading:
    """A derived heading: its id, its name, and the words of the record from which it was derived."""

    id: str
    name: str
    found_as: tuple[str, ...] = ()


def fitting_headings(
    terms: Sequence[str],
    headings: Sequence[Heading],
    *,
    keywords: Sequence[str] = (),
    titles: Sequence[str] = (),
    ancestors: Iterable[str] = (),
) -> list[Heading]:
    """The headings that fit one of the registrant's conditions (`terms`), in their order.

    A keyword supports a heading of the same words that has a word in common with a condition: the keyword
    "gallbladder cancer" if the condition is a cancer. `ancestors` are the names of all ancestors of the
    headings together, as the registry gives them. One that equals a term is assumed to be an ancestor of the
    headings that fit no term, unless another heading fits that term.

    An acute or a chronic illness is named so somewhere in the record: the registry derives the chronic
    lymphocytic leukemia from "B Cell Leukemia".
    """
    above = [_words(name) for name in ancestors]
    shared = frozenset().union(*(_with_class(_words(term)) for term in terms))
    matches = {heading: {term for term in terms if _fits(term, heading)} for heading in headings}
    explained = {term for fitted in matches.values() for term in fitted}
    by_hierarchy = any(
        any(_same(words, other) for other in above)
        for words in (_words(t) for t in terms if t not in explained)
    )
    return [
        heading
        for heading in headings
        if (matches[heading] or by_hierarchy or _keyword_of(heading, keywords, shared))
        and _is_named(heading, (*terms, *keywords, *titles))
    ]


def is_narrower(name: str, term: str) -> bool:
    """Whether a name is that of a narrower illness than a registrant's term, or of the same."""
    term_words, words = _words(term), _with_class(_words(name))
    kinds = words | {"hematologic"} if any(word.startswith("leukem") for word in words) else words
    return bool(term_words) and _covers(kinds, term_words) and not _opposite(name, term)


def _is_named(heading: Heading, texts: Sequence[str]) -> bool:
    """Whether a heading's "acute" or "chronic" is in one of the texts, or abbreviated there."""
    courses = _courses(heading.name)
    if not courses or any(courses <= _courses(text) for text in (*texts, *heading.found_as)):
        return True
    return any(_abbreviated(text, heading.name) for text in texts)


def _keyword_of(heading: Heading, keywords: Sequence[str], shared: Words) -> bool:
    names = _words(heading.name)
    related = any(_covers(shared, frozenset({word})) for word in _with_class(names))
    return related and any(_same(names, _words(keyword)) for keyword in keywords)


def _same(left: Words, right: Words) -> bool:
    return bool(left) and bool(right) and _covers(left, right) and _covers(right, left)


def _fits(term: str, heading: Heading) -> bool:
    if _opposite(term, heading.name):
        return False
    term_words, names = _words(term), _words(heading.name)
    if not names:
        return False
    if any(found and _covers(term_words, found) for found in (_words(text) for text in heading.found_as)):
        return True
    broader_or_same = _covers(_with_class(term_words), names)
    narrower = bool(term_words) and _covers(_with_class(names), term_words)
    return broader_or_same or narrower or _abbreviated(term, heading.name)


def _opposite(left: str, right: str) -> bool:
    """Whether one is acute and the other chronic."""
    courses = [_courses(name) for name in (left, right)]
    return courses[0] | courses[1] == {"acute", "chronic"} and len(courses[0]) == len(courses[1]) == 1


def _courses(name: str) -> Words:
    """Which of "acute" and "chronic" a name contains."""
    return frozenset({"acute", "chronic"}.intersection(bare(_in_full(name)).split()))


def _covers(many: Words, few: Words) -> bool:
    """Whether each of `few` is among `many`, by any of its stems."""
    stems = {stem for word in many for stem in _stems(word)}
    return all(not stems.isdisjoint(_stems(word)) for word in few)


def _with_class(words: Words) -> Words:
    """The words, and "neoplasm" beside a melanoma or a leukemia."""
    tumor = any((w.endswith("oma") and w not in _NO_TUMORS) or w.startswith("leukem") for w in words)
    return words | {"neoplasm"} if tumor else words


@lru_cache(maxsize=16_384)
def _words(name: str) -> Words:
    """The distinguishing words of a name, in one spelling and number."""
    text = bare(written_out(_in_full(name)))
    for british, american in _SPELLINGS:
        text = british.sub(american, text)
    for phrase, meaning in _PHRASES.items():
        text = text.replace(phrase, meaning)
    singulars = (_singular(word) for word in text.split())
    return frozenset(_STANDS_FOR.get(word, word) for word in singulars if word not in _NO_DIFFERENCE)


def _in_full(name: str) -> str:
    """A name with its known abbreviations written out."""
    for phrase, meaning in _PHRASES.items():
        if phrase.isupper() and phrase in name:
            name = re.sub(rf"(?<![\w-]){phrase}(?![\w-])", meaning, name)
    return name


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    return (
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )


@lru_cache(maxsize=16_384)
def _stems(word: str) -> frozenset[str]:
    cut = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return frozenset({word, *(stem for stem in cut if len(stem) >= _SHORTEST_STEM)})


def _abbreviated(term: str, name: str) -> bool:
    """Whether an abbreviation in capitals in a term consists of a heading's initials.

    MeSH inverts names ("Carcinoma, Non-Small-Cell Lung"): up to three letters must be in the natural
    order, longer ones in any ("HNSCC" of "Squamous Cell Carcinoma of Head and Neck").
    """
    natural = " ".join(reversed(name.split(", ")))
    initials = "".join(w[0] for w in bare(natural).split() if w not in _LEFT_OUT_OF_INITIALS).upper()
    tokens = (token for token in re.split(r"[^\w-]+", term) if _ABBREVIATION.fullmatch(token))
    return any(t == initials or (len(t) > 3 and sorted(t) == sorted(initials)) for t in tokens)

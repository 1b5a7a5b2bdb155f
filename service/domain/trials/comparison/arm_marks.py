"""Finds what distinguishes a study's arms in their labels: "Cohort A" and "Cohort B", "Lung" and "Colon".

Registrants give all cohorts of one treatment the same description; what tells their people or doses apart
stands in their labels alone.
"""

import re
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from service.domain.trials.respelling import in_one_spelling
from service.domain.trials.spelling import american, singular
from service.domain.trials.text import bare, fold, with_signs_in_words


class Mark(NamedTuple):
    """A part of a label: its sort, and what it means, in one word for all of its spellings."""

    sort: str
    meaning: str


_UNITS = (
    "cells?|cgy|days?|g|gy|hours?|hrs?|iu|kg|mcg|mg|ml|months?|mos?|ug|units?|vg|weeks?|wks?|x|years?|yrs?|μg"
)
#: The patterns of marks by sort and meaning ("organ_lung"), or by sort alone where the words are the meaning.
_MARKS = {
    "amount": rf"\d+(?=(?: (?:to )?\d+)? ?(?:{_UNITS})\b)",  # both numbers of "0.5 mg" and of "6-11 years"
    "stage": r"(?:(?<=class )|(?<=grade )|(?<=stage )|(?<=type ))(?:\d|i{1,3}|iv|v)[a-d]?\b",
    "line_1": r"\b(?:(?:first|1st) line|frontline|1l)\b",
    "line_2": r"\b(?:(?:second|2nd) line|2l)\b",
    "line_3": r"\b(?:(?:third|3rd) line|3l)\b",
    "variant": r"\b[a-z]\d{2,4}[a-z]\b",  # of a gene: G12C
    "number": r"\d+",
    "age_adolescent": r"\b(?:adolescents?|teen(?:ager)?s?)\b",
    "age_adult": r"\badults?\b",
    "age_child": r"\b(?:child|children|pa?ediatrics?)\b",
    "age_infant": r"\b(?:infants?|babies|neonat\w+|newborns?)\b",
    "age_old": r"\b(?:elderly|older|seniors?)\b",
    "age_young": r"\b(?:young|younger)\b",
    "sex_male": r"\b(?:boys?|males?|man|men)\b",
    "sex_female": r"\b(?:girls?|females?|woman|women)\b",
    "organ_bladder": r"\b(?:bladder|urothelial)\b",
    "organ_brain": r"\b(?:brain|cerebral)\b",
    "organ_breast": r"\b(?:breast|tnbc)\b",
    "organ_cervix": r"\b(?:cervix|cervical)\b",
    "organ_colon": r"\b(?:colon|colorectal|crc)\b",
    "organ_esophagus": r"\bo?esophag(?:us|eal)\b",
    "organ_heart": r"\b(?:heart|cardiac)\b",
    "organ_kidney": r"\b(?:kidneys?|renal|rcc)\b",
    "organ_liver": r"\b(?:liver|hepatic|hepatocellular|hcc)\b",
    "organ_lung": r"\b(?:lungs?|pulmonary|n?sclc)\b",
    "organ_ovary": r"\bovar(?:y|ian)\b",
    "organ_pancreas": r"\bpancrea(?:s|tic)\b",
    "organ_prostate": r"\bprostat(?:e|ic)\b",
    "organ_rectum": r"\brect(?:um|al)\b",
    "organ_skin": r"\b(?:skin|cutaneous)\b",
    "organ_stomach": r"\b(?:stomach|gastric)\b",
    "organ_thyroid": r"\bthyroid\b",
    "organ_uterus": r"\b(?:uter(?:us|ine)|endometrial)\b",
    "illness": r"\b(?:asthma|autism|copd|dementia|depression|diabetes|eczema|epilepsy|headache|hypertension"
    r"|migraine|obesity|schizophrenia|stroke"
    r"|(?!diagnos|prognos)\w{2,}(?:a?emia|iasis|itis|oma|opathy|osis)s?)\b",
    "abbreviation": r"\b(?:aml|cll|cml|dlbcl|fl|mcl|mds|mpn|nhl)\b",
    "lineage_myeloid": r"\bmyel(?:oid|ogenous)\b",
    "lineage_lymphoid": r"\blympho(?:blastic|cytic|id)\b",
    "lineage_b": r"\bb(?= cell)",
    "lineage_t": r"\bt(?= cell)",
    "course": r"\b(?:acute|chronic)\b",
    "treated_before": r"\b(?:recurrent|refractory|relapsed?|previously treated)\b",
    "treated_never": r"\b(?:newly diagnosed|untreated|treatment naive)\b",
    "gene": r"\b(?:alk|braf|cd\d+[a-z]?|egfr|flt3|her2|kras|met|nras|ret|ros1|tp53)\b",
    "severity": r"\b(?:mild|moderate|severe)\b",
    "dose_high": r"\bhigh(?:er)?\b",
    "dose_low": r"\blow(?:er)?\b",
    "dose_medium": r"\bmedium\b",
    "rhythm": r"\b(?:daily|weekly|monthly)\b",
    "finding": r"\b(?:positive|negative)\b",
    "presence": r"\b(?:with|without)\b",
    "limit": r"\b(?:atleast|atmost|lessthan|morethan)\b",
    "letter": r"\b[a-h]\b",
    "roman": r"\b(?:i{1,3}|i?[vx]|vi{1,3}|xi{1,2})\b",
}
# Each begins a word or with a digit: elsewhere none of them is tried.
_MARK = re.compile(
    r"(?:\b|(?=\d))(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _MARKS.items()) + ")"
)
#: The sorts that only count.
_COUNTING = frozenset({"number", "letter", "roman"})
#: The sorts that say for whom an arm is, wherever they stand in a label.
_FOR_WHOM = frozenset({"age", "sex", "organ", "illness", "abbreviation", "line", "treated"})
#: The letters of a label in which marks are looked for; registries limit labels to a tenth of that.
_MOST_LETTERS = 1_000
_LIMITS = (("≥|>=|=>", "atleast"), ("≤|<=|=<", "atmost"), ("<", "lessthan"), (">", "morethan"))


def label_in_words(label: str) -> str:
    """A label folded and without punctuation, with words for its signs: "HER2+", "< 2 years"."""
    text = with_signs_in_words(in_one_spelling(fold(label)))
    for signs, word in _LIMITS:
        text = re.sub(signs, f" {word} ", text)
    return bare(text)


class Marks(NamedTuple):
    """The marks of a label in order, the label with their sorts in their places, and for whom it says to be:
    the meanings by sort.
    """

    found: Sequence[Mark]
    pattern: str
    for_whom: Mapping[str, Set[str]]


def marks_of(label: str) -> Marks:
    """The marks of a label in words."""
    found: list[Mark] = []
    for_whom: dict[str, set[str]] = {}

    def sort_of(match: re.Match[str]) -> str:
        mark = _mark(match)
        found.append(mark)
        if mark.sort in _FOR_WHOM:
            for_whom.setdefault(mark.sort, set()).add(mark.meaning)
        return mark.sort

    return Marks(found, _MARK.sub(sort_of, label[:_MOST_LETTERS]), for_whom)


def contradict(left: Marks, right: Marks) -> bool:
    """Whether two labels differ in what distinguishes people or doses, and not in a number or letter alone,
    which arms may change: "HER2+ cohort" and "HER2- cohort", "Lung" and "Colon cancer"."""
    if left.pattern == right.pattern and any(
        old != new and old.sort not in _COUNTING for old, new in zip(left.found, right.found, strict=True)
    ):
        return True
    both = left.for_whom.keys() & right.for_whom.keys()
    return any(left.for_whom[sort].isdisjoint(right.for_whom[sort]) for sort in both)


def _mark(found: re.Match[str]) -> Mark:
    sort, _, meaning = (found.lastgroup or "").partition("_")
    return Mark(sort, meaning or american(singular(found[0])))

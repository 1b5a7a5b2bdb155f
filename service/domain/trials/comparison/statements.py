"""The identity of a short statement: a title, a reason for a stop, a measurement."""

import re
from collections.abc import Hashable

from service.domain.trials.conditions.abbreviations import without_abbreviation
from service.domain.trials.criteria.rule_text import words
from service.domain.trials.text import fold

#: Words in whose place a comma or a plus may stand.
AND = re.compile(r"\b(?:and|plus)\b", re.IGNORECASE)


def statement_key(text: str) -> Hashable:
    """The significant words of a text, without "and", which may be a comma, and without the abbreviation of
    what stands before it."""
    return words(AND.sub(" ", without_abbreviation(text))) or fold(text)

"""Extracts the significant words of a rule about who can join.

Registrants respell and reorder rules: two are the same if their significant words are.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from service.domain.trials.criteria.rule_signs import in_signs
from service.domain.trials.spelling import american
from service.domain.trials.text import MARKS, fold, without_accents

#: Abbreviations by the words of their long forms.
Abbreviations = Mapping[tuple[str, ...], str]

NEGATIONS = frozenset(
    {"no", "not", "never", "without", "except", "unless", "non", "neither", "nor", "none", "cannot"}
)
COMPARATORS = frozenset({">", "<", ">=", "<=", "=", "positive", "negative"})
_LINKS = frozenset({"and", "or"})
# Words without meaning of their own: for people in general, and function words.
_WEAK_WORDS = """
a also an any are as at be been being by can criteria criterion defined did do does eg etc example following
for from had has have he her his ie in include included including individual is it its may must of on
participant patient people person per shall she should study subject such that the their them then there
these they this those to trial was were when where which who will with would you your
"""
_WEAK = frozenset(_WEAK_WORDS.split())


def _by_word(**words_by_meaning: str) -> dict[str, str]:
    """The meaning of each word."""
    return {word: meaning for meaning, given in words_by_meaning.items() for word in given.split()}


#: Weak words turn a rule around where one of an opposite sense takes their place.
_SENSES = {"from": "from", "to": "to"} | _by_word(
    allowed="can may", required="must shall should", past="been did had was were", future="will would"
)
_OPPOSITES = (("allowed", "required"), ("past", "future"), ("from", "to"))
_FORBIDDEN = re.compile(r"\b(?:can|may|must|shall|should) not\b")


#: Abbreviated units ("hr" and "d" also mean something else), and words of one meaning.
_WORDS = _by_word(
    hour="hrs",
    month="mo mos mth mths",
    week="wk wks",
    year="yr yrs",
    minute="min mins",
    able="ability",
    unable="inability",
    willing="willingness",
    unwilling="unwillingness",
    age="aged old",
    c="celsius",
)
_TOKEN = re.compile(rf"−?\d+(?:[.,]\d+)*|>=|<=|[<>=%]|[^\W\d_]+(?:[{MARKS}]+[^\W\d_]*)*(?:\d[^\W_]*)?")


#: The plural of an abbreviation: "AEs".
_ABBREVIATIONS = re.compile(r"(?<=\b[A-Z]{2})s\b")


@lru_cache(maxsize=8192)
def words(rule: str) -> tuple[str, ...]:
    """The significant words of a rule, in order: folded, without accents, singular, signs in one spelling."""
    found = []
    for token in _TOKEN.findall(without_accents(in_signs(_ABBREVIATIONS.sub("", rule)))):
        if token in _WEAK:
            continue
        if token[0].isalpha():
            token = _WORDS.get(token, token)
            if len(token) > 3 and token.endswith("s") and not token.endswith("ss"):
                token = token[:-1]
            token = american(token)
        if token not in _WEAK:
            found.append(token.replace(",", "."))
    # The usual unit of an age may be left out.
    return tuple(word for word in found if word != "year") if "age" in found else tuple(found)


def strong(rule: str, known: Abbreviations | None = None) -> Counter[str]:
    """The significant words as a multiset, long forms as their abbreviations, without "and" and "or".

    Do not modify the result: it is cached and shared.
    """
    if not known:
        return _strong(rule)
    return Counter(word for word in _abbreviated(words(rule), known) if word not in _LINKS)


_BETWEEN_WORDS = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")


@lru_cache(maxsize=1024)
def _strong(rule: str) -> Counter[str]:
    return Counter(word for word in words(rule) if word not in _LINKS)


#: "relapsed/refractory", not "and/or".
_STROKE = re.compile(r"(?<=[^\W\d_])(?<!\band) ?/ ?(?!or\b)(?=[^\W\d_])", re.IGNORECASE)


def are_linked_otherwise(left: str, right: str, known: Abbreviations) -> bool:
    """Whether "and" took the place of "or" in one of two rules of the same words, or the other way around.

    In rules that have both, only among words in the same order: else clauses may have moved. A stroke may be
    an "or": "relapsed/refractory".
    """
    return _have_other_links(left, right, known) and (
        "/" not in left + right
        or _have_other_links(_STROKE.sub(" or ", left), _STROKE.sub(" or ", right), known)
    )


def _have_other_links(left: str, right: str, known: Abbreviations) -> bool:
    before, after = (_without_last_link(_abbreviated(words(rule), known)) for rule in (left, right))
    pairs = zip(before, after, strict=False)
    if len(before) == len(after) and all(old == now or {old, now} == _LINKS for old, now in pairs):
        return before != after
    return _links(before) != _links(after)


def _without_last_link(found: tuple[str, ...]) -> tuple[str, ...]:
    """The words without the "and" or "or" that leads to the next rule."""
    return found[:-1] if found[-1:] and found[-1] in _LINKS else found


def _links(found: Sequence[str]) -> Counter[str]:
    """The numbers of "and" and "or"; empty if there are both."""
    counted = Counter(word for word in found if word in _LINKS)
    return counted if len(counted) == 1 else Counter()


@lru_cache(maxsize=1024)
def letters(rule: str) -> str:
    """The significant words in order and in one: "breast-feeding" is "breastfeeding". Numbers stay apart."""
    return _BETWEEN_WORDS.sub("", " ".join(word for word in words(rule) if word not in _LINKS))


def are_opposed(left: str, right: str) -> bool:
    """Whether words of one sense became words of the opposite one: "may be treated" and "must be treated"."""
    before, after = _senses(left), _senses(right)
    return any(
        (before[sense] - after[sense]) * (after[opposite] - before[opposite]) > 0
        for sense, opposite in _OPPOSITES
    )


def _senses(rule: str) -> Counter[str]:
    """The number of words of each sense. What may not be must not be."""
    text = _FORBIDDEN.sub(" not", fold(rule))
    return Counter(_SENSES[word] for word in text.split() if word in _SENSES)


def numbers_of(text: str) -> list[str]:
    """The numbers of a text, its limits and negations, in order."""
    return list(filter(is_weighty, words(text)))


def is_weighty(word: str) -> bool:
    """Whether a word is a number, a limit or a negation."""
    return word.lstrip("−")[0].isdigit() or word in NEGATIONS or word in COMPARATORS


def are_exchanged(left: str, right: str, known: Abbreviations) -> bool:
    """Whether two rules of the same words have their numbers, limits or negations for other words:
    "platelets > 50, neutrophils > 100" and "platelets > 100, neutrophils > 50".

    Where these are in the same order, only if the words changed places: else a word may have moved away.
    """
    (order, of_words), (other_order, of_other_words) = (_weighty(rule, known) for rule in (left, right))
    if order != other_order:
        return of_words != of_other_words
    lost, gained = (
        Counter(word for _, word in pairs.elements())
        for pairs in (of_words - of_other_words, of_other_words - of_words)
    )
    return len(lost) > 1 and "" not in lost and lost == gained


#: Words of a limit in time: its number is for the word before them.
_CARRIERS = frozenset({"last", "past", "previous", "within"})


def _weighty(rule: str, known: Abbreviations) -> tuple[list[str], Counter[tuple[str, str]]]:
    """The numbers, limits and negations of a rule in order, and each with its word: a negation with the word
    after it, others with the one before, but for a carrier."""
    found = [word for word in _abbreviated(words(rule), known) if word not in _LINKS]
    of_words, before, after = Counter[tuple[str, str]](), "", ""
    for word in found:
        if not is_weighty(word):
            before = before if word in _CARRIERS else word
        elif word not in NEGATIONS:
            of_words[word, before] += 1
    for word in reversed(found):
        if not is_weighty(word):
            after = word
        elif word in NEGATIONS:
            of_words[word, after] += 1
    return [word for word in found if is_weighty(word)], of_words


_DEFINED = re.compile(r"\(([^\W\d_][A-Za-z0-9-]{1,9}s?)\)")
_NO_LONG_FORM = re.compile(r"[^\w /-]")
#: The number of letters before an abbreviation in which its long form is looked for.
_LONGEST_FORM = 240


def abbreviations(*texts: str) -> Abbreviations:
    """The long forms that texts define, "Eastern Cooperative Oncology Group (ECOG)", by their words."""
    found: dict[tuple[str, ...], str] = {}
    for text in texts:
        for match in _DEFINED.finditer(text):
            short = match[1].removesuffix("s")
            initials = [letter for letter in short.lower() if letter.isalnum()]
            before = _NO_LONG_FORM.split(text[max(0, match.start() - _LONGEST_FORM) : match.start()])[-1]
            taken = before.replace("-", " ").split()[-len(initials) :]
            if len(initials) > 1 and [word[0].lower() for word in taken] == initials:
                found[words(" ".join(taken))] = " ".join(words(short)) or fold(short)
    return found


def _abbreviated(found: tuple[str, ...], known: Abbreviations) -> tuple[str, ...]:
    present = set(found)
    for long_form, short in known.items():
        if not present.issuperset(long_form):
            continue
        size, result, position = len(long_form), [], 0
        while position < len(found):
            if found[position : position + size] == long_form:
                result.append(short)
                position += size
                if found[position : position + 1] == (short,):
                    position += 1  # "… Group (ECOG)" is one word
            else:
                result.append(found[position])
                position += 1
        found = tuple(result)
        present.add(short)
    return found

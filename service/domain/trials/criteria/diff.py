"""Compares a study's eligibility criteria rule by rule, by meaning and not by wording."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.trials.assignment import best_assignment
from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.criteria.line_breaks import rejoined
from service.domain.trials.criteria.misspellings import misspelled_alike
from service.domain.trials.criteria.rule_groups import moved
from service.domain.trials.criteria.rule_list import Rule, read_rules, with_sections
from service.domain.trials.criteria.rule_text import (
    Abbreviations,
    abbreviations,
    are_exchanged,
    are_linked_otherwise,
    are_opposed,
    is_weighty,
    letters,
    strong,
)
from service.domain.trials.multiset import joined, leftovers
from service.domain.trials.text import fold_statement

#: Share of common words from which two rules are the same rule, changed.
_ALIKE = 0.45
#: Share of a rule's words in another from which it is a clause of that.
_CLAUSE = 0.9
_MOST_PAIRED = 120
#: A word that occurs in more rules than this is not used to find the rule that contains a clause.
_MOST_WITH_WORD = 120


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule before and after; "" if there was or is none.

    `weight`: its importance: 3 with another number, limit or negation, 2 if added or removed, else 1.
    """

    section: str
    before: str
    after: str
    weight: int


def read_criteria(snapshot: Mapping[str, Any]) -> list[Rule] | None:
    """The criteria rule by rule, each with its section; None if unknown."""
    criteria = (snapshot.get("eligibility") or {}).get("criteria")
    return read_rules(criteria) if criteria else None


def diff_criteria(before: list[Rule], after: list[Rule]) -> Change | None:
    """The rules whose meaning changed; None if only order, numbering or spelling differ."""
    before, after = with_sections(before, after), with_sections(after, before)
    was, now = set(map(_key, before)), set(map(_key, after))
    changes = [
        change
        for change in rule_changes(before, after)
        if not (_is_there(change, change.after, was) or _is_there(change, change.before, now))
    ]
    gone = [[change.section, part] for change in changes for part in _parts(change.before)]
    new = [[change.section, part] for change in changes for part in _parts(change.after)]
    lost, gained = moved(before, after, {text for _, text in gone + new})
    gone, new = gone + lost, new + gained
    return Change(Kind.CRITERIA, Level.MEDIUM, gone, new) if gone or new else None


def _is_there(change: RuleChange, text: str, rules: set[tuple[str, str]]) -> bool:
    """Whether a rule was only added or removed, and is among those of the other side: it is listed twice."""
    if change.before and change.after:
        return False
    return bool(text) and all(_key([change.section, part]) in rules for part in _parts(text))


def join_criteria(first: Change, second: Change) -> tuple[list[Rule], list[Rule]]:
    """The combined rules of two consecutive changes."""
    return joined((first.before, first.after), (second.before, second.after), _key)


def rule_changes(before: Sequence[Rule], after: Sequence[Rule]) -> list[RuleChange]:
    """The changes of rules: the most important first, added rules before removed ones.

    A rule that was split or merged is one change, or none if all its words are still there.
    """
    found: list[RuleChange] = []
    for section in dict.fromkeys(rule[0] for rule in (*before, *after)):
        old, now = ([text for part, text in rules if part == section] for rules in (before, after))
        gone, new = leftovers(old, now, fold_statement)
        if gone and new and len(gone) + len(new) > 2:  # lines may break elsewhere
            gone, new = leftovers(*rejoined(old, now), fold_statement)
        found += _of_section(section, gone, new)
    return sorted(found, key=lambda change: (-change.weight, not change.after))


def _key(rule: Rule) -> tuple[str, str]:
    return rule[0], fold_statement(rule[1])


_SEPARATOR = "\n"


def _parts(text: str) -> list[str]:
    return text.split(_SEPARATOR) if text else []


def _of_section(section: str, gone: list[str], new: list[str]) -> list[RuleChange]:
    gone, new = _without_same(gone, new)
    known = abbreviations(*gone, *new)
    old_words, new_words = ([strong(text, known) for text in texts] for texts in (gone, new))
    clusters = _clusters(old_words, new_words)
    changes = []
    for olds, news in clusters:
        olds, news = sorted(olds), sorted(news)
        was, now = _total([old_words[i] for i in olds]), _total([new_words[j] for j in news])
        lost, gained = (was - now, now - was) if was and now else (was, now)
        if misspelled_alike(lost, gained) and not _relate_otherwise(
            [gone[i] for i in olds], [new[j] for j in news], known
        ):
            continue
        before = _once([gone[i] for i in olds], [old_words[i] for i in olds])
        after = _once([new[j] for j in news], [new_words[j] for j in news])
        weight = _weight(lost, gained) if was and now else 2
        changes.append(RuleChange(section, before, after, weight))
    return changes


def is_respelled(old: str, now: str, known: Abbreviations) -> bool:
    """Whether two rules or measurements have the same significant words, but for typing mistakes, and no
    small words that make the difference."""
    before, after = strong(old, known), strong(now, known)
    alike = misspelled_alike(before - after, after - before)
    return alike and not _relate_otherwise([old], [now], known)


def _total(rules: Sequence[Counter[str]]) -> Counter[str]:
    """The words of several rules."""
    return rules[0] if len(rules) == 1 else sum(rules, Counter())


def _relate_otherwise(olds: list[str], news: list[str], known: Abbreviations) -> bool:
    """Whether small words turned a rule around, or two numbers changed places, whose words are the same."""
    if not len(olds) == len(news) == 1:
        return False
    old, now = olds[0], news[0]
    return are_linked_otherwise(old, now, known) or are_exchanged(old, now, known) or are_opposed(old, now)


def _once(texts: Sequence[str], found: Sequence[Counter[str]]) -> str:
    """The rules of one side of a change, without duplicates in meaning."""
    unique: dict[frozenset[tuple[str, int]], str] = {}
    for text, words in zip(texts, found, strict=True):
        unique.setdefault(frozenset(words.items()), text)
    return _SEPARATOR.join(unique.values())


def _without_same(gone: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Both lists without the rules of the same meaning in other words or in another order."""
    gone, new = _without_alike(gone, new, lambda text: frozenset(strong(text).items()))
    return _without_alike(gone, new, letters)


def _without_alike(
    gone: list[str], new: list[str], key: Callable[[str], Hashable]
) -> tuple[list[str], list[str]]:
    """Both lists without the rules that have the same key, and no small words that make the difference."""
    waiting: dict[Hashable, list[str]] = {}
    for text in new:
        waiting.setdefault(key(text), []).append(text)
    left = []
    for text in gone:
        partners = waiting.get(key(text), [])
        partner = next((other for other in partners if not _relate_otherwise([text], [other], {})), None)
        if partner is None:
            left.append(text)
        else:
            partners.remove(partner)
    remaining = Counter(text for partners in waiting.values() for text in partners)
    kept = []
    for text in new:
        if remaining[text]:
            remaining[text] -= 1
            kept.append(text)
    return left, kept


def _clusters(old: Sequence[Counter[str]], new: Sequence[Counter[str]]) -> list[tuple[list[int], list[int]]]:
    """Groups of related rules: a rule with its new form, a clause with the rule that it was split from."""
    scores = {}
    if len(old) <= _MOST_PAIRED and len(new) <= _MOST_PAIRED:
        for i, was in enumerate(old):
            for j, now in enumerate(new):
                alike = _share(was, now)
                if alike >= _ALIKE:
                    scores[i, j] = int(1000 * alike)
    cluster_of_old: dict[int, tuple[list[int], list[int]]] = {}
    cluster_of_new: dict[int, tuple[list[int], list[int]]] = {}
    for i, j in best_assignment(scores):
        cluster_of_old[i] = cluster_of_new[j] = ([i], [j])
    rules_of_old, rules_of_new = _by_word(old), _by_word(new)
    for j, now in enumerate(new):
        if j not in cluster_of_new:
            whole = _whole(now, old, rules_of_old)
            if whole is not None:
                cluster = cluster_of_old.setdefault(whole, ([whole], []))
                cluster[1].append(j)
                cluster_of_new[j] = cluster
    for i, was in enumerate(old):
        if i not in cluster_of_old:
            whole = _whole(was, new, rules_of_new)
            cluster = cluster_of_new.setdefault(whole, ([], [whole])) if whole is not None else ([], [])
            cluster[0].append(i)
            cluster_of_old[i] = cluster
    for j in range(len(new)):
        cluster_of_new.setdefault(j, ([], [j]))
    unique = {id(cluster): cluster for cluster in (*cluster_of_old.values(), *cluster_of_new.values())}
    return list(unique.values())


def _share(left: Counter[str], right: Counter[str]) -> float:
    """The share of common words of two rules (Dice's coefficient)."""
    total = left.total() + right.total()
    common = sum(min(count, right[word]) for word, count in left.items() if word in right)
    return 2 * common / total if total else 0.0


def _by_word(rules: Sequence[Counter[str]]) -> Mapping[str, Sequence[int]]:
    """The positions of the rules in which each word occurs."""
    found: dict[str, list[int]] = {}
    for position, rule in enumerate(rules):
        for word in rule:
            found.setdefault(word, []).append(position)
    return found


def _whole(
    clause: Counter[str], rules: Sequence[Counter[str]], by_word: Mapping[str, Sequence[int]]
) -> int | None:
    """The rule that contains `clause`: it, perhaps with one other, has nearly all of its words."""
    if clause.total() < 2:
        return None
    shared = Counter[int]()
    for word, count in clause.items():
        positions = by_word.get(word, ())
        if len(positions) <= _MOST_WITH_WORD:
            for position in positions:
                shared[position] += min(count, rules[position][word])
    if not shared:
        return None
    first, *second = sorted(shared, key=lambda position: (-shared[position], position))[:2]
    together = (clause & rules[first]) | (clause & rules[second[0]]) if second else clause & rules[first]
    return first if together.total() >= _CLAUSE * clause.total() else None


def _weight(lost: Counter[str], gained: Counter[str]) -> int:
    """The weight of a changed rule: 3 if a number, a limit or a negation differs or changed its place, 1 if
    other words do."""
    unlike = lost.keys() | gained.keys()
    return 3 if not unlike or any(map(is_weighty, unlike)) else 1

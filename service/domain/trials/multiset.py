"""Compares lists as multisets: removed and added items, regardless of order."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def leftovers(
    before: Iterable[Item], after: Iterable[Item], key: Callable[[Item], Hashable]
) -> tuple[list[Item], list[Item]]:
    """The items of `before` without a partner of equal key in `after`, and vice versa."""
    before, after = list(before), list(after)
    keys, other_keys = list(map(key, before)), list(map(key, after))
    return _unmatched(before, keys, other_keys), _unmatched(after, other_keys, keys)


def _unmatched(items: Sequence[Item], keys: Sequence[Hashable], others: Sequence[Hashable]) -> list[Item]:
    """The items that remain after each of the other keys has removed one of equal key; order is kept."""
    taken = Counter(others)
    remaining = []
    for item, key in zip(items, keys, strict=True):
        if taken[key] > 0:
            taken[key] -= 1
        else:
            remaining.append(item)
    return remaining


def joined(
    first: tuple[Sequence[Item], Sequence[Item]],
    second: tuple[Sequence[Item], Sequence[Item]],
    key: Callable[[Item], Hashable],
    same: Callable[[Sequence[Item], Sequence[Item]], Iterable[tuple[int, int]]] = lambda _, __: (),
) -> tuple[list[Item], list[Item]]:
    """Combines two consecutive differences: items added and removed in between are in neither list.

    `same`: the positions of those added and those removed that are one item, though their keys differ.
    """
    added, removed = leftovers(first[1], second[0], key)
    pairs = list(same(added, removed))
    passed, changed = {i for i, _ in pairs}, {j for _, j in pairs}
    gone = [*first[0], *(item for j, item in enumerate(removed) if j not in changed)]
    new = [*(item for i, item in enumerate(added) if i not in passed), *second[1]]
    return leftovers(gone, new, key)


def distinct(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[Item]:
    """The items without repetitions: the first of each key."""
    found: dict[Hashable, Item] = {}
    for item in items:
        found.setdefault(key(item), item)
    return list(found.values())

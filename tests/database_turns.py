"""Cases that take turns on the databases: each runs on one of them, and each database gets every other case.

For a test whose many cases differ in what lies above the database: the order of events, a field, a template.
What one case does there, its neighbours do too. Any single case can still be run on either database by name.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest

MARK = "databases_take_turns"

#: Both databases, in the order of their turns.
_DATABASES = ("sqlite", "postgresql")


def are_on_both() -> bool:
    """Whether every case runs on both databases: a server that is given is to be tried with all."""
    return "ALERTS_TEST_POSTGRESQL_URL" in os.environ


def deselect_other_turns(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Takes each case of marked tests out of `items` on the database whose turn it is not.

    Unless it was chosen by name, or all cases run on both.
    """
    if are_on_both():
        return
    left_out = set(_out_of_turn(items))
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=list(left_out))


def parameters(case: pytest.Function) -> list[tuple[str, ...]]:
    """The parameters that the test's own marks give values to, together for each mark."""
    names = [mark.args[0] for mark in case.iter_markers("parametrize")]
    return [
        tuple(part.strip() for part in name.split(",")) if isinstance(name, str) else tuple(name)
        for name in names
    ]


def values(case: pytest.Function, names: Iterable[str]) -> tuple[int, ...]:
    """The identities of the parameters' values, which the cases of a test share."""
    return tuple(id(case.callspec.params[name]) for name in names)


def _out_of_turn(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    pairs: dict[tuple[object, ...], dict[str, pytest.Item]] = defaultdict(dict)
    turns: dict[tuple[object, ...], int] = {}
    ranks: dict[tuple[object, ...], dict[tuple[int, ...], int]] = defaultdict(dict)
    for item in items:
        if not isinstance(item, pytest.Function) or not item.get_closest_marker(MARK):
            continue
        test = (item.parent, item.originalname)
        places = []
        for names in parameters(item):
            known = ranks[*test, names]
            places.append(known.setdefault(values(item, names), len(known)))
        case = (*test, *values(item, sorted(item.callspec.params.keys() - {"database_url"})))
        pairs[case][item.callspec.params["database_url"]] = item
        # As the colours of a chessboard: each value of one of several parameters meets both databases.
        turns[case] = sum(places)
    for case, by_database in pairs.items():
        if len(by_database) == len(_DATABASES):
            yield by_database[_DATABASES[(turns[case] + 1) % len(_DATABASES)]]

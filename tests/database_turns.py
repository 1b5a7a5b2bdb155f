"""Cases that take turns on the databases: each runs on one of them, and each database gets every other case.

For tests of what lies above the store: pages, the API, commands and workers. Neighbouring cases do the same
in the database, and `tests/store_places.py` checks that each statement of the store meets both databases. Any
single case can still be run on either database by name.
"""

import os
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

#: The mark of tests in FOLDERS that run on both databases: of what is done at once, and of outages.
EXCEPTION = "on_both_databases"

#: Folders whose tests take turns.
FOLDERS = tuple(Path(__file__).parent / "integration" / name for name in ("web", "cli", "workers"))

#: Both databases, in the order of their turns.
_DATABASES = ("sqlite", "postgresql")


def are_on_both() -> bool:
    """Whether every case runs on both databases: a server that is given is to be tried with all."""
    return "ALERTS_TEST_POSTGRESQL_URL" in os.environ


def deselect_other_turns(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Takes each case of tests that take turns out of `items` on the database whose turn it is not.

    Unless it was chosen by name, or all cases run on both.
    """
    if are_on_both():
        return
    left_out = set(_out_of_turn(items))
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=list(left_out))


def takes_turns(item: pytest.Item) -> TypeGuard[pytest.Function]:
    """Whether it is a case on one of both databases, and not on the other one."""
    return (
        isinstance(item, pytest.Function)
        and "database_url" in getattr(getattr(item, "callspec", None), "params", ())
        and not any("database_url" in names for names in _marked_parameters(item))
        and item.get_closest_marker(EXCEPTION) is None
        and any(item.path.is_relative_to(folder) for folder in FOLDERS)
    )


def parameters(case: pytest.Function) -> list[tuple[str, ...]]:
    """The parameters of a case but for its database: those of each mark together, each fixture's alone."""
    marked = _marked_parameters(case)
    of_fixtures = case.callspec.params.keys() - {"database_url"}.union(*marked)
    return marked + [(name,) for name in sorted(of_fixtures)]


def _marked_parameters(case: pytest.Function) -> list[tuple[str, ...]]:
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
        if not takes_turns(item):
            continue
        test = (item.parent, item.originalname)
        places = []
        for names in parameters(item):
            known = ranks[*test, names]
            places.append(known.setdefault(values(item, names), len(known)))
        case = (*test, *places)
        pairs[case][item.callspec.params["database_url"]] = item
        # As the colours of a chessboard: each value of one of several parameters meets both databases.
        turns[case] = zlib.crc32(item.originalname.encode()) + sum(places)
    for case, by_database in pairs.items():
        if len(by_database) == len(_DATABASES):
            yield by_database[_DATABASES[(turns[case] + 1) % len(_DATABASES)]]

"""Cases that take turns run on one database each, and each database gets a part of every test."""

import inspect
from collections import Counter, defaultdict

import pytest

from tests.database_turns import EXCEPTION, are_on_both, parameters, takes_turns, values

DATABASES = {"sqlite", "postgresql"}


def _in_turns(request: pytest.FixtureRequest) -> dict[str, list[pytest.Function]]:
    """The collected cases of each test that takes turns."""
    cases: dict[str, list[pytest.Function]] = defaultdict(list)
    for item in request.session.items:
        if takes_turns(item):
            cases[item.nodeid.partition("[")[0]].append(item)
    return cases


def test_a_case_that_takes_turns_runs_on_one_database(request: pytest.FixtureRequest) -> None:
    for name, cases in _in_turns(request).items():
        times = Counter(tuple(values(case, names) for names in parameters(case)) for case in cases)
        assert max(times.values()) <= (2 if are_on_both() else 1), name


def test_each_value_of_several_parameters_meets_both_databases(request: pytest.FixtureRequest) -> None:
    met: dict[tuple[object, ...], set[str]] = defaultdict(set)
    times: Counter[tuple[object, ...]] = Counter()
    for name, cases in _in_turns(request).items():
        for case in cases:
            database = case.callspec.params["database_url"]
            met[name,].add(database)
            times[name,] += 1
            for names in parameters(case):
                met[name, names, values(case, names)].add(database)
                times[name, names, values(case, names)] += 1
    if "not postgresql" not in request.config.option.markexpr:
        assert [what for what, databases in met.items() if times[what] > 1 and databases != DATABASES] == []


def test_a_test_that_asks_which_database_it_has_runs_on_both(request: pytest.FixtureRequest) -> None:
    asked = ("dialect.name", "is_postgresql(")
    for name, cases in _in_turns(request).items():
        source = inspect.getsource(cases[0].function)
        assert not any(words in source for words in asked), f"{name} lacks the mark {EXCEPTION}"

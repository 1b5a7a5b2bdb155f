"""Cases that take turns run on one database each, and each database gets a part of every test."""

from collections import Counter, defaultdict

import pytest

from tests.database_turns import MARK, are_on_both, parameters, values

DATABASES = {"sqlite", "postgresql"}


def _marked(request: pytest.FixtureRequest) -> dict[str, list[pytest.Function]]:
    """The collected cases of each marked test."""
    cases: dict[str, list[pytest.Function]] = defaultdict(list)
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.get_closest_marker(MARK):
            cases[item.nodeid.partition("[")[0]].append(item)
    return cases


def test_a_case_that_takes_turns_runs_on_one_database(request: pytest.FixtureRequest) -> None:
    for name, cases in _marked(request).items():
        times = Counter(tuple(values(case, names) for names in parameters(case)) for case in cases)
        assert max(times.values()) <= (2 if are_on_both() else 1), name


def test_each_value_of_several_parameters_meets_both_databases(request: pytest.FixtureRequest) -> None:
    met: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for name, cases in _marked(request).items():
        for case in cases:
            database = case.callspec.params["database_url"]
            met[name,].add(database)
            for names in parameters(case) if len(parameters(case)) > 1 else ():
                met[name, names, values(case, names)].add(database)
    if "not postgresql" not in request.config.option.markexpr:
        assert all(databases == DATABASES for databases in met.values())

"""The best assignment, against all assignments tried one by one."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from service.domain.trials.assignment import best_assignment

tables = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9), max_size=14)


def total(scores, pairs):
    return sum(scores[pair] for pair in pairs)


def best_by_trying(scores):
    columns = [*range(5), *[None] * 5]
    return max(
        sum(scores.get((row, column), 0) for row, column in enumerate(chosen))
        for chosen in set(permutations(columns, 5))
    )


@given(tables)
def test_no_other_assignment_has_a_higher_total(scores):
    pairs = best_assignment(scores)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert total(scores, pairs) == best_by_trying(scores)


def test_a_large_table_has_as_many_pairs_as_possible():
    # Row n fits columns n and n + 1, the last row only the first column: all must move up by one.
    scores = {(n, n): 2 for n in range(99)} | {(n, n + 1): 1 for n in range(99)} | {(99, 0): 1}
    assert len(best_assignment(scores)) == 100


def test_thousands_of_rows_that_find_no_column_are_not_searched_for_one_by_one():
    # Each row fits the columns around a third of its number, so that two of three stay alone.
    scores = {(n, n // 3 + near): 1 for n in range(20_000) for near in range(6)}
    assert len(best_assignment(scores)) == 6_672

"""The assignment problem: pairs rows with columns so that the total of their scores is highest."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence

Pair = tuple[int, int]

#: Up to this many connected rows or columns the assignment is optimal; the cost is cubic.
_MOST_EXACT = 60


def best_assignment(scores: Mapping[Pair, int]) -> list[Pair]:
    """The pairs of the highest total score, each row and each column in one pair at most.

    `scores` holds the possible pairs, each with a positive score. For a component of more than 60 rows or
    columns the result is approximate: the highest scores first, then as many pairs as possible.
    """
    return [pair for part in _components(scores) for pair in _assign(part)]


def _components(scores: Mapping[Pair, int]) -> list[dict[Pair, int]]:
    """The connected components of the pairs, which are assigned separately."""
    by_row: dict[int, list[Pair]] = defaultdict(list)
    by_column: dict[int, list[Pair]] = defaultdict(list)
    for pair in scores:
        by_row[pair[0]].append(pair)
        by_column[pair[1]].append(pair)
    seen: set[Pair] = set()
    parts = []
    for start in sorted(scores):
        if start in seen:
            continue
        part, waiting = {}, [start]
        seen.add(start)
        while waiting:
            pair = waiting.pop()
            part[pair] = scores[pair]
            for near in (*by_row.pop(pair[0], ()), *by_column.pop(pair[1], ())):
                if near not in seen:
                    seen.add(near)
                    waiting.append(near)
        parts.append(part)
    return parts


def _assign(scores: Mapping[Pair, int]) -> list[Pair]:
    if len(scores) == 1:
        return list(scores)
    rows, columns = sorted({i for i, _ in scores}), sorted({j for _, j in scores})
    if max(len(rows), len(columns)) > _MOST_EXACT:
        return _greedy(scores)
    if len(rows) > len(columns):
        flipped = {(j, i): score for (i, j), score in scores.items()}
        return [(i, j) for j, i in _best(flipped, columns, rows)]
    return _best(scores, rows, columns)


def _greedy(scores: Mapping[Pair, int]) -> list[Pair]:
    """The best pairs first, then as many more as augmenting paths allow."""
    of_column: dict[int, int] = {}
    of_row: dict[int, int] = {}
    for i, j in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        if i not in of_row and j not in of_column:
            of_row[i], of_column[j] = j, i
    near: dict[int, list[int]] = defaultdict(list)
    for i, j in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        near[i].append(j)

    exhausted: set[int] = set()
    for i in sorted(near):
        if i not in of_row:
            _augment(i, near, of_row, of_column, exhausted)
    return sorted(of_row.items())


def _augment(
    start: int,
    near: Mapping[int, Sequence[int]],
    of_row: dict[int, int],
    of_column: dict[int, int],
    exhausted: set[int],
) -> None:
    """Pairs `start` too, if an augmenting path exists (breadth first).

    `exhausted`: the columns that unsuccessful searches reached. No later path leads through them, so those
    searches together look at each pair once.
    """
    came_from: dict[int, int] = {}
    waiting = deque([start])
    while waiting:
        i = waiting.popleft()
        for j in near[i]:
            if j in came_from or j in exhausted:
                continue
            came_from[j] = i
            if j in of_column:
                waiting.append(of_column[j])
                continue
            column: int | None = j
            while column is not None:
                row = came_from[column]
                of_column[column] = row
                of_row[row], column = column, of_row.get(row)
            return
    exhausted.update(came_from)


def _best(scores: Mapping[Pair, int], rows: Sequence[int], columns: Sequence[int]) -> list[Pair]:
    """The assignment of the highest total, by the Hungarian method (Kuhn 1955) with potentials, O(n²m).

    There are at least as many columns as rows. A row whose pair is absent from `scores` stays unpaired.
    """
    potential_row, potential_column = [0.0] * (len(rows) + 1), [0.0] * (len(columns) + 1)
    row_of = [0] * (len(columns) + 1)
    for row in range(1, len(rows) + 1):
        row_of[0], column = row, 0
        least = [float("inf")] * (len(columns) + 1)
        came_from, used = [0] * (len(columns) + 1), [False] * (len(columns) + 1)
        while row_of[column]:
            used[column] = True
            here, delta, following = row_of[column], float("inf"), 0
            for j in range(1, len(columns) + 1):
                if used[j]:
                    continue
                cost = -scores.get((rows[here - 1], columns[j - 1]), 0)
                reduced = cost - potential_row[here] - potential_column[j]
                if reduced < least[j]:
                    least[j], came_from[j] = reduced, column
                if least[j] < delta:
                    delta, following = least[j], j
            for j in range(len(columns) + 1):
                if used[j]:
                    potential_row[row_of[j]] += delta
                    potential_column[j] -= delta
                else:
                    least[j] -= delta
            column = following
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    chosen = ((rows[row_of[j] - 1], columns[j - 1]) for j in range(1, len(columns) + 1) if row_of[j])
    return [pair for pair in chosen if pair in scores]

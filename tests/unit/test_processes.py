"""How many processes run the tests, on machines of some sizes."""

import pytest

from tests.processes import how_many

GIGABYTE = 1 << 30


@pytest.mark.parametrize(
    ("cores", "gigabytes", "processes"),
    [(1, 8, 2), (2, 8, 4), (4, 8, 8), (8, 8, 8), (8, 32, 16), (2, 2, 2), (2, 0.5, 1)],
)
def test_cores_and_memory_say_how_many_processes_run_the_tests(cores, gigabytes, processes):
    assert how_many(cores, int(gigabytes * GIGABYTE)) == processes

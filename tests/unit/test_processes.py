"""How many processes run the tests, on machines of some sizes."""

import pytest

from tests.processes import how_many

GIGABYTE = 1 << 30


@pytest.mark.parametrize(
    ("target", "cores", "gigabytes", "processes"),
    [
        ("test", 1, 8, 2),
        ("test", 2, 8, 4),
        ("test", 4, 8, 8),
        ("test", 8, 8, 8),
        ("test", 8, 32, 16),
        ("test", 2, 2, 2),
        ("test", 2, 0.5, 1),
        ("quick", 1, 8, 1),
        ("quick", 2, 8, 2),
        ("quick", 4, 8, 4),
    ],
)
def test_cores_and_memory_determine_the_number_of_test_processes(target, cores, gigabytes, processes):
    assert how_many(target, cores, int(gigabytes * GIGABYTE)) == processes

"""The number of processes that run the tests, for `make test` (two a core) and `make quick` (one a core).

`make test` has more than cores, since its tests wait a third of their time for a lease, a browser or a mail;
those of `make quick` hardly wait. No more than one for each gigabyte of memory: each has a PostgreSQL, a
Redis and at times a browser.
"""

import os
import sys

FOR_TWO_CORES = {"test": 4, "quick": 2}
BYTES_EACH = 1 << 30


def how_many(target: str, cores: int, memory: int) -> int:
    """The number of processes on a machine of so many cores and bytes of memory."""
    return max(1, min(FOR_TWO_CORES[target] * cores // 2, memory // BYTES_EACH))


def main() -> None:
    """Prints the number for this machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    print(how_many(sys.argv[1], cores, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")))


if __name__ == "__main__":
    main()

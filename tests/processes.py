"""How many processes run the tests: `make test` asks for it.

Two for each core, since a test waits a third of its time for a lease, a browser or a mail; but no more than
one for each gigabyte of memory: each has a PostgreSQL, a Redis and at times a browser of its own.
"""

import os

PER_CORE = 2
BYTES_EACH = 1 << 30


def how_many(cores: int, memory: int) -> int:
    """The number of processes on a machine of so many cores and bytes of memory."""
    return max(1, min(PER_CORE * cores, memory // BYTES_EACH))


def main() -> None:
    """Prints the number for this machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    print(how_many(cores, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")))


if __name__ == "__main__":
    main()

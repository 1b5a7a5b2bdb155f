"""`make bench`: every benchmark in turn, each beside its yardstick; `make bench ONLY=planning` runs one."""

import importlib
import importlib.util
import os
import sys
import time

#: The quickest first. Each is a module of this package with a `run` that prints or returns its figures.
BENCHMARKS = (
    "render",
    "compare",
    "smtp",
    "signup",
    "events",
    "digests",
    "memory",
    "imports",
    "planning",
    "latency",
    "years",
)


def main() -> None:
    """Runs what ONLY (or the arguments) name, or all that there are."""
    wanted = sys.argv[1:] or os.environ.get("ONLY", "").split() or BENCHMARKS
    for name in wanted:
        if importlib.util.find_spec(f"tests.benchmarks.{name}") is None:
            print(f"{name}: no such benchmark")
            continue
        started = time.monotonic()
        print(f"== {name}", flush=True)
        for figure in importlib.import_module(f"tests.benchmarks.{name}").run() or ():
            print(figure)
        print(f"   {time.monotonic() - started:.0f} s in all", flush=True)


if __name__ == "__main__":
    main()

"""`make torture`: run after run, on PostgreSQL and SQLite in turn, for ten minutes or `--minutes`.

Prints a line per fault and a verdict; ends with status 1 if a mail, a sign-up or an event was lost, or came
more often than it may. The same seed draws the same faults; their moments depend on the machine too.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from itertools import count, cycle
from pathlib import Path

from tests.chaos.databases import DATABASES, database_on, fresh_database
from tests.chaos.report import Report
from tests.chaos.run import Plan, run_chaos
from tests.conftest import ENVIRONMENT

RUN_SECONDS = 120.0


def _one_run(name: str, plan: Plan, given: str | None) -> Report:
    folder = Path(tempfile.mkdtemp(prefix="ta-torture-"))
    with database_on(given) if given else fresh_database(name) as (url, server):
        environ = ENVIRONMENT | {"ALERTS_DATABASE_URL": url}
        report = run_chaos(environ, folder, plan, server, lambda line: print(line, flush=True))
    if report.problems:
        print(f"What the processes logged is in {folder}.")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="draws the faults")
    parser.add_argument("--people", type=int, default=3_000)
    parser.add_argument("--workers", type=int, default=3, help="among which the buckets change hands")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument(
        "--server", help="URL of a PostgreSQL, or of a coordinator, to use without faults of its own"
    )
    return parser.parse_args()


def main() -> None:
    """One run after another until the time is over, or one ends badly."""
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # unwinds: no server is left behind
    chosen = DATABASES if options.database == "both" else [options.database]
    names = cycle(["postgresql"] if options.server else chosen)
    until, total, problems = time.monotonic() + options.minutes * 60, Report(), list[str]()
    for seed, name in zip(count(options.seed), names, strict=False):
        left = until - time.monotonic()
        if left <= 0 or problems:
            break
        print(f"\nRun on {name}, seed {seed}:", flush=True)
        plan = Plan(options.people, seed, options.workers, seconds=min(RUN_SECONDS, left))
        report = _one_run(name, plan, options.server)
        print(report, flush=True)
        total.include(report)
        problems += [f"{problem} (--database {name} --seed {seed})" for problem in report.problems]
    print(f"\nAll runs from seed {options.seed} on: {total}")
    print(f"Verdict: {'; '.join(problems) or 'nothing lost, nothing in excess'}.")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()

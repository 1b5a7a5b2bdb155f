"""Import of subscriptions from a CSV file on either database: lines a second, and memory, which is flat."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.ground import Ground, ground, resident_megabytes
from tests.databases import migrate

LINES = int(os.environ.get("LINES_IMPORTED", "1000000"))


def run() -> Iterator[Figure]:
    """A million lines (asked: three minutes, aim: one) of as many people, 20,000 trials and four zones."""
    with ground() as where:
        folder = Path(where.environ["ALERTS_DATA"])
        file = folder / "people.csv"
        write_lines(file, LINES)
        sqlite = f"sqlite+aiosqlite:///{folder / 'import.sqlite3'}"
        migrate(sqlite)
        for name, url in (("PostgreSQL", where.database_url), ("SQLite", sqlite)):
            yield from import_lines(name, Ground(where.environ | {"ALERTS_DATABASE_URL": url}), file)


def write_lines(file: Path, lines: int) -> None:
    zones = ("Europe/Rome", "Europe/Berlin", "America/New_York", "UTC")
    with file.open("w", encoding="utf-8") as out:
        out.write("email,topic,frequency,timezone,consented_at,consent_source\n")
        for n in range(lines):
            frequency = "daily" if n % 4 else "weekly"
            out.write(
                f"person{n}@mail{n % 97}.example.org,trial:NCT{n % 20_000:08d},{frequency},{zones[n % 4]},"
                f"2025-0{n % 9 + 1}-12T09:30:00+01:00,form {n}\n"
            )


def import_lines(name: str, where: Ground, file: Path) -> Iterator[Figure]:
    started = time.perf_counter()
    with _import(where, file) as process:
        held = []
        while process.poll() is None:
            held.append(resident_megabytes(process.pid))
            time.sleep(0.5)
        seconds = time.perf_counter() - started
        if process.returncode != 0:
            raise RuntimeError("the import failed")
    yield Figure(f"lines imported, {name}", LINES / seconds, "/s", asked=5_556, aim=16_667)
    later = held[len(held) // 10 : -2] or held
    yield Figure(f"memory, {name}: after a tenth", later[0], "MB")
    yield Figure(f"memory, {name}: most", max(later), "MB")


@contextmanager
def _import(where: Ground, file: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-c", "from service.cli.main import main; main()"]
    process = subprocess.Popen(
        [*command, "subscriptions", "import", str(file)], env=os.environ | where.environ
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    print(*run(), sep="\n")

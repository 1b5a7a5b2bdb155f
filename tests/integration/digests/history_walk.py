"""A reader who follows twenty studies through their histories: the preview of each digest.

`python -m tests.integration.digests.history_walk` writes the golden file anew; `test_histories` compares.
"""

import asyncio
import tempfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from service.cli.digests import preview, send_now
from service.configuration import settings
from service.store.sql import schema
from service.store.sql.database import create_database
from service.system import System, open_system
from tests.conftest import ENVIRONMENT
from tests.events import event
from tests.integration.workers.ingested import received
from tests.integration.workers.world import open_world
from tests.servers import start_redis
from tests.unit.domain.histories import Step, histories
from workers.deliver.deliver import deliver

GOLDEN = Path(__file__).parent / "golden" / "histories.txt"

#: Alice gets a digest at the end of each of these years; Bob a single one at the end.
ALICE, BOB = "alice@example.org", "bob@example.org"
YEARS = (0, 2014, 2016, 2018, 2020, 2022, 2024, 2026)

#: The studies of which most is known: those with several updates, and six with one.
STUDIES = frozenset(
    f"NCT{number}"
    for number in (
        *("01357772", "01441947", "02154529", "02642094", "02755272", "02942355", "03094169"),
        *("03197935", "03324932", "03477019", "04280536", "04482309", "04501523", "04722718"),
        *("04756765", "05042791", "05315687", "05780567", "06214793", "06439771"),
    )
)

_HEAD = """What one reader is told who follows twenty studies from their first known version to their last:
the preview of a single digest over all these years, as printed by `trial-alerts digests preview`.

The registry's own updates are in tests/data/registry. An update does not repeat what it leaves as it was:
words in square brackets stand for what no update gives, and "The study NCT…" for a title never given.

"""


async def walk(system: System) -> list[str]:
    """The previews: Alice's, digest after digest, and last Bob's."""
    async with open_world(system) as world:
        steps = [step for step in histories() if step.nct_id in STUDIES]
        first = {step.nct_id: step for step in reversed(steps)}
        await received(
            system, *(sent for step in first.values() for sent in events(step, step.snapshots[:2]))
        )
        for reader in (ALICE, BOB):
            await world.follow(reader, *(f"trial:{nct_id}" for nct_id in sorted(STUDIES)), frequency="weekly")
        reported = []
        for after, until in pairwise(YEARS):
            meanwhile = [step for step in steps if after < int(step.day[:4]) <= until]
            await received(system, *(sent for step in meanwhile for sent in events(step, step.snapshots)))
            reported += [mail.text for mail in await preview(world.system, ALICE)]
            await send_now(world.system, ALICE)
            await deliver(world.mailer)
        return reported + [mail.text for mail in await preview(world.system, BOB)]


def events(step: Step, snapshots: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events of a study's day: it as it was before, and as it was then."""
    time = f"{step.day}T12:00:00Z"
    return [event("trial.upserted", step.nct_id, snapshot, time=time) for snapshot in snapshots]


async def write() -> None:
    """Writes the golden file, on a database and a Redis of its own."""
    with tempfile.TemporaryDirectory() as folder, start_redis() as redis_url:
        url = f"sqlite+aiosqlite:///{folder}/walk.sqlite3"
        database = create_database(url, makes_file=True)
        await schema.migrate(database)
        await database.dispose()
        own = {"ALERTS_DATABASE_URL": url, "ALERTS_REDIS_URL": redis_url, "ALERTS_DATA": folder}
        async with open_system(settings.read(ENVIRONMENT | own)) as system:
            GOLDEN.write_text(golden((await walk(system))[-1]))


def golden(reported: str) -> str:
    """The golden file's text for a preview."""
    return _HEAD + reported


if __name__ == "__main__":
    asyncio.run(write())

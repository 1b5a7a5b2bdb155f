"""A program that writes receipts and is killed in the next moment."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime

from service.store.mail.receipts import ReceiptWriter
from service.store.sql.database import create_database

#: This program, for `tests.forked`.
DYING_WRITER = f"{__name__}:main"


async def _write_and_die(url: str, claim: str, *ids: str) -> None:
    receipts = ReceiptWriter(create_database(url, async_commit=True), claim)
    for delivery_id in ids:
        await receipts.sent([int(delivery_id)], datetime.now(UTC))
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Writes a receipt for each id of a claim: arguments are the database's URL, the claim and the ids."""
    asyncio.run(_write_and_die(*sys.argv[1:]))

"""A process that reads a database and tries to change it for each line that it gets, and says the outcome."""

import asyncio
import ctypes
import os
import sys

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.sql.database import create_database, is_read_only, reading, writing

#: The rights of root to pass over modes of files, and the layout of the call (capabilities(7), capset(2)).
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_VERSION_3 = 0x20080522


def give_up_rights() -> None:
    """Root may write any file, whatever its mode: this process no longer may."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    without = ~(1 << _CAP_DAC_OVERRIDE | 1 << _CAP_DAC_READ_SEARCH)
    if libc.capget(header, sets) == 0:
        for number in (0, 1):  # effective, permitted
            sets[number] &= without
        if libc.capset(header, sets) == 0:
            return
    raise OSError(ctypes.get_errno(), "the rights of root can't be given up")


async def read_at_once(database: AsyncEngine) -> None:
    """Two reads at the same time, whose connections stay in the pool."""
    async with reading(database) as one, reading(database) as other:
        for connection in (one, other):
            await connection.execute(text("SELECT seq FROM log_head"))


async def change(database: AsyncEngine) -> str:
    """Tries to write; says `written` or `read-only`."""
    try:
        async with writing(database) as connection:
            await connection.execute(text("UPDATE log_head SET seq = seq"))
    except DBAPIError as error:
        if not is_read_only(error):
            raise
        return "read-only"
    return "written"


async def main(url: str) -> None:
    """Until the input ends."""
    if os.geteuid() == 0:
        give_up_rights()
    database = create_database(url)
    while await asyncio.to_thread(sys.stdin.readline):
        await read_at_once(database)
        print(await change(database), flush=True)
    await database.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

"""What both shells, web and workers, hold while they run: settings, database, keys and the doorbell."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from service.counting import Counters
from service.inbox import Letterbox
from service.jobs import Bell, Redis, connect
from service.keys.addresses import AddressIndex
from service.keys.keyring import Keyring
from service.keys.wrapped import address_index
from service.settings import Settings
from service.store.database import create_database


@dataclass(frozen=True, slots=True)
class System:
    """The open parts of a running process. `stopping` is set when it was asked to end: begin nothing new."""

    settings: Settings
    database: AsyncEngine
    keyring: Keyring
    addresses: AddressIndex
    redis: Redis
    bell: Bell
    letterbox: Letterbox
    counters: Counters
    stopping: asyncio.Event


@asynccontextmanager
async def open_system(settings: Settings) -> AsyncIterator[System]:
    """Opens what `settings` name, and closes it at the end. The schema must be up to date."""
    database, keyring = create_database(settings.database_url), Keyring(settings.secret_keys)
    redis = connect(settings.redis_url)
    bell = Bell(redis)
    try:
        addresses = await address_index(database, keyring)
        letterbox, counters = Letterbox(database, keyring), Counters(redis)
        yield System(
            settings, database, keyring, addresses, redis, bell, letterbox, counters, asyncio.Event()
        )
    finally:
        await bell.close()
        await redis.aclose()
        await database.dispose()


def keep_what_stands_out_of_collections() -> None:
    """Python's collector then neither walks what was imported, nor runs for each batch of decoded JSON.

    It took two fifths of the time of taking in events. To be called once everything is open.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)

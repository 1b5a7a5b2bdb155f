"""Rotation of the secret keys: everything sealed by an older key is sealed anew, in chunks, by anybody.

Each chunk is a short transaction and each row a compare-and-set: it may be stopped and begun again
anywhere, and run beside sends, changes and erasures. The blind index's own key comes last, so that it
tells at a glance whether a rotation is complete.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Column, Row
from sqlalchemy.ext.asyncio import AsyncEngine

from service.actions import audit_log
from service.crypto import email_addresses, index_key, sealed_json
from service.crypto.keyring import DecryptionError, Keyring
from service.store.admin.audit import Operator
from service.store.people import key_rotation as store
from service.store.sql.database import reading, writing
from service.system import System

_log = structlog.get_logger("resealing")

_CHUNK = 500

#: Seconds of one pass of a command; passes follow each other until nothing is left.
_PASS = 60.0
_MOST_PASSES = 10_000


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """A table's column that holds what was sealed for `purpose`, and what each row's value is bound to."""

    table: str
    purpose: str
    bound_to: Callable[[Row[Any]], bytes]

    @property
    def column(self) -> Column[bytes]:
        """The column itself."""
        return store.COLUMNS[self.table]


def _person(row: Row[Any]) -> bytes:
    return int(row.subscriber_id).to_bytes(8)


#: Every sealed column, but for the wrapped key.
SEALED = (
    EncryptedColumn("subscriber", email_addresses.PURPOSE, lambda row: bytes(row.public_id)),
    EncryptedColumn("consent", sealed_json.EVIDENCE, _person),
    EncryptedColumn("request", "request", lambda row: str(row.kind).encode()),
    EncryptedColumn("address_change", sealed_json.CONTEXT, _person),
    EncryptedColumn("delivery", sealed_json.CONTEXT, _person),
)


@dataclass(frozen=True, slots=True)
class RotationProgress:
    """What a pass came to. `done`: nothing readable is left; `unreadable` rows need a dropped key."""

    rows: int
    unreadable: int
    done: bool


async def remaining(database: AsyncEngine, keyring: Keyring) -> int:
    """How many rows are sealed by an older key."""
    async with reading(database) as connection:
        return sum(
            [
                await store.count(connection, encrypted.column, keyring.current_key_id(encrypted.purpose))
                for encrypted in SEALED
            ]
        )


async def is_complete(database: AsyncEngine, keyring: Keyring) -> bool:
    """Whether a rotation to the newest key was carried to its end."""
    async with reading(database) as connection:
        return await index_key.is_current(connection, keyring)


async def reencrypt(
    database: AsyncEngine,
    keyring: Keyring,
    *,
    seconds: float,
    progress: Callable[[int], None] = lambda rows: None,
) -> RotationProgress:
    """Seals anew for about `seconds` at most; `progress` hears of each chunk's rows."""
    until, rows, unreadable = time.monotonic() + seconds, 0, 0
    for encrypted in SEALED:
        after = 0
        while True:
            if time.monotonic() > until:
                return RotationProgress(rows, unreadable, done=False)
            chunk = await _chunk(database, keyring, encrypted, after)
            if chunk is None:
                break
            after, resealed, failed = chunk
            rows, unreadable = rows + resealed, unreadable + failed
            progress(resealed)
    async with writing(database) as connection:
        await index_key.rewrap(connection, keyring)
    return RotationProgress(rows, unreadable, done=True)


class RowsLeft(Exception):
    """So many `rows` are still sealed by another key: one that is gone, or that sealed them meanwhile."""

    def __init__(self, rows: int) -> None:
        super().__init__("rows are still sealed by another key")
        self.rows = rows


async def rotate(
    system: System, operator: Operator, now: datetime, progress: Callable[[int, int], None]
) -> RotationProgress:
    """Carries a rotation to its end, beside the workers that do the same in the background.

    `progress` gets how many rows are done, and of how many. Afterwards older keys may be dropped from
    ALERTS_SECRET_KEYS. Raises RowsLeft. Audited.
    """
    await audit_log.record(system, operator, "keys.rotate", now=now)
    total, done = await remaining(system.database, system.keyring), 0

    def add(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, max(total, done))

    for _ in range(_MOST_PASSES):
        result = await reencrypt(system.database, system.keyring, seconds=_PASS, progress=add)
        if result.done:
            break
    left = await remaining(system.database, system.keyring)
    if left:
        raise RowsLeft(left)
    return result


async def _chunk(
    database: AsyncEngine, keyring: Keyring, encrypted: EncryptedColumn, after: int
) -> tuple[int, int, int] | None:
    """One transaction: the last id looked at, rows sealed anew and rows that no key opens."""
    key_id, resealed, unreadable = keyring.current_key_id(encrypted.purpose), 0, 0
    async with writing(database) as connection:
        found = await store.outdated(connection, encrypted.column, key_id, after=after, limit=_CHUNK)
        for row in found:
            try:
                plain = keyring.open(
                    getattr(row, encrypted.column.name), encrypted.purpose, encrypted.bound_to(row)
                )
            except DecryptionError:
                unreadable += 1
                _log.error("row_unreadable", table=encrypted.table, row=row.id)
                continue
            sealed = keyring.seal(plain, encrypted.purpose, encrypted.bound_to(row))
            resealed += await store.replace(connection, encrypted.column, row, sealed, key_id)
    return (found[-1].id, resealed, unreadable) if found else None

"""Rotation of the secret keys: reencrypts, in chunks, all values that an older key encrypted.

Each chunk is a short transaction and each row a compare-and-set, so a rotation may be interrupted and
resumed anywhere, and run concurrently with sends, changes and erasures. The key of the blind index is
reencrypted last: its key id shows whether a rotation is complete.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from math import inf

import structlog
from sqlalchemy import Column
from sqlalchemy.ext.asyncio import AsyncEngine

from service.actions import audit_log
from service.crypto import email_addresses, index_key, sealed_json
from service.crypto.keyring import DecryptionError, Keyring
from service.domain.buckets import BUCKETS
from service.store.audit import Operator
from service.store.people import key_rotation as store
from service.store.sql.database import reading, writing
from service.system import System

_log = structlog.get_logger("resealing")

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """The encrypted column of a table, and the purpose that it is encrypted for."""

    table: str
    purpose: str

    @property
    def column(self) -> Column[bytes]:
        """The column itself."""
        return store.COLUMNS[self.table]


def _associated_data(bound_to: int | bytes | str) -> bytes:
    """The associated data with which a row's value was encrypted."""
    match bound_to:
        case int():
            return bound_to.to_bytes(8)
        case str():
            return bound_to.encode()
        case bytes():
            return bound_to


#: All encrypted columns except the wrapped key.
SEALED = (
    EncryptedColumn("subscriber", email_addresses.PURPOSE),
    EncryptedColumn("consent", sealed_json.EVIDENCE),
    EncryptedColumn("request", "request"),
    EncryptedColumn("address_change", sealed_json.CONTEXT),
    EncryptedColumn("delivery", sealed_json.CONTEXT),
)


@dataclass(frozen=True, slots=True)
class RotationProgress:
    """The result of a pass. `done`: nothing readable is left; `unreadable` rows need a dropped key."""

    rows: int
    unreadable: int
    done: bool


@dataclass(slots=True)
class RotationPosition:
    """The point at which a rotation of several passes goes on: the part (an encrypted column of a bucket),
    and the last row of it that was read. Each pass looks at what the one before has left, however much that
    is.
    """

    part: int = 0
    after: int = 0


_PARTS = tuple(product(SEALED, BUCKETS))


async def remaining(database: AsyncEngine, keyring: Keyring) -> int:
    """The number of rows that an older key encrypted."""
    async with reading(database) as connection:
        return sum(
            [
                await store.count(connection, encrypted.column, keyring.current_key_id(encrypted.purpose))
                for encrypted in SEALED
            ]
        )


async def is_complete(database: AsyncEngine, keyring: Keyring) -> bool:
    """Whether the rotation to the newest key is complete."""
    async with reading(database) as connection:
        return await index_key.is_current(connection, keyring)


async def reencrypt(
    database: AsyncEngine,
    keyring: Keyring,
    *,
    seconds: float,
    position: RotationPosition | None = None,
    progress: Callable[[int], None] = lambda rows: None,
) -> RotationProgress:
    """Reencrypts for about `seconds` at most, a chunk at least, and sets `position` to where to go on.

    `progress` is called with each chunk's number of rows.
    """
    until, rows, unreadable = time.monotonic() + seconds, 0, 0
    at = position or RotationPosition()
    while at.part < len(_PARTS):
        chunk = await _chunk(database, keyring, *_PARTS[at.part], at.after)
        if chunk is None:
            at.part, at.after = at.part + 1, 0
        else:
            at.after, resealed, failed = chunk
            rows, unreadable = rows + resealed, unreadable + failed
            progress(resealed)
        if time.monotonic() > until:
            return RotationProgress(rows, unreadable, done=False)
    async with writing(database) as connection:
        await index_key.rewrap(connection, keyring)
    return RotationProgress(rows, unreadable, done=True)


class RowsLeft(Exception):
    """`rows` rows are still encrypted by another key: a dropped one, or one in use meanwhile."""

    def __init__(self, rows: int) -> None:
        super().__init__("rows are still encrypted by another key")
        self.rows = rows


async def rotate(
    system: System, operator: Operator, now: datetime, progress: Callable[[int, int], None]
) -> RotationProgress:
    """Completes a rotation, concurrently with the workers, which do the same in the background.

    `progress` is called with the rows done and their total. Afterwards older keys may be dropped from
    ALERTS_SECRET_KEYS. Raises RowsLeft. Audited.
    """
    await audit_log.record(system, operator, "keys.rotate", now=now)
    total, done = await remaining(system.database, system.keyring), 0

    def add(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, max(total, done))

    result = await reencrypt(system.database, system.keyring, seconds=inf, progress=add)
    left = await remaining(system.database, system.keyring)
    if left:
        raise RowsLeft(left)
    return result


async def _chunk(
    database: AsyncEngine, keyring: Keyring, encrypted: EncryptedColumn, bucket: int, after: int
) -> tuple[int, int, int] | None:
    """One transaction; returns the last id read, and the numbers of reencrypted and of unreadable rows."""
    key_id = keyring.current_key_id(encrypted.purpose)
    resealed = list[tuple[store.EncryptedRow, bytes]]()
    async with writing(database) as connection:
        found = await store.outdated(
            connection, encrypted.column, key_id, bucket=bucket, after=after, limit=_CHUNK
        )
        for row in found:
            try:
                plain = keyring.open(row.sealed, encrypted.purpose, _associated_data(row.bound_to))
            except DecryptionError:
                _log.error("row_unreadable", table=encrypted.table, row=row.id)
                continue
            sealed = keyring.seal(plain, encrypted.purpose, _associated_data(row.bound_to))
            resealed.append((row, sealed))
        replaced = 0
        if resealed:
            replaced = await store.replace(connection, encrypted.column, resealed, key_id, bucket=bucket)
    return (found[-1].id, replaced, len(found) - len(resealed)) if found else None

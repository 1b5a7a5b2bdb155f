"""The key of the blind index: made once and stored encrypted, so that the secret keys can rotate."""

import os

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.crypto.email_addresses import AddressIndex
from service.crypto.keyring import DecryptionError, Keyring
from service.store.people import key_rotation as store
from service.store.sql.database import reading, writing

_INDEX = "address-index"
_PURPOSE = "wrapped-key"


async def _load_or_create(connection: AsyncConnection, keyring: Keyring, name: str) -> bytes:
    sealed = await store.wrapped_key(connection, name)
    if sealed is None:
        fresh = keyring.seal(os.urandom(32), _PURPOSE, name.encode())
        sealed = await store.store_wrapped_key(connection, name, fresh)
    try:
        return keyring.open(sealed, _PURPOSE, name.encode())
    except DecryptionError:
        raise DecryptionError(
            "ALERTS_SECRET_KEYS holds none of the keys that this database was written with: add them behind "
            "the new one."
        ) from None


async def address_index(database: AsyncEngine, keyring: Keyring) -> AddressIndex:
    """The blind index of this database. Raises DecryptionError if no secret key decrypts its key."""
    async with reading(database) as connection:  # also starts while the database is read-only
        if await store.wrapped_key(connection, _INDEX) is not None:
            return AddressIndex(await _load_or_create(connection, keyring, _INDEX))
    async with writing(database) as connection:
        return AddressIndex(await _load_or_create(connection, keyring, _INDEX))


async def stored_key_opens(connection: AsyncConnection, keyring: Keyring) -> bool | None:
    """Whether a secret key decrypts the stored key; None if none is stored yet."""
    sealed = await store.wrapped_key(connection, _INDEX)
    if sealed is None:
        return None
    try:
        keyring.open(sealed, _PURPOSE, _INDEX.encode())
    except DecryptionError:
        return False
    return True


async def rewrap(connection: AsyncConnection, keyring: Keyring) -> None:
    """Reencrypts the stored key with the newest secret key."""
    key = await _load_or_create(connection, keyring, _INDEX)
    await store.replace_wrapped_key(connection, _INDEX, keyring.seal(key, _PURPOSE, _INDEX.encode()))


async def is_current(connection: AsyncConnection, keyring: Keyring) -> bool:
    """Whether the stored key is encrypted with the newest secret key."""
    sealed = await store.wrapped_key(connection, _INDEX)
    return sealed is not None and keyring.is_current(sealed, _PURPOSE)

"""Message keys, the local parts of Message-IDs: a time, the masked bucket, and an unguessable part."""

import secrets
from datetime import datetime

from service.domain.buckets import bucket_of_random, random_with_bucket
from service.store.sql.columns import time_prefix

#: The position of the bucket in a message key.
_BUCKET = slice(8, 12)


def message_key_prefix(bucket: int, now: datetime) -> str:
    """The 12 hexadecimal digits that a message key begins with: its time, and its bucket, masked."""
    return time_prefix(now) + random_with_bucket(bucket, 2).hex()


def new_message_key(bucket: int, now: datetime) -> str:
    """A message key of 32 hexadecimal digits."""
    return message_key_prefix(bucket, now) + secrets.token_hex(10)


def bucket_of_message_key(message_key: str) -> int | None:
    """The bucket that a message key carries; None when it can't be one of ours."""
    try:
        return bucket_of_random(bytes.fromhex(message_key[_BUCKET]))
    except (IndexError, ValueError):
        return None

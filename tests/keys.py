"""Keys of rows that tests put into tables themselves."""

from itertools import count
from typing import Any

from service.domain.buckets import SHIFT, bucket_of, bucket_of_index

#: Higher than any database has counted; SQLite counts on from the last number, so the keys are far apart.
_NUMBERS = count(1 << 40, 1 << 20)


def key(bucket: int) -> dict[str, Any]:
    """The key of a row in a bucket."""
    return {"bucket": bucket, "id": next(_NUMBERS) << SHIFT | bucket}


def first_id(index: bytes) -> int:
    """The number of the first person who signed up at the form, whose request had the number before.

    `index`: the keyed index of the address.
    """
    return 2 << SHIFT | bucket_of_index(index)


def key_of(subscriber_id: int) -> dict[str, Any]:
    """The key of a row that belongs to a person, and whose it is."""
    return key(bucket_of(subscriber_id)) | {"subscriber_id": subscriber_id}

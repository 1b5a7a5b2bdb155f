"""Buckets: the people in equal parts, each of which can be planned, sent and stored apart from the others.

A person's bucket is drawn when they are created and never changes. The number of everything that belongs to
a person carries it in its lowest byte, so that a link, a bounce address or a message key leads to one bucket.
"""

import secrets
from collections.abc import Iterable

#: Buckets that a number can carry: 0 … 255.
CAPACITY = 256

#: Buckets that people are spread over. Each costs the workers some statements in every round; more workers
#: or database nodes than this share no work. Raise it before there are more.
IN_USE = 16

#: All of them.
BUCKETS = range(IN_USE)

#: Bits of a number that carry its bucket.
SHIFT = 8


def bucket_of(number: int) -> int:
    """The bucket that the number of a person, a subscription, a mail, … carries."""
    return number & (CAPACITY - 1)


def buckets_of(numbers: Iterable[int]) -> set[int]:
    """The buckets of these numbers."""
    return {number & (CAPACITY - 1) for number in numbers}


def common_bucket(numbers: Iterable[int]) -> int:
    """The one bucket of these numbers; 0 without any.

    Raises ValueError if they belong to several: a statement that names one would miss the others.
    """
    found = buckets_of(numbers)
    if len(found) > 1:
        raise ValueError("these rows belong to several buckets")
    return found.pop() if found else 0


def by_bucket(numbers: Iterable[int]) -> dict[int, list[int]]:
    """The numbers of each bucket, in the order given."""
    grouped: dict[int, list[int]] = {}
    for number in numbers:
        grouped.setdefault(number & (CAPACITY - 1), []).append(number)
    return grouped


def bucket_of_index(index: bytes) -> int:
    """The bucket of a keyed hash: of a new person by their address, of a request by its mailbox."""
    return index[0] % IN_USE


def random_with_bucket(bucket: int, size: int) -> bytes:
    """`size` random octets that carry a bucket: it is masked, so that equal buckets look different."""
    mask = secrets.token_bytes(size - 1)
    return bytes((mask[0] ^ bucket,)) + mask


def bucket_of_random(octets: bytes) -> int:
    """The bucket that `random_with_bucket` put into these octets."""
    return octets[0] ^ octets[1]

"""Sharing of buckets among workers: equal parts, taken over after a death, given up to newcomers."""

from collections.abc import Collection, Mapping
from datetime import datetime
from math import ceil
from typing import NamedTuple


class Lease(NamedTuple):
    """A bucket's worker (None: nobody), and the end of its lease (UTC)."""

    worker: str | None
    until: datetime | None

    def is_free(self, now: datetime) -> bool:
        """Whether another worker may take the bucket."""
        return self.worker is None or self.until is None or self.until <= now


class Share(NamedTuple):
    """The leases that a worker renews, gives up and takes."""

    keep: list[int]
    give_up: list[int]
    take: list[int]


def share_of(worker: str, leases: Mapping[int, Lease], running: Collection[str], now: datetime) -> Share:
    """The share of a worker among those that are `running`, itself included or not.

    It takes free buckets up to its part, and gives up those above it while another worker lacks some: so
    nothing moves between workers that come to the same numbers.
    """
    workers = {*running, worker}
    part = ceil(len(leases) / len(workers))
    mine = [bucket for bucket, lease in sorted(leases.items()) if lease.worker == worker]
    held = dict.fromkeys(workers - {worker}, 0)
    for lease in leases.values():
        if lease.worker in held and not lease.is_free(now):
            held[lease.worker] += 1
    lacking = any(number < len(leases) // len(workers) for number in held.values())
    keep, give_up = (mine[:part], mine[part:]) if lacking else (mine, [])
    free = [
        bucket for bucket, lease in sorted(leases.items()) if lease.worker != worker and lease.is_free(now)
    ]
    return Share(keep, give_up, free[: max(0, part - len(keep))])

"""The buckets in which mail is due, the most urgent first, shared by the lanes of one run."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from service.domain.buckets import BUCKETS
from service.store.mail import due_mail
from service.store.sql import clock
from service.system import System

#: Seconds after which all buckets are checked again: mail that somebody waits for must not wait for a run.
LOOK_AGAIN = 1.0


class DueBuckets:
    """Hands out buckets in turn. One in which nothing could be claimed is left to others for a while."""

    def __init__(self, system: System, buckets: Sequence[int] = BUCKETS) -> None:
        self._system, self._buckets = system, buckets
        self._looking = asyncio.Lock()
        self._due: deque[int] = deque()
        self._looked_at = float("-inf")
        self._nothing_due = False
        self._served_at: dict[int, float] = {}
        self._left_until: dict[int, float] = {}

    async def next(self) -> int | None:
        """The bucket to claim from, None when no mail is due.

        Once nothing is due, no lane asks the database again for LOOK_AGAIN seconds or until a batch was sent.
        """
        async with self._looking:
            looked = bool(self._due) or self._nothing_due
            if not looked or time.monotonic() - self._looked_at > LOOK_AGAIN:
                await self._look()
            return self._due.popleft() if self._due else None

    def served(self, bucket: int, taken: int) -> None:
        """Reports how many mails were claimed from a bucket that `next` gave out."""
        now = time.monotonic()
        self._served_at[bucket] = now
        self._nothing_due = False
        if taken == 0:
            self._left_until[bucket] = now + LOOK_AGAIN

    async def _look(self) -> None:
        self._looked_at = now = time.monotonic()
        served = dict(self._served_at)
        buckets = [bucket for bucket in self._buckets if self._left_until.get(bucket, 0) <= now]
        async with self._system.reading() as connection:
            found = await due_mail.due_priorities(connection, buckets, clock.now(self._system.database))
        found.sort(key=lambda due: (due[0], self._served_at.get(due[1], 0)))
        self._due = deque(bucket for _, bucket in found)
        self._nothing_due = not found and self._served_at == served

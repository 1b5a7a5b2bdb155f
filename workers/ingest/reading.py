"""Reads waiting events: those of a transaction, and the next ones while the database stores these."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.events.snapshot import InvalidSnapshot
from service.runtime.cooperative import batched, cooperatively
from service.store.changes import events
from service.store.changes.events import WaitingEvent
from service.system import System
from workers.ingest import decoded_event
from workers.ingest.decoded_event import DecodedEvent

#: Events per transaction.
BATCH = 500

#: Events after which the loop yields: the transaction before has statements to send in the meantime.
_YIELD_EVERY = 3

_LONGEST_REASON = 200


class ReadEvents(NamedTuple):
    """Events that waited, decoded; `dead`: why others can't be, by id. `is_last`: no more waited."""

    ids: list[int]
    decoded: list[DecodedEvent]
    dead: dict[int, str]
    is_last: bool


async def read(rows: Sequence[WaitingEvent]) -> ReadEvents:
    """Decodes events, while other tasks get their turns."""
    decoded, dead = list[DecodedEvent](), dict[int, str]()
    async for part in cooperatively(batched(rows, _YIELD_EVERY)):
        for row in part:
            try:
                decoded.append(decoded_event.read(row))
            except ValueError as error:
                dead[row.id] = reason_of(error)
    return ReadEvents([row.id for row in rows], decoded, dead, is_last=len(rows) < BATCH)


def reason_of(error: Exception) -> str:
    """Why an event can't be processed: the error's type and the fields at fault, never its text."""
    fields = {str(field) for field, _ in error.problems} if isinstance(error, InvalidSnapshot) else set()
    name = type(error).__name__
    return f"{name}: {', '.join(sorted(fields))}"[:_LONGEST_REASON] if fields else name


class ReadAhead:
    """The next transaction's events, read and decoded while the database is busy with this one's.

    They are read without a lock, so `still_wait` says under the log's lock whether they may be processed.
    If another worker was quicker, the read was in vain, and this worker stops reading ahead.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._task: asyncio.Task[ReadEvents] | None = None
        self._is_alone = True

    def begin(self, last: int) -> None:
        """Begins to read the events that follow the one with the id `last`."""
        if self._is_alone and self._task is None:
            self._task = asyncio.create_task(self._read(last))

    async def _read(self, last: int) -> ReadEvents:
        async with self._system.reading() as connection:
            rows = await events.waiting(connection, BATCH, after=last)
        return await read(rows)

    async def take(self) -> ReadEvents | None:
        """The events read, or None. Events before these may wait by now, so none are the last."""
        found = await asyncio.shield(self._task) if self._task else None
        self._task = None
        return found._replace(is_last=False) if found and found.ids else None

    async def still_wait(self, connection: AsyncConnection, found: ReadEvents) -> bool:
        """Whether all of them wait; the caller must have the log's lock."""
        self._is_alone = await events.all_wait(connection, found.ids)
        return self._is_alone

    async def aclose(self) -> None:
        """Waits for the end of a read in progress; ignores its errors, which the transaction meets too."""
        if self._task:
            await asyncio.wait({self._task})
            with suppress(Exception):
                self._task.result()

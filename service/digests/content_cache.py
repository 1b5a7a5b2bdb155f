"""What the digests of a worker's batches have in common, kept for the next ones: log entries and blocks."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.digests.already_known import AnnouncementCache
from service.domain.digests.blocks import LogEntry, TrialBlock
from service.domain.digests.filters import Filters

#: Octets of snapshots, and blocks, cached for the next batches: those of a run have most content in common.
_MOST_OCTETS = 24_000_000
_MOST_BLOCKS = 4_000
_MOST_REQUESTS = 50_000

#: Seconds after which they are loaded again: mail that leaves later shows the trials as they are then.
_LONGEST_KEPT = 60.0


@dataclass(frozen=True, slots=True)
class TopicChanges:
    """A topic's name, its part of the log in (low, high], and the snapshots (JSON text) of its trials.

    `name`: its key and its name. `by_reader`: some entry depends on the start and the cursor of a
    subscription. Of the trials with an entry that was derived late (`late`) the entries up to `low` are
    included. `silent`: see `silently_changed`. It keeps its own references: another batch may empty the cache
    meanwhile.
    """

    name: tuple[str, str]
    low: int
    high: int
    entries: Sequence[LogEntry]
    snapshots: Mapping[str, str]
    by_reader: bool
    late: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()

    def covers(self, low: int, high: int) -> bool:
        """Whether the interval is included."""
        return self.low <= low and self.high >= high


@dataclass(slots=True)
class ContentCache:
    """Log entries and blocks shared by the batches of a worker's run; emptied when it grows large, and each
    minute.

    `blocks`: by everything that they depend on. `by_request`: the same blocks by the request's own values,
    for subscriptions without filters, which are most.
    """

    changes: dict[int, TopicChanges] = field(default_factory=dict)
    octets: int = 0
    blocks: dict[tuple[Any, ...], tuple[TrialBlock, ...]] = field(default_factory=dict)
    by_request: dict[tuple[Any, ...], tuple[TrialBlock, ...]] = field(default_factory=dict)
    filters: dict[bytes, Filters | None] = field(default_factory=dict)
    news: AnnouncementCache = field(default_factory=AnnouncementCache)
    clock: Callable[[], float] = time.monotonic
    emptied_at: float = 0.0

    def drop_old(self) -> None:
        """Empties the cache if its content may be too old."""
        if self.clock() - self.emptied_at > _LONGEST_KEPT:
            self.clear()

    def keep(self, changes: Mapping[int, TopicChanges]) -> None:
        """Adds the changes of some topics; empties the cache first if it is full."""
        if (
            self.octets > _MOST_OCTETS
            or len(self.blocks) > _MOST_BLOCKS
            or len(self.by_request) > _MOST_REQUESTS
        ):
            self.clear()
        self.changes.update(changes)
        self.octets += sum(len(text) for topic in changes.values() for text in topic.snapshots.values())

    def clear(self) -> None:
        """Empties the cache."""
        self.changes.clear()
        self.blocks.clear()
        self.by_request.clear()
        self.filters.clear()
        self.news.by_kind = {}
        self.octets = 0
        self.emptied_at = self.clock()

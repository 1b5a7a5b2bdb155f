"""`registry watch`: polls the registry for changed studies, and sends them to the service.

Two walks through the registry's pages. The updates: studies updated since the newest day read, with some days
of overlap, because the registry publishes in batches and corrects. The sweep: a few pages of all studies per
poll, in turn, because some changes have no date: a study that becomes UNKNOWN, a town with another spelling.
Both compare each study with the one last sent, by a digest of its content.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from service.cli.context import CommandFailed
from service.cli.registry.api import RegistryApi, TokenRefused
from service.cli.registry.outbox import Outbox, Polled
from service.cli.registry.state import RegistryState
from service.cli.registry.strays import read_strays

UPDATES = "updates"
SWEEP = "sweep"
_SELECTION = "selection"
_LOADED = "first load"
_NEWEST = "newest update"
_SWEEP_NUMBER = "sweep number"
_MOST_EXPIRED = 5

#: Called after each page: the walk, the studies read, and their total if known.
PollProgress = Callable[[str, int, int | None], None]


class Walk(msgspec.Struct, frozen=True):
    """The progress of a walk through the pages. It starts at the day `since`, None for all studies.

    `newest` is the newest day of update read, `ordered` whether the pages are in that order: then a walk
    whose page token has expired can continue from that day.
    """

    since: str | None = None
    token: str | None = None
    read: int = 0
    total: int | None = None
    newest: str | None = None
    ordered: bool = True

    def from_newest_day(self) -> "Walk":
        """The walk without its page token: it reads the newest day again, or everything if out of order."""
        return Walk(since=self.newest if self.ordered and self.newest else self.since)


@dataclass(slots=True)
class Poller:
    """Polls the registry `api`, with its `state` file and `outbox`.

    `notify`: the first load notifies people too. `overlap` is in days, `sweep_pages` per poll.
    """

    state: RegistryState
    api: RegistryApi
    outbox: Outbox
    notify: bool = False
    overlap: int = 3
    sweep_pages: int = 10
    progress: PollProgress = lambda walk, read, total: None

    async def poll(self) -> Polled:
        """Finds changed studies and sends them. Raises CommandFailed; pages read before that are stored."""
        polled = Polled()
        with self.state.named():
            try:
                await self._poll(polled)
            except BaseException:
                self.state.rollback()
                raise
        return polled

    async def _poll(self, polled: Polled) -> None:
        await self.outbox.send(polled)
        self._begin()
        loaded = self.state.get(_LOADED) is not None
        await self._walk(UPDATES, polled, quiet=not (loaded or self.notify))
        if loaded:
            await self._walk(SWEEP, polled, quiet=True, most_pages=self.sweep_pages)
            await read_strays(self.outbox, self.api, polled, sweep=self.sweep, most=self.sweep_pages)

    @property
    def sweep(self) -> int:
        """The number of the current sweep, from 1."""
        return int(self.state.get(_SWEEP_NUMBER) or 1)

    @property
    def _newest(self) -> str | None:
        """The newest day of update that earlier polls read."""
        newest = self.state.get(_NEWEST)
        return newest if newest and _has_come(newest) else None

    def _begin(self) -> None:
        """Starts a new first load if the selection of studies has changed."""
        selection = msgspec.json.encode(self.api.selection).decode()
        if self.state.get(_SELECTION) != selection:
            for name in (_LOADED, _NEWEST, UPDATES, SWEEP):
                self.state.put(name, None)
            self.state.put(_SELECTION, selection)
            self.state.commit()

    def _start(self, name: str) -> Walk:
        """Resumes a walk, or starts it.

        Updates resume from the newest day read, since pages shift while studies are updated. The sweep
        resumes from its page, since a day of the past may fill more pages than a poll reads.
        """
        if stored := self.state.get(name):
            walk = msgspec.json.decode(stored, type=Walk)
            return walk.from_newest_day() if name == UPDATES and walk.ordered else walk
        newest = self._newest if name == UPDATES else None
        return Walk(since=_days_before(newest, self.overlap) if newest else None)

    async def _walk(self, name: str, polled: Polled, *, quiet: bool, most_pages: int | None = None) -> None:
        """Reads up to `most_pages`; commits each with its events, and then sends these."""
        walk: Walk | None = self._start(name)
        pages = expired = 0
        tokens = set[str]()
        while walk is not None and (most_pages is None or pages < most_pages):
            try:
                page = await self.api.page(since=walk.since, token=walk.token)
            except TokenRefused:
                expired += 1
                if expired > _MOST_EXPIRED:
                    raise CommandFailed("The registry refuses its own page tokens.") from None
                walk = walk.from_newest_day()
                tokens.clear()
                continue
            if walk.token:
                tokens.add(walk.token)
            if page.next_token in tokens:
                raise CommandFailed("The registry names the same page as the next one again.")
            self.outbox.enqueue(page.studies, polled, sweep=self.sweep, quiet=quiet)
            walk = _advanced(walk, page.studies, page.next_token, page.total)
            self.progress(name, walk.read, walk.total)
            pages += 1
            walk = self._keep(name, walk)
            await self.outbox.send(polled)

    def _keep(self, name: str, walk: Walk) -> Walk | None:
        """Commits a page: revisions, events and progress. Returns None after the last page."""
        if walk.token:
            self.state.put(name, msgspec.json.encode(walk).decode())
        else:
            self.state.put(name, None)
            if name == SWEEP:
                self.state.put(_SWEEP_NUMBER, str(self.sweep + 1))
            else:
                self.state.put(_LOADED, "done")
                newest = max(filter(None, (walk.newest, self._newest)), default=None)
                self.state.put(_NEWEST, newest)
        self.state.commit()
        return walk if walk.token else None


def _advanced(walk: Walk, studies: list[Any], token: str | None, total: int | None) -> Walk:
    days = [day for study in studies if (day := _updated(study))]
    in_order = days == sorted(days) and not (days and walk.newest and days[0] < walk.newest)
    return Walk(
        since=walk.since,
        token=token,
        read=walk.read + len(studies),
        total=walk.total if total is None else total,
        newest=max([*days, walk.newest or ""]) or None,  # ISO days: their order is that of their text
        ordered=walk.ordered and in_order,
    )


def _updated(study: Any) -> str | None:
    """The day of a study's last update, if valid."""
    try:
        text = study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]
        day = date.fromisoformat(text).isoformat()
    except (LookupError, TypeError, ValueError):
        return None
    return day if _has_come(day) else None


def _has_come(day: str) -> bool:
    """Whether a day has begun somewhere on Earth; a walk from a later one would miss the days before it."""
    return day <= (datetime.now(UTC).date() + timedelta(days=1)).isoformat()


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()

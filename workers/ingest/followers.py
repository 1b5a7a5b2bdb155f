"""Moves the followers of trials that are removed or merged, and that come back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import EndReason
from service.domain.trials.lifecycle import Trial, TrialState, chain_of_mergers
from service.store.changes import trials as store
from service.store.people import trial_endings, trial_returns
from workers.ingest.news import PlacedEvents


@dataclass(frozen=True, slots=True)
class _Mergers:
    """Which trials are removed, and which were merged into which."""

    removed: frozenset[str]
    into: Mapping[str, str]

    def chain(self, nct_id: str) -> list[str]:
        """The trial and those that it goes on as, one after the other."""
        return chain_of_mergers(nct_id, self.into)

    def outcome(self, nct_id: str) -> tuple[str, bool]:
        """The trial that this one goes on as (itself, if it was not merged), and whether that is removed."""
        end = self.chain(nct_id)[-1]
        return end, end in self.removed

    def merged_into_same_end(self, nct_id: str, among: Iterable[str]) -> list[str]:
        """The other merged trials that go on as the same one."""
        end = self.chain(nct_id)[-1]
        return [
            other
            for other in among
            if other in self.into and other != nct_id and self.chain(other)[-1] == end
        ]

    def nearest_first(self, nct_ids: Iterable[str]) -> list[str]:
        """The trials in the order of the length of their chains, then of their numbers."""
        return sorted(nct_ids, key=lambda nct_id: (len(self.chain(nct_id)), nct_id))


async def move_followers(
    connection: AsyncConnection, placed: Sequence[PlacedEvents], topic_ids: Mapping[str, int], now: datetime
) -> bool:
    """Ends or moves the followers of trials that are gone; undoes ends that were not reported yet.

    The result for followers depends on the newest states alone, not on unreported earlier ones: followers of
    a trial at the beginning of a chain of mergers follow the one at its end, and nothing between. If several
    of a person's subscriptions lead to one trial, the trials decide which of them counts, not the order of
    events. Returns whether a trial returned, or goes on as another one than before.
    """
    changed = {group.trial.nct_id for group in placed if _state(group.before) != _state(group.trial)}
    ended = {
        group.trial.nct_id
        for group in placed
        if group.trial.state is not TrialState.PRESENT
        and (group.before is None or group.trial.revision > group.before.revision)
    }
    if not changed | ended:
        return False
    topics = {**await store.merged(connection), **topic_ids}
    before, after = await _mergers(connection, placed, topics)
    moved = {nct_id for nct_id in topics if before.outcome(nct_id) != after.outcome(nct_id)} | changed
    ends = {which.chain(nct_id)[-1] for which in (before, after) for nct_id in moved | ended}
    topics |= await store.upsert_topics(connection, dict.fromkeys(ends - topics.keys()))
    beside = {nct_id for nct_id in topics if after.chain(nct_id)[-1] in ends and nct_id in after.into} - moved
    await trial_endings.lock_followers(connection, [topics[nct_id] for nct_id in moved | ended | beside])
    for nct_id in before.nearest_first(moved | beside):
        if nct_id in before.removed or nct_id in before.into:
            await trial_returns.undo_endings(
                connection,
                topics[nct_id],
                now,
                others=[topics[other] for other in before.merged_into_same_end(nct_id, topics)],
                beside=None if nct_id in moved else [topics[other] for other in moved],
            )
    await _end(connection, after, moved | ended | beside, topics, now)
    return any(nct_id in before.into for nct_id in moved)


def _state(trial: Trial | None) -> tuple[TrialState, str | None]:
    return (trial.state, trial.merged_into) if trial else (TrialState.PRESENT, None)


async def _mergers(
    connection: AsyncConnection, placed: Sequence[PlacedEvents], nct_ids: Collection[str]
) -> tuple[_Mergers, _Mergers]:
    """The trials that these were merged into, before the events were placed and after, as stored."""
    earlier = {group.trial.nct_id: _state(group.before) for group in placed}
    then = {nct_id: into for nct_id, (_, into) in earlier.items() if into is not None}
    removed, into = set[str](), dict[str, str]()
    waiting, seen = {*nct_ids, *then.values()}, set[str]()
    while waiting:
        found = await store.gone(connection, waiting)
        seen |= waiting
        removed |= {nct_id for nct_id, target in found.items() if target is None}
        into |= {nct_id: target for nct_id, target in found.items() if target is not None}
        waiting = set(into.values()) - seen
    others_removed = removed - earlier.keys()
    were_removed = {nct_id for nct_id, (state, _) in earlier.items() if state is TrialState.REMOVED}
    unplaced = {nct_id: target for nct_id, target in into.items() if nct_id not in earlier}
    return (
        _Mergers(frozenset(others_removed | were_removed), unplaced | then),
        _Mergers(frozenset(removed), into),
    )


async def _end(
    connection: AsyncConnection,
    mergers: _Mergers,
    nct_ids: Collection[str],
    topics: Mapping[str, int],
    now: datetime,
) -> None:
    """Moves the followers of merged trials to the ones at the end; ends those of trials that are removed.

    Each merger has a time of its own, by which `undo_endings` finds the copies that it made.
    """
    for number, nct_id in enumerate(mergers.nearest_first(nct_ids)):
        (end, is_removed), at = mergers.outcome(nct_id), now + timedelta(microseconds=number)
        if is_removed:
            await trial_endings.end_followers(connection, topics[nct_id], EndReason.REMOVED, at)
        elif end != nct_id:
            await trial_endings.follow_instead(connection, topics[nct_id], topics[end], at, number=nct_id)

"""Ingests trial events: places them among the trials' revisions, and stores the states they lead to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.events.cloudevents import TRIAL_MERGED, TRIAL_UPSERTED
from service.domain.trials.events.snapshot import may_notify
from service.domain.trials.lifecycle import EventResult, Trial, TrialState
from service.domain.trials.news.acceptance import History, ReceivedEvent, needs_history
from service.domain.trials.news.last_known import values_of
from service.domain.trials.news.revisions import Revision
from service.domain.trials.trial_ids import trial_number
from service.runtime.cooperative import background_task
from service.store.changes import aliases, revisions
from service.store.changes import trials as store
from workers.ingest import followers, histories, merger_cycles
from workers.ingest.decoded_event import DecodedEvent
from workers.ingest.news import ChangeRecord, PlacedEvents, ancestors, change_records, derived_news
from workers.ingest.placements import Placement

_log = structlog.get_logger("ingest")


class IngestedTrials(NamedTuple):
    """New change log records. `frees_merges`: a merge that led in a circle before may do so no more."""

    records: list[ChangeRecord]
    frees_merges: bool = False


async def place_events(
    connection: AsyncConnection,
    decoded: Sequence[DecodedEvent],
    results: dict[int, EventResult],
    next_seq: int,
) -> list[PlacedEvents]:
    """Places each event among its trial's revisions, and sets its result; the caller stores the placements.

    `next_seq` is the seq that the log's next entry has.
    """
    by_trial: dict[str, list[DecodedEvent]] = {}
    for event in sorted(decoded, key=lambda event: (event.subject, event.revision, event.id)):
        by_trial.setdefault(event.subject, []).append(event)
    stored = await _histories(connection, by_trial)
    placements = {
        nct_id: Placement.of(nct_id, stored[nct_id], (_arrived(event, next_seq) for event in events))
        for nct_id, events in by_trial.items()
    }
    await merger_cycles.open_circles(connection, placements)
    for placement in placements.values():
        results |= placement.results
    placed = [placement.placed for placement in placements.values() if placement.placed]
    for nct_id, placement in placements.items():
        for withdrawn in placement.withdrawn:
            await revisions.remove(connection, nct_id, withdrawn.revision.number)
    for event_id, result in results.items():
        if result is EventResult.CONFLICT:
            _log.warning("event_conflicts", event_id=event_id)
    return placed


async def _histories(
    connection: AsyncConnection, by_trial: Mapping[str, Sequence[DecodedEvent]]
) -> dict[str, History]:
    """The stored trials, with their revisions where events don't just follow the newest one."""
    stored = await histories.newest(connection, by_trial.keys())
    out_of_order = {
        nct_id: stored[nct_id]
        for nct_id, events in by_trial.items()
        if any(
            needs_history(stored[nct_id].trial, event.revision, ends=event.type != TRIAL_UPSERTED)
            for event in events
        )
    }
    return stored | await histories.whole(connection, out_of_order)


def _arrived(event: DecodedEvent, next_seq: int) -> ReceivedEvent:
    data = event.data
    snapshot, ending, state = None, None, TrialState.PRESENT
    if event.type == TRIAL_UPSERTED:
        snapshot = data
    elif event.type == TRIAL_MERGED:
        state, ending = TrialState.MERGED, {"into": data["into"]}
    else:
        state, ending = TrialState.REMOVED, {"explanation": data["explanation"]}
    revision = Revision(
        number=event.revision,
        digest=event.digest,
        state=state,
        seq=next_seq,
        event_id=event.id,
        observed_on=event.at.date(),
        may_notify=snapshot is None or may_notify(snapshot),
        is_correction=data.get("reason") == "correction",
        values=None if snapshot is None else values_of(snapshot),
        ending=ending,
    )
    return ReceivedEvent(revision, snapshot)


async def store_placed(
    connection: AsyncConnection,
    placed: Sequence[PlacedEvents],
    results: dict[int, EventResult],
    now: datetime,
    next_seq: int,
) -> IngestedTrials:
    """Stores revisions and newest states, moves or ends the followers of trials that ended.

    Entries of the log that no longer hold are marked; of events that bring nothing, the results are set.
    """
    if not placed:
        return IngestedTrials([])
    titles = {
        group.trial.nct_id: group.trial.snapshot["title"] if group.trial.snapshot else None
        for group in placed
    }
    topic_ids = await store.upsert_topics(connection, titles)
    above = await ancestors(connection, placed, now)
    async with background_task(_keep_newest(connection, placed, topic_ids, now)):
        news = await derived_news(placed, above)
        kept = [
            row for group in placed for row in revisions.rows_of(group.trial.nct_id, *group.series.whole())
        ]
    await _link_aliases(connection, placed, topic_ids, now)
    await revisions.upsert(connection, kept, now)
    frees = await followers.move_followers(connection, placed, topic_ids, now)
    records, unchanged = await change_records(connection, placed, news, topic_ids, next_seq)
    for group in placed:
        if group.trial.nct_id not in unchanged:
            continue
        for event in group.accepted:
            if group.before is not None and event.revision.number < group.before.revision:
                results[event.revision.event_id] = EventResult.STALE
    return IngestedTrials(records, frees)


async def _keep_newest(
    connection: AsyncConnection, placed: Sequence[PlacedEvents], topic_ids: Mapping[str, int], now: datetime
) -> None:
    """Stores the trials' newest states, none where no revision is left."""
    there = [group.trial for group in placed if group.series.revisions]
    await store.upsert(connection, [_row(trial, topic_ids[trial.nct_id]) for trial in there], now)
    if unknown := [group.trial.nct_id for group in placed if not group.series.revisions]:
        await store.remove(connection, unknown)


async def _link_aliases(
    connection: AsyncConnection,
    placed: Sequence[PlacedEvents],
    topic_ids: Mapping[str, int],
    now: datetime,
) -> None:
    """Makes the older numbers of trials lead to them, also of those that end with the same events.

    A number that a trial was merged into does not lead back to that trial.
    """
    present = {topic_ids[group.trial.nct_id] for group in placed if group.trial.state is TrialState.PRESENT}
    going_on = {
        group.trial.nct_id: await store.mergers_from(connection, group.trial.nct_id)
        for group in placed
        if group.trial.state is TrialState.MERGED
    }
    ends = {mergers[-1] for mergers in going_on.values()}
    named_by = await store.gone(connection, ends)
    back = [
        end
        for end in ends
        if (trial := named_by.get(end)) is not None and end in await store.mergers_from(connection, trial)
    ]
    ends_topics = await store.upsert_topics(connection, dict.fromkeys(back))
    await aliases.unlink(connection, present | set(ends_topics.values()))
    numbers = {
        number: topic_ids[group.trial.nct_id]
        for group in placed
        for alias in (group.trial.snapshot or {}).get("aliases") or ()
        if (number := trial_number(alias)) is not None
        and number not in (group.trial.nct_id, *going_on.get(group.trial.nct_id, ()))
    }
    await aliases.link(connection, numbers, now)


def _row(trial: Trial, topic_id: int) -> dict[str, Any]:
    return {
        "nct_id": trial.nct_id,
        "topic_id": topic_id,
        "revision": trial.revision,
        "state": trial.state.value,
        "digest": trial.digest,
        "snapshot": msgspec.json.encode(trial.snapshot).decode() if trial.snapshot else None,
        "snapshot_revision": trial.snapshot_revision,
        "merged_into": trial.merged_into,
        "remembered": msgspec.json.encode(trial.remembered).decode() if trial.remembered else None,
    }

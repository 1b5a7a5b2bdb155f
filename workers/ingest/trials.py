"""Ingests trial events: snapshots, removals, merges."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import EndReason
from service.domain.trials.cloudevents import TRIAL_MERGED, TRIAL_REMOVED, TRIAL_UPSERTED
from service.domain.trials.conditions import TOO_BROAD_NAMES, condition_key, display_name, slug
from service.domain.trials.lifecycle import (
    AddressedChange,
    Decision,
    EventResult,
    Trial,
    TrialState,
    backfill,
    classify_revision,
    merge,
    remove,
    upsert,
)
from service.domain.trials.text import fold
from service.store.changes import conditions, matching
from service.store.changes import trials as store
from service.store.people import trial_endings
from workers.ingest.stored_event import ChangeRecord, StoredEvent, change_record

_log = structlog.get_logger("ingest")

Decided = tuple[StoredEvent, Decision]


async def ingest_trials(
    connection: AsyncConnection,
    stored_events: Sequence[StoredEvent],
    results: dict[int, EventResult],
    dead: dict[int, str],
    now: datetime,
) -> list[ChangeRecord]:
    """Compares each event with the stored trial, by revision, and stores the newest states.

    Sets the result of each event (or why it is dead), and returns the new change log records.
    """
    ordered = sorted(stored_events, key=lambda event: (event.subject, event.revision, event.id))
    trials = await _load(connection, {event.subject for event in ordered})
    snapshots = [event.data for event in ordered] + [trial.known for trial in trials.values() if trial.known]
    named = {condition_key(c): c for data in snapshots for c in data.get("conditions", ())}
    above = await _ancestors(connection, named, now)
    decided: list[Decided] = []
    for event in ordered:
        try:
            decision = await _decide(connection, event, trials, above)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError) as error:
            dead[event.id] = type(error).__name__
            continue
        results[event.id] = decision.result
        if decision.result is EventResult.CONFLICT:
            _log.warning("event_conflicts", event_id=event.id)
        if decision.trial:
            trials[event.subject] = decision.trial
            decided.append((event, decision))
    return await _store(connection, trials, decided, now)


async def _ancestors(
    connection: AsyncConnection, named: Mapping[str, Mapping[str, Any]], now: datetime
) -> dict[str, set[str]]:
    """For each condition that trials name, by its key: the one that stands for it, and all above that."""
    new = await conditions.mention(connection, {key: _mentioned(c) for key, c in named.items()})
    if new:
        await matching.join(connection, new, now)
    stands = await conditions.representatives(connection, named)
    above = await conditions.ancestors(connection, {stands.get(key, key) for key in named})
    return {key: above.get(stands.get(key, key), {stands.get(key, key)}) for key in named}


async def _load(connection: AsyncConnection, nct_ids: set[str]) -> dict[str, Trial]:
    return {
        row.nct_id: Trial(
            row.nct_id,
            row.revision,
            TrialState(row.state),
            row.digest,
            msgspec.json.decode(row.snapshot) if row.snapshot else None,
            row.merged_into,
            row.snapshot_revision,
            msgspec.json.decode(row.remembered) if row.remembered else {},
        )
        for row in await store.load(connection, nct_ids)
    }


def _mentioned(condition: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a condition that only a trial mentions."""
    name = display_name(condition["name"])
    followable = fold(name) not in TOO_BROAD_NAMES
    return {"name": name, "slug": slug(name), "followable": followable, "synonyms": ()}


async def _decide(
    connection: AsyncConnection,
    event: StoredEvent,
    trials: Mapping[str, Trial],
    above: Mapping[str, set[str]],
) -> Decision:
    stored = trials.get(event.subject)
    result = classify_revision(stored, event.revision, event.digest)
    if stored and result is EventResult.STALE and event.type == TRIAL_UPSERTED:
        return backfill(stored, event.data)
    if result is not EventResult.PROCESSED:
        return Decision(result)
    if event.type == TRIAL_REMOVED:
        return remove(stored, event.data, event.digest)
    if event.type == TRIAL_MERGED:
        if await _merge_target(connection, event, trials) is None:
            return Decision(EventResult.CONFLICT)
        return merge(stored, event.data, event.digest)
    return upsert(stored, event.data, event.digest, lambda key: above.get(key, {key}), event.at.date())


async def _merge_target(
    connection: AsyncConnection, event: StoredEvent, trials: Mapping[str, Trial]
) -> str | None:
    """The trial at the end of a chain of merges; None if the chain is a cycle."""
    seen, into = {event.subject}, str(event.data["into"])
    while into not in seen:
        seen.add(into)
        known = trials.get(into)
        following = known.merged_into if known else await store.merged_into(connection, into)
        if following is None:
            return into
        into = following
    return None


async def _store(
    connection: AsyncConnection, trials: Mapping[str, Trial], decided: Sequence[Decided], now: datetime
) -> list[ChangeRecord]:
    """Stores the new states, moves or ends the followers of ended trials, and returns the records."""
    if not decided:
        return []
    changed = {event.subject: trials[event.subject] for event, _ in decided}
    merge_targets = {
        event.subject: await _merge_target(connection, event, trials) or event.subject
        for event, _ in decided
        if event.type == TRIAL_MERGED
    }
    titles: dict[str, str | None] = dict.fromkeys(merge_targets.values())
    titles |= {key: trial.snapshot["title"] if trial.snapshot else None for key, trial in changed.items()}
    topic_ids = await store.keep_topics(connection, titles)
    await store.keep(connection, [_row(trial, topic_ids[key]) for key, trial in changed.items()], now)
    for event, _ in decided:
        if event.type == TRIAL_MERGED and merge_targets[event.subject] != event.subject:
            target_topic = topic_ids[merge_targets[event.subject]]
            await trial_endings.follow_instead(connection, topic_ids[event.subject], target_topic, now)
        if event.type in (TRIAL_MERGED, TRIAL_REMOVED):
            reason = EndReason.MERGED if event.type == TRIAL_MERGED else EndReason.REMOVED
            await trial_endings.end_followers(connection, topic_ids[event.subject], reason, now)
    return await _fan_out(connection, decided, topic_ids)


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


async def _fan_out(
    connection: AsyncConnection, decided: Sequence[Decided], topic_ids: Mapping[str, int]
) -> list[ChangeRecord]:
    """Records of the changes with the topics they concern: the trial's own, or those of its conditions.

    Also the own topics of the conditions as the trial names them, though others stand for them: should one
    turn out to be a term of its own, what was announced for it is known.
    """
    keys = {key for _, decision in decided for item in decision.changes for key in item.conditions or ()}
    topics = await conditions.topics(connection, keys) if keys else {}
    followable = {key: topic_id for key, (topic_id, is_followable) in topics.items() if is_followable}
    named = {key for event, _ in decided for key in _conditions_of(event)} if keys else set[str]()
    joined = await conditions.without_followers(connection, named) if named else {}

    def concerned(event: StoredEvent, item: AddressedChange) -> list[int]:
        if item.conditions is None:
            return [topic_ids[event.subject]]
        own = [joined[key] for key in _conditions_of(event) if key in joined]
        named = {topic_id for topic_id, stands in own if stands in item.conditions and stands in followable}
        return sorted(named | {followable[key] for key in item.conditions if key in followable})

    records = [
        change_record(event, event.subject, item.change, concerned(event, item))
        for event, decision in decided
        for item in decision.changes
    ]
    return [(row, topic_ids) for row, topic_ids in records if topic_ids]


def _conditions_of(event: StoredEvent) -> set[str]:
    return {condition_key(condition) for condition in event.data.get("conditions") or ()}

"""Takes in what the ingestor says of trials: snapshots, removals, merges."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.cloudevents import TRIAL_MERGED, TRIAL_REMOVED, TRIAL_UPSERTED
from service.domain.trials.conditions import TOO_BROAD_NAMES, condition_key, display_name, slug
from service.domain.trials.lifecycle import (
    AddressedChange,
    Decision,
    EventResult,
    State,
    Trial,
    backfill,
    classify_revision,
    merge,
    remove,
    upsert,
)
from service.domain.trials.text import fold
from service.store.changes import conditions
from service.store.changes import trials as store
from service.store.people import trial_endings
from workers.ingest.stored_event import ChangeRecord, StoredEvent, entry

_log = structlog.get_logger("take_in")

Decided = tuple[StoredEvent, Decision]


async def ingest_trials(
    connection: AsyncConnection,
    arrivals: Sequence[StoredEvent],
    verdicts: dict[int, EventResult],
    dead: dict[int, str],
    now: datetime,
) -> list[ChangeRecord]:
    """Compares each event with what is held, by trial and revision, and keeps the newest states.

    Adds the verdict of each event (or why it can't be processed), and returns what the log gains.
    """
    ordered = sorted(arrivals, key=lambda one: (one.subject, one.revision, one.id))
    trials = await _load(connection, {one.subject for one in ordered})
    seen = [one.data for one in ordered] + [trial.known for trial in trials.values() if trial.known]
    named = {condition_key(c): c for data in seen for c in data.get("conditions", ())}
    await conditions.mention(connection, {key: _mentioned(c) for key, c in named.items()})
    above = await conditions.ancestors(connection, named)
    decided: list[Decided] = []
    for one in ordered:
        try:
            decision = await _decide(connection, one, trials, above)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError) as fault:
            dead[one.id] = type(fault).__name__
            continue
        verdicts[one.id] = decision.verdict
        if decision.verdict is EventResult.CONFLICT:
            _log.warning("event_conflicts", event_id=one.id)
        if decision.trial:
            trials[one.subject] = decision.trial
            decided.append((one, decision))
    return await _keep(connection, trials, decided, now)


async def _load(connection: AsyncConnection, nct_ids: set[str]) -> dict[str, Trial]:
    return {
        row.nct_id: Trial(
            row.nct_id,
            row.revision,
            State(row.state),
            row.digest,
            msgspec.json.decode(row.snapshot) if row.snapshot else None,
            row.merged_into,
            row.snapshot_revision,
            msgspec.json.decode(row.remembered) if row.remembered else {},
        )
        for row in await store.held(connection, nct_ids)
    }


def _mentioned(condition: Mapping[str, Any]) -> dict[str, Any]:
    """A condition that is known by a trial's words alone."""
    name = display_name(condition["name"])
    followable = fold(name) not in TOO_BROAD_NAMES
    return {"name": name, "slug": slug(name), "followable": followable, "synonyms": ()}


async def _decide(
    connection: AsyncConnection, one: StoredEvent, trials: Mapping[str, Trial], above: Mapping[str, set[str]]
) -> Decision:
    held = trials.get(one.subject)
    verdict = classify_revision(held, one.revision, one.digest)
    if held and verdict is EventResult.STALE and one.type == TRIAL_UPSERTED:
        return backfill(held, one.data)
    if verdict is not EventResult.PROCESSED:
        return Decision(verdict)
    if one.type == TRIAL_REMOVED:
        return remove(held, one.data, one.digest)
    if one.type == TRIAL_MERGED:
        if await _end_of_merges(connection, one, trials) is None:
            return Decision(EventResult.CONFLICT)
        return merge(held, one.data, one.digest)
    return upsert(held, one.data, one.digest, lambda key: above.get(key, {key}), one.at.date())


async def _end_of_merges(
    connection: AsyncConnection, one: StoredEvent, trials: Mapping[str, Trial]
) -> str | None:
    """The trial at the end of a chain of merges; None when the chain comes back to its beginning."""
    seen, into = {one.subject}, str(one.data["into"])
    while into not in seen:
        seen.add(into)
        known = trials.get(into)
        following = known.merged_into if known else await store.merged_into(connection, into)
        if following is None:
            return into
        into = following
    return None


async def _keep(
    connection: AsyncConnection, trials: Mapping[str, Trial], decided: Sequence[Decided], now: datetime
) -> list[ChangeRecord]:
    """Stores the new states, moves the followers of what ended, and gives the news to their topics."""
    if not decided:
        return []
    changed = {one.subject: trials[one.subject] for one, _ in decided}
    ends = {
        one.subject: await _end_of_merges(connection, one, trials) or one.subject
        for one, _ in decided
        if one.type == TRIAL_MERGED
    }
    titles: dict[str, str | None] = dict.fromkeys(ends.values())
    titles |= {key: trial.snapshot["title"] if trial.snapshot else None for key, trial in changed.items()}
    topic_ids = await store.keep_topics(connection, titles)
    await store.keep(connection, [_row(trial, topic_ids[key]) for key, trial in changed.items()], now)
    for one, _ in decided:
        if one.type == TRIAL_MERGED and ends[one.subject] != one.subject:
            other = topic_ids[ends[one.subject]]
            await trial_endings.follow_instead(connection, topic_ids[one.subject], other, now)
        if one.type in (TRIAL_MERGED, TRIAL_REMOVED):
            reason = "merged" if one.type == TRIAL_MERGED else "removed"
            await trial_endings.end_followers(connection, topic_ids[one.subject], reason, now)
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
    """The news with the topics it concerns: the trial's own, or those of conditions that can be followed."""
    keys = {key for _, decision in decided for news in decision.news for key in news.conditions or ()}
    known = await conditions.topics(connection, keys) if keys else {}
    followable = {key: topic_id for key, (topic_id, can_be_followed) in known.items() if can_be_followed}

    def concerned(one: StoredEvent, news: AddressedChange) -> list[int]:
        if news.conditions is None:
            return [topic_ids[one.subject]]
        return sorted(followable[key] for key in news.conditions if key in followable)

    entries = [
        entry(one, one.subject, news.change, concerned(one, news))
        for one, decision in decided
        for news in decision.news
    ]
    return [(row, topics) for row, topics in entries if topics]

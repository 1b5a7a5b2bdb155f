"""The change log's records: what is derived from trials' revisions, and for whose followers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.change import as_stored, from_stored
from service.domain.trials.conditions import TOO_BROAD_NAMES, condition_key, display_name, slug
from service.domain.trials.intake import Arrived, Logged, Row, difference
from service.domain.trials.lifecycle import Trial
from service.domain.trials.news import News, derive
from service.domain.trials.text import fold
from service.store.changes import change_log, conditions, matching

#: A row of the change log (without its seq), and the ids of the topics it concerns.
ChangeRecord = tuple[dict[str, Any], Collection[int]]


@dataclass(frozen=True, slots=True)
class PlacedEvents:
    """Accepted events of one trial among its revisions: its state before them, and from now on."""

    before: Trial | None
    accepted: Sequence[Arrived]
    row: Row
    trial: Trial


async def change_records(
    connection: AsyncConnection,
    placed: Sequence[PlacedEvents],
    topic_ids: Mapping[str, int],
    next_seq: int,
    now: datetime,
) -> tuple[list[ChangeRecord], set[str]]:
    """The records that the log lacks, and the trials of which nothing is new; marks what no longer holds.

    For most events, which follow the newest revision, that is what the new ones bring. Where one came late,
    or a trial ended or returned, the whole row is derived anew and compared with what the log holds of it.
    """
    above = await ancestors(connection, (named for one in placed for named in one.row.conditions()), now)
    news = [
        (one, derive(one.row.baseline, one.row.revisions, lambda key: above.get(key, {key})))
        for one in placed
    ]
    anew = [one.trial.nct_id for one in placed if not one.row.in_order]
    logged: dict[str, list[Logged]] = {nct_id: [] for nct_id in anew}
    for row in await change_log.of_trials(connection, anew) if anew else ():
        logged[row.nct_id].append(
            Logged(row.seq, row.revision, from_stored(row.kind, row.level, row.before, row.after))
        )
    added: list[tuple[str, News]] = []
    replaced: list[int] = []
    unchanged = set[str]()
    for one, of_trial in news:
        nct_id = one.trial.nct_id
        if not one.row.in_order:
            of_trial, gone = difference(of_trial, logged[nct_id], one.row, one.accepted)
            replaced += gone
            if not of_trial and not gone and one.before and one.before.remembered == one.trial.remembered:
                unchanged.add(nct_id)
        added += [(nct_id, each) for each in of_trial]
    await change_log.replace(connection, replaced)
    return await _with_topics(connection, added, topic_ids, next_seq), unchanged


async def ancestors(connection: AsyncConnection, named: Any, now: datetime) -> dict[str, set[str]]:
    """For each condition that trials name, by its key: the one that stands for it, and all above that."""
    by_key = {condition_key(condition): condition for condition in named}
    new = await conditions.mention(connection, {key: _mentioned(c) for key, c in by_key.items()})
    if new:
        await matching.join(connection, new, now)
    stands = await conditions.representatives(connection, by_key)
    above = await conditions.ancestors(connection, {stands.get(key, key) for key in by_key})
    return {key: above.get(stands.get(key, key), {stands.get(key, key)}) for key in by_key}


def _mentioned(condition: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a condition that only a trial mentions."""
    name = display_name(condition["name"])
    followable = fold(name) not in TOO_BROAD_NAMES
    return {"name": name, "slug": slug(name), "followable": followable, "synonyms": ()}


async def _with_topics(
    connection: AsyncConnection,
    added: Sequence[tuple[str, News]],
    topic_ids: Mapping[str, int],
    next_seq: int,
) -> list[ChangeRecord]:
    """Records of the news with the topics they concern: the trial's own, or those of its conditions.

    Also the own topics of the conditions as the trial names them, though others stand for them: should one
    turn out to be a term of its own, what was announced for it is known.
    """
    keys = {key for _, news in added for key in news.conditions or ()}
    topics = await conditions.topics(connection, keys) if keys else {}
    followable = {key: topic_id for key, (topic_id, is_followable) in topics.items() if is_followable}
    named = {key for _, news in added for key in news.named}
    joined = await conditions.without_followers(connection, named) if named else {}

    def concerned(nct_id: str, news: News) -> list[int]:
        if news.conditions is None:
            return [topic_ids[nct_id]]
        own = [joined[key] for key in news.named if key in joined]
        also = {topic_id for topic_id, stands in own if stands in news.conditions and stands in followable}
        return sorted(also | {followable[key] for key in news.conditions if key in followable})

    records = [(change_record(nct_id, news, next_seq), concerned(nct_id, news)) for nct_id, news in added]
    return [(row, ids) for row, ids in records if ids]


def change_record(nct_id: str, news: News, next_seq: int) -> dict[str, Any]:
    """A row of the change log; `change_log.append` sets its seq and time.

    Its marks are kept where they lie before `next_seq`, the seq that the log's next entry has.
    """
    return {
        "nct_id": nct_id,
        "event_id": news.revision.event_id,
        "is_correction": news.revision.is_correction,
        "revision": news.revision.number,
        "told_seq": news.told_seq if news.told_seq < next_seq else None,
        "due_seq": news.due_seq if news.due_seq < next_seq else None,
        **as_stored(news.change),
    }

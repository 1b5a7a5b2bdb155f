"""Topics of trials that were merged into others: a person who requests one follows the trial that goes on."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import EndReason
from service.domain.trials.conditions.condition import TopicKind, trial_topic
from service.store.changes import trials
from service.store.people.rows import Subscription
from service.store.topics import topics

_TRIAL = f"{TopicKind.TRIAL}:"


async def after_mergers(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, str]:
    """The keys to follow instead of `keys`: for a merged trial, or an older number of one, that of its last
    successor, unless it was removed.

    The order stays. Without a trial among the keys the database is not asked.
    """
    wanted = list(dict.fromkeys(keys))
    numbers = [key.removeprefix(_TRIAL) for key in wanted if key.startswith(_TRIAL)]
    ends = await trials.ends_of_mergers(connection, numbers) if numbers else {}
    later = {trial_topic(old): trial_topic(end) for old, end in ends.items() if end is not None}
    return {key: later.get(key, key) for key in wanted}


async def removed_topics(connection: AsyncConnection, keys: Iterable[str]) -> set[str]:
    """The topics among these that are trials which the website no longer lists."""
    numbers = [key.removeprefix(_TRIAL) for key in keys if key.startswith(_TRIAL)]
    ends = await trials.ends_of_mergers(connection, numbers) if numbers else {}
    return {trial_topic(number) for number, end in ends.items() if end is None}


async def present_keys(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, str]:
    """The present keys for those that a page or mail named: another name of the condition, another number of
    the trial, or after a merger that of the successor.
    """
    named = list(dict.fromkeys(keys))
    known = await topics.by_keys(connection, named)
    later = await after_mergers(connection, (known[key].key if key in known else key for key in named))
    return dict(zip(named, (later[known[key].key if key in known else key] for key in named), strict=True))


async def with_merged(
    connection: AsyncConnection, subscribed: Sequence[Subscription], keys: Collection[str]
) -> set[int]:
    """The topic ids of the subscriptions to `keys`, and of those that a merger moved to one of them: a person
    who stops the trial that goes on is not informed of the merger any more."""
    moved = [row for row in subscribed if row.end_reason == EndReason.MERGED]
    present = await after_mergers(connection, [row.key for row in moved])
    named = {row.topic_id for row in subscribed if row.key in keys}
    return named | {row.topic_id for row in moved if present[row.key] in keys}


def older_numbers(topic_of: Mapping[str, str]) -> dict[str, str]:
    """The requested number by the key of the trial that continues, from the result of `after_mergers`."""
    numbers = dict[str, str]()
    for asked, key in topic_of.items():
        if asked != key:
            numbers.setdefault(key, asked.removeprefix(_TRIAL))
    return numbers

"""What becomes of a trial's followers when it is removed or merged, and when it comes back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.subscription import EndReason
from service.domain.trials.lifecycle import Trial, TrialState
from service.store.changes import trials as store
from service.store.people import trial_endings


async def merge_target(
    connection: AsyncConnection, nct_id: str, into: str, newest: Mapping[str, Trial | None]
) -> str | None:
    """The trial at the end of a chain of merges that begins at `nct_id`; None if the chain is a circle.

    `newest`: the newest states of the trials at hand; others are looked up.
    """
    seen = {nct_id}
    while into not in seen:
        seen.add(into)
        known = newest.get(into)
        following = known.merged_into if known else await store.merged_into(connection, into)
        if following is None:
            return into
        into = following
    return None


async def merge_targets(
    connection: AsyncConnection, trials: Sequence[Trial], newest: Mapping[str, Trial | None]
) -> dict[str, str]:
    """The trial that each merged one of these goes on under, by its id."""
    targets = {}
    for trial in trials:
        if trial.merged_into is not None:
            target = await merge_target(connection, trial.nct_id, trial.merged_into, newest)
            targets[trial.nct_id] = target or trial.merged_into
    return targets


async def follow_the_end(
    connection: AsyncConnection,
    before: Trial | None,
    after: Trial,
    targets: Mapping[str, str],
    topic_ids: Mapping[str, int],
    now: datetime,
) -> None:
    """Ends or moves the followers of a trial that is gone; undoes an end that was not reported yet.

    The result for followers depends on the newest state alone, whatever preceded it unreported.
    """
    topic_id = topic_ids[after.nct_id]
    was_gone = before is not None and before.state is not TrialState.PRESENT
    changed = before is None or (before.state, before.merged_into) != (after.state, after.merged_into)
    if was_gone and changed:
        await trial_endings.take_back(connection, topic_id, now)
    is_newer = before is None or after.revision > before.revision
    if after.state is TrialState.PRESENT or not is_newer:
        return
    if after.state is TrialState.MERGED:
        await trial_endings.follow_instead(connection, topic_id, topic_ids[targets[after.nct_id]], now)
    reason = EndReason.MERGED if after.state is TrialState.MERGED else EndReason.REMOVED
    await trial_endings.end_followers(connection, topic_id, reason, now)

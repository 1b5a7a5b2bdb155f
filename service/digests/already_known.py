"""Of which trials that a digest would announce its reader knows: told of them before, or following them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.request import DigestRequest
from service.domain.digests.blocks import TrialBlock
from service.store.changes import change_log
from service.store.digests import followed as follows
from service.store.digests.followed import Followed

#: The announcements that a topic's followers heard of: trials, each with its seq in the log.
_Announcements = Mapping[int, Sequence[tuple[str, int]]]


async def already_known(
    connection: AsyncConnection,
    wanted: Sequence[DigestRequest],
    worded: Mapping[int, Sequence[tuple[TrialBlock, ...]]],
    followed: Mapping[int, dict[int, Followed]],
    topic_ids: Collection[int],
) -> dict[int, set[str]]:
    """Of which trials that a digest would announce its reader was told already, or follows them.

    `worded` and the answer go by the digest's id. `followed` says what the readers follow of the topics
    `topic_ids`; what they follow of others is read here, where it matters.
    """
    announced = _announced(worded)
    if not announced:
        return {}
    nct_ids = set().union(*announced.values())
    readers = [one for one in wanted if one.digest_id in announced]
    earlier = await _earlier(connection, nct_ids, max(one.to_seq for one in readers))
    trials = await follows.trial_topics(connection, nct_ids)
    elsewhere = (earlier.keys() | trials.keys()).difference(topic_ids)
    people = {one.subscriber_id for one in readers}
    others = await follows.still_followed(connection, people, elsewhere) if elsewhere else {}
    known: dict[int, set[str]] = {}
    of_other_digests: list[tuple[DigestRequest, Followed]] = []
    for one in readers:
        heard = known[one.digest_id] = set()
        rows = followed.get(one.subscriber_id, {}) | others.get(one.subscriber_id, {})
        for topic_id, row in rows.items():
            if row.active and topic_id in trials:
                heard.add(trials[topic_id])
            # What a filter held back was not told.
            if row.active and row.filters is None and topic_id in earlier:
                if topic_id in one.covered:
                    heard.update(_between(earlier[topic_id], row.active_seq, one.covered[topic_id]))
                else:
                    of_other_digests.append((one, row))
    if of_other_digests:
        await _add_other_digests(connection, of_other_digests, earlier, known)
    return known


def _announced(worded: Mapping[int, Sequence[tuple[TrialBlock, ...]]]) -> dict[int, set[str]]:
    """The trials that each digest would announce; those digests that announce none are left out."""
    announced = {}
    for digest_id, parts in worded.items():
        nct_ids = {block.nct_id for blocks in parts for block in blocks if block.is_new}
        if nct_ids:
            announced[digest_id] = nct_ids
    return announced


async def _earlier(connection: AsyncConnection, nct_ids: Collection[str], up_to_seq: int) -> _Announcements:
    """The announcements of these trials so far, by topic."""
    by_topic: dict[int, list[tuple[str, int]]] = {}
    for nct_id, topic_id, seq in await change_log.earlier_news(connection, nct_ids, up_to_seq):
        by_topic.setdefault(topic_id, []).append((nct_id, seq))
    return by_topic


async def _add_other_digests(
    connection: AsyncConnection,
    subscriptions: Sequence[tuple[DigestRequest, Followed]],
    earlier: _Announcements,
    known: Mapping[int, set[str]],
) -> None:
    """Adds to `known` what was announced by digests of other topics, mostly at another frequency.

    Only if their last run was an earlier one, else two digests could each leave an announcement to the
    other.
    """
    told_until = await follows.told_until(connection, {one.subscriber_id for one, _ in subscriptions})
    for one, row in subscriptions:
        seq, run_id = told_until.get((row.subscriber_id, row.frequency), (0, None))
        if run_id is not None and run_id < one.run_id:
            end = seq if row.catch_up_seq is None else row.catch_up_seq
            known[one.digest_id].update(_between(earlier[row.topic_id], row.active_seq, end))


def _between(announcements: Sequence[tuple[str, int]], low: int, high: int) -> list[str]:
    """The trials announced in (low, high]."""
    return [nct_id for nct_id, seq in announcements if low < seq <= high]

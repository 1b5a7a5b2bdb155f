"""Moves people who began to follow a topic while its followers were being moved elsewhere.

A sign-up that looked a trial up before a merger was stored, and is committed after it, is a subscription to a
trial that is gone; the same happens to an import, and to a condition that turns out to be another one. No
lock could prevent it without making sign-ups wait for ingestion. So such subscriptions are searched for
afterwards and moved, and no news is missed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import change_log
from service.store.changes import trials
from service.store.people import late_followers, trial_endings
from service.store.people.joined_topics import move_followers
from service.store.sql import clock
from service.system import System


async def move_late_followers(system: System, bucket: int) -> int:
    """Moves them in one bucket; returns from how many topics."""
    async with system.reading() as connection:
        if not await late_followers.find(connection, bucket):
            return 0
    now = clock.now(system.database)
    async with system.writing() as connection:
        await change_log.lock(connection)  # as ingestion, which moves followers too
        found = await late_followers.find(connection, bucket)
        await move_followers(connection, found.joined, now, [bucket])
        return len(found.joined) + await _move(connection, found.merged, bucket, now)


async def _move(connection: AsyncConnection, merged: Mapping[str, int], bucket: int, now: datetime) -> int:
    """Moves the followers of merged trials to the ones at the end, unless these were removed."""
    ends = {
        nct_id: end
        for nct_id, end in (await trials.ends_of_mergers(connection, merged)).items()
        if end is not None
    }
    topics = await trials.upsert_topics(connection, dict.fromkeys(ends.values()))
    await trial_endings.lock_followers(connection, [merged[nct_id] for nct_id in ends], [bucket])
    for number, nct_id in enumerate(sorted(ends)):
        old, new, at = merged[nct_id], topics[ends[nct_id]], now + timedelta(microseconds=number)
        await trial_endings.follow_instead(connection, old, new, at, number=nct_id, buckets=[bucket])
        await late_followers.catch_up(connection, bucket, nct_id, old, new, at)
    return len(ends)

"""The content of a run before it is sent: its size, a sample mail, and the sources of its events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.digests.content import Unusable, digest_contents
from service.digests.content_cache import ContentCache
from service.digests.covered_elsewhere import covered_by_others
from service.digests.digest_input import DigestRequest
from service.mail.compose import render
from service.mail.message.kinds import Digest
from service.store.digests import run_news, runs
from service.store.digests.digests import can_be_read, read_topics
from service.store.digests.run_news import Cause, SampleDigest
from service.store.digests.runs import Run
from service.store.sql.database import prefer_index_scans
from service.system import System, sender_profile

#: Digests that are sampled, topics and sources that are listed, characters of the sample mail.
_DIGESTS, _LISTED, _SAMPLE = 50, 10, 4_000


class TopicInRun(msgspec.Struct, frozen=True):
    """A topic with news in a run, and of how many trials."""

    key: str
    name: str | None
    trials: int


class Source(msgspec.Struct, frozen=True):
    """The events of one source and type that the news comes from, and the `reason` of the first and last."""

    source: str
    type: str
    events: int
    first_event: int
    last_event: int
    first_received: datetime
    last_received: datetime
    reasons: Sequence[str]


class RunContents(msgspec.Struct, frozen=True):
    """A run for an operator who decides whether it leaves.

    `sample` is the text of one of its mails, without anything about its reader, cut at some length;
    `sample_trials` how many trials that mail reports.
    """

    run: Run
    topics: Sequence[TopicInRun]
    sources: Sequence[Source]
    sample_trials: int
    sample: str


async def contents(system: System, run_id: int) -> RunContents:
    """The content of a run. Raises NoSuchRun."""
    async with system.reading() as connection:
        await prefer_index_scans(connection)
        run = await runs.get(connection, run_id)
        digests = await run_news.sample(connection, run_id, _DIGESTS)
        readable = [row for row in digests if can_be_read(row.topics)]
        topic_ids = {topic_id for row in readable for topic_id in read_topics(row.topics)}
        low = min((row.from_seq for row in readable), default=0)
        high = max((row.to_seq for row in readable), default=0)
        topics = await run_news.trials_by_topic(connection, topic_ids, low, high, _LISTED)
        causes = await run_news.causes(connection, topic_ids, low, high, _LISTED)
        sources = [await _source(connection, cause) for cause in causes]
        trials, text = await _sample(connection, system, run, readable)
    return RunContents(run, [TopicInRun(*topic) for topic in topics], sources, trials, text)


async def _source(connection: AsyncConnection, cause: Cause) -> Source:
    found = await run_news.bodies(connection, {cause.first_event, cause.last_event})
    return Source(*cause, sorted({_reason(body) for body in found}))


def _reason(body: str) -> str:
    """The `reason` of an event: `registry` unless it says otherwise."""
    try:
        data: Any = msgspec.json.decode(body).get("data", {})
        return str(data.get("reason") or "registry")
    except (msgspec.DecodeError, AttributeError):
        return "unreadable"


async def _sample(
    connection: AsyncConnection, system: System, run: Run, digests: Sequence[SampleDigest]
) -> tuple[int, str]:
    """The first digest with anything to report: how many trials it reports, and its text."""
    page, cache = f"{system.settings.public_url}/preferences", ContentCache()
    for row in digests:
        request = DigestRequest(
            row.id,
            row.subscriber_id,
            run.id,
            read_topics(row.topics),
            row.to_seq,
            row.locale,
            row.catches_up,
            row.period_start_seq,
        )
        elsewhere = await covered_by_others(connection, [request])
        worded = await digest_contents(connection, cache, [request], elsewhere, Unusable())
        if blocks := worded.get(row.id):
            mail = Digest(
                blocks=blocks,
                frequency=run.frequency,
                preferences_url=page,
                unsubscribe_url=page,
                full_digest_url=lambda: page,
            )
            text = render(mail, frame=sender_profile(system.settings), language=row.locale).text
            return len(blocks), text if len(text) <= _SAMPLE else text[:_SAMPLE] + "…"
    return 0, ""

"""GET /v1/admin/stats: figures of the whole service, from one snapshot of the database."""

from datetime import datetime

import msgspec
from litestar import get

from service.domain.delivery.complaint_rate import Complaints
from service.domain.subscription import SubscriptionState
from service.store import change_log
from service.store.admin import stats
from service.system import System
from service.web.http.deps import OpenSystem


class Waiting(msgspec.Struct):
    """A queue: the number of waiting rows, and the age of the oldest in seconds."""

    depth: int
    oldest_seconds: float


class TopTopic(msgspec.Struct):
    """A topic with its followers."""

    key: str
    name: str | None
    followers: int


class Stats(msgspec.Struct):
    """Counts. Topics with ten or fewer followers are omitted, and figures that would reveal them."""

    at: datetime
    subscribers: dict[str, int]
    subscriptions: dict[str, dict[str, int]]
    events: dict[str, int]
    runs: dict[str, int]
    deliveries_day: dict[str, int]
    deliveries_week: dict[str, int]
    suppressions: dict[str, int]
    queues: dict[str, Waiting]
    log_head: int
    complaints_week: int
    complaint_rate_week: float
    complaints_too_many: bool
    top_topics: list[TopTopic]


async def read_stats(system: System) -> Stats:
    """All figures, from one snapshot of the database."""
    now = system.now()
    async with system.reading_replica() as connection:
        complaints = Complaints(*await stats.complaints(connection, now - stats.WEEK))
        queues = await stats.queues(connection, now)
        subscriptions = await stats.subscriptions_by_state(connection)
        active = sum(subscriptions.get(SubscriptionState.ACTIVE, {}).values())
        topics = await stats.top_topics(connection, active)
        return Stats(
            at=now,
            subscribers=await stats.subscribers_by_state(connection, now),
            subscriptions=subscriptions,
            events=await stats.events_by_state(connection),
            runs=await stats.runs_by_state(connection),
            deliveries_day=await stats.deliveries_by_state(connection, now - stats.DAY),
            deliveries_week=await stats.deliveries_by_state(connection, now - stats.WEEK),
            suppressions=await stats.suppressions_by_reason(connection),
            queues={name: Waiting(queue.depth, round(queue.age(now), 1)) for name, queue in queues.items()},
            log_head=await change_log.head(connection),
            complaints_week=complaints.number,
            complaint_rate_week=complaints.rate,
            complaints_too_many=complaints.too_many,
            top_topics=[TopTopic(topic.key, topic.name, topic.followers) for topic in topics],
        )


@get("/stats", summary="Counts of everything, queues and their ages")
async def show_stats(system: OpenSystem) -> Stats:
    """The present figures."""
    return await read_stats(system)

"""GET /metrics for Prometheus: no label carries an address, a topic or a token.

Queues and sent mails are read from the database, so every process reports the same. Counters of a process
(requests, accepted events) are its own; `serve --processes` sets PROMETHEUS_MULTIPROC_DIR, so that
prometheus-client sums the processes of a host.
"""

import time
from collections.abc import Awaitable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from litestar import Request, Response, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors
from service.actions import canary
from service.actions.feedback import COUNTS
from service.domain.delivery.complaint_rate import ALERT_AT, Complaints
from service.domain.delivery.states import DeliveryState
from service.redis.job_queue import QUEUE
from service.runtime.failure_reasons import reason
from service.runtime.time_limit import within
from service.store import change_log
from service.store.admin import daily, stats, workers
from service.store.admin.daily import quantile
from service.store.admin.workers import WorkerReport
from service.store.mail import holds, sent_counts
from service.system import System
from service.web.api.readiness import OK, Readiness, readiness_of
from service.web.http import counters
from service.web.http.deps import OpenSystem

_log = structlog.get_logger("metrics")

#: Final states of attempted deliveries.
_TRIED = (DeliveryState.SENT, DeliveryState.BOUNCED, DeliveryState.FAILED)

#: Seconds for which the database's figures are cached: several scrapers cost no more than one.
_KEPT = 5.0

#: Seconds that a dependency has for its figures; Prometheus gives up after ten.
_SECONDS = 6.0
_LATELY = timedelta(hours=1)

#: Maximum number of mails whose time to the mail server is measured.
_SAMPLE = 1_000


class _Reading(Collector):
    """Gauges that were loaded together."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        return self._families


def _gauge(
    name: str, words: str, values: dict[tuple[str, ...], float], labels: tuple[str, ...] = ()
) -> Metric:
    family = GaugeMetricFamily("trial_alerts_" + name, words, labels=labels)
    for label_values, value in values.items():
        family.add_metric(label_values, value)
    return family


def _one(name: str, words: str, value: float) -> Metric:
    return _gauge(name, words, {(): value})


async def _from_database(system: System) -> list[Metric]:
    now = system.now()
    async with system.reading() as connection:
        return [
            *await _of_queues(connection, now),
            *await _of_mails(connection, now),
            *await _of_events_and_runs(connection),
            *_of_workers(await workers.running(connection), now),
            *await _of_holds(connection, system, now),
        ]


async def _of_queues(connection: AsyncConnection, now: datetime) -> list[Metric]:
    """Waiting rows, and for how long they have waited."""
    waiting = await stats.queues(connection, now)
    delayed = await stats.delayed_mails(connection, now)
    depths = {name: queue.depth for name, queue in waiting.items()}
    ages = {name: queue.age(now) for name, queue in waiting.items()}
    return [
        _gauge("queue_depth", "Rows that wait.", _by(depths), ("queue",)),
        _gauge("queue_oldest_seconds", "How long the oldest row has waited.", _by(ages), ("queue",)),
        _one("mails_delayed", "Mails that people asked for and a limit delays.", delayed),
    ]


async def _of_mails(connection: AsyncConnection, now: datetime) -> list[Metric]:
    """Recent mails: outcomes, bounces, complaints, and how long they took."""
    outcomes = await stats.deliveries_by_outcome(connection, now - _LATELY)
    suppressed = await stats.suppressions_by_reason(connection)
    complaints = Complaints(*await stats.complaints(connection, now - stats.WEEK))
    spans = await daily.immediate_seconds(connection, now - _LATELY, _SAMPLE)
    finished = dict.fromkeys(_TRIED, 0)
    for state, _, number in outcomes:
        finished[state] = finished.get(state, 0) + number
    tried = sum(finished[state] for state in _TRIED)
    bounced = finished[DeliveryState.BOUNCED] / tried if tried else 0
    return [
        _gauge(
            "deliveries_last_hour",
            "Mails queued within the last hour, by what became of them.",
            {(state, outcome): number for state, outcome, number in outcomes},
            ("state", "outcome"),
        ),
        _one("bounce_ratio", "Bounced mails of the last hour.", bounced),
        _one("complaint_ratio", "Complaints per digest, seven days.", complaints.rate),
        _one("complaint_alert", f"1 when complaints reach {ALERT_AT:.1%}.", float(complaints.too_many)),
        _gauge("suppressions", "Addresses not written to.", _by(suppressed), ("reason",)),
        _gauge(
            "delivery_seconds",
            "From the planning of immediate digests until a server accepted them.",
            {(str(part),): quantile(spans, part) for part in (0.5, 0.99) if spans},
            ("quantile",),
        ),
    ]


async def _of_events_and_runs(connection: AsyncConnection) -> list[Metric]:
    """Received events, and the runs planned from them."""
    trouble = await stats.events_in_trouble(connection)
    runs = await stats.runs_by_state(connection)
    sizes = await stats.last_run_sizes(connection)
    return [
        _gauge("events_in_trouble", "Events that want an operator.", _by(trouble), ("state",)),
        _gauge("runs", "Runs kept, by state.", _by(runs), ("state",)),
        _gauge("run_digests", "Digests of the newest run.", _by(sizes), ("frequency",)),
        _one("log_head_seq", "The seq of the newest change.", await change_log.head(connection)),
    ]


async def _of_holds(connection: AsyncConnection, system: System, now: datetime) -> list[Metric]:
    """The limits on mail and the proofs that it arrives: the hold, the quota, the canaries."""
    held = await holds.current(connection)
    canaries = await canary.statuses(connection, system, now)
    quota = system.settings.smtp_quota
    room = await sent_counts.left(connection, quota, now) if any(quota) else None
    return [
        _one("mail_held", "1 while all mail is held until an operator releases it.", float(held is not None)),
        _gauge(
            "canary_overdue",
            "1 while a canary's mail has not come back in time.",
            {(status.frequency,): float(status.overdue) for status in canaries},
            ("frequency",),
        ),
        _gauge(
            "canary_returned_seconds",
            "How long ago a canary's mail last came back.",
            {(status.frequency,): status.seconds for status in canaries if status.seconds is not None},
            ("frequency",),
        ),
        _gauge(
            "smtp_quota_left",
            "Mails that all workers may still send.",
            {} if room is None else {("mails",): room.mails, ("digests",): room.bulk},
            ("of",),
        ),
    ]


def _of_workers(running: Sequence[WorkerReport], now: datetime) -> list[Metric]:
    """The last reports of the running workers."""
    failing, paused = dict[str, float](), dict[str, float]()
    for worker in running:
        for server in worker.status.get("failing", ()):
            failing[server["reason"]] = failing.get(server["reason"], 0) + 1
        for domain, until in worker.status.get("paused", {}).items():
            left = (datetime.fromisoformat(until) - now).total_seconds()
            paused[domain] = max(paused.get(domain, 0.0), left)
    return [
        _one("worker_up", "1 while any worker runs.", float(bool(running))),
        _one("workers", "Workers that reported within 45 seconds.", len(running)),
        _gauge("mail_servers_failing", "Servers that can't be used: why.", _by(failing), ("reason",)),
        _gauge("domain_paused_seconds", "How long a domain stays paused.", _by(paused), ("domain",)),
    ]


def _by(values: dict[str, Any]) -> dict[tuple[str, ...], float]:
    return {(name,): float(value) for name, value in values.items()}


async def _from_redis(system: System) -> list[Metric]:
    return [
        _one(
            "person_errors",
            "Values of one person that could not be used, since Redis was emptied last.",
            sum((await person_errors.counts(system.redis)).values()),
        ),
        _one("jobs_queued", "Notifications of workers not received yet.", await system.redis.zcard(QUEUE)),
        await _feedback(system),
    ]


async def _feedback(system: System) -> Metric:
    """Feedback messages of all processes since Redis was last flushed."""
    family = CounterMetricFamily(
        "trial_alerts_feedback", "Messages that came back, and what they did.", labels=("kind", "effect")
    )
    counts = await cast(Awaitable[dict[bytes, bytes]], system.redis.hgetall(COUNTS))
    for name, number in counts.items():
        family.add_metric(name.decode().split(":"), float(number))
    return family


async def _families(system: System, readiness: Readiness) -> list[Metric]:
    """All available gauges; a dependency that can't be used is reported, and costs its own gauges at most."""
    families: list[Metric] = []
    up: dict[str, float] = {}
    for name, read, check in (
        ("database", _from_database, readiness.database),
        ("redis", _from_redis, readiness.redis),
    ):
        try:
            families += await within(_SECONDS, read(system))
            up[name] = float(await check() == OK)
        except (SQLAlchemyError, RedisError, OSError, TimeoutError) as error:
            _log.warning("metrics_incomplete", dependency=name, reason=reason(error))
            up[name] = 0
    return [
        *families,
        _gauge("dependency_up", "1 while it can be read and written.", _by(up), ("dependency",)),
    ]


async def _read(request: Request[Any, Any, Any], system: System) -> bytes:
    until, cached = request.app.state.get("metrics", (0.0, b""))
    if time.monotonic() >= until:
        registry = CollectorRegistry()
        registry.register(_Reading(await _families(system, readiness_of(request.app.state, system))))
        cached = generate_latest(registry)
        request.app.state.metrics = (time.monotonic() + _KEPT, cached)
    return bytes(cached)


@get("/metrics", summary="Figures for Prometheus")
async def metrics(request: Request[Any, Any, Any], system: OpenSystem) -> Response[bytes]:
    """Counts, queue depths and ages in Prometheus' text format, without personal data."""
    return Response(
        counters.exposition() + await _read(request, system),
        media_type="text/plain; version=0.0.4",
    )

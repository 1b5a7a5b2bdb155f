"""Counters of a serving process: requests, accepted and refused events, sign-ups.

`serve --processes` sets PROMETHEUS_MULTIPROC_DIR, so that prometheus-client sums the processes of a host.
"""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from service.web.http.refused_events import EventRefusalReason

disable_created_metrics()
_own = CollectorRegistry()

REQUESTS = Counter(
    "trial_alerts_http_requests_total",
    "HTTP requests answered by this process.",
    ["method", "route", "status"],
    registry=_own,
)
SECONDS = Histogram(
    "trial_alerts_http_request_seconds",
    "Time to answer, by route pattern.",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=_own,
)
EVENTS = Counter("trial_alerts_events_accepted_total", "Events stored by this process.", registry=_own)
EVENTS_REFUSED = Counter(
    "trial_alerts_events_refused_total",
    "Requests with events that this process refused for their signature: why.",
    ["reason"],
    registry=_own,
)
SIGN_UPS = Counter("trial_alerts_sign_ups_accepted_total", "Sign-ups kept by this process.", registry=_own)
LIMITED = Counter(
    "trial_alerts_mail_requests_limited_total",
    "Requests for a mail that were not accepted at once: why.",
    ["reason"],
    registry=_own,
)
PROOFS = Counter("trial_alerts_proofs_of_work_total", "Proofs of work that were good.", registry=_own)

for _reason in EventRefusalReason:  # an increase is seen from 0 on alone
    EVENTS_REFUSED.labels(_reason)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Counts a request under its route's pattern, never its path."""
    requests, times = _counters(method if method in _METHODS else "other", route, status)
    requests.inc()
    times.observe(seconds)


@cache
def _counters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Cached, since looking a counter up by its labels costs more than counting; bounded by the routes."""
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(method, route)


def exposition() -> bytes:
    """The counters of this process, or the sums of this host's processes in multiprocess mode."""
    together = CollectorRegistry()
    try:
        MultiProcessCollector(together)
    except ValueError:
        return generate_latest(_own)
    return generate_latest(together)

"""The canary: a synthetic trial and its followers, whose mail must come back in time. Pure."""

from datetime import datetime, timedelta
from typing import Any

from service.domain.digests.schedule import Frequency, latest_due

#: The number of the synthetic trial: of no registry.
TRIAL = "CANARY-000001"

#: The `source` of its events.
SOURCE = "urn:trial-alerts:canary"

#: Slots of the canaries' digests: those of everybody who chose nothing else.
_ZONE, _HOUR, _WEEKDAY = "UTC", 8, 0


def address_of(base: str, frequency: str) -> str:
    """The canary's address for a frequency: `{frequency}` replaced in `base`, or added to it as a tag."""
    if "{frequency}" in base:
        return base.replace("{frequency}", frequency)
    local, _, domain = base.rpartition("@")
    return f"{local}+{frequency}@{domain}"


def change(now: datetime, url: str) -> dict[str, Any]:
    """The `data` of an event in which the synthetic trial tests something that it never tested before."""
    beat = int(now.timestamp() * 1000)
    return {
        "trial_id": TRIAL,
        "revision": beat,
        "url": url,
        "title": "Synthetic trial of the monitoring",
        "status": "RECRUITING",
        "conditions": [],
        "interventions": [{"type": "OTHER", "name": f"Beat {beat}"}],
    }


def is_overdue(
    frequency: str,
    *,
    created_at: datetime,
    returned_at: datetime | None,
    now: datetime,
    limit: timedelta,
    settling: timedelta,
) -> bool:
    """Whether a canary's mail should have come back by now. `limit`: the time for the way there and back."""
    last = returned_at or created_at
    if frequency == Frequency.IMMEDIATE:
        return now - last > emission_interval(limit, settling) + limit + settling
    due = latest_due(frequency, _ZONE, _HOUR, _WEEKDAY, now - limit)
    return last < due


def emission_interval(limit: timedelta, settling: timedelta) -> timedelta:
    """The interval at which the synthetic trial changes: each change is reported before the next one
    comes.
    """
    return 2 * (limit + settling)

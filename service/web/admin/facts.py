"""The facts behind the overview's findings, and their common words: who waits, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.actions.mail_hold import HoldStatus
from service.store.admin.workers import WorkerReport
from service.store.digests.runs import Run
from service.web.admin.stats import Stats
from service.web.http.refused_events import RefusedEvents


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that an operator should look at. `link` is a page of the dashboard, or a place on it."""

    what: str
    do: str
    link: str = ""
    urgent: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts behind the findings.

    `slowest`: seconds within which 99 of 100 immediate digests were accepted. `answers`: those of
    `Readiness`. `silent`: workers that report no more. `template_faults`: mails that wait for a template to
    be corrected, by its fault. `quota_used_up`: ALERTS_SMTP_QUOTA leaves no room for digests.
    """

    stats: Stats
    hold: HoldStatus
    workers: Sequence[WorkerReport]
    held_runs: Sequence[Run]
    last_event: datetime | None
    has_terms: bool
    slowest: float | None
    answers: Mapping[str, str]
    refused: RefusedEvents | None = None
    template_faults: Mapping[str, int] = field(default_factory=dict)
    silent: Sequence[WorkerReport] = ()
    quota_used_up: bool = False


def waiting(facts: Facts) -> str:
    """The people concerned, and since when, as a further sentence; empty while nobody waits."""
    mails, requests = (facts.stats.queues[name] for name in ("deliveries", "requests"))
    parts = [
        words
        for number, words in (
            (mails.depth, f"{mails.depth:,} mails" if mails.depth != 1 else "1 mail"),
            (
                requests.depth,
                f"{requests.depth:,} visitors’ requests" if requests.depth != 1 else "1 visitor’s request",
            ),
        )
        if number
    ]
    if not parts:
        return ""
    first = facts.stats.at - timedelta(seconds=max(mails.oldest_seconds, requests.oldest_seconds))
    alone = mails.depth + requests.depth == 1
    verb = "waits since" if alone else "wait, the first since"
    return f" {' and '.join(parts)} {verb} {clock_time(first, facts.stats.at)}."


def clock_time(at: datetime, now: datetime) -> str:
    """A moment as a part of a sentence: without its day if that is today's."""
    return f"{at:%H:%M} UTC" if at.date() == now.date() else f"{at:%d %b, %H:%M} UTC"


def span(seconds: float) -> str:
    """A duration in its largest unit."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a second" if seconds > 0 else "none"

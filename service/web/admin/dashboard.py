"""GET /admin: the overview: whether mail leaves as it should, for operators who are signed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from litestar import Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import mail_hold
from service.domain.digests.run import RunState
from service.runtime.time_limit import within
from service.store.admin import browse, daily, workers
from service.store.admin.daily import DailyName, quantile
from service.store.admin.stats import template_faults
from service.store.digests import runs
from service.store.digests.runs import Run
from service.store.mail import sent_counts
from service.store.people import terms
from service.system import System
from service.web.admin import charts, session
from service.web.admin.database_away import on_no_answer
from service.web.admin.facts import Facts, span
from service.web.admin.mail_servers import in_words
from service.web.admin.notices import NOTICES
from service.web.admin.overview import bounce_rate, findings
from service.web.admin.session import Session
from service.web.admin.sign_in import sign_in_page
from service.web.admin.stats import Stats, read_stats
from service.web.api.readiness import readiness_of
from service.web.http import refused_events
from service.web.http.deps import OpenSystem
from service.web.http.page_route import page_route
from service.web.http.refused_events import RefusedEvents
from service.web.pages import page

#: Maximum number of held runs that are shown, and of mails whose time to the mail server is measured.
_RUNS, _SAMPLE = 15, 1_000

#: Faults of templates that are shown.
_FAULTS = 5

#: Seconds that the database has for all figures of the page.
_SECONDS = 10.0

#: Names of the queues, in the order in which things pass through them.
QUEUES = {
    "requests": "Visitors’ requests",
    "events": "Events of the ingestor",
    "deliveries": "Mails that are due",
    "deferred": "Mails that recipients’ servers put off",
    "held": "Mails of held runs",
}

CHARTS = (
    ("Mails sent", DailyName.MAILS_SENT),
    ("Mails bounced", DailyName.MAILS_BOUNCED),
    ("Complaints", DailyName.COMPLAINTS),
    ("Events received", DailyName.EVENTS),
    ("Subscriptions confirmed", DailyName.CONFIRMED),
    ("Subscriptions ended", DailyName.ENDED),
)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the dashboard lists it, with the actions that its state allows."""

    run: Run

    @property
    def id(self) -> int:
        """The run's number."""
        return self.run.id

    @property
    def may_release(self) -> bool:
        """Whether the run is held."""
        return self.run.state == RunState.HELD

    @property
    def may_cancel(self) -> bool:
        """Whether any of its mails can still be stopped."""
        over = (RunState.PLANNING, RunState.CANCELLED)
        return self.run.state not in over and self.run.waiting > 0


@page_route("")
async def show(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """The dashboard, or the form to sign in."""
    signed_in = await session.current(request, system)
    if signed_in is None:
        return sign_in_page()
    return await dashboard(
        request, system, signed_in, notice=NOTICES.get(request.query_params.get("done", ""), "")
    )


async def dashboard(
    request: Request[Any, Any, Any],
    system: System,
    signed_in: Session,
    *,
    status: int = 200,
    notice: str = "",
    problem: str = "",
) -> Response[str]:
    """The page; `problem` is the reason why the last action was refused."""
    answers = await readiness_of(request.app.state, system).answers()
    try:
        facts, last_runs, figures = await within(_SECONDS, _read(system, answers))
    except TimeoutError:
        return on_no_answer(answers)
    stats = facts.stats
    return page(
        "admin/dashboard.html",
        status=status,
        csrf=signed_in.csrf,
        notice=notice,
        problem=problem,
        current="dashboard",
        stats=stats,
        findings=findings(facts),
        facts=facts,
        in_words=in_words,
        bounce_rate=bounce_rate(stats),
        queues=[
            (words, stats.queues[name].depth, span(stats.queues[name].oldest_seconds))
            for name, words in QUEUES.items()
        ],
        oldest=span(stats.queues["deliveries"].oldest_seconds),
        slowest=span(facts.slowest) if facts.slowest is not None else None,
        held=[RunRow(run) for run in facts.held_runs],
        last_runs=last_runs,
        charts=[charts.chart(title, name, figures, stats.at.date()) for title, name in CHARTS],
    )


async def _read(
    system: System, answers: Mapping[str, str]
) -> tuple[Facts, Sequence[Run], Mapping[tuple[date, str], int]]:
    """The content of the page: the facts, the last runs, and the figures of its charts."""
    stats = await read_stats(system)
    async with system.reading() as connection:
        facts = await _facts(connection, stats, answers, await refused_events.last(system.redis))
        used_up = await sent_counts.is_used_up(connection, system.settings.smtp_quota, stats.at)
        last_runs = await runs.newest_of_each_frequency(connection)
    async with system.reading_replica() as connection:
        figures = await daily.since(connection, stats.at.date() - timedelta(days=charts.DAYS))
    return replace(facts, quota_used_up=used_up), last_runs, figures


async def _facts(
    connection: AsyncConnection, stats: Stats, answers: Mapping[str, str], refused: RefusedEvents | None
) -> Facts:
    spans = await daily.immediate_seconds(connection, stats.at - timedelta(days=1), _SAMPLE)
    return Facts(
        stats=stats,
        hold=await mail_hold.read_status(connection),
        workers=await workers.running(connection),
        held_runs=await runs.page(connection, state=RunState.HELD, limit=_RUNS),
        last_event=await browse.newest_event(connection),
        has_terms=bool(await terms.versions(connection)),
        slowest=quantile(spans, 0.99) if spans else None,
        answers=answers,
        refused=refused,
        silent=await workers.silent(connection),
        template_faults=await template_faults(connection, limit=_FAULTS),
    )

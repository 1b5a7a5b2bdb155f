"""GET /admin: the dashboard, for signed-in operators."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response

from service.actions import mail_hold
from service.domain.digests.run import RunState
from service.mail.smtp.failures import ADVICE
from service.store.admin import audit, browse, workers
from service.store.admin.stats import TROUBLE
from service.store.digests import runs
from service.store.digests.runs import Run
from service.store.people import terms
from service.system import System
from service.web.admin import session
from service.web.admin.session import Session
from service.web.admin.sign_in import sign_in_page
from service.web.admin.stats import read_stats
from service.web.http.deps import OpenSystem
from service.web.http.page_route import page_route
from service.web.pages import page

_RUNS, _EVENTS, _ACTS = 15, 15, 15

#: Messages on the page after a form was submitted.
_DONE = {
    "released": "The run is released: its mails leave now.",
    "cancelled_later": "The run is cancelled: none of its mails leaves, and the next digests tell its news.",
    "cancelled_never": "The run is cancelled: none of its mails leaves, and its news is never told.",
    "replayed": "The event is processed again.",
    "mail_held": "All mail is held: nothing leaves until it is released.",
    "mail_released": "The hold has ended: queued mail leaves now.",
}

#: Names of the queues, in the order of processing.
QUEUES = {
    "requests": "Visitors’ requests",
    "events": "Events of the ingestor",
    "deliveries": "Mails that are due",
    "deferred": "Mails that recipients’ servers put off",
    "held": "Mails of held runs",
}


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the dashboard lists it, with the possible actions."""

    run: Run

    @property
    def may_release(self) -> bool:
        """Whether the run is held."""
        return self.run.state == RunState.HELD

    @property
    def may_cancel(self) -> bool:
        """Whether any of its mails can still be stopped."""
        over = (RunState.PLANNING, RunState.CANCELLED)
        return self.run.state not in over and self.run.waiting > 0


def span(seconds: float) -> str:
    """A duration in its largest unit."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "none"


@page_route("")
async def show(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """The dashboard, or the form to sign in."""
    signed_in = await session.current(request, system)
    if signed_in is None:
        return sign_in_page()
    return await dashboard(system, signed_in, notice=_DONE.get(request.query_params.get("done", ""), ""))


async def dashboard(
    system: System, signed_in: Session, *, status: int = 200, notice: str = "", problem: str = ""
) -> Response[str]:
    """The page; `problem` is the reason why the last action was refused."""
    stats = await read_stats(system)
    async with system.reading() as connection:
        newest = await runs.page(connection, limit=_RUNS)
        held = await runs.page(connection, state=RunState.HELD, limit=_RUNS)
        events = await browse.events(connection, states=TROUBLE, limit=_EVENTS)
        versions = await terms.versions(connection)
        acts = await audit.page(connection, limit=_ACTS)
        hold = await mail_hold.read_status(connection)
        running = await workers.running(connection, stats.at)
    listed = {run.id: RunRow(run) for run in (*held, *newest)}
    return page(
        "admin/dashboard.html",
        status=status,
        csrf=signed_in.csrf,
        notice=notice,
        problem=problem,
        stats=stats,
        queues=[
            (words, stats.queues[name].depth, span(stats.queues[name].oldest_seconds))
            for name, words in QUEUES.items()
        ],
        runs=list(listed.values()),
        events=events,
        versions=versions,
        acts=acts,
        hold=hold,
        workers=running,
        advice=ADVICE,
    )

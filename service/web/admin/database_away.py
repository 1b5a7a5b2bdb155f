"""The operators' page while the database is away: what is wrong, who is concerned, what to do."""

from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Request, Response

from service.runtime.failure_reasons import reason
from service.store.sql.blockers import lock_keeps_waiting
from service.store.sql.database import is_away
from service.web.admin import session
from service.web.api.readiness import LOCKS_ADVICE
from service.web.error_pages import page_or_problem
from service.web.http import problems
from service.web.pages import page

_log = structlog.get_logger("web")

_UNANSWERED = "no answer in time"

_ordinary = page_or_problem(problems.on_store_away)


def on_store_away(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The answer of the dashboard; the reason is shown to operators who are signed in."""
    answer = _ordinary(request, error)
    if answer.media_type != "text/html" or not is_away(error):
        return answer
    signed_in = session.opened(request, request.app.state.system)
    return _shown(reason(error) if signed_in else "", "")


def on_no_answer(answers: Mapping[str, str]) -> Response[Any]:
    """The dashboard's answer while its figures can't be read in time; `answers`: those of `Readiness`."""
    locks = answers.get("locks", "")
    _log.error("store_away", error="TimeoutError", reason=_UNANSWERED, locks=locks)
    return _shown(_UNANSWERED, locks)


def _shown(why: str, locks: str) -> Response[Any]:
    waiting = lock_keeps_waiting("our programs", locks) if locks else ""
    shown = page("admin/away.html", status=503, reason=why, locks=waiting, locks_advice=LOCKS_ADVICE)
    shown.headers["Retry-After"] = "5"
    return shown

"""Signing in to the dashboard with the operators' token, and signing out."""

from typing import Any

from litestar import Request, Response, post

from service.actions import dashboard_sessions
from service.web.admin import session
from service.web.admin.operator import ActingOperator
from service.web.http.deps import OpenSystem
from service.web.http.forms import read
from service.web.http.operator_auth import check_token
from service.web.http.problems import Problem
from service.web.pages import page


def sign_in_page(*, status: int = 200, error: str = "") -> Response[str]:
    """The form for the token; `error` says why the submitted one was refused."""
    return page("admin/sign_in.html", status=status, error=error)


@post("/sign-in", status_code=303)
async def sign_in(
    request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[Any]:
    """Starts a session; 429 with Retry-After after too many wrong tokens."""
    try:
        right = await check_token(request, (await read(request)).text("token"))
    except Problem as problem:
        if problem.status_code != 429:
            raise
        answer = sign_in_page(status=429, error=problem.detail)
        answer.headers.update(problem.headers or {})
        return answer
    if not right:
        answer = sign_in_page(status=401, error="This is not the token.")
        answer.headers["WWW-Authenticate"] = 'Bearer realm="operators"'
        return answer
    now = system.now()
    await dashboard_sessions.begin(system, operator, now)
    return session.to_dashboard(cookie=session.begin(system.keyring, system.settings, now))


@post("/sign-out", status_code=303)
async def sign_out(
    request: Request[Any, Any, Any], system: OpenSystem, operator: ActingOperator
) -> Response[Any]:
    """Revokes the session: its cookie is no longer valid in any browser."""
    signed_in, _ = await session.posted(request, system)
    await dashboard_sessions.end(system, operator, signed_in.id, ends_at=signed_in.until, now=system.now())
    return session.to_dashboard(cookie=session.end(system.settings))

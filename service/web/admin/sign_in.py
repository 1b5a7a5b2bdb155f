"""Signing in to the dashboard with the operators' token, and out again."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, post

from service.web.admin import session
from service.web.admin.access import actions, is_token
from service.web.bodies import read
from service.web.inject import OpenSystem
from service.web.pages import page


def sign_in_page(*, wrong: bool = False) -> Response[str]:
    """The form that asks for the token."""
    return page("admin/sign_in.html", status=401 if wrong else 200, wrong=wrong)


@post("/sign-in", status_code=303)
async def sign_in(request: Request[Any, Any, Any], system: OpenSystem) -> Response[Any]:
    """Begins a session for whoever knows the token."""
    if not is_token(system.settings, (await read(request)).text("token")):
        actions.warning("sign_in_refused")
        return sign_in_page(wrong=True)
    actions.info("signed_in")
    return session.to_dashboard(cookie=session.begin(system.keyring, system.settings, datetime.now(UTC)))


@post("/sign-out", status_code=303)
async def sign_out(request: Request[Any, Any, Any], system: OpenSystem) -> Response[Any]:
    """Ends the session of this browser."""
    await session.posted(request, system)
    return session.to_dashboard(cookie=session.end(system.settings))

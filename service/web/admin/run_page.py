"""The dashboard's page of one run: why it is held, what it would send, whose events that comes from."""

from typing import Any

from litestar import Request, Response

from service.actions import run_contents
from service.store.digests.runs import NoSuchRun
from service.web.admin import session
from service.web.admin.api_types import Number
from service.web.admin.dashboard import RunRow, dashboard
from service.web.admin.sign_in import sign_in_page
from service.web.http.deps import OpenSystem
from service.web.http.page_route import page_route
from service.web.pages import page


@page_route("/runs/{number:int}")
async def show_run(number: Number, request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """One run, with its buttons while it waits."""
    signed_in = await session.current(request, system)
    if signed_in is None:
        return sign_in_page()
    try:
        found = await run_contents.contents(system, number)
    except NoSuchRun as problem:
        return await dashboard(request, system, signed_in, status=404, problem=str(problem))
    return page(
        "admin/run.html",
        csrf=signed_in.csrf,
        notice="",
        problem="",
        found=found,
        rows=[RunRow(found.run)],
        current="runs",
    )

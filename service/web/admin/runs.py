"""/v1/admin/runs: lists, releases and cancels digest runs."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import Body, QueryParameter

from service.actions import run_contents
from service.actions import runs as actions
from service.actions.run_contents import RunContents
from service.domain.digests.run import CancelledNews, RunState
from service.store.audit import Operator
from service.store.digests import runs
from service.store.digests.runs import NoSuchRun, Run, WrongState
from service.system import System
from service.web.admin.api_types import Before, Done, Limit, Number, not_found
from service.web.admin.operator import ActingOperator
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem


class Cancellation(msgspec.Struct, forbid_unknown_fields=True):
    """`news`, required: the run's changes are reported by the next digests (`later`) or by none (`never`)."""

    #: Parsed by `read_news`, so that the error names the field.
    news: Annotated[Any, msgspec.Meta(description="Required: `later` or `never`.")] = None


class Runs(msgspec.Struct):
    """A page of runs, newest first; `next` is the `before` of the next page."""

    items: list[Run]
    next: int | None


@get("/runs", summary="Digest runs, the newest first")
async def list_runs(
    system: OpenSystem,
    limit: Limit = 50,
    before: Before = None,
    run_state: Annotated[RunState | None, QueryParameter(name="state")] = None,
) -> Runs:
    """Runs with the states of their mails, optionally of one state."""
    async with system.reading() as connection:
        found = await runs.page(connection, state=run_state, before=before, limit=limit)
    return Runs(found, found[-1].id if len(found) == limit else None)


@get("/runs/{number:int}", summary="One digest run")
async def show_run(number: Number, system: OpenSystem) -> Run:
    """A run with the states of its mails."""
    try:
        async with system.reading() as connection:
            return await runs.get(connection, number)
    except NoSuchRun:
        raise not_found("run") from None


@get("/runs/{number:int}/contents", summary="The content of a run before it is sent")
async def show_contents(number: Number, system: OpenSystem) -> RunContents:
    """How much news of which topics, whose events it comes from, and a sample mail without its reader."""
    try:
        return await run_contents.contents(system, number)
    except NoSuchRun:
        raise not_found("run") from None


async def release_one(system: System, number: int, operator: Operator) -> int:
    """Releases a held run; 0 if it was released before. Raises a Problem (404, 409)."""
    try:
        mails = await actions.release(system, operator, number, system.now())
    except NoSuchRun:
        raise not_found("run") from None
    except WrongState as problem:
        raise Problem(409, str(problem)) from None
    return mails


async def cancel_one(system: System, number: int, news: CancelledNews, operator: Operator) -> int:
    """Cancels a run; 0 if it was cancelled before. Raises a Problem (404, 409)."""
    try:
        mails = await actions.cancel(system, operator, number, news, system.now())
    except NoSuchRun:
        raise not_found("run") from None
    except WrongState as problem:
        raise Problem(409, str(problem)) from None
    return mails


def read_news(given: object) -> CancelledNews:
    """Whether a cancelled run's changes are reported later. There is no default: raises a Problem (422)."""
    try:
        return CancelledNews(str(given))
    except ValueError:
        message = "Say “later” (the next digests report what these mails would have) or “never”."
        error = {"field": "news", "message": message}
        raise Problem(422, "Say what becomes of the run's news.", errors=[error]) from None


@post("/runs/{number:int}/release", status_code=200, summary="Release a held run's mails")
async def release_run(number: Number, system: OpenSystem, operator: ActingOperator) -> Done:
    """The run's mails are queued. Idempotent."""
    return Done(await release_one(system, number, operator))


@post("/runs/{number:int}/cancel", status_code=200, summary="End a run: its waiting mails never leave")
async def cancel_run(
    number: Number,
    system: OpenSystem,
    operator: ActingOperator,
    data: Annotated[Cancellation | None, Body()] = None,
) -> Done:
    """Cancels the unsent mails. The changes are reported by the next digests, or never. Idempotent."""
    return Done(await cancel_one(system, number, read_news(data.news if data else None), operator))

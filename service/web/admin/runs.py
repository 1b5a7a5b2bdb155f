"""/v1/admin/runs: digest runs listed, held ones released, runs cancelled."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import Body, QueryParameter

from service.actions import runs as actions
from service.domain.digests.run import CancelledNews, RunState
from service.store.admin.audit import Operator
from service.store.digests import runs
from service.store.digests.runs import NoSuchRun, Run, WrongState
from service.system import System
from service.web.admin.operator import ActingOperator
from service.web.admin.shapes import Before, Done, Limit, Number, not_found
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem


class Cancellation(msgspec.Struct, forbid_unknown_fields=True):
    """`news`, required: the next digests tell what its mails would have (`later`), or none (`never`)."""

    #: Read by `read_news`, which names the field in its answer.
    news: Annotated[Any, msgspec.Meta(description="Required: `later` or `never`.")] = None


class Runs(msgspec.Struct):
    """A page of runs, the newest first; `next` leads to the next page."""

    items: list[Run]
    next: int | None


@get("/runs", summary="Digest runs, the newest first")
async def list_runs(
    system: OpenSystem,
    limit: Limit = 50,
    before: Before = None,
    run_state: Annotated[RunState | None, QueryParameter(name="state")] = None,
) -> Runs:
    """Runs with what became of their mails, of one state or of all."""
    async with system.reading() as connection:
        found = await runs.page(connection, state=run_state, before=before, limit=limit)
    return Runs(found, found[-1].id if len(found) == limit else None)


@get("/runs/{number:int}", summary="One digest run")
async def show_run(number: Number, system: OpenSystem) -> Run:
    """A run with what became of its mails."""
    try:
        async with system.reading() as connection:
            return await runs.get(connection, number)
    except NoSuchRun:
        raise not_found("run") from None


async def release_one(system: System, number: int, operator: Operator) -> int:
    """Lets a held run's mails leave; 0 when it was released before. Raises a Problem (404, 409)."""
    try:
        mails = await actions.release(system, number, operator, datetime.now(UTC))
    except NoSuchRun:
        raise not_found("run") from None
    except WrongState as problem:
        raise Problem(409, str(problem)) from None
    return mails


async def cancel_one(system: System, number: int, news: CancelledNews, operator: Operator) -> int:
    """Ends a run; 0 when it was cancelled before. Raises a Problem (404, 409)."""
    try:
        mails = await actions.cancel(system, number, news, operator, datetime.now(UTC))
    except NoSuchRun:
        raise not_found("run") from None
    except WrongState as problem:
        raise Problem(409, str(problem)) from None
    return mails


def read_news(given: object) -> CancelledNews:
    """What becomes of a cancelled run's news. Raises a Problem (422) unless it is said: no default."""
    try:
        return CancelledNews(str(given))
    except ValueError:
        message = "Say “later” (the next digests tell what these mails would have) or “never”."
        error = {"field": "news", "message": message}
        raise Problem(422, "Say what becomes of the run's news.", errors=[error]) from None


@post("/runs/{number:int}/release", status_code=200, summary="Let a held run's mails leave")
async def release_run(number: Number, system: OpenSystem, operator: ActingOperator) -> Done:
    """The run's mails leave. Asking again changes nothing."""
    return Done(await release_one(system, number, operator))


@post("/runs/{number:int}/cancel", status_code=200, summary="End a run: its waiting mails never leave")
async def cancel_run(
    number: Number,
    system: OpenSystem,
    operator: ActingOperator,
    data: Annotated[Cancellation | None, Body()] = None,
) -> Done:
    """The next digests tell what the mails would have told, or none does. Asking again changes nothing."""
    return Done(await cancel_one(system, number, read_news(data.news if data else None), operator))

"""/v1/admin/mail: whether outgoing mail is held, holding and releasing it."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import Body

from service.actions import mail_hold
from service.actions.mail_hold import HoldStatus, UnknownPart
from service.web.admin.api_types import Done
from service.web.admin.operator import ActingOperator
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem


class Release(msgspec.Struct, forbid_unknown_fields=True):
    """The released mail: with neither, everything, and the hold ends."""

    kinds: list[str] = []
    runs: list[Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]] = []


@get("/mail", summary="Whether mail is held, and what is queued")
async def show_hold(system: OpenSystem) -> HoldStatus:
    """Since when and why mail is held, what was released by hand, and the queued mails by kind."""
    return await mail_hold.status(system)


@post("/mail/hold", status_code=200, summary="Hold all mail")
async def hold_mail(system: OpenSystem, operator: ActingOperator) -> Done:
    """Nothing leaves until it is released. Asking again changes nothing."""
    return Done(int(await mail_hold.hold(system, operator, system.now())))


@post("/mail/release", status_code=200, summary="Release held mail")
async def release_mail(
    system: OpenSystem, operator: ActingOperator, data: Annotated[Release | None, Body()] = None
) -> Done:
    """Ends the hold; or lets only mails of some kinds or runs leave."""
    asked = data or Release()
    try:
        changed = await mail_hold.release(system, operator, system.now(), kinds=asked.kinds, runs=asked.runs)
    except UnknownPart as problem:
        error = {"field": problem.field, "message": str(problem)}
        raise Problem(422, "There is no such mail to release.", errors=[error]) from None
    return Done(int(changed))

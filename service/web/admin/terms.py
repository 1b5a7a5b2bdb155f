"""/v1/admin/terms: lists and publishes versions of the terms."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import Body

from service.actions import terms as actions
from service.actions.terms import LONGEST_TEXT, LONGEST_VERSION, VERSION, InvalidTerms
from service.store.people import terms
from service.store.people.terms import AlreadyPublished, Terms
from service.web.admin.api_types import Done
from service.web.admin.operator import ActingOperator
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT)]
_Version = Annotated[str, msgspec.Meta(max_length=LONGEST_VERSION, pattern=f"^{VERSION}$")]


class Publish(msgspec.Struct, forbid_unknown_fields=True):
    """A new version. People must agree to a `material` one by `pause_at` (default: in 30 days)."""

    version: _Version
    text: _Text
    material: bool = False
    pause_at: datetime | None = None


@get("/terms", summary="Every version of the terms, the newest first")
async def list_terms(system: OpenSystem) -> list[Terms]:
    """The versions with their exact text and hash."""
    async with system.reading() as connection:
        return await terms.versions(connection)


@post("/terms", status_code=200, summary="Publish a version of the terms")
async def publish_terms(
    data: Annotated[Publish, Body()], system: OpenSystem, operator: ActingOperator
) -> Done:
    """The version is current from now on. Idempotent for the same version and text."""
    try:
        fresh = await actions.publish(
            system,
            operator,
            data.version,
            data.text,
            now=system.now(),
            material=data.material,
            pause_at=data.pause_at,
        )
    except AlreadyPublished as problem:
        raise Problem(409, str(problem)) from None
    except InvalidTerms as problem:
        error = {"field": problem.field, "message": str(problem)}
        raise Problem(422, "The version can't be published like this.", errors=[error]) from None
    return Done(int(fresh))

"""/v1/admin/terms: the versions of the text that people agree to, and a new one published."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import Body

from service.store import terms
from service.store.database import reading, writing
from service.store.terms import AlreadyPublished, Terms
from service.web.admin.access import actions
from service.web.admin.shapes import Done
from service.web.inject import OpenSystem
from service.web.problems import Problem

#: Time that people have to agree to material terms, unless the operator gives another.
AGREE_WITHIN = timedelta(days=30)

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200_000)]
_Version = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9._-]+$")]


class Publish(msgspec.Struct, forbid_unknown_fields=True):
    """A new version. A `material` one is to be agreed to anew, by `pause_at` (when not given: in 30 days)."""

    version: _Version
    text: _Text
    material: bool = False
    pause_at: datetime | None = None


@get("/terms", summary="Every version of the terms, the newest first")
async def list_terms(system: OpenSystem) -> list[Terms]:
    """The versions with their exact text and hash."""
    async with reading(system.database) as connection:
        return await terms.versions(connection)


@post("/terms", status_code=200, summary="Publish a version of the terms")
async def publish_terms(data: Annotated[Publish, Body()], system: OpenSystem) -> Done:
    """The version is current from now on. The same text under the same version again changes nothing."""
    now = datetime.now(UTC)
    try:
        async with writing(system.database) as connection:
            fresh = await terms.publish(
                connection,
                data.version,
                data.text,
                now=now,
                material=data.material,
                pause_at=_pause_at(data, now),
            )
    except AlreadyPublished as problem:
        words = str(problem)
        raise Problem(409, f"{words[:1].upper()}{words[1:]}.") from None
    actions.info("terms_published", versions=int(fresh), material=data.material)
    return Done(int(fresh))


def _pause_at(data: Publish, now: datetime) -> datetime | None:
    if not data.material:
        return None
    if data.pause_at is None:
        return now + AGREE_WITHIN
    if data.pause_at.tzinfo is None or data.pause_at < now:
        error = {"field": "pause_at", "message": "Give a moment to come, with its time zone."}
        raise Problem(422, "The version can't be published so.", errors=[error])
    return data.pause_at

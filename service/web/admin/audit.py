"""/v1/admin/audit: the audit log of operators' actions."""

from datetime import datetime

import msgspec
from litestar import get

from service.store import audit
from service.web.admin.api_types import Before, Limit, shown
from service.web.http.deps import OpenSystem


class Act(msgspec.Struct):
    """An action: who, from where, what, on which object, how many rows changed.

    `actor` is `api`, `dashboard` or `command:` and the user of the operating system; `origin` the network of
    the request, or `command`. `target` is a kind and a number, such as `subscriber:12`.
    """

    id: int
    at: datetime
    actor: str
    origin: str
    action: str
    target: str | None
    changed: int | None


class Acts(msgspec.Struct):
    """A page of actions, newest first; `next` is the `before` of the next page."""

    items: list[Act]
    next: int | None


@get("/audit", summary="The audit log, newest first")
async def list_acts(system: OpenSystem, limit: Limit = 50, before: Before = None) -> Acts:
    """The audit log: actions by the API, the dashboard and commands, without addresses."""
    async with system.reading() as connection:
        rows = await audit.page(connection, before=before, limit=limit)
    return Acts([shown(row, Act) for row in rows], rows[-1].id if len(rows) == limit else None)

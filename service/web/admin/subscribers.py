"""/v1/admin/subscribers: shows, exports and erases a person's data. The address is in the body."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
from litestar import post
from litestar.params import Body

from service.actions import subject_rights
from service.actions.subject_rights import UnknownPerson
from service.crypto.keyring import DecryptionError
from service.web.admin.api_types import Address
from service.web.admin.operator import ActingOperator
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem


class Erased(msgspec.Struct):
    """The number of rows deleted from each table."""

    erased: dict[str, int]


@contextmanager
def _problems() -> Iterator[None]:
    """Turns an action's domain errors into answers."""
    try:
        yield
    except UnknownPerson as problem:
        raise Problem(404, str(problem)) from None
    except DecryptionError:
        words = "None of the secret keys opens what is held: bring back the one that was dropped."
        raise Problem(409, words) from None


@post("/subscribers/show", status_code=200, summary="Summary of a person's data")
async def show_subscriber(
    data: Annotated[Address, Body()], system: OpenSystem, operator: ActingOperator
) -> dict[str, Any]:
    """The person, subscriptions, consents, the number of mails, and what waits for a worker."""
    with _problems():
        return await subject_rights.show(system, operator, data.canonical, now=system.now())


@post("/subscribers/export", status_code=200, summary="All data of a person")
async def export_subscriber(
    data: Annotated[Address, Body()], system: OpenSystem, operator: ActingOperator
) -> dict[str, Any]:
    """All data of the person (GDPR Art. 15, 20)."""
    with _problems():
        return await subject_rights.export(system, operator, data.canonical, now=system.now())


@post("/subscribers/erase", status_code=200, summary="Erase a person")
async def erase_subscriber(
    data: Annotated[Address, Body()], system: OpenSystem, operator: ActingOperator
) -> Erased:
    """Deletes all data of the person, at once and permanently (GDPR Art. 17)."""
    with _problems():
        return Erased(await subject_rights.erase(system, operator, data.canonical, now=system.now()))

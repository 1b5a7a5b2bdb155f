"""Data-subject rights on the preferences page: change of address, export, erasure."""

from typing import Any

import msgspec
from litestar import Request, Response, post

from service import person_errors
from service.actions import change_address, personal_data, preferences, subject_rights
from service.actions.decline import again_token
from service.crypto.keyring import DecryptionError
from service.domain.delivery.suppression import LIFTED_FROM_PAGE
from service.email_address import InvalidAddress, normalize_email
from service.person_errors import Operation
from service.redis.job_queue import Job
from service.store.people.rows import Subscriber
from service.system import System
from service.web.http.deps import OpenSystem
from service.web.http.forms import read
from service.web.http.page_route import page_route
from service.web.pages import page
from service.web.site import mail_routes
from service.web.site.preferences_page import Token, back, owner, show, typed

AnyRequest = Request[Any, Any, Any]


@post("/{token:str}/address", status_code=303)
async def ask_for_address(request: AnyRequest, system: OpenSystem, token: Token) -> Response[Any]:
    """Enqueues the request for another address; the answer is the same whatever that address is.

    422 and 429 as for a sign-up; 429 also above a person's limit per day.
    """
    fields = await read(request)
    try:
        email = normalize_email(fields.text("email"))
    except InvalidAddress as problem:
        return await show(request, system, token, errors={"email": str(problem)}, sent=typed(fields))
    async with system.reading() as connection:
        asking = (await owner(connection, system, token, lock=False)).id
    sent = fields.text("challenge")
    refused = await mail_routes.refusal(request, system, mail_routes.ADDRESS_CHANGE, sent, asking)
    if refused:
        errors = {refused.field: refused.message}
        answer = await show(request, system, token, errors=errors, sent=typed(fields), status=refused.status)
        answer.headers.update(refused.headers)
        return answer
    async with system.writing() as connection:
        person = await owner(connection, system, token)
        await change_address.request(connection, system, person, email, system.now())
    system.notifier.notify(Job.PROCESS_REQUESTS)
    return back(token, "address")


@page_route("/{token:str}/data")
async def download(system: OpenSystem, token: Token) -> Response[Any]:
    """All data of the person, as a JSON file (GDPR Art. 15, 20); a page while some can't be read."""
    async with system.reading() as connection:
        person = await owner(connection, system, token, lock=False)
        try:
            exported = await subject_rights.export_own(connection, system, person, system.now())
        except (DecryptionError, msgspec.DecodeError) as error:
            await person_errors.report(system, Operation.PAGE, {person.id: type(error).__name__})
            return page("preferences/data_unreadable.html", status=503, token=token, locale=person.locale)
    return Response(
        personal_data.as_json(exported),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@page_route("/{token:str}/erase")
async def erase_page(system: OpenSystem, token: Token) -> Response[str]:
    """The page that explains erasure and asks for confirmation (WCAG 3.3.4)."""
    async with system.reading() as connection:
        person = await owner(connection, system, token, lock=False)
    return _asking(system, token, person)


def _asking(system: System, token: str, person: Subscriber, *, status: int = 200) -> Response[str]:
    """The question, with the way back that is shown if the address is suppressed."""
    again = again_token(system, person.email_index)
    return page("preferences/erase.html", status=status, token=token, locale=person.locale, again=again)


@post("/{token:str}/erase", status_code=200)
async def erase(request: AnyRequest, system: OpenSystem, token: Token) -> Response[str]:
    """Erases the person; keeps a suppression, as a keyed hash, only if asked to. Idempotent."""
    fields = await read(request)
    is_meant, never_again = fields.text("do") == "erase", fields.flag("never_again")
    again = fields.text("again")
    async with system.writing() as connection:
        if is_meant:
            kept = await preferences.kept_after_erasure(connection, system, token, system.now())
            if kept is not None:
                return _erased(kept, again)
        person = await owner(connection, system, token)
        if not is_meant:  # posted by a mail scanner, not from the page
            return _asking(system, token, person, status=422)
        kept = await subject_rights.erase_own(
            connection, system, person, never_again=never_again, now=system.now()
        )
    return _erased(kept, again, person.locale)


def _erased(kept: str | None, again: str, locale: str | None = None) -> Response[str]:
    """The page that says so; `kept`: the reason of the suppression that is kept."""
    way_back = again if kept in LIFTED_FROM_PAGE else ""
    return page("preferences/erased.html", locale=locale, kept=bool(kept), again=way_back)


ROUTES = [ask_for_address, download, erase_page, erase]

"""The development pages: the start page, the demo website's trials, and their one-click changes."""

from typing import Annotated, Any

import httpx
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body
from litestar.response import Redirect

from service.dev.changes import CHANGES
from service.dev.rendering import html, static
from service.dev.website import DemoWebsite
from service.digests.planner import plan_now
from service.store.people import terms
from service.web.http.deps import OpenSystem
from service.web.http.own_paths import own_path
from service.web.http.problems import Problem

Visit = Request[Any, Any, State]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]

_TYPES = {"css": "text/css", "js": "text/javascript"}


def _website(request: Visit) -> DemoWebsite:
    website: DemoWebsite = request.app.state.website
    return website


@get("/", include_in_schema=False)
async def home(request: Visit) -> Response[str]:
    """The start page: links, and what to try."""
    return html("home.html", trials=_website(request).trials.values())


@get("/dev/static/{name:str}", include_in_schema=False, cache_control=None)
async def static_file(name: str) -> Response[bytes]:
    """A style sheet or script of these pages."""
    try:
        content = static(name)
    except KeyError:
        raise NotFoundException from None
    return Response(content, media_type=_TYPES[name.rpartition(".")[2]])


@get("/demo/trials/{nct_id:str}", include_in_schema=False)
async def trial_page(request: Visit, system: OpenSystem, nct_id: str, script: bool = False) -> Response[str]:
    """A trial on the demo website, with the sign-up as a plain form or drawn by the script."""
    trial = _website(request).trials.get(nct_id)
    if trial is None:
        raise NotFoundException
    async with system.reading() as connection:
        current = await terms.current(connection)
    return html(
        "trial.html",
        trial=trial,
        terms=current,
        terms_url=system.settings.terms_url,
        privacy_url=system.settings.privacy_url,
        return_to=_website(request).url_of(nct_id),
        subscribed=request.query_params.get("subscribed") == "pending",
        script=script,
    )


@get("/demo/terms", include_in_schema=False)
async def terms_page(system: OpenSystem) -> Response[str]:
    """The current version of the terms."""
    async with system.reading() as connection:
        return html("terms.html", terms=await terms.current(connection))


@get("/demo/privacy", include_in_schema=False)
async def privacy_page() -> Response[str]:
    """The demo website's privacy notice."""
    return html("privacy.html")


@get("/dev/events", include_in_schema=False)
async def events_page(request: Visit, done: str = "") -> Response[str]:
    """The demo website's trials with a button for each change."""
    return html("events.html", trials=_website(request).trials.values(), changes=CHANGES, done=done)


@post("/dev/events", include_in_schema=False, status_code=303)
async def send_event(request: Visit, data: Form) -> Redirect:
    """Changes a trial, and sends its event, signed, over HTTP."""
    website, nct_id, change = _website(request), data.get("trial", ""), data.get("change", "")
    try:
        if change == "new-trial":
            nct_id = await website.add_trial()
        elif change == "removed":
            await website.remove(nct_id)
        else:
            await website.change(nct_id, change)
    except KeyError:
        raise Problem(422, "That trial or change is not known here.") from None
    except httpx.HTTPError:
        raise Problem(502, "The service did not take the event; its log says why.") from None
    return Redirect(own_path(f"/dev/events?done={nct_id}"), status_code=303)


@post("/dev/digests", include_in_schema=False, status_code=303)
async def send_digests(system: OpenSystem) -> Redirect:
    """Plans all pending digests, regardless of the schedule, and shows the mailbox."""
    await plan_now(system)
    return Redirect(own_path("/dev/mailbox"), status_code=303)


ROUTES: list[Any] = [
    home, static_file, trial_page, terms_page, privacy_page, events_page, send_event, send_digests,
]  # fmt: skip

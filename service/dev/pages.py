"""The development pages: the start page, the demo website's trials, and their one-click changes."""

from typing import Annotated, Any

import httpx
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body, QueryParameter
from litestar.response import Redirect

from service.dev.changes import CHANGES
from service.dev.history import history
from service.dev.rendering import html, static
from service.dev.website import DemoWebsite
from service.digests.planner import plan_now
from service.domain.subscription import SubscriptionState
from service.domain.trials.change import Kind
from service.domain.wording.sign_up import SAFETY, SAFETY_HEADING
from service.store.people import terms
from service.web.http.deps import OpenSystem
from service.web.http.own_paths import own_path
from service.web.http.problems import Problem

Visit = Request[Any, Any, State]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]

_REFUSED = "The service did not take the event; its log says why."
_TYPES = {"css": "text/css", "js": "text/javascript"}


def _website(request: Visit) -> DemoWebsite:
    website: DemoWebsite = request.app.state.website
    return website


@get("/", include_in_schema=False)
async def home(request: Visit) -> Response[str]:
    """The start page: links and suggestions."""
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
        trial={"summary": "", "locations": []} | trial,
        terms=current,
        terms_url=system.settings.terms_url,
        privacy_url=system.settings.privacy_url,
        return_to=_website(request).url_of(nct_id) + "#signed-up",
        safety_heading=SAFETY_HEADING,
        safety=SAFETY,
        subscribed=request.query_params.get("subscribed") == SubscriptionState.PENDING,
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


@get("/demo/history", include_in_schema=False)
async def history_page(request: Visit) -> Response[str]:
    """A real study's updates: the registry's changes, those that are reported, and why others are not."""
    real, website = history(), _website(request)
    coming = real.after(website.trials[real.nct_id]["revision"])
    return html("history.html", history=real, coming=coming, played=len(real.updates) - len(coming))


@post("/demo/history", include_in_schema=False, status_code=303)
async def play(request: Visit, data: Form) -> Redirect:
    """Sends the next update of the history, or all that are left."""
    website = _website(request)
    try:
        await website.play(len(history().updates) if data.get("all") else 1)
    except httpx.HTTPError:
        raise Problem(502, _REFUSED) from None
    left = len(history().after(website.trials[history().nct_id]["revision"]))
    return Redirect(own_path(f"/demo/history#update-{len(history().updates) - left}"), status_code=303)


@get("/dev/events", include_in_schema=False)
async def events_page(request: Visit, done: Annotated[str, QueryParameter()] = "") -> Response[str]:
    """The demo website's trials with a button for each thing that can happen to them."""
    website = _website(request)
    shown = [trial for trial in website.trials.values() if trial["nct_id"] != history().nct_id]
    last = website.last.get(done)
    return html("events.html", trials=shown, changes=CHANGES, done=done, explained=last)


@post("/dev/events", include_in_schema=False, status_code=303)
async def send_event(request: Visit, data: Form) -> Redirect:
    """Changes a trial, and sends its event, signed, over HTTP."""
    website, nct_id, change = _website(request), data.get("trial", ""), data.get("change", "")
    try:
        if change == "new-trial":
            nct_id = await website.add_trial()
        elif change == Kind.REMOVED:
            await website.remove(nct_id)
        else:
            await website.change(nct_id, change)
    except KeyError:
        raise Problem(422, "That trial or change is not known here.") from None
    except httpx.HTTPError:
        raise Problem(502, _REFUSED) from None
    return Redirect(own_path(f"/dev/events?done={nct_id}"), status_code=303)


@post("/dev/digests", include_in_schema=False, status_code=303)
async def send_digests(system: OpenSystem) -> Redirect:
    """Plans all pending digests, regardless of the schedule, and shows the mailbox."""
    return Redirect(own_path(f"/dev/mailbox?planned={await plan_now(system)}"), status_code=303)


ROUTES: list[Any] = [
    home, static_file, trial_page, terms_page, privacy_page, history_page, play, events_page, send_event,
    send_digests,
]  # fmt: skip

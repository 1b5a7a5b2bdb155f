"""The development mailbox as pages for people, and as JSON for programs."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import QueryParameter
from litestar.response import Redirect

from service.dev.mail_view import View, figures, framed, shown
from service.dev.mailbox import DevMailbox
from service.dev.rendering import html
from service.web.http.own_paths import own_path

Visit = Request[Any, Any, State]
Chosen = Annotated[str, QueryParameter()]


def _mailbox(request: Visit) -> DevMailbox:
    mailbox: DevMailbox = request.app.state.mailbox
    return mailbox


def _mail(request: Visit, name: str) -> dict[str, Any]:
    mail = _mailbox(request).mail(name)
    if mail is None:
        raise NotFoundException
    return mail


def _holds(mail: dict[str, Any], words: str) -> bool:
    everything = " ".join([mail["from"], mail["subject"], mail["text"], *mail["rcpt_to"]])
    return words.casefold() in everything.casefold()


@get("/dev/mailbox", include_in_schema=False)
async def mailbox_page(request: Visit, q: Chosen = "", planned: Chosen = "") -> Response[str]:
    """All sent mail, newest first; `q` searches it."""
    mails = [mail for mail in _mailbox(request).mails() if _holds(mail, q)]
    return html("mailbox.html", mails=mails, q=q, planned=planned)


@get("/dev/mailbox.json", include_in_schema=False)
async def mailbox_json(request: Visit) -> Response[list[dict[str, Any]]]:
    """The newest mails, newest first."""
    return Response(_mailbox(request).mails())


@get("/dev/mailbox/newest", include_in_schema=False)
async def newest(request: Visit) -> Response[dict[str, str]]:
    """The id of the newest mail, which the page polls to know whether to reload."""
    names = _mailbox(request).names()
    return Response({"newest": names[0] if names else ""})


@get("/dev/mailbox/{name:str}", include_in_schema=False)
async def mail_page(request: Visit, name: str, scheme: Chosen = "", width: Chosen = "") -> Response[str]:
    """One mail: as HTML, as text, its headers, source and size, and the support of mail programs."""
    mail = _mail(request, name)
    return html(
        "mail.html",
        **shown(View.of(scheme, width)),
        mail=mail,
        newest=next(iter(_mailbox(request).names()), ""),
        figures=figures(mail["html"], mail["text"], mail["source"]),
    )


@get("/dev/mailbox/{name:str}/html", include_in_schema=False)
async def mail_html(request: Visit, name: str, scheme: Chosen = "") -> Response[str]:
    """The HTML part alone, for the frame."""
    return framed(_mail(request, name)["html"], scheme)


@post("/dev/mailbox/clear", include_in_schema=False, status_code=303)
async def clear(request: Visit) -> Redirect:
    """Deletes all mails."""
    _mailbox(request).clear()
    return Redirect(own_path("/dev/mailbox"), status_code=303)


ROUTES: list[Any] = [mailbox_page, mailbox_json, newest, mail_page, mail_html, clear]

"""The development mailbox as pages for people, and as JSON for programs."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from service.dev.mailbox import Mailbox
from service.dev.rendering import MAIL_POLICY, html
from service.web.http.own_paths import own_path

Visit = Request[Any, Any, State]

#: Links in a mail open in the whole window, not in the frame that shows the mail.
_BASE = '<base target="_top">'


def _mailbox(request: Visit) -> Mailbox:
    mailbox: Mailbox = request.app.state.mailbox
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
async def mailbox_page(request: Visit, q: str = "") -> Response[str]:
    """All sent mail, newest first; `q` searches it."""
    mails = [mail for mail in _mailbox(request).mails() if _holds(mail, q)]
    return html("mailbox.html", mails=mails, q=q)


@get("/dev/mailbox.json", include_in_schema=False)
async def mailbox_json(request: Visit) -> Response[list[dict[str, Any]]]:
    """The newest mails, newest first."""
    return Response(_mailbox(request).mails(), headers={"Cache-Control": "no-store"})


@get("/dev/mailbox/newest", include_in_schema=False)
async def newest(request: Visit) -> Response[dict[str, str]]:
    """The id of the newest mail, which the page polls to know whether to reload."""
    names = _mailbox(request).names()
    return Response({"newest": names[0] if names else ""}, headers={"Cache-Control": "no-store"})


@get("/dev/mailbox/{name:str}", include_in_schema=False)
async def mail_page(request: Visit, name: str) -> Response[str]:
    """A mail: as HTML, as text, its headers and its source."""
    return html("mail.html", mail=_mail(request, name))


@get("/dev/mailbox/{name:str}/html", include_in_schema=False)
async def mail_html(request: Visit, name: str) -> Response[str]:
    """The HTML part only, for the frame."""
    body = _mail(request, name)["html"]
    head, tag, rest = body.partition("<head>")
    framed = head + tag + _BASE + rest if tag else _BASE + body
    return Response(framed, media_type="text/html", headers={"Content-Security-Policy": MAIL_POLICY})


@post("/dev/mailbox/clear", include_in_schema=False, status_code=303)
async def clear(request: Visit) -> Redirect:
    """Deletes all mails."""
    _mailbox(request).clear()
    return Redirect(own_path("/dev/mailbox"), status_code=303)


ROUTES: list[Any] = [mailbox_page, mailbox_json, newest, mail_page, mail_html, clear]

"""Shows errors as pages to people; programs get them as problems (RFC 9457).

Browsers accept text/html when they open a URL or send a form, never application/json. The API answers only
with problems, except at the URL to which forms are posted, which a browser may also reload.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.types import ASGIApp

from service.domain.wording.messages import lazy_gettext as _
from service.web.http.raw_problems import raw_problem
from service.web.pages import page

_HTML = ("text/html", "application/xhtml+xml")
_JSON = ("application/json", "application/problem+json")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

#: The only URL of the API to which pages and websites post forms.
_FORM_TARGET = "/v1/subscriptions"

_TOO_LONG = _("This is too long")

#: Headings by status; the sentence below is that of the problem.
_HEADINGS = {
    401: _("Please sign in"),
    404: _("There is nothing here"),
    405: _("This page belongs to a form"),
    413: _TOO_LONG,
    414: _TOO_LONG,
    429: _("Please wait a little"),
    431: _TOO_LONG,
    503: _("Not available right now"),
}
_OTHER = {4: _("This did not work"), 5: _("Something went wrong")}

_SHORTEN = _("What you sent is longer than we can take. Please go back, shorten it, and send it again.")
_WRONG_ADDRESS = _(
    "The address may have been cut off or mistyped. If it came from one of our emails, please "
    "press the link there again, or copy the whole link."
)
#: Sentences for people, where that of the problem is for programs.
_SENTENCES = {
    404: _WRONG_ADDRESS,
    413: _SHORTEN,
    414: _WRONG_ADDRESS,
    431: _SHORTEN,
    503: _("Please try again in a few minutes. If you sent a form, it was not saved."),
    415: _("This page can’t read what was sent. Please go back to the form and send it from there."),
    405: _("It can’t be opened by itself, or reloaded. Please go back to the form and send it from there."),
}

ErrorHandler = Callable[[Request[Any, Any, Any], Any], Response[bytes]]


def page_or_problem(handler: ErrorHandler) -> Callable[[Request[Any, Any, Any], Any], Response[Any]]:
    """Wraps `handler`: its problem becomes a page if a person reads it."""

    def answer(request: Request[Any, Any, Any], error: Any) -> Response[Any]:
        problem = handler(request, error)
        return _as_page(problem, request.scope["path"]) if _is_read_by_a_person(request) else problem

    return answer


def _is_read_by_a_person(request: Request[Any, Any, Any]) -> bool:
    path = request.scope["path"].rstrip("/")
    if path == "/v1" or (path.startswith("/v1/") and path != _FORM_TARGET):
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method != "POST" or media not in _FORMS:
            return False
    return prefers_html(request.headers.get("accept", ""))


def prefers_html(accept: str) -> bool:
    """Whether an Accept header (RFC 9110 §12.5.1) names HTML, and no JSON with a higher quality.

    `*/*` alone, as programs send it, names nothing. Of two equal qualities the first counts.
    """
    html, json = (-1.0, 0), (0.0, 0)
    for position, part in enumerate(accept.lower().split(",")):
        media, _, parameters = part.partition(";")
        liked = (_quality(parameters), -position)
        if media.strip() in _HTML:
            html = max(html, liked)
        elif media.strip() in _JSON:
            json = max(json, liked)
    return html[0] > 0 and html > json


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _as_page(problem: Response[bytes], path: str) -> Response[str]:
    members = msgspec.json.decode(problem.content)
    answer = _page(
        int(members["status"]),
        members["detail"],
        messages=[error["message"] for error in members.get("errors", ()) if error.get("message")],
        operators=path == "/admin" or path.startswith("/admin/"),
    )
    for name, value in problem.headers.items():
        answer.headers.setdefault(name, value)
    return answer


def _page(
    status: int, detail: str, *, messages: Sequence[str] = (), operators: bool = False
) -> Response[str]:
    return page(
        "error.html",
        status=status,
        heading=_HEADINGS.get(status) or _OTHER[status // 100],
        sentence=_SENTENCES.get(status) or detail,
        messages=messages,
        operators=operators,
    )


def refusing(status: int, detail: str) -> ASGIApp:
    """An application that refuses every request and ends its connection; people get a page."""

    async def answer(scope: Any, _: Any, send: Any) -> None:
        accept = b",".join(value for name, value in scope["headers"] if name == b"accept").decode("latin-1")
        body, headers = raw_problem(status, detail, close=True)
        path = scope["path"]
        if prefers_html(accept) and (path == _FORM_TARGET or not path.startswith("/v1/")):
            scope["query_string"] = b""  # the page's links to other languages would repeat it
            shown = _page(status, detail)
            body = shown.content.encode()
            headers = [(name.lower().encode(), value.encode()) for name, value in shown.headers.items()]
            headers += [(b"content-type", b"text/html; charset=utf-8"), (b"connection", b"close")]
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer

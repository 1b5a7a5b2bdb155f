"""The language of an answer: chosen by its address, else the person's own, else what the browser asks for.

An address chooses by `lang` in its query (`/subscribe?lang=de`), else by its first segment (`/de/subscribe`).
A page's own links then begin with that segment. No cookie is needed, and a link in a mail carries no
language: it shows the page in its reader's own.
"""

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from service.languages import SupportedLanguage, accepted, language, match, nearest, supported
from service.web.http.own_paths import public_path, serve_below


@dataclass(frozen=True, slots=True)
class _Request:
    """The parts of the current request that decide its language; `scope` as ASGI describes it."""

    scope: Any
    chosen: str


#: The query of the links to other languages from a page that a form is answered with.
_kept: ContextVar[Sequence[tuple[str, str]]] = ContextVar("kept_query", default=())
_request: ContextVar[_Request | None] = ContextVar("reader_request", default=None)


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The current page in one of the languages."""

    language: SupportedLanguage
    url: str
    is_current: bool


def serve_reader(scope: Any, base: str) -> None:
    """Reads which language the address of a request chooses, and takes it off the path."""
    path = scope["path"]
    segment = path[1:].partition("/")[0]
    chosen = ""
    if segment in supported():
        chosen = segment
        scope["path"] = path[len(segment) + 1 :] or "/"
        scope["raw_path"] = (scope.get("raw_path") or b"")[len(segment) + 1 :] or b"/"
    if b"lang=" in scope["query_string"]:
        chosen = match([dict(_query(scope)).get("lang", "")]) or chosen
    serve_below(base, f"/{chosen}" if chosen else "")
    _request.set(_Request(scope, chosen))
    _kept.set(())


def keep_in_links(query: Sequence[tuple[str, str]]) -> None:
    """Keeps what a form chose, as the query of its page, in the links to other languages from the answer."""
    _kept.set(query)


def _query(scope: Any) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def chosen_language() -> str:
    """The language that the request's address chooses, or ""."""
    request = _request.get()
    return request.chosen if request else ""


def wanted_languages() -> list[str]:
    """The languages that a request asks for, as BCP 47 tags in order: by its URL, then by Accept-Language."""
    request = _request.get()
    if request is None:
        return []
    headers = [value for name, value in request.scope["headers"] if name == b"accept-language"]
    tags = accepted(b",".join(headers).decode("latin-1")) if headers else []
    return [request.chosen, *tags] if request.chosen else tags


def reader_language(own: str | None = None) -> SupportedLanguage:
    """The language of the answer; `own`: the locale stored for the person that it is for, if there is one."""
    return language(chosen_language() or nearest([own] if own else wanted_languages()))


def language_links(current: SupportedLanguage) -> Iterator[LanguageLink]:
    """The page of the current request in each language; nothing outside of a request.

    The links are relative where they can be: the path of a page may hold a token, which need not stand in it.
    """
    request = _request.get()
    if request is None:
        return
    path, query = _path_to_show(request.scope), list(_kept.get())
    if request.scope["method"] in ("GET", "HEAD"):
        query = [(name, value) for name, value in _query(request.scope) if name != "lang"]
    for code in supported():
        url = f"{path}?{urlencode([*query, ('lang', code)])}"
        yield LanguageLink(language(code), url, code == current.code)


def _path_to_show(scope: Any) -> str:
    """The relative URL at which a browser can get the page again.

    "" is its own URL; after a form was sent it is that of the page nearest above ("." and further up).
    """
    template = scope.get("path_template")
    if scope["method"] in ("GET", "HEAD") or not template:
        return ""
    if template == "/v1/subscriptions":
        return public_path() + "/subscribe"
    routes = scope["litestar_app"].routes
    shown = {route.path_format for route in routes if "GET" in getattr(route, "methods", ())}
    up = 0
    while template and template not in shown:
        template, up = template.rpartition("/")[0], up + 1
    return "/".join([".", *[".."] * (up - 1)]) if up else ""

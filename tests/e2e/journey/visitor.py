"""A visitor without a browser: reads pages as HTML and submits their forms, hidden fields included."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

from tests.waiting import PATIENCE

#: A connection for each request: one that is kept may be closed by the server just as it is used again.
NO_KEEPING = httpx.Limits(max_keepalive_connections=0)


@dataclass
class Form:
    """A form of a page, with what its fields hold."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "form":
            self.forms.append(Form(given.get("action") or "", (given.get("method") or "get").lower()))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.forms[-1].fields.append((self._select, value))
        elif tag in ("input", "textarea") and name and self.forms:
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            self.forms[-1].fields.append((name, value))


class Visitor:
    """Somebody who looks at pages and sends forms; with a `language`, as the browser of one who reads it."""

    def __init__(self, url: str, language: str = "") -> None:
        asked = {"accept": "text/html", "accept-language": language} if language else {}
        self._http = httpx.Client(
            base_url=url, timeout=PATIENCE, trust_env=False, headers=asked, limits=NO_KEEPING
        )

    def get(self, url: str) -> httpx.Response:
        """A page; redirects are followed."""
        return self._http.get(url, follow_redirects=True)

    def submit(self, page: httpx.Response, action: str, **values: str | list[str]) -> httpx.Response:
        """Sends the page's first form whose action holds `action`, with `values` filled in."""
        parser = _Forms()
        parser.feed(page.text)
        form = next(candidate for candidate in parser.forms if action in (candidate.action or str(page.url)))
        fields: dict[str, list[str]] = {}
        for name, value in form.fields:
            fields.setdefault(name, []).append(value)
        for name, given in values.items():
            fields[name] = given if isinstance(given, list) else [given]
        target = urljoin(str(page.url), form.action or str(page.url))
        return self._http.request(form.method, target, data=fields, follow_redirects=True)

    def post(self, url: str, **options: object) -> httpx.Response:
        """One POST; no redirect is followed."""
        return self._http.post(url, **options)  # type: ignore[arg-type]

    def close(self) -> None:
        """Leaves."""
        self._http.close()

"""A visitor without a browser: reads pages as HTML and submits their forms, hidden fields included."""

from urllib.parse import urljoin

import httpx

from tests.html_forms import forms_of
from tests.waiting import PATIENCE

#: A connection for each request: one that is kept may be closed by the server just as it is used again.
NO_KEEPING = httpx.Limits(max_keepalive_connections=0)


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
        form = next(found for found in forms_of(page.text) if action in (found.action or str(page.url)))
        fields: dict[str, list[str]] = {}
        for control in form.controls:
            if control.is_on:
                fields.setdefault(control.name, []).append(control.value)
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

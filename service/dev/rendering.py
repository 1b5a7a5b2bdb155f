"""The development pages' templates and headers."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType

from service.web.http.assets import asset
from service.web.http.own_paths import base_path

_HERE = Path(__file__).parent
_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
#: Without a referrer their forms would come from nowhere: browsers send `Origin: null` then (Fetch standard),
#: which is another site's (`visitors`).
_REFERRER = "same-origin"
_POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"

#: Headers of a mail's HTML: its own styles, no scripts, nothing loaded; it is shown in a sandboxed frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox "
    "allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox"
)


def html(template: str, **values: Any) -> Response[str]:
    """A page from `template`."""
    return Response(
        _environment.get_template(template).render(base=base_path(), tokens=asset("tokens.css"), **values),
        media_type=MediaType.HTML,
        headers={"Content-Security-Policy": _POLICY, "Referrer-Policy": _REFERRER},
    )


def static(name: str) -> bytes:
    """A file of the pages. Raises KeyError for an unknown file."""
    return {path.name: path for path in (_HERE / "static").iterdir()}[name].read_bytes()

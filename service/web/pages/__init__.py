"""The hosted pages: HTML from templates, with the headers every page needs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from litestar import Response
from litestar.enums import MediaType

from service.domain.digests.schedule import FREQUENCY_CHOICES
from service.web.http.assets import asset
from service.web.http.own_paths import base_path
from service.web.http.website_shown import website

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_environment.globals["asset"] = asset
_environment.globals["frequencies"] = FREQUENCY_CHOICES
_environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]


def content_security_policy(form_targets: Iterable[str] = ()) -> str:
    """A policy without third parties; `form_targets` are further origins a form's answer may redirect to."""
    targets = " ".join(["'self'", *form_targets])
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"worker-src 'self'; form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    )


def page(
    template: str, *, status: int = 200, form_targets: Iterable[str] = (), **values: Any
) -> Response[str]:
    """A page from `template`. No cache keeps it, no other site learns of it, no search engine lists it."""
    return Response(
        _environment.get_template(template).render(base=base_path(), website=website(), **values),
        status_code=status,
        media_type=MediaType.HTML,
        headers={
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
            "Content-Security-Policy": content_security_policy(form_targets),
        },
    )

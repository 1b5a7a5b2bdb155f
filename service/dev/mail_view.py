"""A mail as the development pages show it: in a scheme and a width, with its size and a check of its HTML."""

from dataclasses import dataclass
from typing import Any

from litestar import Response

from service.dev.client_support import SupportReport, check
from service.dev.rendering import MAIL_POLICY

#: Gmail clips a longer mail (docs/standards.md).
LARGEST_HTML = 102_400

#: Colour schemes of the frame: the browser's own, or a fixed one.
SCHEMES = ("auto", "light", "dark")
WIDTHS = ("full", "600", "320")

_DARK = "screen and (prefers-color-scheme: dark)"
_MEDIA = {"light": "not all", "dark": "all"}

#: Links in a mail open in the whole window, not in the frame that shows the mail.
_BASE = '<base target="_top">'


@dataclass(frozen=True, slots=True)
class View:
    """The colour scheme and width in which the frame shows the HTML."""

    scheme: str
    width: str

    @classmethod
    def of(cls, scheme: str, width: str) -> "View":
        """A view from the address of the page; an unknown value becomes the first choice."""
        return cls(scheme if scheme in SCHEMES else SCHEMES[0], width if width in WIDTHS else WIDTHS[0])


def framed(html: str, scheme: str) -> Response[str]:
    """The HTML part for a sandboxed frame: no script, nothing loaded, links to the whole window."""
    if scheme in _MEDIA:
        html = html.replace(_DARK, _MEDIA[scheme])
    head, tag, rest = html.partition("<head>")
    page = head + tag + _BASE + rest if tag else _BASE + html
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": MAIL_POLICY})


@dataclass(frozen=True, slots=True)
class Figures:
    """The sizes of a mail in octets, and the check of its HTML; `source` is the whole mail."""

    html: int
    text: int
    source: int | None
    support: SupportReport | None

    @property
    def is_cut(self) -> bool:
        """Whether Gmail would cut the HTML."""
        return self.html > LARGEST_HTML


def figures(html: str, text: str, source: str | None = None) -> Figures:
    """The figures of a mail's parts."""
    return Figures(
        len(html.encode()),
        len(text.encode()),
        len(source.encode()) if source is not None else None,
        check(html) if html else None,
    )


def shown(view: View, **values: Any) -> dict[str, Any]:
    """The values that the template of the frame needs."""
    return {"view": view, "schemes": SCHEMES, "widths": WIDTHS, **values}

"""`/dev/design`: the design system on one page, with the contrasts of this website's colours."""

from dataclasses import dataclass, fields
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State

from service.dev.rendering import html
from service.domain.colours import contrast
from service.domain.design import Colours, Website
from service.system import website_of

Visit = Request[Any, Any, State]

_TEXTS = ("ink", "soft", "accent")
_PAIRS = (("on_accent", "accent"), ("error", "error_paper"), ("good", "good_paper"))
_USES = {
    "paper": "what everything stands on",
    "surface": "fields, cards and the bodies of mails",
    "quiet": "a ground that sets something apart without a line",
    "ink": "text",
    "soft": "hints and other text that is second",
    "line": "edges of fields",
    "rule": "lines that only part things",
    "accent": "links, buttons, the focus",
    "on_accent": "text on a button",
    "error": "what went wrong; a study that stopped",
    "error_paper": "its ground",
    "good": "what went well; a study that takes participants",
    "good_paper": "its ground",
}


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour of the system: its custom property, its use, its value in light and in dark."""

    name: str
    use: str
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """The least contrast of a text with the grounds that it may stand on, in light and in dark."""

    text: str
    grounds: str
    light: float
    dark: float


def swatches(website: Website) -> list[Swatch]:
    """Every colour of the system for this website."""
    return [
        Swatch(
            f"--{field.name.replace('_', '-')}",
            _USES[field.name],
            getattr(website.light, field.name),
            getattr(website.dark, field.name),
        )
        for field in fields(Colours)
    ]


def contrasts(website: Website) -> list[Contrast]:
    """The contrasts that the system promises (WCAG 2.2, 1.4.3: 4.5 at least)."""
    schemes = website.light, website.dark
    found = [
        Contrast(text, "paper, surface, quiet", *(_least(scheme, text, scheme.grounds) for scheme in schemes))
        for text in _TEXTS
    ]
    for text, ground in _PAIRS:
        found.append(
            Contrast(text, ground, *(_least(scheme, text, (getattr(scheme, ground),)) for scheme in schemes))
        )
    return found


def _least(scheme: Colours, text: str, grounds: tuple[str, ...]) -> float:
    return min(contrast(getattr(scheme, text), ground) for ground in grounds)


@get("/dev/design", include_in_schema=False)
async def design_page(request: Visit) -> Response[str]:
    """Colours, type, distances and parts of the pages and mails."""
    website = website_of(request.app.state.system.settings)
    return html("design.html", website=website, swatches=swatches(website), contrasts=contrasts(website))


ROUTES: list[Any] = [design_page]

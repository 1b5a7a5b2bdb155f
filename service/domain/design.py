"""The design system's colours, for pages, mails and operators: neutral ones, and the website's own accent.

Pages have them as CSS custom properties (`--ink`, `--on-accent`); mails, whose readers' programs know none
of these, write the same values into their styles.
"""

from dataclasses import dataclass, fields
from functools import cached_property

from service.domain.colours import readable_on

#: The accent where the website names none.
CALM_BLUE = "#1f5f8b"


@dataclass(frozen=True)
class Colours:
    """The colours of one scheme. Text reads on each ground that it may stand on (WCAG 2.2, 1.4.3, 1.4.11)."""

    paper: str  #: the background
    surface: str  #: fields, cards and the bodies of mails
    quiet: str  #: a ground that sets something apart without a line
    ink: str  #: text
    soft: str  #: hints and other text that is second
    line: str  #: edges of fields: 3:1 with their grounds
    rule: str  #: lines that only part things
    accent: str  #: links, buttons, the focus
    on_accent: str  #: text on a button
    error: str
    error_paper: str
    good: str
    good_paper: str

    @property
    def grounds(self) -> tuple[str, str, str]:
        """The backgrounds of text in `ink`, `soft` and `accent`."""
        return self.paper, self.surface, self.quiet

    def as_css(self) -> str:
        """The declarations of the custom properties."""
        return " ".join(
            f"--{field.name.replace('_', '-')}: {getattr(self, field.name)};" for field in fields(self)
        )


def light(accent: str) -> Colours:
    """The light scheme with a website's accent, made darker where it would not read."""
    paper, surface, quiet = "#fbfaf7", "#ffffff", "#f1efe9"
    return Colours(
        paper=paper, surface=surface, quiet=quiet,
        ink="#22262a", soft="#555c63", line="#80858b", rule="#dcdad4",
        accent=readable_on(accent, (paper, surface, quiet)), on_accent="#ffffff",
        error="#a3261b", error_paper="#fbecea", good="#1d5c38", good_paper="#e8f3ec",
    )  # fmt: skip


def dark(accent: str) -> Colours:
    """The dark scheme with a website's accent, made lighter where it would not read."""
    paper, surface, quiet = "#16191c", "#1f2327", "#262b30"
    return Colours(
        paper=paper, surface=surface, quiet=quiet,
        ink="#e8e6e1", soft="#b0b5ba", line="#858c93", rule="#383e44",
        accent=readable_on(accent, (paper, surface, quiet), least=7), on_accent="#10181d",
        error="#ffb0a6", error_paper="#35201e", good="#a5dcb9", good_paper="#1b2b22",
    )  # fmt: skip


@dataclass(frozen=True)
class Website:
    """The website that people sign up on: its name and face, at the head and foot of every page and mail.

    `name` must not tell what the mail is about; `url` is empty where none is known; `colour` is #rrggbb.
    """

    name: str
    url: str = ""
    colour: str = CALM_BLUE
    terms_url: str = ""
    privacy_url: str = ""

    @cached_property
    def light(self) -> Colours:
        """The colours of the light scheme."""
        return light(self.colour)

    @cached_property
    def dark(self) -> Colours:
        """The colours of the dark scheme."""
        return dark(self.colour)

    @cached_property
    def as_css(self) -> str:
        """Both schemes as CSS custom properties; `--brand` is the colour itself, which has no text on it."""
        return (
            f":root {{ --brand: {self.colour}; {self.light.as_css()} }}\n"
            f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {self.dark.as_css()} }} }}\n"
        )

"""The mail templates: MJML compiled to HTML once, then Jinja, one environment per language."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from traceback import extract_tb
from typing import Any

import mrml
from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    meta,
    select_autoescape,
)

from service.domain.delivery.kinds import MailKind
from service.domain.design import Website
from service.languages import SupportedLanguage, language
from service.mail.render.text import one_line, one_line_isolated, wrap

_STYLE = re.compile(r"@(start|end|direction|brand|(?:light|dark)\.[a-z_]+)")
_INCLUDE = re.compile(r'<mj-include path="([^"]+)" />')

# Errors raised here, not by a template or by Jinja, concern the mail's own values.
_OWN_CODE = Path(__file__).parents[2]

# Styles of an element, which no expression of Jinja is part of.
_STYLES = re.compile(r' style="[^"{]*"')
_SPACES = re.compile(r"\s*([:;,])\s*")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The rendered subject, text and HTML of a mail, before encoding."""

    subject: str
    text: str
    html: str


class UnusableTemplate(TemplateError):
    """A file in `email_templates/` can't be loaded; the text names it and says why."""


class Templates(BaseLoader):
    """Loads templates; an `.mjml` file is compiled to HTML first, for one website and direction of writing.

    Mail programs know neither custom nor logical properties of CSS. So `@light.accent` and `@dark.ink` in a
    file stand for the colours of the design system, `@brand` for the website's own, `@direction` for that
    of writing, and `@start` and `@end` for the sides where lines begin and end.
    """

    def __init__(self, folder: Path, direction: str, website: Website) -> None:
        self.folder, self._direction = folder, direction
        self._start, self._end = ("left", "right") if direction == "ltr" else ("right", "left")
        self._website = website

    def _style(self, found: re.Match[str]) -> str:
        match found[1].split("."):
            case ["direction"]:
                return self._direction
            case ["start"]:
                return self._start
            case ["end"]:
                return self._end
            case ["brand"]:
                return self._website.colour
            case [scheme, colour]:
                return str(getattr(getattr(self._website, scheme), colour))
        raise ValueError(f"{found[0]} is not known in a template")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, is_html = self._source(template), template.endswith(".mjml")
        return (self._html(source) if is_html else source), str(self.folder / template), lambda: True

    def _source(self, template: str) -> str:
        if (source := _sources(self.folder).get(template)) is None:
            raise TemplateNotFound(template)
        return source

    def _html(self, mjml: str) -> str:
        """The compiled HTML, Jinja expressions unchanged. `fonts` is empty: no web font is loaded."""
        whole = _INCLUDE.sub(lambda found: self._source(found[1]), mjml)
        whole = _STYLE.sub(self._style, whole)
        output = mrml.to_html(whole, render_options=mrml.RenderOptions(disable_comments=True, fonts={}))
        if output.warnings:
            raise ValueError(f"MJML: {[warning.kind for warning in output.warnings]}")
        return _STYLES.sub(lambda found: without_spaces(found[0]), output.content)


def without_spaces(styles: str) -> str:
    """The `style` of an element without the spaces that mean nothing: a mail carries dozens of them."""
    return _SPACES.sub(r"\1", styles).replace(';"', '"')


def templates_folder() -> Path:
    """The folder `email_templates/`: beside the package in a checkout, inside it in a wheel.

    Raises FileNotFoundError if it is in neither place.
    """
    package = Path(__file__).resolve().parents[2]
    for folder in (package.parent / "email_templates", package / "_email_templates"):
        if (folder / "_base").is_dir():
            return folder
    raise FileNotFoundError("email_templates is missing beside or inside the service package")


@cache
def _sources(folder: Path) -> Mapping[str, str]:
    """The templates by name, read together when a worker starts: an upgrade replaces files under a process
    that runs, and mails of the new version can't be made from values of the old one.

    Raises UnusableTemplate.
    """
    sources = {}
    for path in sorted((*folder.rglob("*.txt"), *folder.rglob("*.mjml"))):
        name = path.relative_to(folder).as_posix()
        with _faults_of(name):
            sources[name] = path.read_text("utf-8")
    return sources


@lru_cache(maxsize=64)
def environment(code: str, website: Website) -> Environment:
    """The Jinja environment of a language and a website.

    HTML is escaped, values are one line, unknown names are errors.
    """
    jinja = Environment(
        loader=Templates(templates_folder(), language(code).direction, website),
        autoescape=select_autoescape(enabled_extensions=("mjml",)),
        undefined=StrictUndefined,
        finalize=one_line if language(code).direction == "ltr" else one_line_isolated,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.globals |= _globals(language(code)) | {"website": website}
    return jinja


def _globals(lang: SupportedLanguage) -> dict[str, object]:
    """The translation functions of templates: `_("… %(name)s …", name=…)`, `ngettext("… %(num)s …", "…", n)`.

    Unlike with Jinja's own extension, a translation is text, not markup, and is escaped like any value.
    """

    def gettext(message: str, **values: object) -> str:
        return lang.gettext(message) % values if values else lang.gettext(message)

    def ngettext(singular: str, plural: str, n: int) -> str:
        return lang.ngettext(singular, plural, n) % {"num": lang.number(n)}

    return {"_": gettext, "ngettext": ngettext, "language": lang}


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """The three templates of a mail in one language."""

    subject: Template
    text: Template
    html: Template

    def render(self, values: Mapping[str, Any]) -> Rendered:
        """Renders the mail; the text part is wrapped."""
        subject = self.subject.render(values).strip()
        values = {**values, "subject": subject}
        return Rendered(subject, wrap(self.text.render(values)), self.html.render(values))

    def blocks(self, names: Sequence[str], values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Renders template blocks of these names, each of the text and of the HTML template.

        Raises UnusableTemplate where one has no such block.
        """
        for template, name in product((self.text, self.html), names):
            if name not in template.blocks:
                raise UnusableTemplate(f"email_templates/{template.name} has no block {name}")
        text, html = (template.new_context(dict(values)) for template in (self.text, self.html))
        return [
            (wrap("".join(self.text.blocks[name](text))), "".join(self.html.blocks[name](html)))
            for name in names
        ]


@lru_cache(maxsize=512)
def mail_template(folder: str, code: str, website: Website) -> MailTemplate:
    """The templates in `email_templates/{folder}` for the language of that code and a website.

    Raises UnusableTemplate.
    """
    jinja = environment(code, website)
    names = (f"{folder}/{name}" for name in ("subject.txt", "body.txt", "body.mjml"))
    return MailTemplate(*(_load(jinja, name) for name in names))


def _load(jinja: Environment, name: str) -> Template:
    with _faults_of(name):
        return jinja.get_template(name)


@contextmanager
def _faults_of(name: str) -> Iterator[None]:
    """Turns errors in reading this template into UnusableTemplate."""
    try:
        yield
    except TemplateNotFound as error:
        raise UnusableTemplate(f"email_templates/{error.name} is missing") from None
    except TemplateSyntaxError as error:
        where = f"email_templates/{error.name or name}, line {error.lineno}"
        raise UnusableTemplate(f"{where}: {error.message}") from None
    except (OSError, ValueError) as error:
        raise UnusableTemplate(f"email_templates/{name}: {error}") from None


def template_fault(error: Exception) -> str | None:
    """The template at fault, with the place and the error, without the values that it was rendered with.

    None if an error that is not Jinja's own was raised by what the template calls: that is the mail's.
    """
    if isinstance(error, UnusableTemplate):
        return str(error)
    folder = templates_folder()
    for frame in reversed(extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(folder):
            return f"email_templates/{path.relative_to(folder)}, line {frame.lineno}: {type(error).__name__}"
        if path.is_relative_to(_OWN_CODE) and not isinstance(error, TemplateError):
            return None
    return type(error).__name__ if isinstance(error, TemplateError) else None


def check_templates(website: Website) -> None:
    """Raises UnusableTemplate if a mail's template, or one that it extends or includes, can't be loaded."""
    jinja = environment("en", website)
    for name, source in _sources(templates_folder()).items():
        with _faults_of(name):
            # As it was written: in compiled HTML, an error would be on another line, or in another file.
            parsed = jinja.parse(source, name)
        for used in meta.find_referenced_templates(parsed):
            if used is not None:
                _load(jinja, used)
    for kind in MailKind:
        mail_template(kind, "en", website)

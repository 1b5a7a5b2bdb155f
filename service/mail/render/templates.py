"""The templates of all mails: MJML made HTML once, then Jinja, one environment per language."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import mrml
from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound, select_autoescape

from service.mail.render.languages import Language, language, templates_folder
from service.mail.render.text import one_line, wrap

_INCLUDE = re.compile(r'<mj-include path="([^"]+)" />')


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's words, before anything is encoded."""

    subject: str
    text: str
    html: str


class Templates(BaseLoader):
    """Reads templates; an `.mjml` file is given to Jinja as the HTML that it compiles to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        path = self.folder / template
        if not path.is_file():
            raise TemplateNotFound(template)
        source = path.read_text("utf-8")
        return (self._html(source) if path.suffix == ".mjml" else source), str(path), lambda: True

    def _html(self, mjml: str) -> str:
        """The HTML, with every Jinja expression untouched. No web font is asked for: `fonts` is empty."""
        whole = _INCLUDE.sub(lambda found: (self.folder / found[1]).read_text("utf-8"), mjml)
        output = mrml.to_html(whole, render_options=mrml.RenderOptions(disable_comments=True, fonts={}))
        if output.warnings:
            raise ValueError(f"MJML: {[warning.kind for warning in output.warnings]}")
        return output.content


@cache
def environment(code: str) -> Environment:
    """Jinja for one language. HTML is escaped, every value is one line, an unknown name is an error."""
    jinja = Environment(
        loader=Templates(templates_folder()),
        autoescape=select_autoescape(enabled_extensions=("mjml",)),
        undefined=StrictUndefined,
        finalize=one_line,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.globals |= _words(language(code))
    return jinja


def _words(spoken: Language) -> dict[str, object]:
    """What templates say in a language: `_("… %(name)s …", name=…)` and `ngettext("… %(num)s …", "…", n)`.

    Unlike Jinja's own extension, a translation is text and not markup, so it is escaped like any value.
    """

    def gettext(message: str, **values: object) -> str:
        return spoken.gettext(message) % values if values else spoken.gettext(message)

    def ngettext(singular: str, plural: str, n: int) -> str:
        return spoken.ngettext(singular, plural, n) % {"num": spoken.number(n)}

    return {"_": gettext, "ngettext": ngettext, "language": spoken}


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """The three templates of one mail in one language."""

    subject: Template
    text: Template
    html: Template

    def render(self, values: Mapping[str, Any]) -> Rendered:
        """The words of one mail; the text part wrapped."""
        subject = self.subject.render(values).strip()
        values = {**values, "subject": subject}
        return Rendered(subject, wrap(self.text.render(values)), self.html.render(values))

    def block(self, name: str, values: Mapping[str, Any]) -> tuple[str, str]:
        """One block of the text and of the HTML template, rendered alone."""
        text, html = (
            "".join(template.blocks[name](template.new_context(dict(values))))
            for template in (self.text, self.html)
        )
        return wrap(text), html


@cache
def mail_template(folder: str, code: str) -> MailTemplate:
    """The templates in `email_templates/{folder}` for the language of that code."""
    jinja = environment(code)
    names = (f"{folder}/{name}" for name in ("subject.txt", "body.txt", "body.mjml"))
    return MailTemplate(*(jinja.get_template(name) for name in names))

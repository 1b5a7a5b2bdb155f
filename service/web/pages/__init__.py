"""The hosted pages: HTML from templates in the reader's language, with the headers every page needs."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, select_autoescape
from litestar import Response
from litestar.enums import MediaType
from markupsafe import Markup

from service.crypto.link_tokens import trimmed
from service.domain.digests.schedule import FREQUENCY_CHOICES
from service.domain.wording.messages import Message, translated
from service.languages import SupportedLanguage, language
from service.web.http.assets import asset
from service.web.http.own_paths import base_path
from service.web.http.reader import language_links, reader_language
from service.web.http.website_shown import website

_FOLDER = Path(__file__).parent

#: The templates by name, read when the process starts: an upgrade replaces files under a process that runs,
#: and pages of the new version can't be made from values of the old one.
_SOURCES = {
    path.relative_to(_FOLDER).as_posix(): path.read_text(encoding="utf-8")
    for path in _FOLDER.rglob("*")
    if path.suffix in {".html", ".txt"}
}


class PageTemplates(BaseLoader):
    """The templates as they were read; errors name their files."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        if template not in _SOURCES:
            raise TemplateNotFound(template)
        return _SOURCES[template], str(_FOLDER / template), None

    def list_templates(self) -> list[str]:
        return sorted(_SOURCES)


@cache
def environment(code: str) -> Environment:
    """The templates in a language. A Message (`service.domain.wording`) is translated."""
    words = language(code)
    made = Environment(
        loader=PageTemplates(),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        finalize=lambda value: translated(value, words) if isinstance(value, Message) else value,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.filters["english"] = lambda name: _english(name, words)
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {
        "asset": asset,
        "frequencies": FREQUENCY_CHOICES,
        "language": words,
        "language_links": lambda: language_links(words),
    }
    return made


def _english(name: str, words: SupportedLanguage) -> Markup:
    """A name given by a registry or hierarchy, which is English, kept apart from the words around it."""
    if isinstance(name, Message):
        return Markup("<bdi>{}</bdi>").format(translated(name, words))
    return Markup('<bdi lang="en">{}</bdi>').format(name)


#: Templates for operators, and the reference of the API.
IN_ENGLISH = ("admin/", "docs.html")


def content_security_policy(form_targets: Iterable[str] = ()) -> str:
    """A policy without third parties; `form_targets` are further origins a form's answer may redirect to."""
    targets = " ".join(["'self'", *form_targets])
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"worker-src 'self'; form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    )


def page(
    template: str,
    *,
    status: int = 200,
    form_targets: Iterable[str] = (),
    locale: str | None = None,
    **values: Any,
) -> Response[str]:
    """A page from `template`.

    `locale`: that of the person whom the page is for, which counts unless its address chooses another. A
    `token` among the values loses what a program appended to it, which could end the path of a form.
    """
    if "token" in values:
        values["token"] = trimmed(values["token"])
    words = language("en") if template.startswith(IN_ENGLISH) else reader_language(locale)
    return Response(
        environment(words.code).get_template(template).render(base=base_path(), website=website(), **values),
        status_code=status,
        media_type=MediaType.HTML,
        headers={
            "Content-Language": words.code,
            "Vary": "Accept-Language",
            "Content-Security-Policy": content_security_policy(form_targets),
        },
    )

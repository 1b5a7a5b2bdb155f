"""The supported languages: translations, dates, lists and numbers, by gettext and Babel."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from service.domain.wording.language import ENGLISH

SOURCE_LANGUAGE = "en"

# English for readers anywhere: 5 December 2026; Italy, Spain and France.
_FORMATS = {"en": "en-001"}
DOMAIN = "messages"


class Language:
    """A language: its translations and its formats of dates, lists, numbers and countries.

    The sentences of `service.domain` and the templates take it as an argument.
    """

    def __init__(self, code: str, translations: NullTranslations) -> None:
        self.code = code
        self.locale = Locale.parse(_FORMATS.get(code, code), sep="-")
        self.direction = self.locale.text_direction
        self._translations = translations

    def __repr__(self) -> str:
        return f"Language({self.code!r})"

    def gettext(self, message: str) -> str:
        """The translated message, or the message itself if it has no translation."""
        return self._translations.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The translated message in the plural form for `number`."""
        return self._translations.ngettext(singular, plural, number)

    def date(self, iso: str) -> str:
        """A day ("2026-12-05") or month ("2026-12") in long form; a year, or an invalid date, unchanged.

        These are calendar dates, without a time zone.
        """
        try:
            if len(iso) == len("2026-12"):
                return format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=self.locale)
            return format_date(date.fromisoformat(iso[:10]), "long", locale=self.locale)
        except ValueError:
            return iso

    def list(self, items: Sequence[str]) -> str:
        """The items as a list in a sentence: "Italy, Spain and France"."""
        return format_list(items, locale=self.locale)

    def number(self, value: int | float) -> str:
        """The number with the language's grouping: "1,148"."""
        return format_decimal(value, locale=self.locale)

    def country(self, code: str) -> str:
        """The country's name by its ISO 3166 code, as Unicode CLDR has it: "Italia".

        English has names of its own, some of them plainer, in `service.domain.trials.countries`.
        """
        if self.code == SOURCE_LANGUAGE:
            return ENGLISH.country(code)
        return str(self.locale.territories.get(code) or ENGLISH.country(code))


def templates_folder() -> Path:
    """The folder `email_templates/`: beside the package in a checkout, inside it in a wheel.

    Raises FileNotFoundError if it is in neither place.
    """
    package = Path(__file__).resolve().parents[2]
    for folder in (package.parent / "email_templates", package / "_email_templates"):
        if (folder / "_base").is_dir():
            return folder
    raise FileNotFoundError("email_templates is missing beside or inside the service package")


def _catalog(code: str) -> Path:
    return templates_folder() / "locales" / code / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def supported() -> tuple[str, ...]:
    """The codes of the supported languages: the source language, and each with a catalogue in `locales/`."""
    folders = sorted((templates_folder() / "locales").iterdir())
    translated = [folder.name for folder in folders if _catalog(folder.name).is_file()]
    return (SOURCE_LANGUAGE, *(code for code in translated if code != SOURCE_LANGUAGE))


@cache
def language(code: str) -> Language:
    """The language of that code, one of `supported()`; raises LookupError for any other.

    Catalogues are stored as text (.po) and compiled here, so that no compiled file can be out of date.
    """
    if code not in supported():
        raise LookupError(f"no such language: {code}")
    if code == SOURCE_LANGUAGE:
        return Language(code, NullTranslations())
    with _catalog(code).open("rb") as catalog:
        compiled = BytesIO()
        write_mo(compiled, read_po(catalog, locale=code.replace("-", "_")))
    compiled.seek(0)
    return Language(code, Translations(compiled))


def nearest(tags: Sequence[str]) -> str:
    """The supported language nearest to BCP 47 tags in order of preference (RFC 4647 §3.4, lookup)."""
    known = {code.casefold(): code for code in supported()}
    for tag in tags:
        parts = tag.strip().replace("_", "-").casefold().split("-")
        for length in range(len(parts), 0, -1):
            if found := known.get("-".join(parts[:length])):
                return found
    return SOURCE_LANGUAGE


def accepted(header: str) -> list[str]:
    """The tags of an Accept-Language header by weight (RFC 9110 §12.5.4); malformed ones are dropped."""
    weighted = []
    for item in header[:1000].split(","):
        tag, _, parameter = item.partition(";")
        try:
            weight = float(parameter.partition("=")[2]) if parameter.strip() else 1.0
        except ValueError:
            continue
        if tag.strip() and tag.strip() != "*" and 0 < weight <= 1:
            weighted.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]

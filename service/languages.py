"""The supported languages: translations by gettext; dates, lists, numbers and countries by Babel."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from service.domain.trials.sites.countries import NAMES
from service.domain.trials.sites.countries import country_code as english_country_code
from service.domain.trials.text import fold
from service.domain.wording.catalogue import Catalogue, read_catalogue
from service.domain.wording.language import ENGLISH

SOURCE_LANGUAGE = "en"
DOMAIN = "messages"
LOCALES = Path(__file__).parent / "locales"

# English for readers anywhere: 5 December 2026; Italy, Spain and France.
_FORMATS = {"en": "en-001"}

# French writes the first of a month as an ordinal, the other days as cardinals: 1er décembre, 2 décembre.
_FIRST_OF_MONTH = {"fr": "1er"}

# U+2068 and U+2069 (UAX #9): the text between them keeps its own direction and leaves its neighbours theirs.
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
# U+200F: an isolate whose text is isolated as a whole has no direction that could be seen, and would be
# read from left to right.
_RIGHT_TO_LEFT = "\u200f"
# A placeholder of a sentence. One in quotation marks is an attribute's value; numbers need no isolation.
_PLACEHOLDER = re.compile(r'(?<!")(?:\{(?!count\b)\w+\}|%\((?!num\b|count\b)\w+\)s)')

# A line may end after a hyphen, but not after U+2011: "E-Mail" and "e-mails" stay in one piece.
_E_MAIL = re.compile(r"\b([Ee])-(?=[Mm]ail)")
_NON_BREAKING_HYPHEN = "\u2011"


class SupportedLanguage:
    """A language: its translations and its formats of dates, lists, numbers and countries.

    The sentences of `service.domain` and the templates take it as an argument. Formats are cached: mails of a
    run repeat a few dates and numbers.
    """

    def __init__(self, code: str, translations: NullTranslations) -> None:
        self.code = code
        self.locale = Locale.parse(_FORMATS.get(code, code), sep="-")
        self.direction = self.locale.text_direction
        self._translations = translations
        self.date = lru_cache(4_096)(self._date)
        self.number = lru_cache(1_024)(self._number)
        self.country = cache(self._country)

    def __repr__(self) -> str:
        return f"SupportedLanguage({self.code!r})"

    @property
    def name(self) -> str:
        """The language's name in itself, with a capital letter: "Deutsch", "Italiano"."""
        name = self.locale.language_name or self.code
        return name[:1].upper() + name[1:]

    def gettext(self, message: str) -> str:
        """The translated message, or the message itself if it has no translation."""
        return self._translations.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int | float) -> str:
        """The translated message in the plural form for `number`."""
        return self._translations.ngettext(singular, plural, self._counted_alike(number))

    def _counted_alike(self, number: int | float) -> int:
        """The number, or the first whole one of the same plural form as a fraction: French has "1,5 an"."""
        if isinstance(number, int):
            return number
        form = self.locale.plural_form
        return next(whole for whole in (1, 2, 3, 11, 100) if form(whole) == form(number))

    def label(self, text: str) -> str:
        """The text as a label: "Unsubscribe:"."""
        return self.gettext("{label}:").format(label=text)

    def quote(self, text: str) -> str:
        """The text in the language's quotation marks: “Cohort A”, „Cohort A“, « Cohort A »."""
        return self.gettext("“{text}”").format(text=text)

    def list(self, items: Sequence[str]) -> str:
        """The items as a list in a sentence: "Italy, Spain and France"."""
        return format_list([self.isolate(item) for item in items], locale=self.locale)

    def isolate(self, text: str) -> str:
        """The text with a direction of its own (UAX #9) if the language is written from right to left."""
        return f"{_ISOLATE}{text}{_END_OF_ISOLATE}" if self.direction == "rtl" else text

    def weekdays(self) -> Sequence[str]:
        """The names of the days of the week, Monday first."""
        names = self.locale.days["stand-alone"]["wide"]
        return [names[number] for number in range(7)]

    def _date(self, iso: str) -> str:
        """A day ("2026-12-05") or month ("2026-12") in long form; a year, or an invalid date, unchanged.

        These are calendar dates, without a time zone.
        """
        try:
            if len(iso) == len("2026-12"):
                return format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=self.locale)
            day = date.fromisoformat(iso[:10])
            text = format_date(day, "long", locale=self.locale)
            return text.replace("1", _FIRST_OF_MONTH[self.code], 1) if self._is_ordinal(day) else text
        except ValueError:
            return iso

    def _is_ordinal(self, day: date) -> bool:
        """Whether the language names this day of the month by an ordinal, which Unicode CLDR leaves out."""
        return day.day == 1 and self.code in _FIRST_OF_MONTH

    def _number(self, value: int | float) -> str:
        """The number with the language's grouping: "1,148"."""
        return format_decimal(value, locale=self.locale)

    def _country(self, code: str) -> str:
        """The country's name by its ISO 3166 code, as Unicode CLDR has it: "Italia".

        English has names of its own, some of them plainer, in `service.domain.trials.sites.countries`.
        """
        if self.code == SOURCE_LANGUAGE:
            return ENGLISH.country(code)
        return str(self.locale.territories.get(code) or ENGLISH.country(code))


@cache
def _catalogues() -> dict[str, bytes]:
    """The catalogues by language, read together when a process starts: an upgrade replaces files under one
    that runs, and catalogues of the new version lack sentences of the old one."""
    files = {folder.name: folder / "LC_MESSAGES" / f"{DOMAIN}.po" for folder in sorted(LOCALES.iterdir())}
    return {code: file.read_bytes() for code, file in files.items() if file.is_file()}


@cache
def supported() -> tuple[str, ...]:
    """The codes of the supported languages: the source language, and each with a catalogue in `locales/`."""
    return (SOURCE_LANGUAGE, *(code for code in _catalogues() if code != SOURCE_LANGUAGE))


@cache
def language(code: str) -> SupportedLanguage:
    """The language of that code, one of `supported()`; raises LookupError for any other.

    Catalogues are parsed as they are written (.po) when first needed: no compiled file can be out of date.
    """
    if code not in supported():
        raise LookupError(f"no such language: {code}")
    if code == SOURCE_LANGUAGE:
        return SupportedLanguage(code, NullTranslations())
    messages, plural = read_catalogue(_catalogues()[code].decode())
    messages = {message: tuple(map(unbroken, forms)) for message, forms in messages.items()}
    if Locale.parse(code, sep="-").text_direction == "rtl":
        messages = {message: tuple(map(isolated, forms)) for message, forms in messages.items()}
    return SupportedLanguage(code, Catalogue(messages, plural))


def unbroken(sentence: str) -> str:
    """The sentence with its "e-mail" kept on one line, in pages, mails and the embedded form alike."""
    return _E_MAIL.sub(rf"\1{_NON_BREAKING_HYPHEN}", sentence)


def isolated(sentence: str) -> str:
    """A right-to-left sentence with its placeholders isolated: names are often written left to right.

    One without a letter of its own ("{before} ← {after}") begins with a mark that says its direction.
    """
    shown = _PLACEHOLDER.sub(rf"{_ISOLATE}\g<0>{_END_OF_ISOLATE}", sentence)
    has_letters = any(map(str.isalpha, _PLACEHOLDER.sub("", sentence)))
    return shown if has_letters or shown == sentence else _RIGHT_TO_LEFT + shown


@cache
def _country_codes() -> dict[str, str]:
    return {fold(language(code).country(country)): country for code in supported() for country in NAMES}


def country_code(name: str) -> str | None:
    """The ISO 3166 code of a country by its name in any of the languages, None when it isn't known."""
    return english_country_code(name) or _country_codes().get(fold(name))


def nearest(tags: Sequence[str]) -> str:
    """The supported language nearest to BCP 47 tags in order of preference, or else the source language."""
    return match(tags) or SOURCE_LANGUAGE


def match(tags: Sequence[str]) -> str | None:
    """The supported language nearest to BCP 47 tags in order of preference (RFC 4647 §3.4, lookup)."""
    known = {code.casefold(): code for code in supported()}
    for tag in tags:
        parts = tag[:60].strip().replace("_", "-").casefold().split("-")
        for length in range(len(parts), 0, -1):
            if found := known.get("-".join(parts[:length])):
                return found
    return None


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

"""The interface of a language as the domain's sentences use it, and its implementation for English."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from service.domain.trials.sites.countries import NAMES

#: A sentence, and further lines below it.
Text = tuple[str, tuple[str, ...]]


class Language(Protocol):
    """A language and its formats. `gettext` returns the translation of an English message, or the message."""

    @property
    def code(self) -> str:
        """The language's code, such as `en` or `pt-BR`."""

    def gettext(self, message: str) -> str:
        """The message in this language; named placeholders (`{count}`) stay in it."""

    def ngettext(self, singular: str, plural: str, number: int | float) -> str:
        """The form of the message for `number`, which may be a fraction."""

    def label(self, text: str) -> str:
        """The text as a label: "Italy:"."""

    def quote(self, text: str) -> str:
        """The text in quotation marks: “Cohort A”."""

    def date(self, iso: str) -> str:
        """A date written out; `iso` is a day (`2026-12-01`), a month (`2026-12`) or a year."""

    def list(self, items: Sequence[str]) -> str:
        """The items as one phrase, such as "a, b and c"."""

    def isolate(self, text: str) -> str:
        """A name, an address or a number that keeps its own direction in a language that runs from right to
        left, and leaves its neighbours theirs."""

    def number(self, value: int | float) -> str:
        """A number with the language's separators."""

    def country(self, code: str) -> str:
        """The name of a country by its ISO 3166 code; an unknown code unchanged."""


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class English:
    """English for international readers: 4 March 2021, 1,250."""

    code = "en"

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, singular: str, plural: str, number: int | float) -> str:
        return singular if number == 1 else plural

    def label(self, text: str) -> str:
        return f"{text}:"

    def quote(self, text: str) -> str:
        return f"“{text}”"

    def date(self, iso: str) -> str:
        """`2021-03-04` as "4 March 2021", `2021-03` as "March 2021"; an invalid date unchanged."""
        try:
            if len(iso) == 4:
                return str(int(iso))
            if len(iso) == 7:
                return f"{_MONTHS[date.fromisoformat(iso + '-01').month - 1]} {iso[:4]}"
            day = date.fromisoformat(iso[:10])
        except ValueError:
            return iso
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def list(self, items: Sequence[str]) -> str:
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} and {items[-1]}"

    def isolate(self, text: str) -> str:
        return text

    def number(self, value: int | float) -> str:
        return f"{value:,}"

    def country(self, code: str) -> str:
        return NAMES.get(code, code)


ENGLISH = English()

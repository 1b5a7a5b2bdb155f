"""Sentences that are translated where they are shown, by code that knows the reader's language.

A module that has no reader writes `_("Choose at least {count} topics.", count=3)` with `lazy_gettext as _`:
`make messages` collects the sentence, and what it makes is a `str` in English that remembers its parts.
"""

from typing import Any

from service.domain.wording.language import Language


class Message(str):
    """A sentence: as a `str` its English, with `translated` the same in another language.

    It stays a Message through `str()` (and so as the text of an exception), not through other operations.
    """

    __slots__ = ("source", "values")

    source: str
    values: dict[str, Any]

    def __new__(cls, source: str, values: dict[str, Any]) -> "Message":
        self = super().__new__(cls, source.format(**values) if values else source)
        self.source, self.values = source, values
        return self

    def __str__(self) -> str:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Message, (self.source, self.values)


def lazy_gettext(message: str, /, **values: Any) -> Message:
    """A sentence with named placeholders (`{name}`). Values may be sentences or numbers themselves."""
    return Message(message, values)


def translated(text: str, language: Language) -> str:
    """A Message in that language, with its values in it; any other text unchanged."""
    if not isinstance(text, Message):
        return text
    template = language.gettext(text.source)
    values = {name: _value(value, language) for name, value in text.values.items()}
    return template.format(**values) if values else template


def _value(value: Any, language: Language) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return language.number(value)
    return translated(value, language) if isinstance(value, str) else value

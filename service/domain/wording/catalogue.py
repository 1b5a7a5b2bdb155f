"""Catalogues of gettext as they are written (.po), read without being compiled: a few milliseconds each."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from gettext import NullTranslations, c2py

_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr(?:\[\d+\])?) +)?("(?:[^"\\]|\\.)*")')
_PLURAL = re.compile(r"plural=(.*);")


class InvalidCatalogue(ValueError):
    """A catalogue has a line that is not understood; the message names it."""


class Catalogue(NullTranslations):
    """The messages of a language by their English; messages without a translation stay English."""

    def __init__(self, messages: Mapping[str, tuple[str, ...]], plural: str) -> None:
        super().__init__()
        self._messages, self._form = messages, c2py(plural)

    def gettext(self, message: str) -> str:
        """The translation of a message."""
        forms = self._messages.get(message)
        return forms[0] if forms else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The translation in the form for `n`; the key of a plural is its English singular."""
        forms = self._messages.get(msgid1)
        return forms[self._form(n)] if forms else msgid1 if n == 1 else msgid2


def read_catalogue(text: str) -> tuple[dict[str, tuple[str, ...]], str]:
    """The translated messages of a catalogue, and its rule for plural forms; fuzzy messages are left out.

    Raises InvalidCatalogue.
    """
    messages = {}
    for entry in _entries(text.split("\n")):
        message, *forms = (shown for name, shown in entry.items() if name != "msgid_plural")
        if message in messages:
            raise InvalidCatalogue(f"a message stands there twice: {message}")
        if all(forms):
            messages[message] = tuple(forms)
    header = "".join(messages.pop("", ()))
    rule = _PLURAL.search(header)
    if rule is None:
        raise InvalidCatalogue("the header has no Plural-Forms")
    return messages, rule[1]


def _entries(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Each entry as its texts by keyword, in their order."""
    entry: dict[str, str] = {}
    name, fuzzy = "", False
    for line in (*lines, ""):
        if not line:
            if entry and (not fuzzy or not entry["msgid"]):
                yield entry
            entry, fuzzy = {}, False
        elif line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
        elif found := _LINE.fullmatch(line):
            name = found[1] or name
            entry[name] = entry.get(name, "") + json.loads(found[2])
        else:
            raise InvalidCatalogue(f"not a line of a catalogue: {line}")

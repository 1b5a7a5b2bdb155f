"""Contacts of a study, each in a line."""

from collections.abc import Mapping
from typing import Any

from service.domain.trials.text import clean
from service.domain.wording.language import Language

_PARTS = ("name", "phone", "email")


def contact_parts(contact: Mapping[str, Any]) -> list[str]:
    """The known ones of a contact's name, telephone number and address."""
    return [clean(contact[part]) for part in _PARTS if contact.get(part)]


def contact_line(contact: Mapping[str, Any], language: Language) -> str:
    """A contact in a line, each part isolated in a right-to-left language: the groups of a telephone number
    stand in the opposite order there, unless Latin letters are before them."""
    return language.gettext(", ").join(map(language.isolate, contact_parts(contact)))

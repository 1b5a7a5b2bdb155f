"""Reads the fields of a request's body: JSON, urlencoded or multipart."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from service.domain.wording.messages import lazy_gettext as _
from service.runtime import json_text
from service.web.http.problems import Problem, is_cut_off

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_YES = {"on", "true", "1", "yes"}
_JSON = "application/json"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(slots=True)
class Fields:
    """The submitted values by field; those of a form are texts, those of JSON have their types."""

    sent: Mapping[str, Any]
    is_form: bool

    def text(self, name: str) -> str:
        """A field's text, "" if it is missing or no text; of one that a form repeats the last."""
        value = self.sent.get(name)
        value = value[-1] if self.is_form and isinstance(value, list) and value else value
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """All texts of a field."""
        value = self.sent.get(name)
        return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]

    def holds_texts(self, name: str) -> bool:
        """Whether a field is a text, a list of texts, or empty."""
        value = self.sent.get(name)
        return all(isinstance(item, str | None) for item in (value if isinstance(value, list) else [value]))

    def flag(self, name: str) -> bool:
        """Whether a field is true or checked."""
        value = self.sent.get(name)
        return value is True or value == 1 or self.text(name).lower() in _YES

    def is_filled(self, name: str) -> bool:
        """Whether a field, or one of its repetitions, holds a value of any type."""
        value = self.sent.get(name)
        given = value if isinstance(value, list) else [value]
        return any(item not in (None, False) and bool(str(item).strip()) for item in given)


async def read(request: Request[Any, Any, Any]) -> Fields:
    """Reads the fields of a request's body. Raises a Problem: 400 if it is invalid, 415 for another type."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == _JSON:
        try:
            sent = json_text.decode(await request.body())
        except json_text.NOT_JSON:
            raise Problem(400, "The body is not JSON.") from None
        if not isinstance(sent, dict):
            raise Problem(400, "The body must be a JSON object.")
        return Fields(sent, is_form=False)
    if media not in _FORMS:
        raise Problem(415, _("Send it as one of these: {types}.", types=", ".join((_JSON, *_FORMS))))
    return Fields(await _form(request, media), is_form=True)


async def _form(request: Request[Any, Any, Any], media: str) -> dict[str, list[str]]:
    try:
        if media == _FORMS[0]:
            body = (await request.body()).decode()
            pairs: Iterable[tuple[str, Any]] = parse_qsl(body, keep_blank_values=True, max_num_fields=1_000)
        else:
            pairs = (await request.form()).multi_items()
    except HTTPException:
        raise
    except (ValueError, LookupError, TypeError):  # a part may name any character set, known or not
        raise Problem(400, _("The form could not be read.")) from None
    sent: dict[str, list[str]] = {}
    for name, value in pairs:
        if not isinstance(value, UploadFile):
            sent.setdefault(storable(name), []).append(storable(str(value)))
    return sent


def merged(fields: Fields, stored: Mapping[str, list[str]]) -> Fields:
    """A form in which fields that the visitor left as shown (`was-…`) have their `stored` values: another
    page may have changed them meanwhile.
    """

    def filled(name: str) -> set[str]:
        return set(fields.texts(name)) - {""}

    unchanged = {
        name: values
        for name, values in stored.items()
        if f"was-{name}" in fields.sent and filled(name) == filled(f"was-{name}")
    }
    return Fields({**fields.sent, **unchanged}, fields.is_form)


def storable(text: str) -> str:
    """The text with NUL and lone surrogates, which databases can't store, replaced by U+FFFD."""
    return text if text.isascii() and "\0" not in text else _UNSTORABLE.sub("\ufffd", text)


async def read_if_valid(request: Request[Any, Any, Any]) -> Fields:
    """The fields of a request's body; none if it is no valid form, such as a scanner may post.

    Raises HTTPException for a body that did not arrive in full: nobody knows what it asks for.
    """
    try:
        return await read(request)
    except HTTPException as problem:
        if is_cut_off(problem):
            raise
        return Fields({}, is_form=True)


async def field(request: Request[Any, Any, Any], name: str) -> str:
    """A field of a form; "" if it is missing, or if the body is no valid form."""
    return (await read_if_valid(request)).text(name)

"""Types of an event's fields: a lenient reader of each, and the JSON Schema of its normalized form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.domain import json_schema
from service.domain.json_schema import Schema
from service.domain.trials.events.limits import MOST_PARTICIPANTS, most_characters, most_entries
from service.domain.trials.events.reader import LARGEST_REVISION, Reader
from service.domain.trials.trial_ids import LONGEST

_NUMBER_PATTERN = f"^[A-Za-z0-9][A-Za-z0-9/-]{{3,{LONGEST - 1}}}$"
_DATE_PATTERN = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"


@dataclass(frozen=True, slots=True)
class FieldType:
    """`read` returns a field's value, None if absent; `schema` returns its schema for a field's name."""

    read: Callable[[Reader, str], Any]
    schema: Callable[[str], Schema]


@dataclass(frozen=True, slots=True)
class EventField:
    """One field of an event's data or of an object in it; `about` is its description."""

    name: str
    type: FieldType
    about: str = ""
    required: bool = False
    example: Any = None

    def schema(self) -> Schema:
        """The schema of the field; null means the same as its absence."""
        schema = self.type.schema(self.name)
        described = schema | ({"description": self.about} if self.about else {})
        described |= {"examples": [self.example]} if self.example is not None else {}
        return described if self.required else json_schema.nullable(described)


def schema_of(fields: tuple[EventField, ...]) -> Schema:
    """The schema of an object with these fields."""
    required = tuple(field.name for field in fields if field.required)
    return json_schema.object_of({field.name: field.schema() for field in fields}, required)


def _text(name: str, **more: Any) -> Schema:
    return json_schema.text(maxLength=most_characters(name), **more)


def _texts(name: str) -> Schema:
    return json_schema.list_of(_text(name), maxItems=most_entries(name))


TEXT = FieldType(Reader.text, _text)
REQUIRED_TEXT = FieldType(Reader.required_text, lambda name: _text(name, minLength=1))
TEXTS = FieldType(Reader.texts, _texts)
PHASES = FieldType(Reader.phases, _texts)
ENUMERATED = FieldType(Reader.enumerated, _text)
REQUIRED_ENUMERATED = FieldType(Reader.required_enumerated, lambda name: _text(name, minLength=1))
FLAG = FieldType(Reader.flag, lambda _: json_schema.boolean())
DATE = FieldType(Reader.date, lambda _: json_schema.text(pattern=_DATE_PATTERN))
NCT_ID = FieldType(lambda reader, _: reader.trial_id(), lambda _: json_schema.text(pattern="^NCT[0-9]{8}$"))
TRIAL_NUMBER = FieldType(Reader.trial_number, lambda _: json_schema.text(pattern=_NUMBER_PATTERN))
URL = FieldType(Reader.url, lambda name: _text(name, format="uri", pattern="^https?://"))
OPTIONAL_URL = FieldType(Reader.optional_url, lambda name: _text(name, format="uri"))
REVISION = FieldType(
    lambda reader, _: reader.revision(),
    lambda _: json_schema.whole_number(minimum=0, maximum=LARGEST_REVISION),
)
DATED = FieldType(
    Reader.dated,
    lambda _: json_schema.object_of(
        {"date": json_schema.text(pattern=_DATE_PATTERN), "type": json_schema.nullable(_text("type"))},
        ("date",),
    ),
)
ENROLLMENT = FieldType(
    Reader.enrollment,
    lambda _: json_schema.object_of(
        {
            "count": json_schema.whole_number(minimum=0, maximum=MOST_PARTICIPANTS),
            "type": json_schema.nullable(_text("type")),
        },
        ("count",),
    ),
)


def choice(known: frozenset[str], default: str) -> FieldType:
    """One of `known`; `default` if absent."""
    return FieldType(
        lambda reader, name: reader.choice(name, known, default),
        lambda _: json_schema.text(enum=sorted(known), default=default),
    )


def objects(*names: str) -> FieldType:
    """A list of objects with texts; a text in place of an object is the first of them."""
    return FieldType(
        lambda reader, name: reader.objects(name, names, text_is=names[0]),
        lambda name: json_schema.list_of(_texts_of(names), maxItems=most_entries(name)),
    )


_SYNONYM = ("name", "scope")
SYNONYMS = FieldType(
    lambda reader, name: reader.objects(name, _SYNONYM, text_is="name"),
    lambda name: json_schema.list_of(
        {"anyOf": [_text(name), _texts_of(_SYNONYM)]}, maxItems=most_entries(name)
    ),
)


def one_object(*names: str, text_is: str) -> FieldType:
    """An object with texts; a text in its place is that of the name `text_is`."""

    def read(reader: Reader, name: str) -> dict[str, str] | None:
        found = reader.objects(name, names, text_is)
        return found[0] if found else None

    return FieldType(read, lambda _: _texts_of(names))


def object_with(*fields: EventField) -> FieldType:
    """An object with typed fields, None if it has none of them."""

    def read(parent: Reader, name: str) -> dict[str, Any] | None:
        parts = parent.object(parent.data.get(name), name)
        if parts is None:
            return None
        reader = Reader(parts)
        values = {
            part: value for part, read_part in readers if (value := read_part(reader, part)) is not None
        }
        for part, message in reader.problems:
            parent.problem(f"{name}.{part}", message)
        return values or None

    readers = tuple((field.name, field.type.read) for field in fields)
    return FieldType(read, lambda _: schema_of(fields))


def _texts_of(names: tuple[str, ...]) -> Schema:
    return json_schema.object_of({name: json_schema.nullable(_text(name)) for name in names})


_SITE = ("facility", "city", "region", "postal_code", "country", "status")


def _locations_schema(name: str) -> Schema:
    site = _texts_of(_SITE)
    site["properties"]["contact"] = {
        "anyOf": [_text("contact"), json_schema.nullable(_texts_of(("name", "phone", "email")))]
    }
    return json_schema.list_of(site, maxItems=most_entries(name))


def read_arms(parent: Reader, field: str) -> list[dict[str, Any]] | None:
    """A study's arms: label, type, description and the names of their interventions."""
    value = parent.data.get(field)
    labelled = parent.objects(field, _ARM, text_is="label")
    if labelled is None or not isinstance(value, list):
        return labelled
    arms: list[dict[str, Any]] = []
    for position, item in enumerate(value):
        reader = Reader(item if isinstance(item, Mapping) else {"label": item})
        arm: dict[str, Any] = {name: text for name in _ARM if (text := reader.text(name))}
        if found := reader.objects("interventions", ("name",), text_is="name"):
            arm["interventions"] = [intervention["name"] for intervention in found]
        parent.problems.extend((f"{field}[{position}].{name}", words) for name, words in reader.problems)
        if arm:
            arms.append(arm)
    return arms


_ARM = ("label", "type", "description")


def _arm_schema(name: str) -> Schema:
    arm = _texts_of(_ARM)
    names = {"anyOf": [_text("name"), _texts_of(("name",))]}
    interventions = json_schema.list_of(names, maxItems=most_entries("interventions"))
    arm["properties"]["interventions"] = json_schema.nullable(interventions)
    return json_schema.list_of(arm, maxItems=most_entries(name))


def _conditions_schema(name: str) -> Schema:
    parts = {"id": json_schema.nullable(_text("id")), "name": _text("name", minLength=1)}
    return json_schema.list_of(json_schema.object_of(parts, ("name",)), maxItems=most_entries(name))


ARMS = FieldType(read_arms, _arm_schema)
LOCATIONS = FieldType(
    lambda reader, name: reader.objects(name, (*_SITE, "contact"), text_is="facility"), _locations_schema
)
CONDITIONS = FieldType(Reader.conditions, _conditions_schema)

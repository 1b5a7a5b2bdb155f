"""JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it) in short: the parts that our descriptions need."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def text(about: str = "", **more: Any) -> Schema:
    """A string; `about` is its description."""
    return {"type": "string", **({"description": about} if about else {}), **more}


def whole_number(**more: Any) -> Schema:
    """An integer."""
    return {"type": "integer", **more}


def boolean(**more: Any) -> Schema:
    """True or false."""
    return {"type": "boolean", **more}


def list_of(items: Schema, **more: Any) -> Schema:
    """A list of things that `items` describes."""
    return {"type": "array", "items": items, **more}


def object_of(properties: Mapping[str, Schema], required: tuple[str, ...] = ()) -> Schema:
    """An object with these properties; others are allowed."""
    return {"type": "object", "required": list(required), "properties": dict(properties)}


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **more, "type": [schema["type"], "null"]}

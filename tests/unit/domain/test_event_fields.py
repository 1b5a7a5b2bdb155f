"""The tables of fields: every field read is described and the other way round, within the same limits."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from service.domain.trials.events import fields as event_fields
from service.domain.trials.events.snapshot import (
    InvalidSnapshot,
    read_condition,
    read_merged,
    read_removed,
    read_snapshot,
)
from service.domain.trials.events.types import schema_of

Path = tuple[str, ...]
READERS: dict[str, tuple[Any, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "Trial": (event_fields.TRIAL, read_snapshot),
    "TrialRemoved": (event_fields.REMOVED, read_removed),
    "TrialMerged": (event_fields.MERGED, read_merged),
    "Condition": (event_fields.CONDITION, read_condition),
}


def fullest(schema: Any) -> Any:
    """A schema with the last of several types in place of all: an object says more than a text."""
    if isinstance(schema, list):
        return [fullest(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    types = schema.get("anyOf", [])
    if types and all("type" in kind for kind in types):
        return fullest(types[-1])
    return {name: fullest(part) for name, part in schema.items()}


SCHEMAS = {name: fullest(schema_of(fields)) for name, (fields, _) in READERS.items()}


class Recorded(Mapping[str, Any]):
    """An object that writes down which of its fields are read, those of the objects in it included."""

    def __init__(self, values: Mapping[str, Any], path: Path, read: set[Path]) -> None:
        self._values, self._path, self._read = values, path, read

    def __getitem__(self, name: str) -> Any:
        path = (*self._path, name)
        self._read.add(path)
        value = self._values[name]
        if isinstance(value, dict):
            return Recorded(value, path, self._read)
        if isinstance(value, list):
            return [Recorded(item, path, self._read) if isinstance(item, dict) else item for item in value]
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, name: str, default: Any = None) -> Any:
        self._read.add((*self._path, name))
        return self[name] if name in self._values else default


def is_a(schema: Mapping[str, Any], kind: str) -> bool:
    return kind in (schema["type"] if isinstance(schema["type"], list) else [schema["type"]])


def sample(schema: Mapping[str, Any]) -> Any:
    """A value with every field that the schema has."""
    if is_a(schema, "object"):
        return {name: sample(part) for name, part in schema["properties"].items()}
    if is_a(schema, "array"):
        return [sample(schema["items"])]
    if is_a(schema, "integer"):
        return 3
    if is_a(schema, "boolean"):
        return True
    if "enum" in schema:
        return schema["enum"][0]
    if "NCT" in schema.get("pattern", ""):
        return "NCT00000001"
    if schema.get("format") == "uri":
        return "https://example.org/"
    return "2026-12-01" if "pattern" in schema else "words"


def valid(name: str) -> dict[str, Any]:
    made: dict[str, Any] = sample(SCHEMAS[name])
    numbers = {"trial_id": "NCT00000001", "into": "ISRCTN12345678"}
    return made | {field: number for field, number in numbers.items() if field in made}


def walk(schema: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every field that a schema describes, by its path; a list's items are under the list's own."""
    for name, part in schema.get("properties", {}).items():
        yield (*path, name), part
        yield from walk(part.get("items", part), (*path, name))


def parent(data: Any, path: Path) -> Any:
    """The object that holds the last part of a path."""
    for name in path[:-1]:
        data = data[name][0] if isinstance(data[name], list) else data[name]
    return data


def problems(name: str, data: Mapping[str, Any]) -> list[str]:
    try:
        READERS[name][1](data)
    except InvalidSnapshot as refused:
        return [field.replace("[0]", "") for field, _ in refused.problems]
    return []


FIELDS = [(name, path, part) for name in READERS for path, part in walk(SCHEMAS[name])]
LONG = [(name, path, part) for name, path, part in FIELDS if "maxLength" in part]
MANY = [(name, path, part) for name, path, part in FIELDS if "maxItems" in part]
NUMBERS = [(name, path, part) for name, path, part in FIELDS if "maximum" in part]
CHOICES = [(name, path, part) for name, path, part in FIELDS if "enum" in part]


@pytest.mark.parametrize("name", READERS)
def test_every_field_that_is_read_is_described_and_the_other_way_round(name: str) -> None:
    read: set[Path] = set()
    READERS[name][1](Recorded(valid(name), (), read))
    assert read == {path for path, _ in walk(SCHEMAS[name])}


@pytest.mark.parametrize("name", READERS)
def test_exactly_the_required_fields_are_missed(name: str) -> None:
    for path, part in walk(SCHEMAS[name]):
        data = copy.deepcopy(valid(name))
        del parent(data, path)[path[-1]]
        required = len(path) == 1 and path[-1] in SCHEMAS[name]["required"]
        required = required or path == ("conditions", "name")
        assert problems(name, data) == ([".".join(path)] if required else [])
        parent(data, path)[path[-1]] = None
        assert bool(problems(name, data)) == required
        assert is_a(part, "null") != required or path[-1] in ("date", "count")


@pytest.mark.parametrize("name", ["Trial", "TrialRemoved", "TrialMerged"])
def test_a_trial_is_named_by_either_number(name: str) -> None:
    data = {field: value for field, value in valid(name).items() if field not in ("nct_id", "trial_id")}
    assert problems(name, data) == ["nct_id"]
    assert problems(name, data | {"nct_id": "NCT00000001"}) == []
    assert problems(name, data | {"trial_id": "drks00012345"}) == []
    assert problems(name, data | {"trial_id": "drks00012345", "nct_id": "NCT00000001"}) == ["trial_id"]


@pytest.mark.parametrize(("name", "path", "part"), LONG)
def test_a_text_may_be_as_long_as_is_described(name: str, path: Path, part: Mapping[str, Any]) -> None:
    data = valid(name)
    start = "https://" if part.get("format") == "uri" else ""
    parent(data, path)[path[-1]] = start.ljust(part["maxLength"], "x")
    assert problems(name, data) == []
    parent(data, path)[path[-1]] += "x"
    assert problems(name, data)[0] == ".".join(path)


@pytest.mark.parametrize(("name", "path", "part"), MANY)
def test_a_list_may_have_as_many_entries_as_is_described(
    name: str, path: Path, part: Mapping[str, Any]
) -> None:
    data = valid(name)
    parent(data, path)[path[-1]] *= part["maxItems"]
    assert problems(name, data) == []
    parent(data, path)[path[-1]] += parent(data, path)[path[-1]][:1]
    assert problems(name, data) == [".".join(path)]
    if is_a(part["items"], "string"):
        parent(data, path)[path[-1]] = ["x" * part["items"]["maxLength"]]
        assert problems(name, data) == []
        parent(data, path)[path[-1]] = ["x" * (part["items"]["maxLength"] + 1)]
        assert problems(name, data) == [".".join(path)]


@pytest.mark.parametrize(("name", "path", "part"), NUMBERS)
def test_a_number_may_be_as_large_as_is_described(name: str, path: Path, part: Mapping[str, Any]) -> None:
    data = valid(name)
    for number, good in ((part["maximum"], True), (part["maximum"] + 1, False), (0, True), (-1, False)):
        parent(data, path)[path[-1]] = number
        assert problems(name, data) == ([] if good else [".".join(path)])


@pytest.mark.parametrize(("name", "path", "part"), CHOICES)
def test_each_choice_is_described(name: str, path: Path, part: Mapping[str, Any]) -> None:
    data = valid(name)
    for value in (*part["enum"], "another"):
        parent(data, path)[path[-1]] = value
        assert problems(name, data) == ([".".join(path)] if value == "another" else [])

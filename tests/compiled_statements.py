"""Compiled statements shared by all engines of a test process, as one long-lived engine keeps them.

Each test opens engines of its own; compiling their statements anew took a tenth of its time.
"""

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.sql.compiler import Compiled

#: By what SQLAlchemy keeps them by, with the kind of dialect instead of the engine's own one.
_compiled: dict[tuple[Any, ...], Compiled] = {}


class _Shared(MutableMapping[tuple[Any, ...], Compiled]):
    """The cache of an engine; a key begins with its dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._kind = type(dialect), dialect.server_version_info

    def _key(self, key: tuple[Any, ...]) -> tuple[Any, ...]:
        return self._kind, *key[1:]

    def __getitem__(self, key: tuple[Any, ...]) -> Compiled:
        return _compiled[self._key(key)]

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return _compiled.get((self._kind, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Compiled) -> None:
        _compiled[self._key(key)] = compiled

    def __delitem__(self, key: tuple[Any, ...]) -> None:
        del _compiled[self._key(key)]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(_compiled)

    def __len__(self) -> int:
        return len(_compiled)


def share_compiled_statements() -> None:
    """Lets the engines of this process share their compiled statements, from now on."""
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    engine = connection.engine
    if not isinstance(engine._compiled_cache, _Shared):
        engine._compiled_cache = _Shared(connection.dialect)

"""What sign-ups look up again and again, kept for a second per process: the current terms, topics by name."""

import time
from dataclasses import dataclass, field
from typing import Any

from litestar import Request

from service.domain.trials.conditions import slug, trial_topic
from service.store.people import terms, topics
from service.store.people.terms import Terms
from service.store.people.topics import Topic
from service.store.sql.database import reading
from service.system import System

#: Seconds after which a published version or an imported condition is seen by every process.
_SECONDS = 1.0
_MOST = 5_000


@dataclass(slots=True)
class Remembered:
    """The short memory of one process."""

    system: System
    _terms: tuple[float, Terms | None] = (0.0, None)
    _conditions: dict[str, tuple[float, Topic | None]] = field(default_factory=dict)

    async def terms(self) -> Terms | None:
        """The terms in force, None before the first were published."""
        until, known = self._terms
        if time.monotonic() > until:
            async with reading(self.system.database) as connection:
                known = await terms.current(connection)
            self._terms = (time.monotonic() + _SECONDS, known)
        return known

    async def condition(self, name: str) -> Topic | None:
        """The condition of that id, slug or name, None when there is none."""
        until, known = self._conditions.get(name, (0.0, None))
        if time.monotonic() > until:
            async with reading(self.system.database) as connection:
                known = await topics.find_condition(connection, name, slug(name))
            if len(self._conditions) >= _MOST:
                self._conditions.clear()
            self._conditions[name] = (time.monotonic() + _SECONDS, known)
        return known

    async def topic_key(self, kind: str, name: str) -> str:
        """The key of the topic to follow. Raises ValueError, whose message says why it can't be followed."""
        if kind == "trial":
            return trial_topic(name)
        found = await self.condition(name)
        if found is None:
            raise ValueError("We don't know this condition. Choose one from the search.")
        if not found.followable:
            raise ValueError("This condition is too broad to follow. Choose a more specific one.")
        return found.key


def cached(request: Request[Any, Any, Any], system: System) -> Remembered:
    """The memory of this application."""
    memory: Remembered = request.app.state.setdefault("remembered", Remembered(system))
    return memory

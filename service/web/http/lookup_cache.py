"""Look-ups that sign-ups repeat, cached for a second per process: the current terms, conditions by name."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from cachetools import TTLCache
from litestar import Request

from service.domain.trials.conditions import TopicKind, slug, trial_topic
from service.store.people import terms, topics
from service.store.people.terms import Terms
from service.store.people.topics import Topic
from service.system import System

#: Seconds after which a published version or an imported condition is seen by every process.
_SECONDS = 1.0
_MOST = 5_000


class _Missing:
    """Not in the cache, where None is an answer: there is none of that name."""


_MISSING = _Missing()


@dataclass(slots=True)
class Remembered:
    """The look-ups of one process."""

    system: System
    _terms: "TTLCache[str, Terms | None]" = field(default_factory=lambda: TTLCache(1, _SECONDS))
    _conditions: "TTLCache[str, Topic | None]" = field(default_factory=lambda: TTLCache(_MOST, _SECONDS))

    async def terms(self) -> Terms | None:
        """The terms in force, None before the first were published."""
        found = self._terms.get("current", _MISSING)
        if isinstance(found, _Missing):
            async with self.system.reading() as connection:
                found = self._terms["current"] = await terms.current(connection)
        return found

    async def condition(self, name: str) -> Topic | None:
        """The condition of that id, slug or name, None when there is none."""
        found = self._conditions.get(name, _MISSING)
        if isinstance(found, _Missing):
            async with self.system.reading() as connection:
                found = await topics.find_condition(connection, name, slug(name))
            self._conditions[name] = found
        return found

    async def topic_names(self, keys: Collection[str]) -> dict[str, str | None]:
        """The names of the topics with these keys that are known; not cached."""
        async with self.system.reading() as connection:
            found = await topics.by_keys(connection, keys)
        return {key: topic.name for key, topic in found.items()}

    async def topic_key(self, kind: str, name: str) -> str:
        """The key of the topic to follow. Raises ValueError, whose message says why it can't be followed."""
        if kind == TopicKind.TRIAL:
            return trial_topic(name)
        found = await self.condition(name)
        if found is None:
            raise ValueError("We don't know this condition. Choose one from the search.")
        if not found.followable:
            raise ValueError("This condition is too broad to follow. Choose a more specific one.")
        return found.key


def cached(request: Request[Any, Any, Any], system: System) -> Remembered:
    """The look-ups of this application."""
    memory: Remembered = request.app.state.setdefault("remembered", Remembered(system))
    return memory

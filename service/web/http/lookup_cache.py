"""Caches, for a second per process, what sign-ups look up: the current terms, conditions by name.

When the second is over, those who ask at once share one look-up: in a rush each would read the same.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from functools import partial
from typing import Any, TypeVar

from cachetools import TTLCache
from litestar import Request

from service.actions.merged_topics import after_mergers, removed_topics
from service.domain.trials.conditions.condition import TopicKind, display_name, trial_topic
from service.domain.wording.messages import lazy_gettext as _
from service.domain.wording.topic_names import TOO_BROAD
from service.store.people import terms
from service.store.people.terms import Terms
from service.store.topics import topics
from service.store.topics.topics import Topic
from service.system import System

#: Seconds after which every process uses a published version or an imported condition.
_SECONDS = 1.0
_MOST = 5_000

_CURRENT = "current"

Found = TypeVar("Found")


class AmbiguousName(ValueError):
    """Several conditions, `topics`, have this name; `choices` are their keys and names."""

    def __init__(self, choices: Sequence[Topic]) -> None:
        named = "; ".join(f"{display_name(choice.name or choice.key)} ({choice.key})" for choice in choices)
        super().__init__(
            _("More than one condition has this name. Choose which one you mean: {names}.", names=named)
        )
        self.topics = choices
        self.choices = [
            {"key": choice.key, "name": display_name(choice.name or choice.key)} for choice in choices
        ]


class LookupCache:
    """The cached look-ups of a process."""

    def __init__(self, system: System) -> None:
        self.system = system
        # None is a value: there are no terms.
        self._terms: TTLCache[str, Terms | None] = TTLCache(1, _SECONDS)
        self._conditions: TTLCache[str, list[Topic]] = TTLCache(_MOST, _SECONDS)
        self._reading: dict[str, asyncio.Task[Any]] = {}

    async def terms(self) -> Terms | None:
        """The current terms, None before the first were published."""
        try:
            return self._terms[_CURRENT]
        except KeyError:
            return await self._shared(_CURRENT, self._read_terms)

    async def _read_terms(self) -> Terms | None:
        async with self.system.reading() as connection:
            found = self._terms[_CURRENT] = await terms.current(connection)
        return found

    async def conditions(self, name: str) -> list[Topic]:
        """The conditions with that id, slug or name: none, one, or several with the same name."""
        found = self._conditions.get(name)
        if found is None:
            found = await self._shared(f"condition:{name}", partial(self._read_conditions, name))
        return found

    async def _read_conditions(self, name: str) -> list[Topic]:
        async with self.system.reading() as connection:
            found = self._conditions[name] = await topics.find_conditions(connection, name)
        return found

    async def _shared(self, key: str, read: Callable[[], Coroutine[Any, Any, Found]]) -> Found:
        """Shares one call of `read` among concurrent callers; it goes on if they no longer wait."""
        reading: asyncio.Task[Found] | None = self._reading.get(key)
        if reading is None:
            reading = self._reading[key] = asyncio.create_task(read())
            reading.add_done_callback(lambda _: self._reading.pop(key))
        return await asyncio.shield(reading)

    async def topic_names(self, keys: Collection[str]) -> dict[str, str | None]:
        """The names of the known topics among these keys; not cached."""
        async with self.system.reading() as connection:
            found = await topics.by_keys(connection, keys)
        return {key: topic.name for key, topic in found.items()}

    async def after_mergers(self, keys: Collection[str]) -> dict[str, str]:
        """The key to follow for each of these, which of a merged trial is another one's; not cached."""
        async with self.system.reading() as connection:
            return await after_mergers(connection, keys)

    async def removed(self, keys: Collection[str]) -> set[str]:
        """The topics among these that are trials which the website no longer lists; not cached."""
        async with self.system.reading() as connection:
            return await removed_topics(connection, keys)

    async def broader_names(self, conditions: Collection[Topic]) -> dict[int, str]:
        """The name of a broader condition for each that has one, by topic id; not cached."""
        async with self.system.reading() as connection:
            return await topics.broader_names(connection, [topic.id for topic in conditions])

    async def topic_key(self, kind: str, name: str) -> str:
        """The key of the topic to follow. Raises ValueError with the reason if it can't be followed, and
        AmbiguousName if several conditions have the name."""
        if kind == TopicKind.TRIAL:
            return trial_topic(name)
        found = await self.conditions(name)
        if not found:
            raise ValueError(_("We don’t know this condition. Choose one from the search."))
        if not found[0].followable:
            raise ValueError(TOO_BROAD)
        if len(found) > 1:
            raise AmbiguousName(found)
        return found[0].key


def cached(request: Request[Any, Any, Any], system: System) -> LookupCache:
    """The look-up cache of this application."""
    state = request.app.state
    memory: LookupCache | None = state.get("lookups")
    if memory is None:
        memory = state["lookups"] = LookupCache(system)
    return memory

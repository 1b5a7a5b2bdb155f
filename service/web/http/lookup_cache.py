"""Caches, for a second per process, what sign-ups look up: the current terms, conditions by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from cachetools import TTLCache
from litestar import Request

from service.actions.merged_topics import after_mergers
from service.domain.trials.conditions import TopicKind, display_name, trial_topic
from service.domain.wording.messages import lazy_gettext as _
from service.store.people import terms, topics
from service.store.people.terms import Terms
from service.store.people.topics import Topic
from service.system import System

#: Seconds after which every process uses a published version or an imported condition.
_SECONDS = 1.0
_MOST = 5_000


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


class _Missing:
    """Marks a missing entry, since None is a cached value: there are no terms."""


_MISSING = _Missing()


@dataclass(slots=True)
class LookupCache:
    """The cached look-ups of a process."""

    system: System
    _terms: "TTLCache[str, Terms | None]" = field(default_factory=lambda: TTLCache(1, _SECONDS))
    _conditions: "TTLCache[str, list[Topic]]" = field(default_factory=lambda: TTLCache(_MOST, _SECONDS))

    async def terms(self) -> Terms | None:
        """The current terms, None before the first were published."""
        found = self._terms.get("current", _MISSING)
        if isinstance(found, _Missing):
            async with self.system.reading() as connection:
                found = self._terms["current"] = await terms.current(connection)
        return found

    async def conditions(self, name: str) -> list[Topic]:
        """The conditions with that id, slug or name: none, one, or several with the same name."""
        found = self._conditions.get(name)
        if found is None:
            async with self.system.reading() as connection:
                found = self._conditions[name] = await topics.find_conditions(connection, name)
        return found

    async def topic_names(self, keys: Collection[str]) -> dict[str, str | None]:
        """The names of the known topics among these keys; not cached."""
        async with self.system.reading() as connection:
            found = await topics.by_keys(connection, keys)
        return {key: topic.name for key, topic in found.items()}

    async def after_mergers(self, keys: Collection[str]) -> dict[str, str]:
        """The key to follow for each of these, which of a merged trial is another one's; not cached."""
        async with self.system.reading() as connection:
            return await after_mergers(connection, keys)

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
            raise ValueError(_("This condition is too broad to follow. Choose a more specific one."))
        if len(found) > 1:
            raise AmbiguousName(found)
        return found[0].key


def cached(request: Request[Any, Any, Any], system: System) -> LookupCache:
    """The look-up cache of this application."""
    memory: LookupCache = request.app.state.setdefault("lookups", LookupCache(system))
    return memory

"""The search for topics to follow, near spellings included, with the name of a broader condition."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions.condition import TopicKind, display_name
from service.domain.wording.topic_names import topic_name
from service.store.topics import topic_search, topics
from service.store.topics.topics import Topic


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic that can be followed; `above` is the name of a broader condition, or ""."""

    key: str
    name: str
    kind: str
    above: str = ""

    @property
    def label(self) -> str:
        """The name as forms show it: a study's with its number."""
        return topic_name(self.kind, self.key.partition(":")[2], self.name)


async def search(connection: AsyncConnection, query: str) -> list[FoundTopic]:
    """Up to 20 topics whose names, number or title hold every word of `query`, the nearest first."""
    return await described(connection, await topic_search.search(connection, query))


async def described(connection: AsyncConnection, found: Collection[Topic]) -> list[FoundTopic]:
    """Topics with the name of a parent."""
    conditions = [topic.id for topic in found if topic.kind == TopicKind.CONDITION]
    broader = await topics.broader_names(connection, conditions)
    return [
        FoundTopic(
            topic.key,
            display_name(topic.name or "") if topic.kind == TopicKind.CONDITION else topic.name or "",
            topic.kind,
            display_name(broader[topic.id]) if topic.id in broader else "",
        )
        for topic in found
    ]

"""Consents that people withdrew here, which an import does not restore."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.import_lines import Line
from service.store.people import bulk_import


class Withdrawals:
    """The times at which known people stopped topics or, if they follow nothing any more, everything."""

    def __init__(
        self, followed: Collection[tuple[int, int]], left: Mapping[tuple[int, int], datetime]
    ) -> None:
        """`followed`: the active subscriptions; `left`: the times of the ended ones. Both by subscriber and
        topic.
        """
        following = {person for person, _ in followed}
        self._topics = left
        self._everything: dict[int, datetime] = {}
        for (person, _), at in left.items():
            if person not in following:
                self._everything[person] = max(at, self._everything.get(person, at))

    def of(self, person: Any, topic: Any, line: Line) -> datetime | None:
        """The time at which a person withdrew the consent of a line to a topic, or None.

        A consent without a time is older than any withdrawal. Unknown people and topics have another type.
        """
        when = self._everything.get(person) or self._topics.get((person, topic))
        return None if when and line.is_dated and line.consented_at > when else when


async def own_choices(
    connection: AsyncConnection, ids: Collection[int]
) -> tuple[Collection[tuple[Any, Any]], Withdrawals]:
    """The active subscriptions of these subscribers, by subscriber and topic, and their withdrawals."""
    followed = await bulk_import.followed(connection, ids)
    return followed, Withdrawals(followed, await bulk_import.left(connection, ids))

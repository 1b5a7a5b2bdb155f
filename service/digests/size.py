"""The size of a run of digests, compared with the usual size."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.digests import run_size
from service.store.digests import run_news, runs
from service.system import System


class RunSize(NamedTuple):
    """Why a run must be held (None: it need not), and the number of trials of the topic with most news."""

    held_because: str | None
    most_news: int


async def size_of(
    connection: AsyncConnection,
    system: System,
    frequency: str,
    people: Sequence[int],
    slot_id: int | None = None,
    *,
    floor: int,
    to_seq: int,
    small: int,
) -> RunSize:
    """Compares the mails and the news of a planned run with the usual size; `small`: so few never are."""
    if not people:
        return RunSize(None, 0)
    usual = await runs.usual(connection, frequency, slot_id if len(people) > small else None)
    news = await run_news.notable_news(connection, frequency, people, floor=floor, to_seq=to_seq)
    factor = system.settings.run_hold
    because = run_size.held_because(factor, frequency, len(people), news, usual, small)
    return RunSize(because, run_size.most_news(news))

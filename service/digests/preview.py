"""What a person's next digests would say, without sending or changing anything."""

from dataclasses import dataclass
from itertools import count

from service.digests.contents import Known, contents
from service.digests.told_beside import told_beside
from service.digests.wanted import Wanted
from service.domain.digest import TrialBlock
from service.domain.schedule import Frequency
from service.store import log, planning, subscribers
from service.store.database import reading
from service.store.digests import read_topics
from service.system import System


@dataclass(frozen=True, slots=True)
class Preview:
    """One digest as it would be sent now, in the reader's language."""

    frequency: str
    language: str
    blocks: tuple[TrialBlock, ...]


async def preview(system: System, subscriber_id: int) -> list[Preview]:
    """The digests that would be sent to a person now, one for each frequency that has something to tell."""
    previews, numbers = [], count(2**62)  # later than every digest that is kept
    async with reading(system.database) as connection:
        person = await subscribers.get(connection, subscriber_id)
        if person is None:
            return []
        end = await log.head(connection)
        for frequency in Frequency:
            topics = await planning.untold(connection, subscriber_id, frequency, end)
            if not topics:
                continue
            covered = read_topics(topics)
            wanted = Wanted(next(numbers), subscriber_id, 2**62, covered, end, person.locale, True)
            beside = await told_beside(connection, [wanted])
            blocks = (await contents(connection, Known(), [wanted], beside))[wanted.digest_id]
            if blocks:
                previews.append(Preview(frequency, person.locale, blocks))
    return previews

"""A preview of a person's next digests, without sending or changing anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from service.digests.content import digest_contents
from service.digests.content_cache import ContentCache
from service.digests.covered_elsewhere import covered_by_others
from service.digests.digest_input import DigestRequest
from service.domain.digests.blocks import TrialBlock
from service.domain.digests.schedule import Frequency
from service.store import change_log
from service.store.digests import due
from service.store.digests.digests import read_topics
from service.store.mail.claimed_deliveries import next_is_first
from service.store.people import subscribers
from service.system import System


@dataclass(frozen=True, slots=True)
class Preview:
    """A digest as it would be sent now, in the reader's language. `is_first`: it would welcome them;
    `discreet`: they chose a subject that reveals nothing."""

    frequency: str
    language: str
    blocks: tuple[TrialBlock, ...]
    is_first: bool
    discreet: bool


async def preview(system: System, subscriber_id: int, now: datetime) -> list[Preview]:
    """The digests that would be sent to a person now, one for each frequency with changes."""
    previews: list[Preview] = []
    numbers = count(2**62)  # above every stored digest's id
    async with system.reading() as connection:
        person = await subscribers.get(connection, subscriber_id)
        if person is None:
            return []
        end = await change_log.head(connection)
        kept = timedelta(days=system.settings.keep_deliveries_days)
        is_first = await next_is_first(connection, subscriber_id, now, kept)
        for frequency in Frequency:
            topics = await due.unreported_intervals(connection, subscriber_id, frequency, end)
            if not topics:
                continue
            covered = read_topics(topics)
            start = await due.period_start(connection, subscriber_id, frequency)
            request = DigestRequest(
                next(numbers), subscriber_id, 2**62, covered, end, person.locale, True, start
            )
            elsewhere = await covered_by_others(connection, [request])
            blocks = (await digest_contents(connection, ContentCache(), [request], elsewhere))[
                request.digest_id
            ]
            if blocks:
                welcomes = is_first and not previews
                previews.append(Preview(frequency, person.locale, blocks, welcomes, person.discreet))
    return previews

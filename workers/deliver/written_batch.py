"""A batch of claimed deliveries while their mails are written; what one person's values spoil is apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from service.digests.content import Unusable
from service.digests.request import DigestRequest
from service.mail.render.languages import nearest, supported
from service.mail.smtp.sender import Mail
from service.store.digests.digests import read_topics
from service.store.mail.claims import ClaimedDelivery


@dataclass(slots=True)
class WrittenBatch:
    """A batch: its mails, the deliveries that end without one, and the ids of those put off."""

    mails: list[Mail] = field(default_factory=list)
    ended: dict[tuple[str, str], list[ClaimedDelivery]] = field(default_factory=dict)
    put_off: list[int] = field(default_factory=list)
    unusable: Unusable = field(default_factory=Unusable)

    def note(self, row: ClaimedDelivery, error: Exception) -> None:
        """Keeps the kind of an error for the log: its text may hold an address."""
        self.unusable.people[row.subscriber_id] = type(error).__name__


def is_digest(row: ClaimedDelivery) -> bool:
    """Whether it tells a person who is still known what changed."""
    return row.digest_id is not None and row.sealed is not None


def wanted_of(rows: Sequence[ClaimedDelivery], batch: WrittenBatch) -> list[DigestRequest]:
    """What the digests among `rows` are to tell; one that can't be read is kept apart."""
    wanted = []
    for row in rows:
        if not is_digest(row):
            continue
        try:
            covered = read_topics(row.topics)
        except ValueError as error:
            batch.unusable.digests[row.digest_id] = error
            continue
        upto = row.to_seq
        wanted.append(
            DigestRequest(
                row.digest_id, row.subscriber_id, row.run_id, covered, upto, row.locale, row.catches_up
            )
        )
    return wanted


def in_a_known_language(row: ClaimedDelivery, batch: WrittenBatch) -> ClaimedDelivery:
    """The delivery in its reader's language, or in the nearest one where that language is not there."""
    if row.locale is None or row.locale in supported():
        return row
    batch.unusable.people[row.subscriber_id] = "unknown language"
    return row._replace(locale=nearest([row.locale]))

"""Entries of the change log as a reader's digest meets them: whether each is for them, and told already."""

from dataclasses import dataclass

from service.domain.digests.trial_block import FollowedTopic
from service.domain.trials.announcements import closes
from service.domain.trials.change import Change


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the change log. `topics` are the keys that hear of it (`trial:NCT…`, `condition:…`).

    `corrects` is set on a change that a snapshot with reason `correction` brought: the seq of the entry
    that it puts right (the latest earlier one of the same trial and kind). Only those who were told that
    one are told the correction.

    The others are set where a revision came late: the `revision` that brought the change, by which the
    changes of a trial are ordered; up to which seq who was told was told of it (`told_seq`), and since which
    seq who follows began after it (`due_seq`), see `domain.trials.news`; and from which seq on the change no
    longer holds.
    """

    seq: int
    nct_id: str
    change: Change
    topics: frozenset[str]
    corrects: int | None = None
    revision: int | None = None
    told_seq: int | None = None
    due_seq: int | None = None
    replaced_seq: int | None = None

    @property
    def depends_on_reader(self) -> bool:
        """Whether who is told of it depends on more than the interval of the digest."""
        return self.corrects is not None or self.due_seq is not None or self.replaced_seq is not None

    def is_for(self, follow: FollowedTopic, end: int) -> bool:
        """Whether it holds at `end`, and somebody who follows is to be told of it, now or before."""
        if self.replaced_seq is not None and self.replaced_seq <= end:
            return False
        since = follow.followed_since_seq
        return not (
            (self.corrects is not None and self.corrects <= since)
            or (self.due_seq is not None and self.due_seq <= since)
        )

    def is_reported(self, follow: FollowedTopic) -> bool:
        """Whether an earlier digest told somebody who follows of it, or an earlier period ended after it
        without a digest: that a trial closed, which is not told."""
        seq = self.told_seq or self.seq
        if self.closed_before(follow.period_start_seq):
            return True
        return seq <= follow.after_seq or any(low < seq <= high for low, high in follow.reported)

    def closed_before(self, period_start_seq: int) -> bool:
        """Whether it says that a trial closed, before a period began."""
        return closes(self.change) and (self.told_seq or self.seq) <= period_start_seq

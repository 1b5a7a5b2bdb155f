"""Entries of the change log as a digest reads them: whether each concerns its reader, and was reported."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.digests.net_changes import folded_kind
from service.domain.digests.trial_block import GONE, FollowedTopic
from service.domain.trials.change import Change, Kind
from service.domain.trials.news.announcements import closes


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of the change log. `topics`: the keys that it concerns (`trial:NCT…`, `condition:…`).

    `corrects` is set on a change from a snapshot with reason `correction`: the seq of the entry that it
    corrects (the latest earlier one of the same trial and kind). Only readers to whom that entry was reported
    get the correction.

    The other fields are set if the revision arrived late: its number (`revision`), by which the changes of a
    trial are ordered; the seq up to which a digest must have read for the change to count as reported
    (`notified_seq`); the seq from which a reader began to follow too late for it (`due_seq`; for both see
    `domain.trials.news`); and the seq from which the change no longer holds (`replaced_seq`).
    """

    seq: int
    nct_id: str
    change: Change
    topics: frozenset[str]
    corrects: int | None = None
    revision: int | None = None
    notified_seq: int | None = None
    due_seq: int | None = None
    replaced_seq: int | None = None

    @property
    def depends_on_reader(self) -> bool:
        """Whether it depends on more than the digest's interval if a reader gets it."""
        return self.corrects is not None or self.due_seq is not None or self.replaced_seq is not None

    def is_for(self, follow: FollowedTopic, end: int) -> bool:
        """Whether it holds at `end` and concerns this follower, whether reported already or not."""
        if self.replaced_seq is not None and self.replaced_seq <= end:
            return False
        if follow.follows_on and self.change.kind in GONE:
            return False
        since = follow.followed_since_seq
        return not (
            (self.corrects is not None and self.corrects <= since)
            or (self.due_seq is not None and self.due_seq <= since)
        )

    def is_reported(self, follow: FollowedTopic) -> bool:
        """Whether an earlier digest reported it to this follower, or an earlier period ended after it without
        a digest (that a trial closed is not reported)."""
        seq = self.notified_seq or self.seq
        if self.closed_before(follow.period_start_seq):
            return True
        return seq <= follow.after_seq or any(low < seq <= high for low, high in follow.reported)

    def is_withheld(self, follow: FollowedTopic) -> bool:
        """Whether a digest that was cancelled for good would have reported it to this follower."""
        seq = self.notified_seq or self.seq
        return any(low < seq <= high for low, high in follow.withheld)

    def closed_before(self, period_start_seq: int) -> bool:
        """Whether it says that a trial closed, before a period began."""
        return closes(self.change) and (self.notified_seq or self.seq) <= period_start_seq


def continued(follow: FollowedTopic, entries: Iterable[LogEntry]) -> set[int]:
    """The seqs of withheld entries that one to report follows, of the same trial and kind.

    Both are reported as one change, from the value that the reader was told. Where nothing follows, or a
    digest has reported what follows, the reader hears nothing of a withheld entry.
    """
    found: set[int] = set()
    if not follow.withheld:
        return found
    waiting: dict[tuple[str, Kind], list[int]] = {}
    for entry in entries:
        key = entry.nct_id, folded_kind(entry.change.kind)
        if entry.is_withheld(follow):
            waiting.setdefault(key, []).append(entry.seq)
        elif entry.seq <= follow.after_seq or entry.is_reported(follow):
            waiting.pop(key, None)
        else:
            found.update(waiting.pop(key, ()))
    return found

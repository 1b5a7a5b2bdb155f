"""A trial, its revisions and its part of the log in memory, as the workers keep them.

Each call of `add` is one transaction; its number stands for the seq of all that it logs.
"""

from datetime import date

from service.domain.digests.blocks import FollowedTopic, LogEntry, topic_blocks
from service.domain.trials.change import ORDER
from service.domain.trials.intake import (
    Arrived,
    History,
    Logged,
    accept,
    difference,
    needs_history,
    newest_state,
)
from service.domain.trials.last_known import values_of
from service.domain.trials.lifecycle import TrialState
from service.domain.trials.news import derive
from service.domain.trials.revisions import Revision, Undo, restored, undos
from service.domain.trials.snapshot import content_digest, may_notify
from service.domain.wording.language import ENGLISH

TODAY = date(2026, 11, 20)
NUMBER = "NCT04787263"


def gone(revision, into=None, explanation=None):
    """The trial removed, or merged into another one."""
    return {"revision": revision, "into": into, "explanation": explanation}


class Store:
    """A trial, its kept revisions and its part of the log, as the workers keep them."""

    def __init__(self):
        self.trial, self.baseline, self.rows, self.log, self.replaced = None, {}, [], [], {}
        self.seq = 0

    def history(self):
        """As it is read: what is known last, and what each revision overwrote and lacks."""
        known = History(self.trial).known
        undone = undos(self.baseline, self.rows)
        kept = [
            (one.state, Undo(dict(undo.overwritten), tuple(undo.lacks)))
            for one, undo in zip(self.rows, undone, strict=True)
        ]
        baseline, own = restored(known, kept)
        assert (baseline, own) == (self.baseline, [one.values for one in self.rows])
        return History(self.trial, baseline, tuple(self.rows))

    def add(self, *events):
        """Events that come at once; the result of each."""
        self.seq += 1
        arrived = [self._arrived(number, one) for number, one in enumerate(events)]
        whole = any(needs_history(self.trial, one["revision"], ends="explanation" in one) for one in events)
        history = self.history()
        results, accepted, row = accept(history if whole else History(self.trial), arrived)
        if row is None:
            return list(results.values())
        self.trial = newest_state(NUMBER, self.trial, row, accepted)
        news = derive(row.baseline, row.revisions, lambda key: (key,))
        if not row.in_order:
            logged = [
                Logged(number, one.revision.number, one.change)
                for number, (_, one) in enumerate(self.log)
                if number not in self.replaced
            ]
            news, replaced = difference(news, logged, row, accepted)
            self.replaced |= dict.fromkeys(replaced, self.seq)
        self.log += [(self.seq, one) for one in news]
        self.rows = sorted([*self.rows, *(one.revision for one in accepted)], key=lambda one: one.number)
        return list(results.values())

    def _arrived(self, event_id, one):
        if "explanation" in one:
            state, snapshot = TrialState.MERGED if one["into"] else TrialState.REMOVED, None
        else:
            state, snapshot = TrialState.PRESENT, one
        revision = Revision(
            number=one["revision"],
            digest=content_digest(one),
            state=state,
            seq=self.seq,
            event_id=event_id,
            observed_on=TODAY,
            may_notify=snapshot is None or may_notify(one),
            values=None if snapshot is None else values_of(one),
            ending=None if snapshot else one,
        )
        return Arrived(revision, snapshot)

    def news(self):
        """What holds in the log, in the order of revisions."""
        left = [one for number, (_, one) in enumerate(self.log) if number not in self.replaced]
        return sorted(left, key=lambda one: (one.revision.number, ORDER[one.change.kind]))

    def digest(self, low=0, since=0, high=None, topic=f"trial:{NUMBER}", **wish):
        """The sentences of a digest of (low, high] for somebody who follows since then."""
        end = self.seq if high is None else high
        entries = [
            LogEntry(
                seq=seq,
                nct_id=NUMBER,
                change=one.change,
                topics=frozenset(
                    (f"trial:{NUMBER}",)
                    if one.conditions is None
                    else (f"condition:{key}" for key in one.conditions)
                ),
                revision=one.revision.number,
                told_seq=one.told_seq if one.told_seq < seq else None,
                due_seq=one.due_seq if one.due_seq < seq else None,
                replaced_seq=self.replaced.get(number),
            )
            for number, (seq, one) in enumerate(self.log)
            if seq <= end
        ]
        follow = FollowedTopic(topic, low, since, small_changes=True, **wish)
        blocks = topic_blocks(follow, entries, {NUMBER: self.trial.snapshot}, ENGLISH, end)
        return [sentence.text for block in blocks for sentence in block.sentences]

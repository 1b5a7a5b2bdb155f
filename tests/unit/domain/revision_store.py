"""A trial, its revisions and its part of the log in memory, as the workers keep them.

Each call of `add` is one transaction; its number stands for the seq of all that it logs.
"""

from dataclasses import replace
from datetime import date

from service.domain.digests.blocks import FollowedTopic, LogEntry, topic_blocks
from service.domain.trials.change import ORDER
from service.domain.trials.conditions.condition import condition_key
from service.domain.trials.events.snapshot import content_digest, may_notify
from service.domain.trials.lifecycle import TrialState
from service.domain.trials.news.acceptance import (
    History,
    ReceivedEvent,
    accept,
    needs_history,
    newest_state,
)
from service.domain.trials.news.derive import announced, derive
from service.domain.trials.news.last_known import values_of
from service.domain.trials.news.log_difference import Logged, after_events, after_learning, entry_of
from service.domain.trials.news.revisions import Revision, Undo, restored, undos
from service.domain.wording.language import ENGLISH

TODAY = date(2026, 11, 20)
NUMBER = "NCT04787263"


def gone(revision, into=None, explanation=None):
    """The trial removed, or merged into another one."""
    return {"revision": revision, "into": into, "explanation": explanation}


def _seq(mark, seq):
    """The seq that counts for an entry of `seq`."""
    return seq if mark is None else min(mark, seq)


def _before(mark, seq):
    """A mark as it is stored with an entry of `seq`: None where it does not precede it."""
    return mark if mark is not None and mark < seq else None


class Store:
    """A trial, its kept revisions and its part of the log, as the workers keep them."""

    def __init__(self):
        self.trial, self.baseline, self.rows, self.log, self.replaced = None, {}, [], [], {}
        self.topics, self.mentioned, self.parents = [], set(), {}
        self.seq = 0

    def history(self):
        """As it is read: the last known values, and those that each revision overwrote and lacks."""
        known = History(self.trial).known
        undone = undos(self.baseline, self.rows)
        kept = [
            (row.state, Undo(dict(undo.overwritten), tuple(undo.lacks)))
            for row, undo in zip(self.rows, undone, strict=True)
        ]
        baseline, own = restored(known, kept)
        assert (baseline, own) == (self.baseline, [row.values for row in self.rows])
        return History(self.trial, baseline, tuple(self.rows))

    def add(self, *events):
        """Events that come at once; the result of each."""
        self.seq += 1
        arrived = [self._arrived(number, event) for number, event in enumerate(events)]
        whole = any(
            needs_history(self.trial, event["revision"], ends="explanation" in event) for event in events
        )
        history = self.history()
        results, accepted, row = accept(history if whole else History(self.trial), arrived)
        if row is None:
            return list(results.values())
        self.trial = newest_state(NUMBER, self.trial, row, accepted)
        self.mentioned |= {condition_key(condition) for condition in row.conditions()}
        added = self._entries(derive(row.baseline, row.revisions, self._above))
        replaced = []
        if not row.in_order:
            added, replaced = after_events(added, self._logged(), row, accepted)
        self._write(added, replaced)
        self.rows = sorted([*self.rows, *(row.revision for row in accepted)], key=lambda row: row.number)
        return list(results.values())

    def learn(self, key, parents=()):
        """Learns the parents of a condition."""
        self.seq += 1
        is_new = key not in self.parents
        self.parents[key] = parents
        if not is_new or self.trial is None:
            return
        derived = self._entries(announced(self.baseline, self.rows, self._above))
        values = [self.baseline, *(row.values or {} for row in self.rows)]
        named = {condition_key(condition) for known in values for condition in known.get("conditions", ())}
        if any(key in self._above(name) for name in named):
            concerned = frozenset(map(self._topic, self._above(key)))
            oldest = self.rows[0].number
            self._write(*after_learning(derived, self._logged(), oldest, concerned))

    def _above(self, key):
        """A condition and all above it, as far as that is known."""
        found, waiting = [key], [key]
        while waiting:
            for parent in self.parents.get(waiting.pop(), ()):
                if parent not in found:
                    found.append(parent)
                    waiting.append(parent)
        return found

    def _entries(self, news):
        """The entries of news, for the topics that there are."""
        there = self.mentioned | self.parents.keys()
        entries = []
        for item in news:
            keys = [f"trial:{NUMBER}"]
            if item.conditions is not None:
                keys = [key for key in item.conditions if key in there]
            if keys:
                entries.append(entry_of(item, map(self._topic, keys)))
        return entries

    def _topic(self, key):
        """The id of a topic: its place in a list of their keys."""
        if key not in self.topics:
            self.topics.append(key)
        return self.topics.index(key)

    def _key(self, topic):
        key = self.topics[topic]
        return key if key.startswith("trial:") else f"condition:{key}"

    def _logged(self):
        """The valid entries of the log, by their places, with the seqs that count for each."""
        return [
            Logged(
                number,
                replace(entry, notified_seq=_seq(entry.notified_seq, seq), due_seq=_seq(entry.due_seq, seq)),
            )
            for number, (seq, entry) in enumerate(self.log)
            if number not in self.replaced
        ]

    def _write(self, added, replaced):
        self.replaced |= dict.fromkeys(replaced, self.seq)
        self.log += [(self.seq, entry) for entry in added]

    def _arrived(self, event_id, event):
        if "explanation" in event:
            state, snapshot = TrialState.MERGED if event["into"] else TrialState.REMOVED, None
        else:
            state, snapshot = TrialState.PRESENT, event
        revision = Revision(
            number=event["revision"],
            digest=content_digest(event),
            state=state,
            seq=self.seq,
            event_id=event_id,
            observed_on=TODAY,
            may_notify=snapshot is None or may_notify(event),
            values=None if snapshot is None else values_of(event),
            ending=None if snapshot else event,
        )
        return ReceivedEvent(revision, snapshot)

    def news(self):
        """The valid entries of the log, in the order of revisions."""
        left = [entry for number, (_, entry) in enumerate(self.log) if number not in self.replaced]
        return sorted(left, key=lambda entry: (entry.revision, ORDER[entry.change.kind]))

    def conditions(self, entry):
        """The conditions whose followers an entry concerns, by key; none if it concerns the trial's."""
        keys = [self.topics[topic] for topic in sorted(entry.topics)]
        return tuple(key for key in keys if not key.startswith("trial:"))

    def announced(self):
        """The valid announcements, by topic."""
        return sorted(
            (key, item.revision, str(item.change.kind), str(item.change.after))
            for item in self.news()
            for key in self.conditions(item)
        )

    def digest(self, low=0, since=0, high=None, topic=f"trial:{NUMBER}", **options):
        """The sentences of a digest of (low, high] for somebody who follows since then."""
        end = self.seq if high is None else high
        entries = [
            LogEntry(
                seq=seq,
                nct_id=NUMBER,
                change=entry.change,
                topics=frozenset(map(self._key, entry.topics)),
                revision=entry.revision,
                notified_seq=_before(entry.notified_seq, seq),
                due_seq=_before(entry.due_seq, seq),
                replaced_seq=self.replaced.get(number),
            )
            for number, (seq, entry) in enumerate(self.log)
            if seq <= end
        ]
        follow = FollowedTopic(topic, low, since, small_changes=True, **options)
        blocks = topic_blocks(follow, entries, {NUMBER: self.trial.snapshot}, ENGLISH, end)
        return [sentence.text for block in blocks for sentence in block.sentences]

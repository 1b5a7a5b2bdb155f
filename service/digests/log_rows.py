"""Rows of the change log, read as the entries of digests."""

from collections.abc import Mapping, Sequence

from service.domain.digests.log_entries import LogEntry
from service.domain.trials.change import Change, Kind, from_stored, merged, removed
from service.store.change_log import TopicEntry


def merged_into(rows: Sequence[TopicEntry]) -> set[str]:
    """The trials that others were merged into."""
    return {row.after["into"] for row in rows if row.kind == Kind.MERGED}


def log_entry(row: TopicEntry, topic: str, ends: Mapping[str, str | None]) -> LogEntry:
    """An entry for the followers of a topic; `ends`: see `trials.ends_of_mergers`."""
    return LogEntry(
        seq=row.seq,
        nct_id=row.nct_id,
        change=_change(row, ends),
        topics=frozenset((topic,)),
        corrects=row.corrects,
        revision=row.revision,
        notified_seq=row.notified_seq,
        due_seq=row.due_seq,
        replaced_seq=row.replaced_seq,
    )


def _change(row: TopicEntry, ends: Mapping[str, str | None]) -> Change:
    """A merger leads to the trial at the end of a chain (`ends`); if that was removed, so is this one."""
    if row.kind != Kind.MERGED:
        return from_stored(row.kind, row.level, row.before, row.after)
    end = ends[row.after["into"]]
    return removed(None) if end is None else merged(end)

"""A trial's accepted events in the order of revision: kept compactly, and read back whole.

The trial itself holds what is known after the newest revision. Each revision keeps what it overwrote, and
which of the known fields it lacked: from the newest state, step by step, follows the state before each. So a
revision that changes nothing costs a few octets, and the oldest ones can be deleted: the values known before
the remaining ones are the baseline.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.trials.lifecycle import TrialState
from service.domain.trials.news.last_known import Values


@dataclass(frozen=True, slots=True)
class Revision:
    """One accepted event of a trial.

    `values`: what its snapshot knows; None when the trial is gone, with `ending`: the explanation, or the
    trial `into` which it was merged. `seq`: the next seq of the change log when the event was processed. Its
    changes may be silent: nobody is notified.
    """

    number: int
    digest: str
    state: TrialState
    seq: int
    event_id: int
    observed_on: date
    may_notify: bool = True
    is_correction: bool = False
    values: Values | None = None
    ending: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """The values that a revision overwrote (None: unknown before), and the fields that it lacked."""

    overwritten: Mapping[str, Any]
    lacks: Sequence[str] = ()


def after(known: Values, revision: Revision) -> dict[str, Any]:
    """The known values after a revision, given those before it."""
    if revision.values is None:
        return dict(known)
    return {field: value for field, value in {**known, **revision.values}.items() if value is not None}


def undos(baseline: Values, revisions: Iterable[Revision]) -> list[Undo]:
    """The part of each revision to keep, in their order, after `baseline`."""
    known, kept = baseline, []
    for revision in revisions:
        own = revision.values
        if own is None:
            kept.append(Undo({}))
            continue
        overwritten = {field: known.get(field) for field, value in own.items() if known.get(field) != value}
        known = after(known, revision)
        kept.append(Undo(overwritten, [field for field in known if field not in own]))
    return kept


def restored(known: Values, kept: Sequence[tuple[TrialState, Undo]]) -> tuple[Values, list[Values | None]]:
    """The baseline, and the values of each kept revision's own snapshot, given those known after the last."""
    known, own = dict(known), list[Values | None]()
    for state, undo in reversed(kept):
        if state is not TrialState.PRESENT:
            own.append(None)
            continue
        kept_values = {field: value for field, value in known.items() if field not in undo.lacks}
        own.append({"why_stopped": None, **kept_values})
        for field, value in undo.overwritten.items():
            if value is None:
                known.pop(field, None)
            else:
                known[field] = value
    return known, own[::-1]

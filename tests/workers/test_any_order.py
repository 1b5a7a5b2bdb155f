"""Any order and any repetition of the same events: the same trials, the same news (I3).

What "the same news" means: for a trial's followers, the log netted from the trial's first snapshot on; for
a condition's, which trials are new. The first snapshot of a trial comes first, or all events wait together:
what was never seen has no changes, so a trial first met at revision 3 has no history of revision 2 to tell.
Snapshots that nobody may be told of (backfills, remappings) are here only when all events wait together: of
one that comes late, nobody can know beforehand that it lay between two others.
Of a trial that is gone, its going counts: what came later but was observed before is kept, not told.
"""

import itertools
from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.domain.changes import from_stored
from service.domain.net import net
from service.store import tables as t
from service.store.database import reading
from service.system import System
from tests.events import condition, merged, removed, upserted
from tests.workers.test_take_in import received

_runs = itertools.count(1)
STATUSES = ("RECRUITING", "SUSPENDED", "ACTIVE_NOT_RECRUITING", "COMPLETED")
REASONS = ("registry", "backfill", "correction", "remapped")


def world(
    prefix: str, statuses: list[list[str]], parents: list[set[int]], gone: str, told: bool
) -> list[Any]:
    """The events of some trials, each of a condition, and of the hierarchy; first snapshots come first."""
    conditions = [
        condition(f"{prefix}:{child}", f"illness {child}", sorted(f"{prefix}:{parent}" for parent in above))
        for child, above in enumerate(parents)
    ]
    first, later = [], []
    for number, history in enumerate(statuses):
        nct_id = f"NCT{prefix}{number:02}"
        named = [{"id": f"{prefix}:{number % len(parents)}", "name": f"illness {number % len(parents)}"}]
        for revision, status in enumerate(history, 1):
            fields = {"status": status, "title": f"{status} {revision}", "conditions": named}
            reason = "registry" if told else REASONS[(number + revision) % len(REASONS)]
            one = upserted(nct_id, revision, reason=reason, **fields)
            (first if revision == 1 else later).append(one)
    if gone == "removed":
        later.append(removed(f"NCT{prefix}00", len(statuses[0]) + 1, "gone"))
    if gone == "merged":
        later.append(merged(f"NCT{prefix}00", len(statuses[0]) + 1, f"NCT{prefix}99"))
    return [first, later, conditions]


async def outcome(system: System, prefix: str) -> tuple[Any, Any, Any]:
    """Trials, netted news of each trial, and which trials are new for which condition."""
    async with reading(system.database) as connection:
        c = t.trial.c
        kept = select(c.nct_id, c.revision, c.state, c.snapshot_revision, c.snapshot, c.merged_into)
        rows = await connection.execute(kept.where(c.nct_id.startswith(f"NCT{prefix}")).order_by(c.nct_id))
        trials = [tuple(row) for row in rows]
        x = t.change.c
        found = await connection.execute(
            select(t.topic.c.key, x.nct_id, x.kind, x.level, x.before, x.after)
            .join(t.change_topic, t.change_topic.c.seq == x.seq)
            .join(t.topic, t.topic.c.id == t.change_topic.c.topic_id)
            .where(x.nct_id.startswith(f"NCT{prefix}"))
            .order_by(x.seq)
        )
        changes, new = defaultdict(list), set()
        for row in found:
            if row.kind == "new_for_condition":
                new.add((row.key.replace(prefix, ""), row.nct_id.replace(prefix, "")))
            elif row.key.startswith("trial:"):
                told = row._asdict() | {"after": _without(prefix, row.after)}
                changes[row.nct_id.replace(prefix, "")].append(from_stored(told))
    return (
        [tuple(str(value).replace(prefix, "") for value in row) for row in trials],
        {key: told for key, history in changes.items() if (told := net(history))},
        new,
    )


def _without(prefix: str, value: Any) -> Any:
    return (
        {**value, "into": value["into"].replace(prefix, "")}
        if isinstance(value, dict) and "into" in value
        else value
    )


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    statuses=st.lists(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=4), min_size=1, max_size=3),
    parents=st.lists(st.sets(st.integers(0, 4), max_size=2), min_size=1, max_size=5),
    gone=st.sampled_from(("", "removed", "merged")),
    shuffle=st.randoms(use_true_random=False),
    at_once=st.booleans(),
)
async def test_any_order_and_repetition_ends_the_same(
    system: System,
    statuses: list[list[str]],
    parents: list[set[int]],
    gone: str,
    shuffle: Any,
    at_once: bool,
) -> None:
    straight, mixed = (f"{next(_runs):06}" for _ in range(2))
    first, later, conditions = world(straight, statuses, parents, gone, told=not at_once)
    await received(system, *conditions)
    for one in (*first, *later):
        await received(system, one)

    first, later, conditions = world(mixed, statuses, parents, gone, told=not at_once)
    repeated = [one | {"id": one["id"] + "-again"} for one in (*later, *conditions) if shuffle.random() < 0.5]
    rest = [*later, *conditions, *repeated]
    if at_once:
        events = [*first, *rest]
        shuffle.shuffle(events)
        await received(system, *events)
    else:
        early = [one for one in conditions if shuffle.random() < 0.3]
        rest = [one for one in rest if one not in early]
        shuffle.shuffle(rest)
        await received(system, *early, *first)
        while rest:
            cut = shuffle.randint(1, 3)
            await received(system, *rest[:cut])
            rest = rest[cut:]
    assert await outcome(system, mixed) == await outcome(system, straight)

"""Any order and any repetition of the same events: the same trials, the same news.

What "the same news" means: for a trial's followers, the log netted from the trial's first snapshot on; for
a condition's, which trials they are told of, whether they want all or only open ones. (Who named a country
is left out: where an old trial had its sites just before it opened, a late snapshot can't tell any more. To
those above its own conditions only new trials count: they may be connected after it opened.)
Snapshots lack fields now and then, and those fields are not forgotten. The first one of a trial knows all of
them and comes first, or all events wait together: what was never seen has no changes, so a trial or a field
first met at revision 3 has no history of revision 2 to tell.
Snapshots that nobody may be told of (backfills, remappings) are here only when all events wait together: of
one that comes late, nobody can know beforehand that it lay between two others.
Of a trial that is gone, its going counts: what came later but was observed before is kept, not told.
"""

import itertools
import json
from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.domain.digests.filters import NO_FILTERS, Filters, narrowed
from service.domain.digests.net_changes import net_changes
from service.domain.trials.change import Change, Kind, from_stored
from service.domain.trials.last_known import with_last_known
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.events import condition, merged, removed, upserted
from tests.integration.workers.taken_in import received
from tests.unit.domain.test_net import words

_runs = itertools.count(1)
STATUSES = ("RECRUITING", "SUSPENDED", "ACTIVE_NOT_RECRUITING", "COMPLETED")
REASONS = ("registry", "backfill", "correction", "remapped")
WANTED = (NO_FILTERS, Filters(only_open=True))
SITES = [{"facility": "Charité", "city": "Berlin", "country": "Germany"}]
ADULTS = {"minimum_age": "18 Years", "sex": "ALL"}
WHOLE = {"enrollment": 40, "locations": SITES, "phases": ["PHASE1"], "eligibility": ADULTS}

Version = dict[str, Any]
versions = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "enrollment": st.sampled_from((None, 40, 70)),
        "locations": st.sampled_from((None, SITES, [])),
        "phases": st.sampled_from((None, [], ["PHASE1"], ["PHASE2"])),
        "eligibility": st.sampled_from((None, {"sex": "FEMALE"}, {"minimum_age": "1 Year"}, ADULTS)),
        "conditions": st.sampled_from((None, [])),
    }
)


def world(
    prefix: str, histories: list[list[Version]], parents: list[set[int]], gone: str, told: bool
) -> list[Any]:
    """The events of some trials, each of a condition, and of the hierarchy; first snapshots come first."""
    conditions = [
        condition(
            f"{prefix}:{child}", f"illness {prefix} {child}", sorted(f"{prefix}:{parent}" for parent in above)
        )
        for child, above in enumerate(parents)
    ]
    first, later = [], []
    for number, history in enumerate(histories):
        nct_id = f"NCT{prefix}{number:02}"
        named = [
            {"id": f"{prefix}:{number % len(parents)}", "name": f"illness {prefix} {number % len(parents)}"}
        ]
        posted = {"registry_first_posted": "2020-01-01" if number % 2 else "2026-06-01"}
        for revision, version in enumerate(history, 1):
            fields = posted | {"title": f"{version['status']} {revision}"} | version
            if revision == 1:
                fields |= {key: value for key, value in WHOLE.items() if not version[key]}
                fields["eligibility"] = ADULTS | fields["eligibility"]
            if revision == 1 or version["conditions"] is None:
                fields["conditions"] = named
            reason = "registry" if told else REASONS[(number + revision) % len(REASONS)]
            one = upserted(nct_id, revision, reason=reason, **fields)
            (first if revision == 1 else later).append(one)
    if gone == "removed":
        later.append(removed(f"NCT{prefix}00", len(histories[0]) + 1, "gone"))
    if gone == "merged":
        later.append(merged(f"NCT{prefix}00", len(histories[0]) + 1, f"NCT{prefix}99"))
    return [first, later, conditions]


async def outcome(system: System, prefix: str) -> tuple[Any, Any, Any]:
    """Trials, netted news of each trial, and of which trials a condition's followers are told."""
    async with reading(system.database) as connection:
        c = t.trial.c
        kept = select(
            c.nct_id, c.revision, c.state, c.snapshot_revision, c.snapshot, c.remembered, c.merged_into
        )
        rows = await connection.execute(kept.where(c.nct_id.startswith(f"NCT{prefix}")).order_by(c.nct_id))
        trials = rows.all()
        x = t.change.c
        found = await connection.execute(
            select(t.topic.c.key, x.nct_id, x.kind, x.level, x.before, x.after)
            .join(t.change_topic, t.change_topic.c.seq == x.seq)
            .join(t.topic, t.topic.c.id == t.change_topic.c.topic_id)
            .where(x.nct_id.startswith(f"NCT{prefix}"))
            .order_by(x.seq)
        )
        changes, announced = defaultdict(list), defaultdict(list)
        for row in found:
            if row.key.startswith("trial:"):
                change = from_stored(row.kind, row.level, row.before, _without(prefix, row.after))
                changes[row.nct_id.replace(prefix, "")].append(change)
            else:
                change = from_stored(row.kind, row.level, row.before, row.after)
                announced[row.nct_id, row.key].append(change)
    held = {row.nct_id: row for row in trials if row.snapshot}
    return (
        [tuple(str(value).replace(prefix, "") for value in row) for row in trials],
        {key: read for key, history in changes.items() if (read := words(net_changes(history)))},
        {
            (nct_id.replace(prefix, ""), key.replace(prefix, "")): who
            for (nct_id, key), told in announced.items()
            if (who := _hear(key, told, held[nct_id]))
        },
    )


def _hear(topic: str, announced: list[Change], trial: Any) -> list[Filters]:
    """Who is told of a trial; above its own conditions, or of one that is gone, only its being new."""
    snapshot = with_last_known(json.loads(trial.snapshot), json.loads(trial.remembered or "{}"))
    own = {f"condition:{one['id']}" for one in snapshot["conditions"]}
    if trial.state != "present" or topic not in own:
        announced = [one for one in announced if one.kind is Kind.NEW_FOR_CONDITION]
    return [
        wanted for wanted in WANTED if any(narrowed(wanted, one, snapshot) for one in net_changes(announced))
    ]


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
    histories=st.lists(st.lists(versions, min_size=1, max_size=5), min_size=1, max_size=3),
    parents=st.lists(st.sets(st.integers(0, 4), max_size=2), min_size=1, max_size=5),
    gone=st.sampled_from(("", "removed", "merged")),
    shuffle=st.randoms(use_true_random=False),
    at_once=st.booleans(),
)
async def test_any_order_and_repetition_ends_the_same(
    system: System,
    histories: list[list[Version]],
    parents: list[set[int]],
    gone: str,
    shuffle: Any,
    at_once: bool,
) -> None:
    straight, mixed = (f"{next(_runs):06}" for _ in range(2))
    first, later, conditions = world(straight, histories, parents, gone, told=not at_once)
    await received(system, *conditions)
    for one in (*first, *later):
        await received(system, one)

    first, later, conditions = world(mixed, histories, parents, gone, told=not at_once)
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

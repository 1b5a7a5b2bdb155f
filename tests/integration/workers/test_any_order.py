"""Any order, any repetition, any grouping of the same events: the same trials, followers and words.

Nothing is left out. Trials are met at any revision; snapshots lack fields, are silent, and go back and forth;
a trial is removed or merged in between, and comes back, also at any place of a chain of mergers; the
ancestors of a condition are learned at any time. The words are those of the readers' next digest, when all
events have come and nobody was sent one before. Of mergers that lead in a circle at the end the same one is
set aside for the operator.
"""

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.cli.digests import preview
from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.events import condition, merged, removed, upserted
from tests.fuzzing import examples
from tests.integration.workers.ingested import received
from tests.integration.workers.world import World, open_world

pytestmark = pytest.mark.slow

_runs = itertools.count(700_001)  # no number begins within another
STATUSES = ("RECRUITING", "NOT_YET_RECRUITING", "SUSPENDED", "ACTIVE_NOT_RECRUITING", "COMPLETED")
BERLIN = {"facility": "Charité", "city": "Berlin", "country": "Germany"}
ROMA = {"facility": "Gemelli", "city": "Roma", "country": "Italy", "status": "RECRUITING"}
TREES = 3

#: A trial that others are merged into, and that no event is about.
OUTSIDE = 99

Version = dict[str, Any]
versions = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "why_stopped": st.sampled_from((None, "Funding", "Safety")),
        "reason": st.sampled_from(("registry",) * 3 + ("backfill", "correction", "remapped")),
        "enrollment": st.sampled_from((None, 40, 70)),
        "locations": st.sampled_from((None, [BERLIN], [ROMA], [BERLIN, ROMA], [])),
        "phases": st.sampled_from((None, ["PHASE1"], ["PHASE2"])),
        "eligibility": st.sampled_from(
            (
                None,
                {"sex": "FEMALE"},
                {"minimum_age": "1 Year"},
                {"minimum_age": "18 Years", "maximum_age": "80 Years", "sex": "ALL"},
            )
        ),
        "start_date": st.sampled_from((None, "2026-03", "2026-03-15", "2026-10")),
        "interventions": st.sampled_from((None, [{"name": "Ibrutinib"}], [{"name": "Rituximab"}])),
        "conditions": st.sets(st.integers(0, TREES - 1), max_size=2),
        "gone": st.sampled_from((None,) * 6 + ("removed", 0, 1, 2, OUTSIDE)),
    }
)
#: As above, with few fields and many mergers.
mostly_merged = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES[:2]),
        "reason": st.just("registry"),
        "conditions": st.just(frozenset[int]()),
        "gone": st.sampled_from((None, "removed", 0, 1, 2, 0, 1, 2)),
    }
)


class Story:
    """Some trials' events, and those of the hierarchy, under numbers of their own; and their readers."""

    def __init__(self, histories: list[list[Version]], parents: list[set[int]]) -> None:
        self.prefix = f"{next(_runs)}"
        self.conditions = [
            condition(
                f"{self.prefix}:{child}", self._name(child), [f"{self.prefix}:{parent}" for parent in above]
            )
            for child, above in enumerate(map(sorted, parents))
        ]
        self.trials = [f"NCT{self.prefix}{number:02}" for number in range(len(histories))]
        self.outside = f"NCT{self.prefix}{OUTSIDE}"
        self.events = [
            self._event(nct_id, revision, version)
            for nct_id, history in zip(self.trials, histories, strict=True)
            for revision, version in enumerate(history, 1)
        ]

    def _name(self, number: int) -> str:
        return f"illness {self.prefix} {number}"

    def _event(self, nct_id: str, revision: int, version: Version) -> dict[str, Any]:
        if version["gone"] == "removed":
            return removed(nct_id, revision, "Left the website")
        if version["gone"] is not None:
            into = f"NCT{self.prefix}{version['gone']:02}"
            return merged(nct_id, revision, into if into != nct_id else self.outside)
        named = [
            {"id": f"{self.prefix}:{number}", "name": self._name(number)}
            for number in sorted(version["conditions"])
        ]
        posted = "2020-01-01" if nct_id.endswith("1") else "2026-06-01"
        fields = {name: value for name, value in version.items() if name != "gone"}
        fields |= {"conditions": named, "registry_first_posted": posted}
        return upserted(nct_id, revision, title=f"Study {revision}", **fields)

    async def readers(self, world: World) -> list[str]:
        """One follows the trials, one the conditions, one only what is open; at different frequencies."""
        names = ("alice", "bob", "carol", "dora", "erin", "finn")
        addresses = [f"{name}.{self.prefix}@example.org" for name in names]
        trials = [f"trial:{nct_id}" for nct_id in self.trials]
        followed = [f"condition:{self.prefix}:{number}" for number in range(TREES)]
        await world.follow(addresses[0], *trials, small_changes=True)
        await world.follow(addresses[1], *followed, frequency="weekly")
        await world.follow(addresses[2], *followed, filters={"only_open": True})
        await world.follow(addresses[3], trials[0], followed[-1], f"trial:{self.outside}")
        erin = await world.follow(
            addresses[4], trials[-1], frequency="monthly", filters={"kinds": ["status"]}
        )
        await world.follow_too(erin, *trials[:-1], frequency="daily", small_changes=True)
        await world.follow(addresses[5], *trials, confirmed=False)
        return addresses

    async def outcome(self, system: System, readers: list[str]) -> Any:
        """The trials' states, the subscriptions, and the text of each reader's next digests."""
        reported = [mail.text for reader in readers for mail in await preview(system, reader)]
        async with reading(system.database) as connection:
            c = t.trial.c
            kept = select(
                c.nct_id, c.revision, c.state, c.snapshot_revision, c.snapshot, c.remembered, c.merged_into
            )
            rows = await connection.execute(
                kept.where(c.nct_id.startswith(f"NCT{self.prefix}")).order_by(c.nct_id)
            )
            s = t.subscription.c
            follows = await connection.execute(
                select(t.topic.c.key, s.state, s.end_reason, s.in_planning, s.frequency, s.filters)
                .join(t.topic, t.topic.c.id == s.topic_id)
                .where(t.topic.c.key.contains(self.prefix), s.end_reason.is_distinct_from("superseded"))
            )
            followed = sorted(map(tuple, follows), key=str)
            return [str(part).replace(self.prefix, "") for part in (*map(tuple, rows), *followed, *reported)]


@settings(examples(40), phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    histories=st.lists(st.lists(versions, min_size=1, max_size=5), min_size=1, max_size=3),
    parents=st.lists(st.sets(st.integers(0, TREES - 1), max_size=2), min_size=TREES, max_size=TREES),
    known=st.booleans(),
    shuffle=st.randoms(use_true_random=False),
)
async def test_any_order_and_repetition_ends_the_same(
    system: System,
    histories: list[list[Version]],
    parents: list[set[int]],
    known: bool,
    shuffle: Any,
) -> None:
    await _any_order(system, Story(histories, parents), Story(histories, parents), known, shuffle)


@settings(examples(40), phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    histories=st.lists(st.lists(mostly_merged, min_size=1, max_size=3), min_size=3, max_size=3),
    shuffle=st.randoms(use_true_random=False),
)
async def test_any_order_of_mergers_in_circles_ends_the_same(
    system: System, histories: list[list[Version]], shuffle: Any
) -> None:
    await _any_order(system, Story(histories, []), Story(histories, []), True, shuffle)


async def _any_order(system: System, straight: Story, mixed: Story, known: bool, shuffle: Any) -> None:
    async with open_world(system) as world:
        readers = await straight.readers(world)
        await received(system, *straight.conditions)
        for event in straight.events:
            await received(system, event)
        expected = await straight.outcome(system, readers)

        readers = await mixed.readers(world)
        events = [*mixed.events, *([] if known else mixed.conditions)]
        events += [event | {"id": event["id"] + "-again"} for event in events if shuffle.random() < 0.4]
        shuffle.shuffle(events)
        if known:
            await received(system, *mixed.conditions)
        while events:
            cut = shuffle.randint(1, 4)
            await received(system, *events[:cut])
            events = events[cut:]
        assert await mixed.outcome(system, readers) == expected

"""A hierarchy that is learned late: trials are announced as if it had been known before, and once."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.domain.trials.change import Kind
from tests.unit.domain.revision_store import Store, gone
from tests.unit.domain.trials import trial

SILENT = {"reason": "backfill"}
CHILD, PARENT, OTHER = "X:1", "X:2", "X:3"
KEYS = (CHILD, PARENT, OTHER)


def at(revision: int, *named: str, **fields: Any) -> dict[str, Any]:
    conditions = [{"id": key, "name": f"illness {key}"} for key in named]
    return trial(revision=revision, conditions=conditions, **{"status": "RECRUITING", **fields})


def store(*events: dict[str, Any]) -> Store:
    kept = Store()
    for event in events:
        kept.add(event)
    return kept


def reported(store: Store, key: str, low: int = 0, since: int = 0) -> bool:
    return bool(store.digest(low=low, since=since, topic=f"condition:{key}"))


def kinds(store: Store, key: str) -> list[tuple[int, Kind]]:
    return [(item.revision, item.change.kind) for item in store.news() if key in store.conditions(item)]


def test_a_trial_known_under_a_condition_is_not_new_for_broader_conditions() -> None:
    late = store(at(1, CHILD, **SILENT), at(2, PARENT, OTHER))
    assert kinds(late, PARENT) == kinds(late, OTHER) == [(2, Kind.NEW_FOR_CONDITION)]
    late.learn(CHILD, (PARENT,))
    assert kinds(late, PARENT) == []
    assert kinds(late, OTHER) == [(2, Kind.NEW_FOR_CONDITION)], "it does not stand above"
    assert not reported(late, PARENT)
    assert reported(late, OTHER)


def test_a_reported_announcement_stays_and_is_not_repeated() -> None:
    late = store(at(1, CHILD, **SILENT), at(2, PARENT, OTHER))
    late.learn(CHILD, (PARENT,))
    assert late.digest(low=1, high=2, topic=f"condition:{PARENT}"), (
        "a digest planned before says what it says"
    )
    assert not reported(late, OTHER, low=2), "and who was told under another condition is not told twice"
    late.add(at(3, PARENT, OTHER, status="SUSPENDED"))
    late.add(at(4, PARENT, OTHER))
    for key in (PARENT, OTHER):
        (sentence,) = late.digest(low=4, topic=f"condition:{key}")
        assert "again" in sentence


def test_an_opening_takes_the_place_of_the_announcement_as_new() -> None:
    late = store(at(1, CHILD, status="NOT_YET_RECRUITING", **SILENT), at(2, CHILD, PARENT))
    assert kinds(late, PARENT) == [(2, Kind.NEW_FOR_CONDITION)]
    late.learn(CHILD, (PARENT,))
    assert kinds(late, PARENT) == [(2, Kind.NOW_RECRUITING)]
    assert reported(late, PARENT, low=1)
    assert not reported(late, PARENT, low=2), "who was told that it is new and open knows both"


def test_a_missed_announcement_is_made_at_its_own_revision() -> None:
    late = store(at(1, CHILD), at(2, CHILD, PARENT))
    late.learn(CHILD, (PARENT,))
    assert kinds(late, PARENT) == [(1, Kind.NEW_FOR_CONDITION)]
    assert reported(late, PARENT, low=1)
    assert not reported(late, PARENT, low=2), "it was told with the second revision"
    assert not reported(late, PARENT, low=1, since=1), "nor is who followed only after it was new"

    missed = store(at(1, CHILD), at(2, CHILD, title="Renamed"))
    missed.learn(CHILD, (PARENT, OTHER))
    missed.learn(PARENT)
    assert reported(missed, PARENT, low=2)
    assert not reported(missed, PARENT, low=2, since=1)


def test_a_move_of_a_known_condition_announces_nothing() -> None:
    moved = store(at(1, CHILD))
    moved.learn(OTHER)
    moved.learn(CHILD, (PARENT,))
    moved.learn(CHILD, (PARENT, OTHER))
    assert kinds(moved, OTHER) == []
    moved.add(at(0, CHILD, **SILENT))
    assert kinds(moved, OTHER) == []


def test_a_late_revision_announces_a_trial_for_the_condition_that_came_after_it() -> None:
    late = store(at(1, CHILD, **SILENT), at(3, CHILD, OTHER), at(2, OTHER))
    straight = store(at(1, CHILD, **SILENT), at(2, OTHER), at(3, CHILD, OTHER))
    assert late.announced() == straight.announced()
    assert kinds(late, CHILD) == [(3, Kind.NEW_FOR_CONDITION)]
    assert kinds(late, OTHER) == [(2, Kind.NEW_FOR_CONDITION)]


versions = st.fixed_dictionaries(
    {
        "named": st.sets(st.sampled_from(KEYS), max_size=2).map(sorted),
        "status": st.sampled_from(("RECRUITING", "NOT_YET_RECRUITING", "SUSPENDED")),
        "reason": st.sampled_from(("registry", "registry", "backfill")),
        "gone": st.sampled_from((False,) * 6 + (True,)),
    }
)


@given(
    history=st.lists(versions, min_size=1, max_size=5),
    parents=st.fixed_dictionaries({key: st.sets(st.sampled_from(KEYS), max_size=2) for key in KEYS}),
    data=st.data(),
)
def test_announcements_do_not_depend_on_the_order_of_trials_and_terms(
    history: list[dict[str, Any]], parents: dict[str, set[str]], data: st.DataObject
) -> None:
    events = [
        gone(number)
        if version["gone"]
        else at(number, *version["named"], status=version["status"], reason=version["reason"])
        for number, version in enumerate(history, 1)
    ]
    straight = Store()
    for key, above in parents.items():
        straight.learn(key, sorted(above))
    for event in events:
        straight.add(event)
    mixed = Store()
    for event in data.draw(st.permutations([*events, *parents])):
        if isinstance(event, str):
            mixed.learn(event, sorted(parents[event]))
        else:
            mixed.add(event)
    assert mixed.announced() == straight.announced()
    for key in KEYS:
        assert mixed.digest(topic=f"condition:{key}") == straight.digest(topic=f"condition:{key}")

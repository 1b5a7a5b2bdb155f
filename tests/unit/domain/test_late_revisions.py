"""Revisions that come late: the content of an unsent digest, and the rest after one that was sent.

Each test is one case that needs a rule of its own, or falls out of the row of revisions.
"""

from typing import Any

import pytest

from service.domain.trials.change import Kind
from tests.unit.domain.revision_store import NUMBER, Store, gone
from tests.unit.domain.trials import ALL, PARIS, ROMA, trial

OPEN = "The registry now says this study is looking for participants."
PAUSED = "The registry now says this study is paused."
DONE = "The registry now says this study has finished. This does not say whether it worked."
SILENT = {"reason": "backfill"}


def at(revision: int, status: str = "RECRUITING", **fields: Any) -> dict[str, Any]:
    return trial(revision=revision, status=status, **fields)


def store(*events: dict[str, Any]) -> Store:
    """Each event in a transaction of its own: the first has seq 1, the second seq 2, …"""
    kept = Store()
    for event in events:
        kept.add(event)
    return kept


def test_the_first_known_value_of_a_field_may_come_last() -> None:
    late = store(trial(revision=2, phases=["PHASE2"]), trial(revision=1, phases=["PHASE1"]))
    assert late.digest() == ["The phase of the study: Phase 1 → Phase 2."]
    assert late.digest(low=1) == [], "who was told of the trial as it is knows the value"


def test_a_late_silent_revision_removes_its_change_from_the_unreported_ones() -> None:
    late = store(at(1), at(3, "SUSPENDED"), at(2, "SUSPENDED", **SILENT))
    assert late.digest(low=1) == []
    reported_before = late.digest(low=1, high=2)
    assert reported_before == [PAUSED], "a digest that was planned before it came says what it says"
    assert late.digest(low=2) == [], "and is not taken back"


def test_a_change_reported_in_one_step_is_not_reported_again_in_two() -> None:
    late = store(at(1), at(3, "COMPLETED"), at(2, "SUSPENDED"))
    assert late.digest(low=1) == [DONE]
    assert late.digest(low=2) == []
    assert late.digest(low=1, since=2) == [], "nor to somebody who follows since then"


def test_a_change_before_a_silent_revision_is_reported_even_if_it_arrives_later() -> None:
    late = store(at(1), at(3, "SUSPENDED", **SILENT), at(2, phases=["PHASE2"]))
    assert late.digest(low=2) == ["The phase of the study: Phase 1 and Phase 2 → Phase 2."]
    assert late.digest(low=2, since=2) == [], "whoever follows since the later revision began after it"


def test_a_value_that_was_reported_to_be_another_by_now_is_not_reported_late() -> None:
    late = store(at(1), at(3, **SILENT), at(4, "COMPLETED"), at(2, "SUSPENDED"))
    assert late.digest(low=3) == []
    assert late.digest(low=0) == [DONE]


def test_a_site_that_came_late_is_reported_unless_it_is_gone_again() -> None:
    rome, paris = [ROMA], [ROMA, PARIS]
    late = store(at(1, locations=rome), at(3, locations=paris), at(2, locations=paris))
    (reported,) = late.digest(low=1)
    assert reported.startswith("A site was added")
    assert "Paris" in reported
    assert late.digest(low=2) == []
    late = store(at(1, locations=rome), at(3, locations=rome), at(2, locations=paris))
    assert late.digest(low=1) == late.digest(low=2) == []


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 1, 2)])
def test_sites_across_a_closure_are_reported_alike_in_any_order(order: tuple[int, ...]) -> None:
    rome = {**ROMA, "status": "RECRUITING"}
    versions = {
        1: at(1, locations=[rome]),
        2: at(2, "SUSPENDED", locations=[ROMA]),
        3: at(3, locations=[rome, {**PARIS, "status": "RECRUITING"}]),
    }
    reported = store(*(versions[number] for number in order)).digest()
    assert reported == store(*versions.values()).digest()
    assert len(reported) == 1
    assert "Paris" in reported[0]


def test_a_reason_that_comes_back_is_the_status_own() -> None:
    first = at(1, "SUSPENDED", why_stopped="Funding")
    between = at(2)
    again = at(3, "SUSPENDED", why_stopped="Funding")
    assert store(first, again, between).digest(low=1) == store(first, between, again).digest(low=1) == []
    other = at(3, "SUSPENDED", why_stopped="Safety")
    (reported,) = store(first, other, between).digest()
    assert "Safety" in reported


def test_a_date_given_less_and_then_more_precisely_is_one_move_in_any_order() -> None:
    days = [
        at(number, start_date={"date": day, "type": "ESTIMATED"})
        for number, day in enumerate(("2026-03-15", "2026-09", "2026-09-20"), 1)
    ]
    straight = store(*days).digest()
    assert straight == ["The start of the study moved from 15 March 2026 to September 2026."]
    assert store(days[0], days[2], days[1]).digest() == store(*reversed(days)).digest() == straight
    assert store(days[0], days[2], days[1]).digest(low=2) == []


@pytest.mark.parametrize("low", [0, 1])
def test_a_trial_that_came_back_before_its_end_was_reported_was_never_gone(low: int) -> None:
    back = at(3, phases=["PHASE2"])
    expected = store(at(1), back).digest()
    assert store(at(1), gone(2), back).digest(low=low) == expected
    assert store(at(1), back, gone(2)).digest(low=low) == expected
    assert store(gone(2), back, at(1)).digest() == expected


def test_a_reported_end_is_not_undone() -> None:
    returned = store(at(1), gone(2, explanation="Withdrawn"), at(3))
    assert len(returned.digest(low=1, high=2)) == 1
    assert returned.digest(low=2) == []


def test_the_same_end_again_is_reported_once_in_any_order() -> None:
    for order in ((gone(2), gone(3)), (gone(3), gone(2))):
        ended = store(at(1), *order)
        assert len(ended.digest(low=1)) == 1
        assert ended.digest(low=2) == []


def test_a_removed_trial_is_announced_only_once_it_is_back() -> None:
    topic = f"condition:{ALL['id']}"
    for order in ((at(1), gone(2)), (gone(2), at(1))):
        ended = store(*order)
        assert ended.digest(topic=topic) == []
        ended.add(at(3))
        (reported,) = ended.digest(topic=topic)
        assert "taking participants" in reported


def test_an_opening_that_comes_late_is_announced_while_it_holds() -> None:
    topic = f"condition:{ALL['id']}"
    late = store(at(1, "SUSPENDED"), at(3), at(2, "ACTIVE_NOT_RECRUITING"))
    kinds = [item.change.kind for item in late.news() if late.conditions(item)]
    assert kinds == [Kind.NOW_RECRUITING]
    assert len(late.digest(low=1, topic=topic)) == 1
    assert late.digest(low=2, topic=topic) == []


def test_a_correction_among_late_revisions_corrects_the_one_before_it() -> None:
    wrong, right = at(2, "TERMINATED"), at(3, reason="correction")
    assert store(at(1), right, wrong).digest(low=1) == store(at(1), wrong, right).digest(low=1) == []


def test_two_digests_together_report_the_changes_of_a_single_one() -> None:
    late = store(
        at(1), at(2, phases=["PHASE2"]), at(4, "SUSPENDED", phases=["PHASE2"]), at(3, title="Renamed")
    )
    first, second = late.digest(low=1, high=2), late.digest(low=2)
    assert first == ["The phase of the study: Phase 1 and Phase 2 → Phase 2."]
    assert second[0] == PAUSED
    assert NUMBER not in "".join(second)

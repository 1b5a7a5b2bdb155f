"""Changes of a digest that was never sent are reported after a newer one: those that still hold, once."""

from typing import Any

import pytest

from service.domain.digests.net_changes import net_changes, net_unreported
from service.domain.trials.change import Change, Kind, Level


def status(before: str, after: str) -> Change:
    values = [{"status": status, "why_stopped": None} for status in (before, after)]
    return Change(Kind.STATUS, Level.HIGH, *values)


def sites(gone: list[str], new: list[str], status: str = "RECRUITING") -> Change:
    values = [
        {
            "status": status,
            "sites": [{"facility": "Hospital", "city": city, "country": "Italy"} for city in change],
        }
        for change in (gone, new)
    ]
    return Change(Kind.SITES, Level.MEDIUM, *values)


RESULTS = Change(Kind.RESULTS, Level.HIGH, False, True)


def ends(changes: tuple[Change, ...]) -> list[tuple[Any, Any]]:
    return [
        (change.before["status"], change.after["status"])
        if change.kind is Kind.STATUS
        else (change.before, change.after)
        for change in changes
    ]


def test_reported_changes_are_not_repeated_and_the_others_are_reported() -> None:
    changes = [(RESULTS, False), (status("RECRUITING", "SUSPENDED"), True)]
    assert net_unreported(changes) == (RESULTS,)


@pytest.mark.parametrize(
    ("missed_reported_new", "left"),
    [
        # A later value was reported: the missed one is out of date.
        ([("A", "B", False), ("B", "C", True)], []),
        ([("A", "B", False), ("B", "C", True), ("C", "D", False)], [("C", "D")]),
        # A value that came and went again within the sent digest was not reported.
        ([("A", "B", False), ("B", "C", True), ("C", "B", True)], [("A", "B")]),
        ([("A", "B", True), ("B", "C", False)], [("B", "C")]),
        ([("A", "B", False), ("B", "A", False), ("A", "C", True)], []),
    ],
)
def test_a_later_reported_value_replaces_a_missed_one(
    missed_reported_new: list[tuple[str, str, bool]], left: list[tuple[str, str]]
) -> None:
    changes = [(status(before, after), reported) for before, after, reported in missed_reported_new]
    assert ends(net_unreported(changes)) == left


@pytest.mark.parametrize(
    ("reported", "left"),
    [
        (([], ["Milano"]), ["Roma"]),  # another site: the missed one is told still
        ((["Roma"], []), []),  # the missed one was told to be gone
        ((["Roma"], ["Milano"]), []),
    ],
)
def test_a_missed_site_is_reported_unless_it_was_reported_to_be_gone(
    reported: tuple[list[str], list[str]], left: list[str]
) -> None:
    remaining = net_unreported([(sites([], ["Roma"]), False), (sites(*reported), True)])
    assert [site["city"] for change in remaining for site in change.after["sites"]] == left


def test_sites_that_were_missed_are_no_reason_for_a_mail_about_a_study_that_was_reported_to_be_over() -> None:
    changes = [(sites([], ["Roma"]), False), (status("RECRUITING", "COMPLETED"), True)]
    assert [change.level for change in net_unreported(changes)] == [Level.LOW]


def test_nothing_is_reported_of_a_trial_that_was_reported_to_be_gone() -> None:
    removed = Change(Kind.REMOVED, Level.HIGH, None, {"explanation": None})
    assert net_unreported([(RESULTS, False), (removed, True)]) == ()
    assert net_unreported([(RESULTS, True), (removed, False)]) == (removed,)


def test_unreported_changes_alone_are_reported_as_their_net() -> None:
    changes = [status("A", "B"), RESULTS, status("B", "C")]
    assert net_unreported([(change, False) for change in changes]) == net_changes(changes)


def facets(before: str, after: str, countries: str = "IT") -> Change:
    values = [
        {
            "status": status,
            "countries": [countries],
            "minimum_age": None,
            "maximum_age": None,
            "recent": False,
            "first_posted": None,
        }
        for status in (before, after)
    ]
    return Change(Kind.NOW_RECRUITING, Level.HIGH, *values)


@pytest.mark.parametrize(
    ("missed_reported_new", "left"),
    [
        # It opened, and closed before that could be reported.
        ([("SUSPENDED", "RECRUITING", False), ("RECRUITING", "SUSPENDED", True)], []),
        # It opened, closed and opened; the last opening was reported.
        (
            [
                ("SUSPENDED", "RECRUITING", False),
                ("RECRUITING", "COMPLETED", False),
                ("COMPLETED", "RECRUITING", True),
            ],
            [],
        ),
        # A value that came and went again within the sent digest was not reported.
        (
            [
                ("SUSPENDED", "RECRUITING", False),
                ("RECRUITING", "COMPLETED", True),
                ("COMPLETED", "RECRUITING", True),
            ],
            [("SUSPENDED", "RECRUITING")],
        ),
    ],
)
def test_an_opening_that_was_missed_is_reported_while_it_holds(
    missed_reported_new: list[tuple[str, str, bool]], left: list[tuple[str, str]]
) -> None:
    changes = [(facets(before, after), reported) for before, after, reported in missed_reported_new]
    kept = net_unreported(changes)
    assert [(change.before["status"], change.after["status"]) for change in kept] == left

"""Places of a hierarchy that contradict the conditions' names are left out and named."""

from service.domain.trials.conditions.obo import contradictions
from tests.unit.domain.test_conditions import LINES, NAMES, named, notified_conditions


def test_a_chronic_illness_is_not_placed_below_an_acute_one():
    """As this release of Mondo does; the parents besides stay."""
    sentence = "B-cell chronic lymphocytic leukemia is not placed below acute lymphoblastic leukemia"
    assert sentence in contradictions(LINES)
    matched = notified_conditions(named("B-cell chronic lymphocytic leukemia"))
    assert {"leukemia", "chronic leukemia", "lymphoma"} <= matched
    assert "acute lymphoblastic leukemia" not in matched
    assert "acute leukemia" not in matched


def test_a_leukemia_of_mature_cells_is_not_placed_below_a_lymphoblastic_one():
    """As this release of Mondo does; it stays a leukemia."""
    for name in ("plasma cell leukemia", "T-cell prolymphocytic leukemia", "aggressive NK-cell leukemia"):
        matched = notified_conditions(named(name))
        assert "leukemia" in matched
        assert not {"acute lymphoblastic leukemia", "T-cell acute lymphoblastic leukemia"} & matched
    assert "acute lymphoblastic leukemia" in notified_conditions(
        named("precursor B-cell acute lymphoblastic leukemia")
    )


def test_a_follower_of_lymphoma_is_not_notified_of_every_neoplasm_of_b_cells():
    """This release of Mondo has "B-cell neoplasm" below lymphoma; a lymphoma by name stays one."""
    for name in ("plasma cell myeloma", "plasmacytoma", "CD4+/CD56+ hematodermic neoplasm"):
        assert "lymphoma" not in notified_conditions(named(name))
    double_hit = next(name for name in NAMES if "double-hit" in name)
    for name in ("large B-cell lymphoma", "lymphoplasmacytic lymphoma", "hairy cell leukemia", double_hit):
        assert "lymphoma" in notified_conditions(named(name))


def test_each_place_that_is_left_out_is_named():
    assert contradictions(LINES) == [
        "prolymphocytic leukemia is not placed below acute lymphoblastic leukemia",
        "B-cell neoplasm is not placed below lymphoma",
        "B-cell chronic lymphocytic leukemia is not placed below acute lymphoblastic leukemia",
        "plasma cell leukemia is not placed below acute lymphoblastic leukemia",
        "CD4+/CD56+ hematodermic neoplasm is not placed below T-cell non-Hodgkin lymphoma",
        "T-cell prolymphocytic leukemia is not placed below T lymphoblastic leukemia/lymphoma",
        "T-cell prolymphocytic leukemia is not placed below T-cell acute lymphoblastic leukemia",
        "aggressive NK-cell leukemia is not placed below T lymphoblastic leukemia/lymphoma",
        "aggressive NK-cell leukemia is not placed below T-cell acute lymphoblastic leukemia",
    ]

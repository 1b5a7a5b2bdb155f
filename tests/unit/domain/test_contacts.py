"""Contacts and sponsors: the same person with other titles, and another person."""

import pytest

from service.domain.trials.change import Kind
from service.domain.trials.comparison.diff import diff
from tests.unit.domain.trials import trial


@pytest.mark.parametrize(
    "name",
    [
        "Franca Rossi, MD",
        "Franca Rossi, M.D., Ph.D.",
        "Franca Rossi MD PhD",
        "Franca Rossi, MD/PhD, MPH",
        "Dr. Franca Rossi",
        "Prof. Dr. med. Franca Rossi",
        "Franca Rossi, Prof.",
        "Professor Franca ROSSI",
    ],
)
def test_a_contact_with_a_title_is_the_same_person(name):
    before, after = (trial(contacts=[{"name": each, "phone": "1"}]) for each in ("Franca Rossi", name))
    assert diff(before, after) == ()


@pytest.mark.parametrize("name", ["Franco Rossi, MD", "Franca Ross", "Franca Rossi, MD, Study Office", "Dr."])
def test_another_contact_is_one_with_or_without_a_title(name):
    (change,) = diff(*(trial(contacts=[{"name": each, "phone": "1"}]) for each in ("Franca Rossi", name)))
    assert change.kind is Kind.CONTACTS


def test_a_sponsor_with_a_title_is_the_same_person():
    assert diff(trial(sponsor="Tim Young"), trial(sponsor="Dr. Tim Young, M.D., PhD")) == ()

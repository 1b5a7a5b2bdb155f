"""A facility is named without a sponsor's number of its site; a placeholder is no name."""

import pytest

from service.domain.trials.sites.facilities import facility_key, facility_name, is_known
from tests.unit.domain.trials import ROMA, trial, worded


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Abraham Oncology ( Site 1150)", "Abraham Oncology"),
        ("Asan Medical Center /ID# 252289", "Asan Medical Center"),
        ("REX Clinical Trials Site Number : 8400017", "REX Clinical Trials"),
        ("Barbara Davis Center, Site No. 04", "Barbara Davis Center"),
        ("Cliniques St-Luc [Site #12-A]", "Cliniques St-Luc"),
        ("Children&#39;s Hospital ( Site 3)", "Children's Hospital"),
    ],
)
def test_a_sponsors_number_is_no_part_of_a_facilitys_name(text, name):
    assert facility_name(text) == name
    assert facility_key(text) == facility_key(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Hospital 12 de Octubre", "900 Hospital", "City Clinical Hospital #4", "CD8 klinika"),
        *("Phase 1 unit", "National University Hospital - Allergy Unit 4222", "Marvel Research 002, LLC"),
        *("?zmir Medical Park", "Perlmutter Cancer Center - 38th Street"),
    ],
)
def test_a_number_of_its_own_belongs_to_a_facilitys_name(name):
    assert facility_name(name) == name
    assert is_known(facility_key(name))


@pytest.mark.parametrize(
    "text",
    [
        *("Research Site", "Local Institution - 0062", "Investigational Site Number : 0320003"),
        *("Local Institution ( Site 0141)", "Research facility ID ORG-001005", "Zai Lab Site 1001"),
        *("USA02-0", "0062", "Pfizer Investigational Site /ID# 1234", "Clinical Research Center"),
    ],
)
def test_a_placeholder_is_no_name_of_a_facility(text):
    assert facility_name(text) == ""
    assert not is_known(facility_key(text))


def test_a_study_that_lists_a_facility_for_each_of_its_parts_names_it_once():
    """Parts of a study have numbers of their own for one site: which of them opened first says nothing."""
    gemelli, umberto = ({**ROMA, "facility": name} for name in ("Policlinico Gemelli", "Umberto I"))

    def listed(*sites):
        return trial(
            status="RECRUITING",
            locations=[
                {**place, "facility": f"{place['facility']} ( Site {number})", "status": status}
                for place, number, status in sites
            ],
        )

    before = listed(
        (gemelli, 1107, "RECRUITING"), (gemelli, 2107, "NOT_YET_RECRUITING"), (umberto, 1108, "RECRUITING")
    )
    swapped = listed(
        (gemelli, 2107, "RECRUITING"), (gemelli, 1107, "NOT_YET_RECRUITING"), (umberto, 1108, "RECRUITING")
    )
    assert worded(before, swapped) == []
    opened = listed((gemelli, 11, "RECRUITING"), (gemelli, 21, "RECRUITING"), (umberto, 12, "RECRUITING"))
    assert worded(before, opened) == [
        "high: A site now takes participants: Policlinico Gemelli, Roma, Italy."
    ]


@pytest.mark.parametrize(
    "text", ["site" + " 11111111" * 200 + " x", "11111111 " * 200 + "x", "Site No. " * 500]
)
def test_a_long_facility_of_numbers_is_read_at_once(text):
    """A pattern that can divide the numbers in many ways would try them all."""
    assert is_known(facility_key(text))

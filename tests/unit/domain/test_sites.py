"""Sites are compared as people would: respelled, renamed and reordered entries are the same sites."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.trials.change import Kind, Level
from service.domain.trials.comparison.diff import diff
from service.domain.trials.sites.diff import split_sites
from tests.unit.domain.test_noise import NAMES
from tests.unit.domain.trials import ROMA, real_trials, site, trial, worded


def sites_reported(before, after):
    """The reported sites of a recruiting study: gone, added, and with another status."""
    return reported(*(trial(locations=[dict(place) for place in places]) for places in (before, after)))


def reported(before, after):
    for change in diff(before, after):
        if change.kind is Kind.SITES:
            return tuple(map(len, split_sites(change.before["sites"], change.after["sites"])))
    return 0, 0, 0


STATUSES = ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "SUSPENDED")
GESU = {"facility": "Ospedale Bambino Gesù", "city": "Roma", "country": "Italy"}
MERCY = {"facility": "Mercy Hospital", "country": "United States"}
GEMELLI = {"facility": "Policlinico Gemelli", "city": "Roma", "country": "Italy"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # The registry's geocoder respells towns.
        (
            {"facility": "Ospedale Civile", "city": "Napoli"},
            {"facility": "Ospedale Civile", "city": "Naples"},
        ),
        (
            {"facility": "Papageorgiou General Hospital", "city": "N. Efkapria-Pavlos Melas"},
            {"facility": "Papageorgiou General Hospital", "city": "Pavlos Melas", "postal_code": "564 03"},
        ),
        (
            {"facility": "Research Site", "city": "Lichtenberg", "postal_code": "10365"},
            {"facility": "Research Site", "city": "Berlin", "postal_code": "10365"},
        ),
        # A renamed hospital stays where it is.
        (GESU, GEMELLI),
        (
            {"facility": "Clinique A", "city": "Lyon", "postal_code": "69003"},
            {"facility": "Institut B", "city": "Lyon 3e", "postal_code": "69003"},
        ),
        (
            {"facility": "H\u00c3\u00b4pital Necker", "city": "Paris"},
            {"facility": "Hôpital Necker", "city": "Paris"},
        ),
        ({"facility": "Szpital Łódź", "city": "Łódź"}, {"facility": "Szpital Lodz", "city": "Lodz"}),
        # A placeholder is an unknown name, and unknown becomes known or the other way round.
        ({"facility": "Local Institution - 0062", "city": "Roma"}, GESU),
        (GESU, {"city": "Roma"}),
        ({"facility": "GSK Investigational Site", "city": "Ghent"}, {"facility": "UZ Gent", "city": "Ghent"}),
        (
            {"facility": "Research Site 101", "city": "Roma"},
            {"facility": "Research Site 102", "city": "Roma"},
        ),
        (
            {"facility": "GSK Clinical Trials Call Centre", "city": "Ghent"},
            {"facility": "UZ Gent", "city": "Ghent"},
        ),
        # An American ZIP+4 is the same place as its first five digits.
        (
            {"facility": "Clinic", "city": "Tampa", "postal_code": "33612-9416"},
            {"facility": "Moffitt", "city": "Tampa", "postal_code": "33612"},
        ),
        # A region is respelled, too.
        (
            {"facility": "Research Site", "city": "Temuco", "region": "Región de la Araucanía"},
            {"facility": "Research Site", "city": "Temuco", "region": "Araucania"},
        ),
        (
            {"city": "Mexico City", "region": "Distrito Federal"},
            {"city": "Mexico City", "region": "Mexico City"},
        ),
        # A state may be abbreviated, and is that of the postal code.
        (
            {"facility": "Mercy Hospital", "city": "Boston", "region": "MA", "country": "United States"},
            {**MERCY, "city": "Boston", "region": "Massachusetts"},
        ),
        (
            {**MERCY, "city": "Kansas City", "region": "Kansas", "postal_code": "64106"},
            {**MERCY, "city": "North Kansas", "region": "Missouri", "postal_code": "64106"},
        ),
    ],
)
def test_a_respelled_or_renamed_site_is_neither_removed_nor_added(old, new):
    old, new = {"country": "Italy", **old}, {"country": "Italy", **new}
    assert sites_reported([old], [new]) == (0, 0, 0)
    assert sites_reported([new], [old]) == (0, 0, 0)
    opened = sites_reported([{**old, "status": "NOT_YET_RECRUITING"}], [{**new, "status": "RECRUITING"}])
    assert opened == (0, 0, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (GESU, {**GEMELLI, "city": "Milano"}),
        ({**GESU, "postal_code": "00165"}, {**GEMELLI, "postal_code": "00168"}),
        (GESU, {**GESU, "country": "France"}),
        ({**GESU, "postal_code": "00165"}, {**GESU, "city": "Palidoro", "postal_code": "00057"}),
        ({"facility": "Research Site", "city": "Tampa"}, {"facility": "Research Site", "city": "Dallas"}),
        (
            {**MERCY, "facility": "Clinic A", "city": "Springfield", "region": "Illinois"},
            {**MERCY, "facility": "Clinic B", "city": "Springfield", "region": "Missouri"},
        ),
        # A chain's clinics have one name in all states.
        (
            {**MERCY, "city": "Portland", "region": "Maine"},
            {**MERCY, "city": "Portland", "region": "Oregon"},
        ),
        (
            {**MERCY, "city": "Tampa", "region": "Florida", "postal_code": "33612"},
            {**MERCY, "city": "Dallas", "region": "Texas"},
        ),
    ],
)
def test_another_place_is_another_site(old, new):
    old, new = {"country": "Italy", **old}, {"country": "Italy", **new}
    assert sites_reported([old], [new]) == (1, 1, 0)


def test_the_best_pairing_overall_is_taken_not_the_first_one():
    before = [
        {"facility": "A", "city": "Roma", "postal_code": "00165", "country": "Italy"},
        {"facility": "B", "city": "Roma", "country": "Italy"},
    ]
    after = [
        {"facility": "C", "city": "Roma", "postal_code": "00165", "country": "Italy"},
        {"facility": "D", "city": "Palidoro", "postal_code": "00165", "country": "Italy"},
    ]
    # A could be C, which would leave B and D alone; A is D by its postal code, and B is C by its town.
    assert sites_reported(before, after) == (0, 0, 0)


def test_names_dropped_all_at_once_leave_the_net_difference_town_by_town():
    towns = ["Beijing"] * 5 + ["Shanghai"] * 4 + ["Chengdu"] * 2
    before = [{"facility": f"Hospital {n}", "city": town, "country": "China"} for n, town in enumerate(towns)]
    after = [{"city": town, "country": "China"} for town in ["Beijing"] * 7 + ["Shanghai"] * 4 + ["Chengdu"]]
    assert sites_reported(before, after) == (1, 2, 0)


def in_virginia(town, code, facility=None):
    place = {"city": town, "region": "Virginia", "postal_code": code, "country": "United States"}
    return place | ({"facility": facility} if facility else {})


INOVA = in_virginia("Fairfax", "22031", "Inova")
OTHERS = [in_virginia(f"Town {n}", f"2{n}510", f"Hospital {n}") for n in range(3, 7)]
NAMELESS = [{**place, "facility": "Local Institution - 0062"} for place in OTHERS]


@pytest.mark.parametrize("name", ["", "Local Institution - 0061"])
def test_a_site_that_loses_its_name_with_the_others_may_be_in_the_next_town(name):
    """NCT02576431: Inova stood in Fairfax, and without its name in Falls Church."""
    before, after = [INOVA, *OTHERS], [in_virginia("Falls Church", "22042", name), *NAMELESS]
    assert sites_reported(before, after) == sites_reported(after, before) == (0, 0, 0)
    assert sites_reported(before, [in_virginia("Norfolk", "23510", name), *NAMELESS]) == (1, 1, 0)


def test_a_site_in_the_next_town_is_another_one_where_the_others_keep_their_names():
    assert sites_reported([INOVA, *OTHERS], [in_virginia("Falls Church", "22042"), *OTHERS]) == (1, 1, 0)


@pytest.mark.parametrize("left", [2_000, 1_500])
def test_thousands_of_renamed_sites_of_one_town_are_the_same_sites(left):
    """Compared each with each, they would take a quarter of an hour."""
    before = [{"facility": f"Practice {n:04}", "city": "Roma", "country": "Italy"} for n in range(2_000)]
    after = [{**place, "facility": f"Dr. {n:04}, MD"} for n, place in enumerate(before[:left])]
    assert sites_reported(before, after) == (2_000 - left, 0, 0)


def test_a_site_that_had_left_and_is_active_without_recruiting_is_not_added():
    left = {**GESU, "status": "COMPLETED"}
    assert sites_reported([left], [{**GESU, "status": "ACTIVE_NOT_RECRUITING"}]) == (0, 0, 0)
    assert sites_reported([left], [{**GESU, "status": "RECRUITING"}]) == (0, 0, 1)


def test_a_site_that_does_not_recruit_yet_is_not_urgent():
    def level(status):
        after = trial(locations=[{**ROMA, "status": "RECRUITING"}, {**GEMELLI, "status": status}])
        return diff(trial(locations=[{**ROMA, "status": "RECRUITING"}]), after)[0].level

    assert level("NOT_YET_RECRUITING") is Level.MEDIUM
    assert level("RECRUITING") is Level.HIGH


def test_a_site_that_is_added_is_reported_with_its_status():
    places = [site(f"Klinik {n}", f"Stadt {n}", "Germany", status) for n, status in enumerate(STATUSES)]
    before = trial(locations=[{**ROMA, "status": "RECRUITING"}])
    assert worded(before, trial(locations=[*before["locations"], *places])) == [
        "high: A site was added: Klinik 0, Stadt 0, Germany.",
        "high: A site was added that is not taking participants yet: Klinik 1, Stadt 1, Germany.",
        "high: A site was added that takes participants by invitation only: Klinik 2, Stadt 2, Germany.",
        "high: A site was added that is not taking participants: Klinik 3, Stadt 3, Germany.",
    ]


@given(
    st.sampled_from([name for name in NAMES if len(real_trials()[name].get("locations", ())) > 1]), st.data()
)
def test_changed_names_towns_and_order_remove_or_add_no_site(name, data):
    before = real_trials()[name]
    locations = [dict(location) for location in before["locations"]]
    for location in locations:
        way = data.draw(st.sampled_from(["keep", "rename", "drop", "respell", "placeholder"]))
        if way == "rename":
            location["facility"] = data.draw(
                st.sampled_from(["New Name Hospital", "Klinikum Neu", "Ospedale X"])
            )
        elif way == "drop":
            location.pop("facility", None)
        elif way == "placeholder":
            location["facility"] = data.draw(st.sampled_from(["Research Site", "Local Institution - 0062"]))
        elif (
            way == "respell"
            and location.get("city")
            and location.get("facility", "") not in ("", "Research Site")
        ):
            location["city"] = location["city"] + " Centro"
    after = {
        **before,
        "locations": data.draw(st.permutations(locations)) if len(locations) < 30 else locations[::-1],
    }
    assert reported(before, after)[:2] == (0, 0)

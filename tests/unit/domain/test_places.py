"""A study's places: the reader's country first, towns as long as they fit, counts for the rest."""

from pathlib import Path

import pytest

from service.domain.trials.sites.countries import NAMES
from service.domain.wording.language import ENGLISH, English
from service.domain.wording.place_groups import READ_IN
from service.domain.wording.places import places, sites_in_words
from tests.unit.domain.trials import ROMA, site, trial

LOCALES = Path(__file__).parents[3] / "service" / "locales"


def town(name: str, country: str = "Italy", **more: str) -> dict[str, str]:
    return {"facility": f"Hospital of {name}", "city": name, "country": country, **more}


def shown(*sites: dict[str, str], status: str = "RECRUITING", chosen: frozenset[str] = frozenset()) -> str:
    return "; ".join(places(trial(locations=list(sites), status=status), ENGLISH, chosen))


TOWNS = ("Roma", "Milano", "Torino", "Bari")


def test_up_to_three_sites_are_named_with_their_facility():
    assert shown(town("Roma"), town("Bari")) == "Hospital of Roma, Roma, Italy; Hospital of Bari, Bari, Italy"


def test_a_site_in_a_country_of_states_is_named_with_its_state():
    springfield = town("Springfield", "United States", region="Illinois")
    new_york = {**site("Mount Sinai", "New York", "United States"), "region": "New York"}
    assert shown(springfield) == "Hospital of Springfield, Springfield, Illinois, United States"
    assert shown(new_york) == "Mount Sinai, New York, United States"
    assert shown(town("Napoli", region="Campania")) == "Hospital of Napoli, Napoli, Italy"


@pytest.mark.parametrize("name", ["Research Site", "GSK Investigational Site", "Local Institution"])
def test_a_placeholder_for_a_name_is_left_out_where_the_town_or_country_is_known(name):
    assert shown(site(name, "Duarte", "United States")) == "Duarte, United States"
    assert shown({"facility": name, "country": "Italy"}) == "Italy"
    assert shown({"facility": name}) == name
    assert shown(site(f"{name} 0062", "Roma", "Italy")) == "Roma, Italy"


def test_more_than_three_sites_are_named_by_country_and_town():
    assert (
        shown(*map(town, TOWNS), town("Paris", "France"))
        == "Italy: Roma, Milano, Torino, Bari; France: Paris"
    )


def test_the_readers_countries_come_first():
    sites = [*map(town, TOWNS), town("Paris", "France")]
    assert shown(*sites, chosen=frozenset({"FR"})) == "France: Paris; Italy: Roma, Milano, Torino, Bari"

    class Austrian(English):
        code = "de-AT"

    wien = town("Wien", "Austria")
    assert places(trial(locations=[*sites, wien]), Austrian())[0] == "Austria: Wien"


@pytest.mark.parametrize(
    ("code", "first"),
    [("de", "Austria: Wien"), ("fr", "France: Paris"), ("es", "Mexico: Puebla"), ("en", "Italy: Roma")],
)
def test_without_a_region_the_countries_of_the_language_come_first(code, first):
    reader = type("Reader", (English,), {"code": code})()
    others = (town("Puebla", "Mexico"), town("Wien", "Austria"), town("Paris", "France"))
    assert places(trial(locations=[*map(town, TOWNS), *others]), reader)[0].startswith(first)


def test_the_countries_of_the_languages_are_known():
    assert all(code in NAMES for codes in READ_IN.values() for code in codes.split())
    assert {path.name for path in LOCALES.glob("??")} == set(READ_IN)


def test_a_language_without_a_region_names_no_country():
    class Chinese(English):
        code = "zh-Hant"

    assert places(trial(locations=[*map(town, TOWNS)]), Chinese())[0].startswith("Italy: ")


def test_american_towns_stand_by_state():
    sites = [
        town(name, "United States", region=state)
        for name, state in (
            ("Houston", "Texas"),
            ("Akron", "Ohio"),
            ("Dallas", "Texas"),
            ("Tampa", "Florida"),
        )
    ]
    assert shown(*sites) == "United States: Florida (Tampa), Ohio (Akron), Texas (Houston, Dallas)"


def test_states_are_counted_when_the_towns_do_not_fit():
    sites = [
        town(f"Town of a long name {n}", "United States", region="Texas" if n % 3 else "Ohio")
        for n in range(30)
    ]
    assert shown(*sites, town("Paris", "France")) == "United States: Texas (20), Ohio (10); France: Paris"


def test_towns_beyond_the_limit_are_counted():
    text = shown(*(town(f"Town of a long name {n}") for n in range(30)))
    assert text.startswith("Italy: Town of a long name 0, Town of a long name 1, ")
    assert text.endswith(" and 22 more")
    assert len(text) < 230


def test_every_site_is_named_or_counted_even_without_a_town():
    nameless = {"facility": "Research Site", "country": "Italy"}
    assert shown(*map(town, TOWNS), nameless) == "Italy: Roma, Milano, Torino, Bari and 1 more"
    assert shown(*[nameless | {"facility": f"Clinic {n}"} for n in range(7)]) == "Italy: 7 places"


def test_a_sites_own_status_is_shown_if_it_differs():
    sites = [{**town(name), "status": "RECRUITING"} for name in TOWNS]
    sites[0]["status"] = "NOT_YET_RECRUITING"
    assert shown(*sites) == "Italy: Milano, Torino, Bari; Italy (not taking participants yet): Roma"
    assert shown(sites[0]) == "Hospital of Roma, Roma, Italy (not taking participants yet)"
    second = {**town("Roma"), "facility": "Another", "status": "RECRUITING"}
    assert shown(*sites, second) == "Italy: Roma, Milano, Torino, Bari", "one of the town is open"


def test_the_status_of_sites_is_not_shown_in_a_closed_study():
    assert shown({**ROMA, "status": "RECRUITING"}, status="COMPLETED") == "Ospedale Bambino Gesù, Roma, Italy"


def test_sites_that_left_are_not_named_while_others_take_part():
    gone = {**town("Bari"), "status": "WITHDRAWN"}
    assert shown({**ROMA, "status": "RECRUITING"}, gone) == "Ospedale Bambino Gesù, Roma, Italy"
    assert shown(gone) == "Hospital of Bari, Bari, Italy (withdrawn)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (town("Napoli"), town("Naples")),
        (town("München", "Germany"), town("Munich", "Germany")),
        (town("St. Gallen", "Switzerland"), town("Saint Gallen", "Switzerland")),
        (town("São Paulo", "Brazil"), town("Sao Paulo", "Brazil")),
        (town("Lichtenberg", "Germany", postal_code="10365"), town("Berlin", "Germany", postal_code="10365")),
    ],
)
def test_a_town_that_is_respelled_comes_once(one, other):
    others = [town(name, one["country"]) for name in ("Aa", "Bb", "Cc")]
    assert shown(one, other, *others) == f"{one['country']}: {one['city']}, Aa, Bb, Cc"
    facility = {"facility": "The same clinic"}
    assert shown(one | facility, other | facility).count("The same clinic") == (
        2 if "postal_code" in one else 1
    )


def test_towns_of_one_name_in_two_states_are_two():
    sites = [
        town("Portland", "United States", region=state, facility=f"Clinic {n}")
        for n, state in enumerate(("Oregon", "Maine", "Oregon", "Maine"))
    ]
    assert shown(*sites) == "United States: Maine (Portland), Oregon (Portland)"


def test_at_most_eight_countries_are_named():
    names = (
        "Italy",
        "France",
        "Spain",
        "Germany",
        "Austria",
        "Poland",
        "Norway",
        "Sweden",
        "Greece",
        "Malta",
    )
    assert shown(*(site("Clinic", "Town", name) for name in names)).endswith("and 2 more countries")


def test_names_within_a_sentence_are_in_brackets():
    sites = [town("Houston", "United States", region="Texas"), *map(town, TOWNS)]
    assert (
        sites_in_words(sites, ENGLISH)
        == "Italy (4: Roma, Milano, Torino, Bari) and United States (Texas: Houston)"
    )
    assert sites_in_words(list(map(town, TOWNS)), ENGLISH) == "Italy (Roma, Milano, Torino, Bari)"

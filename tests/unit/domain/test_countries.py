"""Countries: CLDR's English names, five plainer ones, and every name that the registry uses."""

import pytest

from service.domain.trials.sites.countries import _CLDR, _OVERRIDES, NAMES, country_code
from service.domain.trials.text import fold
from tests.country_names import FOLDER, cldr_names, encoded
from tests.unit.domain.trials import real_trials


def test_the_names_are_those_of_the_installed_cldr() -> None:
    """After an update of Babel that changes a name: `make countries`."""
    written = (FOLDER / "country_names.json").read_text(encoding="utf-8")
    assert written == encoded(cldr_names(_OVERRIDES["not_countries"]))


def test_overrides_and_aliases_differ_from_cldr() -> None:
    assert {code: name for code, name in _OVERRIDES["names"].items() if _CLDR.get(code) in (None, name)} == {}
    for code, aliases in _OVERRIDES["aliases"].items():
        known = {NAMES[code], _CLDR[code]}
        assert known.isdisjoint(aliases)


def test_no_name_belongs_to_two_countries() -> None:
    aliases = _OVERRIDES["aliases"]
    names = [
        (fold(name), code) for code in NAMES for name in {NAMES[code], _CLDR[code], *aliases.get(code, ())}
    ]
    assert len({name for name, _ in set(names)}) == len(set(names))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Italy", "IT"),
        (" italy ", "IT"),
        ("it", "IT"),
        ("Türkiye", "TR"),
        ("Turkey (Türkiye)", "TR"),
        ("Korea, Republic of", "KR"),
        ("Democratic Republic of the Congo", "CD"),
        ("Congo - Kinshasa", "CD"),
        ("Congo", "CG"),
        ("Hong Kong", "HK"),
        ("Hong Kong SAR China", "HK"),
        ("Burma", "MM"),
        ("Kosovo", "XK"),
        ("Curacao", "CW"),
        ("Reunion", "RE"),
        ("São Tomé & Príncipe", "ST"),
        ("Guinea Bissau", "GW"),
        ("Cote d’Ivoire", "CI"),
        ("Former Serbia and Montenegro", "RS"),
        ("Holy See (Vatican City State)", "VA"),
        ("Atlantis", None),
        ("European Union", None),
        ("ZZ", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_each_of_its_names(name: str, code: str | None) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Italy", "IT"),
        ("ITALY", "IT"),
        ("it", "IT"),
        ("Korea, Republic of", "KR"),
        ("Turkey (Türkiye)", "TR"),
        ("Russian Federation", "RU"),
        ("Côte D'Ivoire", "CI"),
        ("Congo, The Democratic Republic of the", "CD"),
        ("Czech Republic", "CZ"),
        ("Atlantis", None),
    ],
)
def test_a_country_is_known_by_any_of_the_registrys_names(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_every_country_of_the_real_records_is_known() -> None:
    names = {place["country"] for t in real_trials().values() for place in t["locations"]}
    assert all(country_code(name) in NAMES for name in names)

"""The API's description: sign-ups and events as the code reads them."""

import re
from pathlib import Path
from typing import Any

from service.domain.digests.filters import InvalidFilters, read_filters
from service.domain.trials.events import fields as event_fields
from service.web.api.openapi_schemas import BODIES, SCHEMAS, webhooks
from service.web.http.forms import Fields
from service.web.site.signup_fields import Checked, check

SITE = Path(__file__).parents[2] / "service" / "web" / "site"

SIGN_UP: dict[str, Any] = {
    "email": "anna@example.org",
    "topic": ["trial:NCT04787263"],
    "accept_terms": True,
    "terms_version": "1",
}


def checked(sent: dict[str, Any], *, is_form: bool = False) -> Checked:
    return check(Fields(sent, is_form), ["https://www.example.org"], "en")


def read_by_sign_up() -> set[str]:
    """The names that the code of the sign-up reads by themselves; those of filters are the domain's."""
    code = "".join((SITE / name).read_text(encoding="utf-8") for name in ("signup.py", "signup_fields.py"))
    reads = r"fields\.(?:text|texts|flag|is_filled)\(|sent\.get\(|_given\(fields, "
    return set(re.findall(rf"""(?:{reads})"(\w+)"\)""", code))


def test_every_field_of_a_sign_up_is_described_and_the_other_way_round() -> None:
    filters = set(SCHEMAS["SignUp"]["properties"]["filters"]["properties"])
    assert set(SCHEMAS["SignUp"]["properties"]) == read_by_sign_up()
    assert set(SCHEMAS["SignUpForm"]["properties"]) == read_by_sign_up() - {"filters"} | filters


def test_exactly_the_fields_whose_absence_is_an_error_are_required() -> None:
    assert checked(SIGN_UP).errors == []
    required = SCHEMAS["SignUp"]["required"]
    assert required == list(SIGN_UP)
    for name in set(required) - {"terms_version"}:  # compared with the store
        errors = checked({key: value for key, value in SIGN_UP.items() if key != name}).errors
        assert [error["field"] for error in errors] == [name]


def test_a_sign_up_has_as_many_topics_and_the_frequencies_that_are_described() -> None:
    described = SCHEMAS["SignUp"]["properties"]
    most = described["topic"]["maxItems"]
    topics = [f"trial:NCT{number:08}" for number in range(most + 1)]
    assert checked(SIGN_UP | {"topic": topics[:most]}).errors == []
    assert [error["field"] for error in checked(SIGN_UP | {"topic": topics}).errors] == ["topic"]
    for frequency in described["frequency"]["enum"]:
        assert checked(SIGN_UP | {"frequency": frequency}).errors == []
    assert checked(SIGN_UP).frequency == described["frequency"]["default"]


def test_filters_are_read_as_they_are_described() -> None:
    described = SCHEMAS["SignUp"]["properties"]["filters"]["properties"]
    good = {
        "countries": described["countries"]["examples"][0],
        "only_open": True,
        "kinds": described["kinds"]["items"]["enum"],
        "age": described["age"]["maximum"],
    }
    assert set(good) == set(described)
    assert read_filters(good).as_mapping() == {**good, "kinds": sorted(good["kinds"])}
    form = SIGN_UP | {"only_open": ["yes"], "age": ["7"], "countries": ["IT"]}
    assert checked(form, is_form=True).filters == {"countries": ["IT"], "only_open": True, "age": 7}
    for wrong in ({"age": described["age"]["maximum"] + 1}, {"kinds": ["none"]}, {"another": 1}):
        try:
            read_filters(wrong)
        except InvalidFilters:
            continue
        raise AssertionError(wrong)


def test_each_type_of_event_is_described_by_the_fields_that_are_read() -> None:
    events = webhooks()
    assert set(events) == {"trial.upserted", "trial.removed", "trial.merged", "condition.upserted"}
    assert len(SCHEMAS["Event"]["oneOf"]) == len(events)
    assert list(SCHEMAS["Trial"]["properties"]) == [field.name for field in event_fields.TRIAL]


def test_every_reference_has_a_schema() -> None:
    found = re.findall(r"#/components/schemas/(\w+)", repr((SCHEMAS, BODIES, webhooks())))
    assert set(found) - set(SCHEMAS) == set()
    assert set(SCHEMAS) - set(found) == {"Problem", "Cancellation"}  # of answers, and of a handler

"""Trials' numbers in all registries: recognized in any letter case, kept in one spelling."""

import pytest

from service.domain.topic_parsing import InvalidTopic, parse_topic
from service.domain.trials.events.cloudevents import read_envelope, read_event
from service.domain.trials.events.snapshot import InvalidSnapshot, read_merged
from service.domain.trials.trial_ids import LONGEST, looks_like_number, shown_number, trial_number
from tests.events import event

NUMBERS = (
    "NCT04787263",
    "2022-501234-12-00",
    "2010-123456-12",
    "2010-123456-12-GB",
    "EUCTR2010-123456-12-IT",
    "ISRCTN12345678",
    "DRKS00012345",
    "ACTRN12605000555628",
    "ChiCTR2000029308",
    "ChiCTR-OOC-16010229",
    "jRCT2031200001",
    "UMIN000012345",
    "JPRN-UMIN000012345",
    "CTRI/2020/01/012345",
    "NL1234",
    "NL-OMON12345",
    "NTR1234",
    "KCT0001234",
    "RBR-2bn5v6",
    "IRCT20080901001165N11",
    "PACTR201909123456789",
    "SLCTR/2020/012",
    "TCTR20200101001",
    "LBCTR2020012345",
    "RPCEC00000123",
    "PER-010-20",
    "ITMCTR2020000123",
    "U1111-1234-5678",
)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_registrys_number_is_recognized_in_any_letter_case(number: str) -> None:
    kept = trial_number(number)
    assert kept is not None
    assert trial_number(f" {number.lower()} ") == trial_number(kept) == kept
    assert parse_topic(f"trial:{number.lower()}") == ("trial", kept)
    assert looks_like_number(number) or number in ("NL1234", "NTR1234", "RBR-2bn5v6")
    assert shown_number(kept).upper() == number.upper()


NO_NUMBERS = """
NCT1 NCT047872631 04787263 leukemia ISRCTN1234567٨ ISRCTN12345678' ../../123456 MONDO:0004967 2010-12345-12
<b>123</b> ISRCTN--12345678 CTRI//2020
"""


@pytest.mark.parametrize(
    "text", ["", "covid 2019", "ISRCTN12345678\n1", "a" + "1" * LONGEST, *NO_NUMBERS.split()]
)
def test_any_other_text_is_no_number(text: str) -> None:
    assert trial_number(text) is None
    with pytest.raises(InvalidTopic, match="number in another registry"):
        parse_topic(f"trial:{text}")


@pytest.mark.parametrize(
    "text", ["leukemia", "covid-19", "covid-2019", "D054198", "trisomy 21", "MONDO:0004967", "HER2"]
)
def test_a_condition_does_not_look_like_a_trials_number(text: str) -> None:
    assert not looks_like_number(text)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("CHICTR2000029308", "ChiCTR2000029308"),
        ("JRCT2031200001", "jRCT2031200001"),
        ("ISRCTN12345678", "ISRCTN12345678"),
    ],
)
def test_a_number_is_shown_as_its_registry_writes_it(kept: str, shown: str) -> None:
    assert shown_number(kept) == shown


def removal(subject: str | None = "ISRCTN12345678", **data: object) -> dict[str, object]:
    made = event("trial.removed", "", {"revision": 2, **data})
    return {**made, "subject": subject}


@pytest.mark.parametrize("subject", ["ISRCTN12345678", "isrctn12345678", None])
def test_an_event_names_a_trial_of_another_registry(subject: str | None) -> None:
    sent = removal(subject, trial_id="isrctn12345678")
    known = read_event(read_envelope(sent), sent)
    assert (known.subject, known.data["nct_id"]) == ("ISRCTN12345678", "ISRCTN12345678")


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "nct_id", "is missing"),
        ({"nct_id": "ISRCTN12345678"}, "nct_id", "the number of another registry is a trial_id"),
        ({"trial_id": "leukemia"}, "trial_id", "must be a trial's number in its registry"),
        ({"trial_id": 7}, "trial_id", "must be a trial's number in its registry"),
        (
            {"trial_id": "ISRCTN12345678", "nct_id": "NCT04787263"},
            "trial_id",
            "must be left out beside nct_id",
        ),
        ({"trial_id": "ISRCTN12345679"}, "subject", "must be the event's trial_id"),
    ],
)
def test_an_event_that_does_not_name_exactly_one_trial_is_refused(
    data: dict[str, object], field: str, words: str
) -> None:
    sent = removal(**data)
    with pytest.raises(InvalidSnapshot) as refused:
        read_event(read_envelope(sent), sent)
    assert [(name, words in message) for name, message in refused.value.problems] == [(field, True)]


def test_a_trial_goes_on_in_another_registry() -> None:
    read = read_merged({"nct_id": "NCT04787263", "revision": 3, "into": "2022-501234-12-00"})
    assert read["into"] == "2022-501234-12-00"

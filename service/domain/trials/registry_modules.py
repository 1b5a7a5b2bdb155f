"""The parts of a ClinicalTrials.gov record, read without trust: what has another type counts as absent."""

from collections.abc import Mapping
from typing import Any

from service.domain.trials.text import clean


class Modules:
    """The parts of a record that matter, each an object, empty where the record lacks it."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        protocol = mapping(record.get("protocolSection"))
        self.identification = mapping(protocol.get("identificationModule"))
        self.status = mapping(protocol.get("statusModule"))
        self.sponsors = mapping(protocol.get("sponsorCollaboratorsModule"))
        self.description = mapping(protocol.get("descriptionModule"))
        self.conditions = mapping(protocol.get("conditionsModule"))
        self.design = mapping(protocol.get("designModule"))
        self.arms = mapping(protocol.get("armsInterventionsModule"))
        self.outcomes = mapping(protocol.get("outcomesModule"))
        self.eligibility = mapping(protocol.get("eligibilityModule"))
        self.contacts = mapping(protocol.get("contactsLocationsModule"))
        self.browse = mapping(mapping(record.get("derivedSection")).get("conditionBrowseModule"))


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def objects(module: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list's objects. Some copies of the registry keep a list as one text beside `…_nested`."""
    for found in (module.get(name), module.get(f"{name}_nested")):
        if isinstance(found, list):
            return [item for item in found if isinstance(item, Mapping)]
    return []


def texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def line(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def picked(item: Mapping[str, Any], *same: str, **renamed: str) -> dict[str, Any]:
    """Some parts of an object under the contract's names, texts on one line, absent ones left out."""
    wanted = {**{name: name for name in same}, **renamed}
    return {name: line(item[key]) for name, key in wanted.items() if item.get(key) is not None}


def day(struct: Any) -> str | None:
    return mapping(struct).get("date")

"""The modules of a ClinicalTrials.gov record, read defensively: a value of another type counts as absent."""

from collections.abc import Mapping
from typing import Any

from service.domain.trials.text import clean


class Modules:
    """The relevant modules of a record, each an object, empty if absent."""

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
    """The objects of a list. Some copies of the registry have a list as one text beside `…_nested`."""
    for found in (module.get(name), module.get(f"{name}_nested")):
        if isinstance(found, list):
            return [item for item in found if isinstance(item, Mapping)]
    return []


def texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def line(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def picked(item: Mapping[str, Any], *same: str, **renamed: str) -> dict[str, Any]:
    """Some members of an object under the event's names, texts on one line, absent ones omitted."""
    names = {**{name: name for name in same}, **renamed}
    return {name: line(item[key]) for name, key in names.items() if item.get(key) is not None}


def day(struct: Any) -> str | None:
    return mapping(struct).get("date")

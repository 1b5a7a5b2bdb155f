"""A study record of the ClinicalTrials.gov API v2 as a `trial.upserted` CloudEvent."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from service.domain.reading import InvalidSnapshot, is_nct_id
from service.domain.snapshot import read_snapshot
from service.domain.text import clean, fold

TRIAL_URL = "https://example.org/trials/{nct_id}"
REGISTRY_URL = "https://clinicaltrials.gov/study/{nct_id}"
NO_LIMIT = "N/A"


class InvalidRecord(ValueError):
    """A record that can't become an event; the message is one plain sentence."""


def to_event(
    record: Mapping[str, Any],
    *,
    now: datetime,
    source: str,
    revision: int | None = None,
    url: str = TRIAL_URL,
) -> dict[str, Any]:
    """The CloudEvent of a record. Raises InvalidRecord.

    `now` (aware) is the time of the observation, `source` the event's source, `url` the website's trial
    page with `{nct_id}` in it. Without `revision` it is the day of the record's last update as yyyymmdd.
    The id is made of the trial and its revision: converting the same record twice gives one event.
    """
    data = trial_data(record, revision=revision, url=url)
    return {
        "specversion": "1.0",
        "id": f"{data['nct_id']}-{data['revision']}",
        "source": source,
        "type": "trial.upserted",
        "subject": data["nct_id"],
        "time": now.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


def trial_data(
    record: Mapping[str, Any], *, revision: int | None = None, url: str = TRIAL_URL
) -> dict[str, Any]:
    """The event's `data`: every field of the contract that the record holds. Raises InvalidRecord."""
    if not isinstance(record, Mapping) or not isinstance(record.get("protocolSection"), Mapping):
        raise InvalidRecord("This is not a study record: it has no protocolSection.")
    module = _Modules(record)
    nct_id = module.identification.get("nctId")
    if not isinstance(nct_id, str) or not is_nct_id(nct_id):
        raise InvalidRecord("The record's nctId is missing or is not NCT and eight digits.")
    updated = _date(module.status.get("lastUpdatePostDateStruct")) or module.status.get(
        "lastUpdateSubmitDate"
    )
    data = {
        "nct_id": nct_id,
        "revision": _revision(updated, nct_id) if revision is None else revision,
        "url": url.format(nct_id=nct_id),
        "title": _line(module.identification.get("briefTitle") or module.identification.get("officialTitle")),
        "official_title": _line(module.identification.get("officialTitle")),
        "summary": module.description.get("briefSummary"),
        "status": module.status.get("overallStatus"),
        "why_stopped": _line(module.status.get("whyStopped")),
        "phases": module.design.get("phases"),
        "enrollment": module.design.get("enrollmentInfo"),
        "start_date": module.status.get("startDateStruct"),
        "primary_completion_date": module.status.get("primaryCompletionDateStruct"),
        "completion_date": module.status.get("completionDateStruct"),
        "eligibility": _eligibility(module.eligibility),
        "interventions": [_picked(item, "type", "name") for item in _objects(module.arms, "interventions")],
        "primary_outcomes": [
            _picked(item, "measure", time_frame="timeFrame")
            for item in _objects(module.outcomes, "primaryOutcomes")
        ],
        "has_results": _has_results(record, module),
        "sponsor": _line(_mapping(module.sponsors.get("leadSponsor")).get("name")),
        "contacts": _contacts(module),
        "locations": [
            _picked(item, "facility", "city", "country", "status", region="state", postal_code="zip")
            for item in _objects(module.contacts, "locations")
        ],
        "conditions": _conditions(module),
        "registrant_conditions": [_line(name) for name in _texts(module.conditions.get("conditions"))],
        "study_type": module.design.get("studyType"),
        "allocation": _mapping(module.design.get("designInfo")).get("allocation"),
        "masking": _mapping(_mapping(module.design.get("designInfo")).get("maskingInfo")).get("masking"),
        "arms": [
            _picked(item, "label", "type", "description")
            | {"interventions": [_intervention(name) for name in _texts(item.get("interventionNames"))]}
            for item in _objects(module.arms, "armGroups")
        ],
        "expanded_access": _expanded_access(module.status),
        "acronym": _line(module.identification.get("acronym")),
        "keywords": [_line(word) for word in _texts(module.conditions.get("keywords"))],
        "collaborators": [
            _line(item["name"])
            for item in _objects(module.sponsors, "collaborators")
            if isinstance(item.get("name"), str)
        ],
        "verified_date": module.status.get("statusVerifiedDate"),
        "registry_url": REGISTRY_URL.format(nct_id=nct_id),
        "registry_first_posted": _date(module.status.get("studyFirstPostDateStruct"))
        or module.status.get("studyFirstSubmitDate"),
        "registry_last_updated": updated,
    }
    try:
        return read_snapshot({key: value for key, value in data.items() if _is_known(key, value)})
    except InvalidSnapshot as problem:
        raise InvalidRecord(f"The record of {nct_id} can't be used: {problem}.") from problem


class _Modules:
    """The parts of a record that matter, each an object, empty where the record lacks it."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        protocol = _mapping(record.get("protocolSection"))
        self.identification = _mapping(protocol.get("identificationModule"))
        self.status = _mapping(protocol.get("statusModule"))
        self.sponsors = _mapping(protocol.get("sponsorCollaboratorsModule"))
        self.description = _mapping(protocol.get("descriptionModule"))
        self.conditions = _mapping(protocol.get("conditionsModule"))
        self.design = _mapping(protocol.get("designModule"))
        self.arms = _mapping(protocol.get("armsInterventionsModule"))
        self.outcomes = _mapping(protocol.get("outcomesModule"))
        self.eligibility = _mapping(protocol.get("eligibilityModule"))
        self.contacts = _mapping(protocol.get("contactsLocationsModule"))
        self.browse = _mapping(_mapping(record.get("derivedSection")).get("conditionBrowseModule"))


def _intervention(name: str) -> str:
    """An arm's intervention by its name alone: the registry writes "Biological: AZD2936"."""
    return clean(name.partition(": ")[2] or name)


def _expanded_access(module: Mapping[str, Any]) -> dict[str, Any] | None:
    info = _mapping(module.get("expandedAccessInfo"))
    if not isinstance(info.get("hasExpandedAccess"), bool):
        return None
    found: dict[str, Any] = {"available": info["hasExpandedAccess"]}
    return found | ({"trial_id": info["nctId"]} if isinstance(info.get("nctId"), str) else {})


def _is_known(key: str, value: Any) -> bool:
    """An empty list says nothing, but for the sites: a record without any has none yet."""
    return value is not None and (value not in ([], {}) or key in ("conditions", "locations"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _objects(module: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list's objects. Some copies of the registry keep a list as one text beside `…_nested`."""
    for found in (module.get(name), module.get(f"{name}_nested")):
        if isinstance(found, list):
            return [item for item in found if isinstance(item, Mapping)]
    return []


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _line(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _picked(item: Mapping[str, Any], *same: str, **renamed: str) -> dict[str, Any]:
    """Some parts of an object under the contract's names, texts on one line, absent ones left out."""
    wanted = {**{name: name for name in same}, **renamed}
    return {name: _line(item[key]) for name, key in wanted.items() if item.get(key) is not None}


def _date(struct: Any) -> str | None:
    return _mapping(struct).get("date")


def _revision(updated: Any, nct_id: str) -> int:
    digits = re.sub(r"\D", "", updated if isinstance(updated, str) else "")
    if len(digits) != 8:
        raise InvalidRecord(f"The record of {nct_id} has no last update date, and no revision was given.")
    return int(digits)


def _eligibility(module: Mapping[str, Any]) -> dict[str, Any] | None:
    """The registry leaves an age limit out to say that there is none: a known fact, written as N/A."""
    if not module:
        return None
    return _picked(module, "sex", healthy_volunteers="healthyVolunteers") | {
        "criteria": module.get("eligibilityCriteria"),
        "minimum_age": module.get("minimumAge") or NO_LIMIT,
        "maximum_age": module.get("maximumAge") or NO_LIMIT,
    }


def _has_results(record: Mapping[str, Any], module: _Modules) -> bool | None:
    """Whether results are posted: they are submitted, and may be in a record's history, long before."""
    if module.status.get("resultsFirstPostDateStruct"):
        return True
    submitted = module.status.get("resultsFirstSubmitDate")
    return False if submitted else record.get("hasResults", False)


def _contacts(module: _Modules) -> list[dict[str, Any]]:
    """The study's central contacts, or those of its sites when it has none, each once."""
    central = [
        _picked(item, "name", "phone", "email") for item in _objects(module.contacts, "centralContacts")
    ]
    if central:
        return central
    found = [
        _picked(contact, "name", "phone", "email")
        for location in _objects(module.contacts, "locations")
        for contact in _objects(location, "contacts")
        if contact.get("role", "CONTACT") == "CONTACT"
    ]
    return list({tuple(sorted(contact.items())): contact for contact in found}.values())


def _conditions(module: _Modules) -> list[dict[str, str]]:
    """The MeSH headings that the registry derived, with ids, then the registrant's own terms without."""
    headings = [
        {"id": mesh_id(mesh["id"]), "name": clean(mesh["term"])}
        for mesh in _objects(module.browse, "meshes")
        if isinstance(mesh.get("id"), str) and isinstance(mesh.get("term"), str)
    ]
    named = {fold(heading["name"]) for heading in headings}
    return headings + [
        {"name": name} for name in _unnamed(_texts(module.conditions.get("conditions")), named)
    ]


def _unnamed(names: Iterable[str], named: set[str]) -> Iterable[str]:
    for name in names:
        if fold(name) and fold(name) not in named:
            named.add(fold(name))
            yield clean(name)


def mesh_id(text: str) -> str:
    """A MeSH heading's id as `MESH:D007938`. The registry pads old ids to nine digits (D000007938)."""
    number = re.fullmatch(r"D(\d{6}|\d{9})", text.strip().upper())
    if not number:
        return f"MESH:{text.strip().upper()}"
    value = int(number.group(1))
    return f"MESH:D{value:06d}" if value < _FIRST_LONG_ID else f"MESH:D{value:09d}"


# MeSH numbered its headings D000001 … D066…, and goes on with nine digits from D000066448.
_FIRST_LONG_ID = 66_448

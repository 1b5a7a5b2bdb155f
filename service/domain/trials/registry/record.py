"""A study record of the ClinicalTrials.gov API v2 as a `trial.upserted` CloudEvent."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from service.domain.trials.events.limits import most_entries
from service.domain.trials.events.reader import InvalidSnapshot
from service.domain.trials.events.snapshot import content_digest, read_snapshot
from service.domain.trials.registry.conditions import conditions
from service.domain.trials.registry.modules import Modules, day, line, mapping, objects, picked, texts
from service.domain.trials.registry.revisions import (
    REVISIONS_A_DAY,
    UNKNOWN,
    Observation,
    Revised,
    by_date,
)
from service.domain.trials.text import clean
from service.domain.trials.trial_ids import is_nct_number

REGISTRY_URL = "https://clinicaltrials.gov/study/{nct_id}"
RESULTS_URL = REGISTRY_URL + "?tab=results"
NO_LIMIT = "N/A"


class InvalidRecord(ValueError):
    """A record that can't become an event; the message is one plain sentence."""


def to_event(
    record: Mapping[str, Any],
    *,
    now: datetime,
    source: str,
    revise: Callable[[Observation], Revised] = by_date,
    url: str = REGISTRY_URL,
    first_load: bool = False,
) -> dict[str, Any]:
    """The CloudEvent of a record. Raises InvalidRecord.

    `now` (aware) is the time of the observation, `source` the event's source, `url` the website's trial
    page with `{nct_id}` in it. `revise` gives the revision of what was observed. Nobody is notified with
    `first_load`, nor of a record that is only converted otherwise than before. The id is made of the trial,
    its revision and its content: converting the same record twice gives one event, and the same revision
    with other content is another event, which the receiver can set aside.
    """
    data = trial_data(record, url=url)
    digest = content_digest({name: value for name, value in data.items() if name not in _ENVELOPE})
    seen = Observation(data["nct_id"], digest, record_digest(record), data["revision"], data["status"])
    revised = revise(seen)
    data["revision"] = revised.revision
    event_id = f"{data['nct_id']}-{data['revision']}-{digest[:12]}"
    event = _event("upserted", event_id, data, now=now, source=source)
    if first_load:
        return suppressed(event)
    return suppressed(event, "remapped") if revised.is_remapped else event


def suppressed(event: dict[str, Any], reason: str = "backfill") -> dict[str, Any]:
    """The event, marked so that it updates the trial and notifies nobody."""
    return {**event, "data": {**event["data"], "notify": "suppress", "reason": reason}}


def record_digest(record: Mapping[str, Any]) -> str:
    """The digest of the parts of a record that `trial_data` reads, independent of their conversion."""
    derived = mapping(record.get("derivedSection")).get("conditionBrowseModule")
    return content_digest([record.get("protocolSection"), record.get("hasResults"), derived])


def gone_event(
    nct_id: str, revision: int, *, now: datetime, source: str, into: str | None = None
) -> dict[str, Any]:
    """The CloudEvent of a trial that the registry no longer has, or has `into` another number."""
    data = {"nct_id": nct_id, "revision": revision} | ({"into": into} if into else {})
    kind = "merged" if into else "removed"
    return _event(kind, f"{nct_id}-{revision}-{kind}", data, now=now, source=source)


def _event(kind: str, event_id: str, data: dict[str, Any], *, now: datetime, source: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": f"trial.{kind}",
        "subject": data["nct_id"],
        "time": now.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


_ENVELOPE = ("revision", "notify", "reason")


def trial_data(
    record: Mapping[str, Any], *, revision: int | None = None, url: str = REGISTRY_URL
) -> dict[str, Any]:
    """The event's `data`: all fields that the record has. Raises InvalidRecord.

    The default of `revision` is that of the record's dates.
    """
    if not isinstance(record, Mapping) or not isinstance(record.get("protocolSection"), Mapping):
        raise InvalidRecord("This is not a study record: it has no protocolSection.")
    module = Modules(record)
    nct_id = module.identification.get("nctId")
    if not isinstance(nct_id, str) or not is_nct_number(nct_id):
        raise InvalidRecord("The record's nctId is missing or is not NCT and eight digits.")
    data = {
        "nct_id": nct_id,
        "revision": dated_revision(module.status, nct_id) if revision is None else revision,
        "url": url.replace("{nct_id}", nct_id),
        **_names_and_links(record, module, nct_id),
        **_status_and_dates(module),
        **_design(module),
        **_places_and_conditions(module),
    }
    try:
        return read_snapshot({key: value for key, value in data.items() if _is_known(key, value)})
    except InvalidSnapshot as problem:
        raise InvalidRecord(f"The record of {nct_id} can't be used: {problem}.") from problem


def _names_and_links(record: Mapping[str, Any], module: Modules, nct_id: str) -> dict[str, Any]:
    names = module.identification
    has_results = _has_results(record, module)
    return {
        "title": line(names.get("briefTitle") or names.get("officialTitle")),
        "official_title": line(names.get("officialTitle")),
        "acronym": line(names.get("acronym")),
        "aliases": texts(names.get("nctIdAliases")),
        "summary": module.description.get("briefSummary"),
        "sponsor": line(mapping(module.sponsors.get("leadSponsor")).get("name")),
        "collaborators": [
            line(item["name"])
            for item in objects(module.sponsors, "collaborators")
            if isinstance(item.get("name"), str)
        ],
        "has_results": has_results,
        "registry_url": REGISTRY_URL.format(nct_id=nct_id),
        "results_url": RESULTS_URL.format(nct_id=nct_id) if has_results is True else None,
    }


def _status_and_dates(module: Modules) -> dict[str, Any]:
    status = module.status
    return {
        "status": status.get("overallStatus"),
        "why_stopped": line(status.get("whyStopped")),
        "start_date": status.get("startDateStruct"),
        "primary_completion_date": status.get("primaryCompletionDateStruct"),
        "completion_date": status.get("completionDateStruct"),
        "expanded_access": _expanded_access(status),
        "verified_date": status.get("statusVerifiedDate"),
        "registry_first_posted": day(status.get("studyFirstPostDateStruct"))
        or status.get("studyFirstSubmitDate"),
        "registry_last_updated": _last_update(status),
    }


def _design(module: Modules) -> dict[str, Any]:
    info = mapping(module.design.get("designInfo"))
    return {
        "study_type": module.design.get("studyType"),
        "phases": module.design.get("phases"),
        "enrollment": module.design.get("enrollmentInfo"),
        "allocation": info.get("allocation"),
        "masking": mapping(info.get("maskingInfo")).get("masking"),
        "arms": [
            picked(item, "label", "type", "description")
            | {"interventions": [_intervention(name) for name in texts(item.get("interventionNames"))]}
            for item in objects(module.arms, "armGroups")
        ],
        "interventions": [picked(item, "type", "name") for item in objects(module.arms, "interventions")],
        "primary_outcomes": [
            picked(item, "measure", time_frame="timeFrame")
            for item in objects(module.outcomes, "primaryOutcomes")
        ],
        "eligibility": _eligibility(module.eligibility),
    }


def _places_and_conditions(module: Modules) -> dict[str, Any]:
    terms, keywords = (texts(module.conditions.get(name)) for name in ("conditions", "keywords"))
    titles = texts([module.identification.get(name) for name in ("briefTitle", "officialTitle")])
    browse = {name: objects(module.browse, name) for name in ("meshes", "ancestors", "browseLeaves")}
    return {
        "contacts": _contacts(module),
        "locations": [_location(item) for item in objects(module.contacts, "locations")],
        "conditions": conditions(terms, keywords, titles, browse),
        "registrant_conditions": [line(name) for name in terms],
        "keywords": [line(word) for word in keywords],
    }


def _intervention(name: str) -> str:
    """The name of an arm's intervention without its type: the registry writes "Biological: AZD2936"."""
    return clean(name.partition(": ")[2] or name)


def _expanded_access(module: Mapping[str, Any]) -> dict[str, Any] | None:
    info = mapping(module.get("expandedAccessInfo"))
    if not isinstance(info.get("hasExpandedAccess"), bool):
        return None
    found: dict[str, Any] = {"available": info["hasExpandedAccess"]}
    return found | ({"trial_id": info["nctId"]} if isinstance(info.get("nctId"), str) else {})


def _is_known(key: str, value: Any) -> bool:
    """Whether a value is known: an empty list is not, except that of the sites."""
    return value is not None and (value not in ([], {}) or key in ("conditions", "locations"))


def _last_update(status: Mapping[str, Any]) -> Any:
    return day(status.get("lastUpdatePostDateStruct")) or status.get("lastUpdateSubmitDate")


def dated_revision(status: Mapping[str, Any], nct_id: str) -> int:
    """The revision by a record's dates: it rises with the day of the last update.

    A record that was not confirmed for two years becomes UNKNOWN without a new date, and leaves UNKNOWN only
    with one: of two records with the same date, UNKNOWN is later. Raises InvalidRecord without a date.
    """
    updated = _last_update(status)
    digits = re.sub(r"\D", "", updated if isinstance(updated, str) else "")
    if len(digits) != 8:
        raise InvalidRecord(f"The record of {nct_id} has no last update date, and no revision was given.")
    return int(digits) * REVISIONS_A_DAY + (status.get("overallStatus") == UNKNOWN)


def _eligibility(module: Mapping[str, Any]) -> dict[str, Any] | None:
    """The eligibility; the registry omits an age limit if there is none, which is written as N/A."""
    if not module:
        return None
    return picked(module, "sex", healthy_volunteers="healthyVolunteers") | {
        "criteria": module.get("eligibilityCriteria"),
        "minimum_age": module.get("minimumAge") or NO_LIMIT,
        "maximum_age": module.get("maximumAge") or NO_LIMIT,
    }


def _has_results(record: Mapping[str, Any], module: Modules) -> bool | None:
    """Whether results are posted, which is long after they are submitted."""
    if module.status.get("resultsFirstPostDateStruct"):
        return True
    submitted = module.status.get("resultsFirstSubmitDate")
    return False if submitted else record.get("hasResults", False)


def _contacts(module: Modules) -> list[dict[str, Any]]:
    """The study's central contacts, or those of its sites if it has none, each once."""
    central = [_contact(item) for item in objects(module.contacts, "centralContacts")]
    if central:
        return central
    found = [c for site in objects(module.contacts, "locations") for c in _site_contacts(site)]
    once = {tuple(sorted(contact.items())): contact for contact in found}
    return list(once.values())[: most_entries("contacts")]


def _location(site: Mapping[str, Any]) -> dict[str, Any]:
    """A site; its contact is one text: "Anna Rossi, +39 06 1, anna@example.org"."""
    found = picked(site, "facility", "city", "country", "status", region="state", postal_code="zip")
    reachable = next((c for c in _site_contacts(site) if "phone" in c or "email" in c), None)
    if reachable:
        parts = (reachable.get(part) for part in ("name", "phone", "email"))
        found["contact"] = ", ".join(part for part in parts if isinstance(part, str) and part)
    return found


def _site_contacts(site: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The contacts of a site, without its investigators, who are listed among them."""
    people = objects(site, "contacts")
    return [_contact(item) for item in people if item.get("role", "CONTACT") == "CONTACT"]


def _contact(item: Mapping[str, Any]) -> dict[str, Any]:
    contact = picked(item, "name", "phone", "email")
    extension = item.get("phoneExt")
    if isinstance(contact.get("phone"), str) and isinstance(extension, str) and extension.strip():
        contact["phone"] += f" ext. {clean(extension)}"
    return contact

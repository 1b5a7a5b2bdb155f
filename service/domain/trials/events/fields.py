"""The fields of each type of event's data: the tables by which they are read and documented in the API."""

from service.domain.trials.events.types import (
    ARMS,
    CONDITIONS,
    DATE,
    DATED,
    ENROLLMENT,
    ENUMERATED,
    FLAG,
    LOCATIONS,
    NCT_ID,
    OPTIONAL_URL,
    PHASES,
    REQUIRED_ENUMERATED,
    REQUIRED_TEXT,
    REVISION,
    SYNONYMS,
    TEXT,
    TEXTS,
    TRIAL_NUMBER,
    URL,
    EventField,
    choice,
    object_with,
    objects,
    one_object,
)

REASONS = frozenset({"registry", "backfill", "reingest", "remapped", "rewritten", "correction"})
_NOTIFY = frozenset({"allow", "suppress"})

#: A trial has exactly one of the two; both are read under the first.
_TRIAL = (
    EventField("nct_id", NCT_ID, "The number at ClinicalTrials.gov.", example="NCT04787263"),
    EventField(
        "trial_id",
        TRIAL_NUMBER,
        "Instead of nct_id: the number in another registry, in any letter case.",
        example="ISRCTN12345678",
    ),
)
_REVISION = EventField("revision", REVISION, "Rises with each observation of the trial.", required=True)

#: `trial.upserted`: the whole trial as it is now.
TRIAL = (
    *_TRIAL,
    _REVISION,
    EventField("notify", choice(_NOTIFY, "allow"), "suppress: updates what is known and notifies nobody."),
    EventField("reason", choice(REASONS, "registry"), "Only registry and correction notify anybody."),
    EventField("url", URL, "The trial's page on the website.", required=True),
    EventField("title", REQUIRED_TEXT, required=True),
    EventField(
        "status",
        REQUIRED_ENUMERATED,
        "The registry's enumeration; an unknown one is kept and shown as it stands.",
        required=True,
        example="ACTIVE_NOT_RECRUITING",
    ),
    EventField("conditions", CONDITIONS, required=True),
    EventField("official_title", TEXT),
    EventField("summary", TEXT),
    EventField(
        "outlook",
        one_object("active_substance", "could_lead_to", "could_go_wrong", text_is="could_lead_to"),
    ),
    EventField("why_stopped", TEXT),
    EventField("phases", PHASES, example=["PHASE1", "PHASE2"]),
    EventField("enrollment", ENROLLMENT, example={"count": 32, "type": "ACTUAL"}),
    EventField("start_date", DATED, example={"date": "2021-03-04", "type": "ACTUAL"}),
    EventField("primary_completion_date", DATED, example={"date": "2026-12", "type": "ESTIMATED"}),
    EventField("completion_date", DATED),
    EventField(
        "eligibility",
        object_with(
            EventField("minimum_age", TEXT, example="1 Year"),
            EventField("maximum_age", TEXT, example="25 Years"),
            EventField("sex", ENUMERATED, example="ALL"),
            EventField("healthy_volunteers", FLAG),
            EventField("criteria", TEXT),
        ),
    ),
    EventField("interventions", objects("name", "type")),
    EventField("primary_outcomes", objects("measure", "time_frame")),
    EventField("has_results", FLAG),
    EventField("sponsor", TEXT),
    EventField("contacts", objects("name", "phone", "email")),
    EventField(
        "locations", LOCATIONS, "Each site; its contact is a text or an object with name, phone and email."
    ),
    EventField("study_type", ENUMERATED, example="INTERVENTIONAL"),
    EventField("allocation", ENUMERATED, example="RANDOMIZED"),
    EventField("masking", ENUMERATED, example="DOUBLE"),
    EventField("arms", ARMS, "Study groups; their interventions are names, or objects with a name."),
    EventField(
        "expanded_access",
        object_with(EventField("available", FLAG), EventField("trial_id", TEXT)),
        "Whether the treatment can be had outside the study, and the record of that.",
    ),
    EventField("acronym", TEXT),
    EventField("aliases", TEXTS, "Older numbers of the same trial."),
    EventField("keywords", TEXTS),
    EventField("collaborators", TEXTS),
    EventField("verified_date", DATE, example="2026-06"),
    EventField("registry_url", OPTIONAL_URL),
    EventField("results_url", OPTIONAL_URL),
    EventField("plain_results_url", OPTIONAL_URL),
    EventField("registrant_conditions", TEXTS),
    EventField("registry_first_posted", DATE, example="2021-03-08"),
    EventField("registry_last_updated", DATE, example="2025-12-02"),
    EventField("first_seen", DATE, example="2026-06-27"),
)

#: `trial.removed`.
REMOVED = (*_TRIAL, _REVISION, EventField("explanation", TEXT))

#: `trial.merged`.
MERGED = (
    *_TRIAL,
    _REVISION,
    EventField("into", TRIAL_NUMBER, "The number of the trial that it is part of now.", required=True),
)

#: `condition.upserted`.
CONDITION = (
    EventField("id", REQUIRED_TEXT, required=True, example="MONDO:0004967"),
    EventField("name", REQUIRED_TEXT, required=True, example="acute lymphoblastic leukemia"),
    EventField("synonyms", SYNONYMS, "Names, or objects with a scope as in OBO: EXACT, if absent."),
    EventField("parents", TEXTS, "The ids of the terms directly above it."),
    EventField("xrefs", TEXTS, "The ids of the same condition in other ontologies."),
    EventField("replaced_by", TEXT, "The id of the term that replaced this obsolete one."),
    EventField("followable", FLAG, "false: too broad to subscribe to. Absent: true."),
)

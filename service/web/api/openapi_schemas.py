"""What the API takes, as JSON Schema for the OpenAPI document: bodies that handlers read by themselves."""

from typing import Any

from service.domain.digests.schedule import Frequency
from service.domain.trials.change import Kind

Schema = dict[str, Any]


def _text(words: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": words} if words else {}), **more}


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "required": required, "properties": properties}


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _maybe(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def reference(name: str) -> Schema:
    """A schema of the document by name."""
    return {"$ref": f"#/components/schemas/{name}"}


_PROBLEM = _object(
    ["type", "title", "status", "detail"],
    type=_text(),
    title=_text(),
    status={"type": "integer"},
    detail=_text("One sentence: what was wrong and what to do."),
    errors=_list(_object(["message"], field=_text(), message=_text())),
)

_SIGN_UP = _object(
    ["email", "topic", "accept_terms", "terms_version"],
    email=_text(examples=["anna@example.org"]),
    topic=_list(
        _text("trial:NCT…, or condition: with a slug, a name or an id."),
        minItems=1,
        maxItems=20,
        examples=[["trial:NCT04787263", "condition:acute-lymphoblastic-leukemia"]],
    ),
    accept_terms={"type": "boolean"},
    terms_version=_text("The version that the form showed (GET /v1/terms)."),
    frequency=_text(enum=[str(frequency) for frequency in Frequency], default=str(Frequency.WEEKLY)),
    locale=_text("BCP 47."),
    timezone=_text("IANA name; one that is not known is taken as UTC.", default="UTC"),
    filters={
        "type": "object",
        "description": "What of these topics matters; what is left out, or empty, lets everything through.",
        "properties": {
            "countries": _list(_text("An ISO 3166 code or a name.")),
            "only_open": {"type": "boolean", "description": "Only studies that take participants."},
            "age": {"type": "integer", "minimum": 0, "maximum": 130, "description": "In completed years."},
            "kinds": _list(
                _text(enum=[str(kind) for kind in Kind]),
                description="Only this news. Of a condition: new_for_condition (new studies) and "
                "now_recruiting (known studies that start, or start again, to take participants); of a "
                "study: all others. That a study was removed or merged is always told.",
            ),
        },
    },
    return_to=_text("A page of an allowed origin (forms)."),
    challenge=_text("The solved proof of work, when one is asked for (GET /v1/challenge)."),
    website=_text("Honeypot: must be empty."),
)

_MOMENT = _maybe(_object(["date"], date=_text("YYYY-MM-DD or YYYY-MM."), type=_maybe(_text())))
_CONDITION = _object(["name"], id=_maybe(_text(examples=["MONDO:0004967"])), name=_text())
_LOCATION = _object(
    [],
    **{name: _maybe(_text()) for name in ("facility", "city", "region", "postal_code", "country", "status")},
)

_TRIAL = _object(
    ["nct_id", "revision", "url", "title", "status", "conditions"],
    nct_id=_text(pattern="^NCT[0-9]{8}$"),
    revision={"type": "integer", "description": "Rises with each observation of the trial."},
    notify=_text("suppress: known, told to nobody.", enum=["allow", "suppress"], default="allow"),
    reason=_text(
        "Only registry and correction are ever told.",
        enum=["registry", "backfill", "reingest", "remapped", "rewritten", "correction"],
        default="registry",
    ),
    url=_text(format="uri"),
    title=_text(),
    official_title=_maybe(_text()),
    summary=_maybe(_text()),
    outlook=_maybe({"type": "object"}),
    status=_text("The registry's enumeration; an unknown one is told as it stands."),
    why_stopped=_maybe(_text()),
    phases=_maybe(_list(_text())),
    enrollment=_maybe({"type": "object"}),
    start_date=_MOMENT,
    primary_completion_date=_MOMENT,
    completion_date=_MOMENT,
    eligibility=_maybe({"type": "object"}),
    interventions=_maybe(_list({"type": "object"})),
    primary_outcomes=_maybe(_list({"type": "object"})),
    has_results=_maybe({"type": "boolean"}),
    sponsor=_maybe(_text()),
    contacts=_maybe(_list({"type": "object"})),
    locations=_maybe(_list(_LOCATION)),
    conditions=_list(_CONDITION),
    registrant_conditions=_maybe(_list(_text())),
    registry_first_posted=_maybe(_text()),
    registry_last_updated=_maybe(_text()),
    first_seen=_maybe(_text()),
)

_REMOVED = _object(["nct_id", "revision"], nct_id=_text(), revision={"type": "integer"}, explanation=_text())
_MERGED = _object(["nct_id", "revision", "into"], nct_id=_text(), revision={"type": "integer"}, into=_text())
_CONDITION_TOLD = _object(
    ["id", "name"],
    id=_text(),
    name=_text(),
    synonyms=_list(_text()),
    parents=_list(_text()),
    followable={"type": "boolean", "default": True},
)


def _event(type_: str, data: str) -> Schema:
    return _object(
        ["specversion", "id", "source", "type", "subject", "data"],
        specversion={"const": "1.0"},
        id=_text(),
        source=_text(),
        type={"const": type_},
        subject=_text("The NCT id or the condition's id."),
        time=_text("When the ingestor observed it.", format="date-time"),
        data=reference(data),
    )


SCHEMAS: dict[str, Schema] = {
    "Problem": _PROBLEM,
    "SignUp": _SIGN_UP,
    "Trial": _TRIAL,
    "TrialRemoved": _REMOVED,
    "TrialMerged": _MERGED,
    "Condition": _CONDITION_TOLD,
    "TrialUpsertedEvent": _event("trial.upserted", "Trial"),
    "TrialRemovedEvent": _event("trial.removed", "TrialRemoved"),
    "TrialMergedEvent": _event("trial.merged", "TrialMerged"),
    "ConditionUpsertedEvent": _event("condition.upserted", "Condition"),
    "Event": {
        "oneOf": [reference(f"{name}Event") for name in ("TrialUpserted", "TrialRemoved", "TrialMerged")]
    },
}
SCHEMAS["Event"]["oneOf"].append(reference("ConditionUpsertedEvent"))

_EVENT_BODIES = {
    "application/cloudevents+json": {"schema": reference("Event")},
    "application/cloudevents-batch+json": {"schema": _list(reference("Event"), maxItems=1000)},
}

#: The bodies of operations that read them by themselves, by method and path.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/v1/subscriptions"): {
        "application/json": {"schema": reference("SignUp")},
        "application/x-www-form-urlencoded": {"schema": reference("SignUp")},
        "multipart/form-data": {"schema": reference("SignUp")},
    },
    ("post", "/v1/events"): _EVENT_BODIES,
    ("post", "/v1/feedback"): {"message/rfc822": {"schema": _text("One raw message.")}},
}

_SIGNED = [
    {"name": name, "in": "header", "required": True, "schema": _text(words)}
    for name, words in (
        ("webhook-id", "The same for every repetition of a request."),
        ("webhook-timestamp", "Seconds since 1970; five minutes either way are taken."),
        ("webhook-signature", "v1, then base64 of the HMAC-SHA256 over id.timestamp.body."),
    )
]

#: Headers of operations that read them by themselves.
PARAMETERS: dict[tuple[str, str], list[dict[str, Any]]] = {("post", "/v1/events"): _SIGNED}


def webhooks() -> dict[str, Any]:
    """What the ingestor sends, as the webhooks section of OpenAPI 3.1."""
    words = {
        "trial.upserted": ("TrialUpsertedEvent", "The whole trial as it is now, never a difference."),
        "trial.removed": ("TrialRemovedEvent", "A trial is gone: followers are told once."),
        "trial.merged": (
            "TrialMergedEvent",
            "A trial is another one: its followers follow that from then on.",
        ),
        "condition.upserted": (
            "ConditionUpsertedEvent",
            "A condition with its names and what stands above it.",
        ),
    }
    return {
        name: {
            "post": {
                "summary": summary,
                "description": "Sent to POST /v1/events, signed by Standard Webhooks.",
                "parameters": _SIGNED,
                "requestBody": {
                    "required": True,
                    "content": {"application/cloudevents+json": {"schema": reference(schema)}},
                },
                "responses": {"202": {"description": "Stored durably; processing follows."}},
            }
        }
        for name, (schema, summary) in words.items()
    }

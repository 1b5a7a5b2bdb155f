"""JSON Schemas for the OpenAPI document, of bodies and headers that handlers read by themselves."""

from typing import Any

from service.domain.digests.run import CancelledNews
from service.domain.json_schema import Schema, list_of, object_of, text, whole_number
from service.domain.trials.events import fields as event_fields
from service.domain.trials.events.types import EventField, schema_of
from service.web.http.problems import PROBLEM_JSON
from service.web.site.signup_fields import FORM_SCHEMA, JSON_SCHEMA


def reference(name: str) -> Schema:
    """A schema of the document by name."""
    return {"$ref": f"#/components/schemas/{name}"}


_PROBLEM = object_of(
    {
        "type": text(),
        "title": text(),
        "status": whole_number(),
        "detail": text("One sentence: what was wrong and what to do."),
        "errors": list_of(object_of({"field": text(), "message": text()}, ("message",))),
    },
    ("type", "title", "status", "detail"),
)

#: The data of events, by the type of event and the name of its schema.
_EVENT_DATA: dict[str, tuple[str, tuple[EventField, ...]]] = {
    "trial.upserted": ("Trial", event_fields.TRIAL),
    "trial.removed": ("TrialRemoved", event_fields.REMOVED),
    "trial.merged": ("TrialMerged", event_fields.MERGED),
    "condition.upserted": ("Condition", event_fields.CONDITION),
}


def _event(type_: str, data: str) -> Schema:
    properties: dict[str, Schema] = {
        "specversion": {"const": "1.0"},
        "id": text(),
        "source": text(),
        "type": {"const": type_},
        "subject": text("The trial's number or the condition's id."),
        "time": text("When the ingestor observed it.", format="date-time"),
        "data": reference(data),
    }
    return object_of(properties, ("specversion", "id", "source", "type", "subject", "data"))


def _data_schema(fields: tuple[EventField, ...]) -> Schema:
    """The schema of an event's data; that of a trial requires its number."""
    schema = schema_of(fields)
    if "trial_id" in schema["properties"]:
        schema["anyOf"] = [{"required": ["nct_id"]}, {"required": ["trial_id"]}]
    return schema


def _event_name(type_: str) -> str:
    return "".join(part.capitalize() for part in type_.split(".")) + "Event"


SCHEMAS: dict[str, Schema] = {
    "Problem": _PROBLEM,
    "Cancellation": object_of(
        {
            "news": text(
                "What becomes of the run's changes: the next digests report them, or none.",
                enum=[*CancelledNews],
            )
        },
        ("news",),
    ),
    "SignUp": JSON_SCHEMA,
    "SignUpForm": FORM_SCHEMA,
    **{name: _data_schema(fields) for name, fields in _EVENT_DATA.values()},
    **{_event_name(type_): _event(type_, name) for type_, (name, _) in _EVENT_DATA.items()},
    "Event": {"oneOf": [reference(_event_name(type_)) for type_ in _EVENT_DATA]},
}


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


_TOPIC = object_of(
    {"key": text(), "name": text(), "kind": text(), "parent": text("A broader condition.")},
    ("key", "name", "kind"),
)

_EVENT_BODIES = {
    "application/cloudevents+json": {"schema": reference("Event")},
    "application/cloudevents-batch+json": {"schema": list_of(reference("Event"), maxItems=1000)},
    "application/json": {"schema": {"anyOf": [reference(name) for name, _ in _EVENT_DATA.values()]}},
}

_WEBHOOK: Schema = {
    "type": ["object", "array"],
    "description": "What Amazon SNS, Postmark, SendGrid, Mailgun or Brevo send, signed as they document it.",
}

#: The bodies of operations that read them by themselves, by method and path.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/v1/subscriptions"): {
        "application/json": {"schema": reference("SignUp")},
        "application/x-www-form-urlencoded": {"schema": reference("SignUpForm")},
        "multipart/form-data": {"schema": reference("SignUpForm")},
    },
    ("post", "/v1/events"): _EVENT_BODIES,
    ("post", "/v1/feedback"): {"message/rfc822": {"schema": text("One raw message.")}},
    ("post", "/v1/feedback/{provider}"): {"application/json": {"schema": _WEBHOOK}},
}

PROBLEM: dict[str, Any] = {
    "description": "A problem: what was wrong and what to do.",
    "content": {PROBLEM_JSON: {"schema": reference("Problem")}},
}

#: Answers that handlers make by themselves, by method and path; those of the framework are the others'.
RESPONSES: dict[tuple[str, str], dict[str, dict[str, Any]]] = {
    ("get", "/metrics"): {
        "200": {"description": "The figures.", "content": {"text/plain": {"schema": text()}}},
    },
    ("get", "/v1/topics"): {
        "200": {"description": "Topics, the best first.", "content": _json(list_of(_TOPIC))},
    },
    ("post", "/v1/subscriptions"): {
        "202": {
            "description": "The same for every address.",
            "content": _json(object_of({"status": {"const": "confirmation_pending"}}, ("status",))),
        },
        "303": {
            "description": "To a form: return_to, or the page /subscribe/sent.",
            "headers": {"Location": {"schema": text()}},
        },
        "default": {
            "description": "A problem, errors by field; to a form, the page with each error at its field.",
            "content": PROBLEM["content"] | {"text/html": {"schema": text()}},
        },
    },
}

_SIGNED = [
    {"name": name, "in": "header", "required": True, "schema": text(words)}
    for name, words in (
        ("webhook-id", "The same for every repetition of a request. svix-… are synonyms of all three."),
        ("webhook-timestamp", "Seconds since 1970; five minutes either way are taken."),
        ("webhook-signature", "v1, then base64 of the HMAC-SHA256 over id.timestamp.body."),
    )
]

_BINARY = [
    {"name": f"ce-{name}", "in": "header", "required": False, "schema": text(words)}
    for name, words in (
        ("specversion", "1.0. In binary mode the event's attributes are headers and its data is the body."),
        ("id", "Binary mode: the event's id."),
        ("source", "Binary mode: the event's source."),
        ("type", "Binary mode: the event's type."),
        ("subject", "Binary mode: the trial's number or the condition's id."),
        ("time", "Binary mode: when the ingestor observed it."),
    )
]
_COMPRESSED = {
    "name": "Content-Encoding",
    "in": "header",
    "required": False,
    "schema": text("gzip; the signature is over the body as sent, or as it was before."),
}

#: Headers of operations that read them by themselves.
PARAMETERS: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("post", "/v1/events"): [*_SIGNED, *_BINARY, _COMPRESSED]
}


def webhooks() -> dict[str, Any]:
    """The ingestor's webhooks, for the webhooks section of OpenAPI 3.1."""
    words = {
        "trial.upserted": "The whole trial as it is now, never a difference.",
        "trial.removed": "A trial is gone: followers are notified once.",
        "trial.merged": "A trial is another one: its followers follow that from then on.",
        "condition.upserted": "A condition with its names and what is directly above it.",
    }
    return {
        name: {
            "post": {
                "summary": summary,
                "description": "Sent to POST /v1/events, signed by Standard Webhooks.",
                "parameters": _SIGNED,
                "requestBody": {
                    "required": True,
                    "content": {"application/cloudevents+json": {"schema": reference(_event_name(name))}},
                },
                "responses": {"202": {"description": "Stored durably; processing follows."}},
            }
        }
        for name, summary in words.items()
    }

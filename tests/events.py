"""Events as the ingestor sends them, for the tests: made, signed and posted."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any

import httpx

from service.crypto.webhook_signatures import sign

SECRET = "whsec_dGVzdC13ZWJob29rLXNlY3JldC0yNC1ieXRlcw=="
ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LEUKEMIA = {"id": "MONDO:0005059", "name": "leukemia"}
ALL = {"id": "MONDO:0004967", "name": "acute lymphoblastic leukemia"}


def event(kind: str, subject: str, data: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """A CloudEvent of a type with its data."""
    return {
        "specversion": "1.0",
        "id": secrets.token_hex(8),
        "source": "https://ingest.example.org",
        "type": kind,
        "subject": subject,
        "time": "2026-07-01T08:00:00Z",
        "data": data,
    } | attributes


def upserted(nct_id: str, revision: float, **fields: Any) -> dict[str, Any]:
    """A recruiting study of leukaemia as it is at `revision`."""
    attributes = {name: fields.pop(name) for name in ("time", "id", "source") if name in fields}
    data = {
        "nct_id": nct_id,
        "revision": revision,
        "url": f"https://www.example.org/trials/{nct_id}",
        "title": f"Study {nct_id}",
        "status": "RECRUITING",
        "conditions": [ALL],
        "registry_first_posted": "2026-06-01",
    }
    return event("trial.upserted", nct_id, data | fields, **attributes)


def removed(nct_id: str, revision: int, explanation: str | None = None) -> dict[str, Any]:
    """The trial taken away."""
    data = {"nct_id": nct_id, "revision": revision, "explanation": explanation}
    return event("trial.removed", nct_id, data)


def merged(nct_id: str, revision: int, into: str) -> dict[str, Any]:
    """The trial continued under another id."""
    return event("trial.merged", nct_id, {"nct_id": nct_id, "revision": revision, "into": into})


def condition(key: str, name: str, parents: list[str], **fields: Any) -> dict[str, Any]:
    """A condition with what stands directly above it."""
    attributes = {name: fields.pop(name) for name in ("time",) if name in fields}
    data = {"id": key, "name": name, "parents": parents} | fields
    return event("condition.upserted", key, data, **attributes)


def signed(body: bytes, **changes: str | None) -> dict[str, str]:
    """The headers of a request; `changes` replace some (None: left out)."""
    headers: dict[str, str | None] = {
        "content-type": BATCH,
        **sign(SECRET, "msg_" + secrets.token_hex(8), datetime.now(UTC), body),
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    return {name: value for name, value in headers.items() if value is not None}


async def post(client: httpx.AsyncClient, *events: dict[str, Any], **changes: str | None) -> httpx.Response:
    """Posts the events as one signed batch."""
    body = json.dumps(events).encode()
    return await client.post("/v1/events", content=body, headers=signed(body, **changes))

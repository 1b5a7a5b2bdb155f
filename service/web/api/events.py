"""`POST /v1/events`: the ingestor's webhooks, verified, checked and stored before they are answered."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, post

from service import json_text
from service.actions import events
from service.actions.events import TooManyWaiting
from service.crypto.webhook_signatures import InvalidSignature, read_signature_headers, verify
from service.domain.trials.cloudevents import NotCloudEvent, read_envelope, read_event
from service.domain.trials.snapshot import InvalidSnapshot
from service.web.api import metrics
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LARGEST_BODY = 16 * 1024 * 1024
LARGEST_BATCH = 1000

#: Seconds after which a sender may try again while too many events wait.
_SLOWER_SECONDS = 30

#: How far the ingestor's clock may be ahead. A far-off time would make a condition unchangeable until then.
_AHEAD = timedelta(days=1)

_raw_event = msgspec.json.Decoder(msgspec.Raw)
_raw_batch = msgspec.json.Decoder(list[msgspec.Raw])
_anything = msgspec.json.Decoder()


class Taken(msgspec.Struct, frozen=True):
    """How many events were stored, were known already, and are of a type that nobody here knows."""

    accepted: int
    duplicates: int
    ignored: int


@post(
    "/v1/events",
    status_code=202,
    request_max_body_size=LARGEST_BODY,
    summary="Take in change events (CloudEvents 1.0, signed by Standard Webhooks)",
)
async def take_events(request: Request[Any, Any, Any], system: OpenSystem) -> Taken:
    """Answers when the events are stored durably; a worker processes them later."""
    try:
        read_signature_headers(request.headers)  # an unsigned body is not even read
        body = await request.body()
        webhook_id = verify(request.headers, body, system.settings.webhook_secrets)
    except InvalidSignature as problem:
        raise Problem(401, str(problem)) from None
    texts = _texts(request.headers.get("content-type", ""), body)
    now = datetime.now(UTC)
    rows = _rows(texts, now)
    if not rows:
        return Taken(accepted=0, duplicates=0, ignored=len(texts))
    try:
        accepted = await events.accept(system, webhook_id, rows, now)
    except TooManyWaiting:
        raise Problem(
            429, "Too many events wait to be processed.", headers={"Retry-After": str(_SLOWER_SECONDS)}
        ) from None
    metrics.EVENTS.inc(accepted)
    return Taken(accepted=accepted, duplicates=len(rows) - accepted, ignored=len(texts) - len(rows))


def _texts(content_type: str, body: bytes) -> Sequence[msgspec.Raw]:
    """The JSON text of each event."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in (ONE, BATCH):
        raise Problem(415, f"Events are taken as {ONE} or {BATCH}.")
    try:
        if media_type == ONE:
            return [json_text.decode(body, _raw_event)]
        texts: Sequence[msgspec.Raw] = json_text.decode(body, _raw_batch)
    except json_text.NOT_JSON:
        what = "JSON" if media_type == ONE else "a JSON array of events"
        raise Problem(400, f"The body must be {what}.") from None
    if len(texts) > LARGEST_BATCH:
        raise Problem(413, f"A batch holds {LARGEST_BATCH} events at most.")
    return texts


def _rows(texts: Sequence[msgspec.Raw], now: datetime) -> list[dict[str, Any]]:
    """The events of known types as rows. One bad event refuses all: nothing of the batch is stored."""
    rows: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for index, text in enumerate(texts):
        try:
            event = _anything.decode(text)
            envelope = read_envelope(event)
            if envelope.known and envelope.time and envelope.time > now + _AHEAD:
                errors.append(_error(index, envelope.id, "time", "is more than a day ahead"))
            elif envelope.known:
                rows.append(events.row_of(read_event(envelope, event), bytes(text).decode(), now))
        except json_text.NOT_JSON:
            raise Problem(
                400, "The body must be JSON.", errors=[_error(index, None, "", "is no JSON")]
            ) from None
        except NotCloudEvent as problem:
            error = _error(index, None, "", str(problem))
            raise Problem(400, "The body must hold CloudEvents 1.0.", errors=[error]) from None
        except InvalidSnapshot as invalid:
            errors.extend(_error(index, envelope.id, *problem) for problem in invalid.problems)
    if errors:
        raise Problem(422, "Some events are invalid; nothing of the batch was stored.", errors=errors)
    return rows


def _error(index: int, event_id: str | None, field: str, message: str) -> dict[str, Any]:
    return {"index": index, "id": event_id, "field": field, "message": message}

"""`POST /v1/events`: verifies, validates and stores the ingestor's webhooks before answering."""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, post, route

from service.actions import events
from service.actions.events import TooManyWaiting
from service.crypto.webhook_signatures import (
    InvalidSignature,
    MalformedSignature,
    OutOfTime,
    SignatureMismatch,
    read_signature_headers,
    verify,
)
from service.domain.trials.events.cloudevents import NotCloudEvent, read_envelope, read_event
from service.domain.trials.events.snapshot import InvalidSnapshot
from service.runtime import json_text
from service.web.api.event_bodies import LARGEST_BODY, decompressed, is_compressed, read_texts, with_data
from service.web.http import counters, refused_events
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem
from service.web.http.refused_events import EventRefusalReason

#: Seconds of Retry-After while too many events are unprocessed.
_SLOWER_SECONDS = 30

#: The greatest lead of the ingestor's clock. A later time would prevent changes of a condition until then.
_AHEAD = timedelta(days=1)

#: Why a request is refused for its signature.
_REASONS = {
    InvalidSignature: EventRefusalReason.UNSIGNED,
    MalformedSignature: EventRefusalReason.SIGNATURE,
    SignatureMismatch: EventRefusalReason.SIGNATURE,
    OutOfTime: EventRefusalReason.TIME,
}

#: Of an answer 401: the scheme by which a request proves its sender (RFC 9110, 11.6.1).
_SIGN = {"WWW-Authenticate": 'StandardWebhooks realm="events"'}

_anything = msgspec.json.Decoder()


class Received(msgspec.Struct, frozen=True):
    """The numbers of stored, duplicate and unknown-type events."""

    accepted: int
    duplicates: int
    ignored: int


@post(
    "/v1/events",
    status_code=202,
    request_max_body_size=LARGEST_BODY,
    summary="Take in change events (CloudEvents 1.0, signed by Standard Webhooks)",
)
async def receive_events(request: Request[Any, Any, Any], system: OpenSystem) -> Received:
    """Answers once the events are stored durably; a worker processes them later."""
    try:
        webhook_id, body = await _verified_body(request, system.settings.webhook_secrets, system.now())
    except InvalidSignature as problem:
        reason = _REASONS[type(problem)]
        counters.EVENTS_REFUSED.labels(reason).inc()
        if reason != EventRefusalReason.UNSIGNED:
            await refused_events.record(request, system, reason)
        raise Problem(401, str(problem), headers=_SIGN) from None
    texts = read_texts(request.headers, body)
    now = system.now()
    rows = _rows(texts, now)
    if not rows:
        return Received(accepted=0, duplicates=0, ignored=len(texts))
    try:
        accepted = await events.accept(system, webhook_id, rows, now)
    except TooManyWaiting:
        raise Problem(
            429, "Too many events wait to be processed.", headers={"Retry-After": str(_SLOWER_SECONDS)}
        ) from None
    counters.EVENTS.inc(accepted)
    return Received(accepted=accepted, duplicates=len(rows) - accepted, ignored=len(texts) - len(rows))


async def _verified_body(
    request: Request[Any, Any, Any], secrets: Sequence[str], now: datetime
) -> tuple[str, bytes]:
    """The webhook-id and the body, decompressed, of a signed request. Raises InvalidSignature.

    The signature of a compressed body may cover either form, since the library that signs may be unaware of
    an HTTP client that compresses.
    """
    headers = request.headers
    read_signature_headers(headers, now)  # before the body is read
    compressed = is_compressed(headers)
    body = await request.body()
    if not compressed:
        return verify(headers, body, secrets, now), body
    try:
        webhook_id = verify(headers, body, secrets, now)
    except InvalidSignature:
        inner = await asyncio.to_thread(decompressed, body, trusted=False)
        return verify(headers, inner, secrets, now), inner
    return webhook_id, await asyncio.to_thread(decompressed, body, trusted=True)


def _rows(texts: Sequence[bytes | msgspec.Raw], now: datetime) -> list[dict[str, Any]]:
    """The events of known types as rows. One invalid event makes the whole batch fail."""
    rows: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for index, text in enumerate(texts):
        try:
            sent, text = _decoded(text)
            event = with_data(sent)
            envelope = read_envelope(event)
            if envelope.known and envelope.time and envelope.time > now + _AHEAD:
                errors.append(_error(index, envelope.id, "time", "is more than a day ahead"))
            elif envelope.known:
                stored = text if event is sent else msgspec.json.encode(event)
                rows.append(events.row_of(read_event(envelope, event), stored.decode(), now))
        except json_text.NOT_JSON:
            readable = json_text.decode_any_numbers(bytes(text))
            if readable is None:
                raise Problem(
                    400, "The body must be JSON.", errors=[_error(index, None, "", "is no JSON")]
                ) from None
            message = "A number in it is too large."
            errors.append(_error(index, _given_id(readable), "", message))
        except NotCloudEvent as problem:
            error = _error(index, _given_id(sent), "", str(problem))
            raise Problem(400, "The body must hold CloudEvents 1.0.", errors=[error]) from None
        except InvalidSnapshot as invalid:
            errors.extend(_error(index, envelope.id, *problem) for problem in invalid.problems)
    if errors:
        raise Problem(422, "Some events are invalid; nothing of the batch was stored.", errors=errors)
    return rows


def _decoded(text: bytes | msgspec.Raw) -> tuple[Any, bytes]:
    """An event and its text. Raises one of json_text.NOT_JSON.

    Reading a batch does not look into its texts: half of an emoji in bytes of its own is only found here.
    """
    octets = bytes(text)
    try:
        return _anything.decode(octets), octets
    except (msgspec.DecodeError, UnicodeDecodeError):
        repaired = json_text.repaired(octets)
        return _anything.decode(repaired), repaired


def _given_id(event: Any) -> str | None:
    """The id of an event whose envelope is invalid, where it has one."""
    given = event.get("id") if isinstance(event, dict) else None
    return given if isinstance(given, str) and given.strip() else None


def _error(index: int, event_id: str | None, field: str, message: str) -> dict[str, Any]:
    """One reason why an event is refused, by field and message, and as a sentence of its own."""
    reason = f"{field} {message}." if field else message
    return {"index": index, "id": event_id, "field": field, "message": message, "reason": reason}


_ORIGIN = re.compile(r"[\x21-\x7e]{1,255}")
_RATE = re.compile(r"[1-9][0-9]{0,8}")


@route("/v1/events", http_method="OPTIONS", status_code=200, include_in_schema=False)
async def handshake(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Grants a sender's request (HTTP 1.1 Web Hooks for Event Delivery §4); events are signed anyway.

    The answer grants it; `WebHook-Request-Callback` is not called.
    """
    headers = {"Allow": "OPTIONS, POST"}
    origin = request.headers.get("webhook-request-origin", "")
    if _ORIGIN.fullmatch(origin):
        rate = request.headers.get("webhook-request-rate", "")
        headers |= {
            "WebHook-Allowed-Origin": origin,
            "WebHook-Allowed-Rate": rate if _RATE.fullmatch(rate) else "*",
        }
    return Response(b"", headers=headers)

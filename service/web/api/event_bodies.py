"""Decodes CloudEvents 1.0 from HTTP requests: structured, batched and binary mode, optionally compressed.

Covers the HTTP binding and the JSON format of CloudEvents; the events' data is validated elsewhere.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from service.domain.trials.events.cloudevents import NotCloudEvent, is_known_type
from service.runtime import json_text
from service.web.http.problems import Problem

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LARGEST_BODY = 16 * 1024 * 1024
LARGEST_BATCH = 1000

#: Maximum ratio of decompression before the signature is verified.
_MOST_EXPANSION = 100

_GZIP = 16 + zlib.MAX_WBITS
_CODINGS = ("gzip", "x-gzip")
_JSON_TYPE = re.compile(r"(?:application|text)/(?:[\w.!#$&^-]+\+)?json")
_ATTRIBUTE = re.compile(r"[a-z0-9]{1,64}")
#: Any of these headers indicates an event.
_BINARY = ("ce-specversion", "ce-id", "ce-source", "ce-type")
#: Attributes that only the JSON format has, and the one that is Content-Type in binary mode.
_NOT_HEADERS = frozenset({"data", "data_base64", "datacontenttype"})

_raw = msgspec.json.Decoder(msgspec.Raw)
_raw_batch = msgspec.json.Decoder(list[msgspec.Raw])
_anything = msgspec.json.Decoder()


class TooLarge(Problem):
    """A body that is, or becomes, larger than LARGEST_BODY."""

    def __init__(self) -> None:
        super().__init__(
            413, f"The body of the request is too large: {LARGEST_BODY} bytes are the most, decompressed."
        )


def is_compressed(headers: Mapping[str, str]) -> bool:
    """Whether the body is compressed by gzip. Raises Problem for another coding (RFC 9110 §8.4.1)."""
    coding = headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        return False
    if coding not in _CODINGS:
        problem = "Content-Encoding must be gzip, if the body is compressed at all."
        raise Problem(415, problem, headers={"Accept-Encoding": "gzip"})
    return True


def decompressed(body: bytes, *, trusted: bool) -> bytes:
    """The decompressed `body`, at most LARGEST_BODY bytes.

    A body that is not `trusted`, its signature not yet verified, may expand a hundredfold at most. Raises a
    Problem for a larger one (413), and unless it is a single gzip member (400).
    """
    most = LARGEST_BODY if trusted else min(LARGEST_BODY, len(body) * _MOST_EXPANSION)
    reader = zlib.decompressobj(_GZIP)
    try:
        text = reader.decompress(body, most + 1)
    except zlib.error:
        raise _not_gzip() from None
    if len(text) > most:
        raise TooLarge if most == LARGEST_BODY else _expands_too_much()
    if not reader.eof or reader.unused_data:
        raise _not_gzip()
    return text


def _expands_too_much() -> Problem:
    return Problem(
        413,
        f"The body expands more than {_MOST_EXPANSION} times, which is read only where the signature covers "
        "the compressed body: sign that, or send it uncompressed.",
    )


def _not_gzip() -> Problem:
    return Problem(400, "The body must be one whole gzip member, as Content-Encoding says.")


def read_texts(headers: Mapping[str, str], body: bytes) -> Sequence[bytes | msgspec.Raw]:
    """The JSON text of each event in a body. Raises Problem."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == BATCH:
        texts: list[msgspec.Raw] = _decoded(body, _raw_batch, "a JSON array of events")
        if len(texts) > LARGEST_BATCH:
            raise Problem(413, f"A batch holds {LARGEST_BATCH} events at most.")
        return texts
    if media_type == ONE:
        return [_decoded(body, _raw, "JSON")]
    if not media_type.startswith("application/cloudevents") and any(name in headers for name in _BINARY):
        return [_binary(headers, media_type, body)]
    raise Problem(
        415, f"Events are taken as {ONE} or {BATCH}, or in binary mode with ce- headers and JSON as data."
    )


def _binary(headers: Mapping[str, str], media_type: str, body: bytes) -> bytes:
    """An event in binary mode (HTTP protocol binding §3.1): attributes as headers, its data as the body."""
    attributes = {
        name.removeprefix("ce-"): _header_value(value)
        for name, value in headers.items()
        if name.startswith("ce-") and _ATTRIBUTE.fullmatch(name.removeprefix("ce-"))
    }
    event = {name: value for name, value in attributes.items() if name not in _NOT_HEADERS}
    if body and is_known_type(event.get("type")):
        if media_type and not _JSON_TYPE.fullmatch(media_type):
            raise Problem(415, "The data of an event must be JSON: Content-Type application/json.")
        return msgspec.json.encode(event | {"data": _decoded(body, _raw, "JSON")})
    return msgspec.json.encode(event)


_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def _header_value(value: str) -> str:
    """An attribute from its header: unquoted, and percent-decoded as UTF-8 (§3.1.3.2)."""
    if quoted := _QUOTED.fullmatch(value.strip()):
        value = re.sub(r"\\(.)", r"\1", quoted[1])
    # Some clients send UTF-8 unencoded; the server decodes each byte as one character.
    return unquote_to_bytes(value.encode("latin-1", "replace")).decode("utf-8", "replace")


def with_data(event: Any) -> Any:
    """The event with its `data_base64` (JSON event format §3.1.1) read as `data`.

    Raises NotCloudEvent if it is not base64, not JSON, or if there is also `data`.
    """
    if not isinstance(event, dict) or "data_base64" not in event or not is_known_type(event.get("type")):
        return event
    if "data" in event:
        raise NotCloudEvent("data and data_base64 exclude each other.")
    try:
        data = json_text.decode(base64.b64decode(event["data_base64"], validate=True), _anything)
    except (TypeError, ValueError, binascii.Error, *json_text.NOT_JSON):
        raise NotCloudEvent("data_base64 must be JSON in base64.") from None
    return {name: value for name, value in event.items() if name != "data_base64"} | {"data": data}


def _decoded(body: bytes, decoder: msgspec.json.Decoder[Any], what: str) -> Any:
    try:
        return json_text.decode(body, decoder)
    except json_text.NOT_JSON:
        raise Problem(400, f"The body must be {what}.") from None

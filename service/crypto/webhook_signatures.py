"""Standard Webhooks signatures: signing and verification."""

import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.secret_values import webhook_key

_ID = re.compile(r"[\x21-\x7e]{1,255}")
_SECONDS = re.compile(r"[0-9]{1,20}", re.ASCII)
_SIGNATURE = re.compile(r"v1,[A-Za-z0-9+/]{43}=")
_MOST_SIGNATURES = 20
_TOLERANCE = 5 * 60


class InvalidSignature(ValueError):
    """The signature is missing, wrong, or outside the time tolerance; the message says which."""


class SignatureMismatch(InvalidSignature):
    """There is a signature, and it is wrong or outside the time tolerance."""

    def __init__(self) -> None:
        super().__init__("The signature does not match, or its time is more than five minutes off.")


class MalformedSignature(InvalidSignature):
    """The headers are there, and one is not in the standard's form."""

    def __init__(self) -> None:
        super().__init__(
            "The signature is not in the form of Standard Webhooks: webhook-timestamp in whole seconds, "
            "webhook-signature as v1, with 32 bytes in base64."
        )


class OutOfTime(SignatureMismatch):
    """It is outside the time tolerance; the message is that of any mismatch."""


@dataclass(frozen=True, slots=True)
class SignatureHeaders:
    """The parsed signature headers, not yet verified against the body."""

    webhook_id: str
    seconds: str
    signatures: tuple[bytes, ...]


def read_signature_headers(headers: Mapping[str, str], now: datetime) -> SignatureHeaders:
    """The signature headers of a request, before its body is read.

    Svix, where the standard comes from, names them `svix-…`: these are read where `webhook-id` is missing.
    Raises InvalidSignature if they are missing, malformed or outside the time tolerance.
    """
    prefix = "svix" if "svix-id" in headers and "webhook-id" not in headers else "webhook"
    webhook_id = headers.get(f"{prefix}-id", "")
    seconds = headers.get(f"{prefix}-timestamp", "")
    given = headers.get(f"{prefix}-signature", "")
    if not (webhook_id and seconds and given):
        raise InvalidSignature(
            "The headers webhook-id, webhook-timestamp and webhook-signature must be given."
        )
    signatures = tuple(
        base64.b64decode(part.removeprefix("v1,")) for part in given.split(" ") if _SIGNATURE.fullmatch(part)
    )[:_MOST_SIGNATURES]
    if not (_ID.fullmatch(webhook_id) and _SECONDS.fullmatch(seconds) and signatures):
        raise MalformedSignature
    if abs(now.timestamp() - int(seconds)) > _TOLERANCE:
        raise OutOfTime
    return SignatureHeaders(webhook_id, seconds, signatures)


def verify(headers: Mapping[str, str], body: bytes, secrets: Iterable[str], now: datetime) -> str:
    """The `webhook-id` of a request that any of `secrets` signed within the last or next five minutes.

    Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`; one of several signatures must match. Computed
    here over the bytes, since the library refuses bodies that are not UTF-8. Raises InvalidSignature.
    """
    claimed = read_signature_headers(headers, now)
    signed = b".".join((claimed.webhook_id.encode(), claimed.seconds.encode(), body))
    for secret in secrets:
        key = webhook_key(secret)
        expected = hmac.digest(key, signed, "sha256")
        if any(hmac.compare_digest(expected, signature) for signature in claimed.signatures):
            return claimed.webhook_id
    raise SignatureMismatch


def sign(secret: str, webhook_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The signature headers of `body` for a receiver who knows `secret`; `at` is aware.

    Raises ValueError if the secret is not in the standard's form.
    """
    seconds = str(int(at.timestamp()))
    signed = b".".join((webhook_id.encode(), seconds.encode(), body))
    signature = base64.b64encode(hmac.digest(webhook_key(secret), signed, "sha256")).decode()
    return {"webhook-id": webhook_id, "webhook-timestamp": seconds, "webhook-signature": f"v1,{signature}"}


def fresh_secret(randomness: bytes) -> str:
    """A secret in the standard's form, made of 24 to 64 random bytes."""
    return "whsec_" + base64.b64encode(randomness).decode()

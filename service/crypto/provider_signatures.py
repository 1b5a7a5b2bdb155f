"""Verifies the webhooks of mail providers, by the method that each documents."""

import base64
import binascii
import hmac
import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

#: Seconds for which providers repeat a webhook that was not accepted.
TOLERANCE = 24 * 3600

_AMAZON_HOST = re.compile(r"sns\.[a-z0-9-]{3,40}\.amazonaws\.com(?:\.cn)?")
_SNS_FIELDS = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
_SNS_FIELDS["UnsubscribeConfirmation"] = _SNS_FIELDS["SubscriptionConfirmation"]


class NotTheirs(ValueError):
    """The webhook is not signed as its provider documents it."""

    def __init__(self) -> None:
        super().__init__("The webhook is not signed as the provider documents it, or its time is far off.")


def check_shared_secret(authorization: str, secret: str) -> None:
    """Postmark and Brevo: HTTP Basic with `user:password`, or a bearer token. Raises NotTheirs."""
    scheme, _, sent = authorization.partition(" ")
    given = sent.strip().encode()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True)
        except binascii.Error:
            raise NotTheirs from None
    elif scheme.lower() != "bearer":
        raise NotTheirs
    if not hmac.compare_digest(given, secret.encode()):
        raise NotTheirs


def check_mailgun(signature: Mapping[str, Any], key: str) -> None:
    """Mailgun: HMAC-SHA256 over timestamp and token, in hexadecimal digits. Raises NotTheirs."""
    seconds, token, digest = (str(signature.get(name, "")) for name in ("timestamp", "token", "signature"))
    _check_time(seconds)
    expected = hmac.new(key.encode(), f"{seconds}{token}".encode(), "sha256").hexdigest()
    if not hmac.compare_digest(expected.encode(), digest.lower().encode()):
        raise NotTheirs


def check_sendgrid(headers: Mapping[str, str], body: bytes, key: str) -> None:
    """SendGrid: ECDSA with SHA-256 over timestamp and body; `key` is DER in base64. Raises NotTheirs."""
    seconds = headers.get("x-twilio-email-event-webhook-timestamp", "")
    _check_time(seconds)
    try:
        public = load_der_public_key(base64.b64decode(key))
        signature = base64.b64decode(headers.get("x-twilio-email-event-webhook-signature", ""), validate=True)
        if not isinstance(public, EllipticCurvePublicKey):
            raise NotTheirs
        public.verify(signature, seconds.encode() + body, ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, binascii.Error, ValueError):
        raise NotTheirs from None


def check_sns(message: Mapping[str, Any], certificate: bytes) -> None:
    """Amazon SNS: RSA over the named fields, by the certificate of `SigningCertURL`. Raises NotTheirs."""
    fields = _SNS_FIELDS.get(str(message.get("Type")), ())
    signed = "".join(f"{name}\n{message[name]}\n" for name in fields if message.get(name) is not None)
    digest = {"1": SHA1(), "2": SHA256()}.get(str(message.get("SignatureVersion")))  # noqa: S303  (version 1)
    try:
        loaded = x509.load_pem_x509_certificate(certificate)
        sent_at = datetime.fromisoformat(str(message.get("Timestamp")))
        signature = base64.b64decode(str(message.get("Signature")), validate=True)
        public = loaded.public_key()
        if not fields or digest is None or not isinstance(public, RSAPublicKey):
            raise NotTheirs
        if not loaded.not_valid_before_utc <= sent_at <= loaded.not_valid_after_utc:
            raise NotTheirs
        public.verify(signature, signed.encode(), PKCS1v15(), digest)
    except (InvalidSignature, binascii.Error, ValueError, TypeError):
        raise NotTheirs from None
    _check_time(str(int(sent_at.timestamp())))


def is_amazons(url: object) -> bool:
    """Whether a URL in a message leads to Amazon SNS: nothing else may be fetched."""
    try:
        parts = urlsplit(str(url))
        return (
            parts.scheme == "https"
            and parts.netloc == parts.hostname
            and bool(_AMAZON_HOST.fullmatch(parts.hostname or ""))
        )
    except ValueError:
        return False


def _check_time(seconds: str) -> None:
    if not re.fullmatch(r"[0-9]{1,12}", seconds, re.ASCII) or abs(time.time() - int(seconds)) > TOLERANCE:
        raise NotTheirs

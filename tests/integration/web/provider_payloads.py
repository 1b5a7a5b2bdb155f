"""Keys of our own making, and requests signed as each mail provider documents it."""

import base64
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

#: The key of a mail of bucket 1, which the digits 8988 carry.
KEY = "012345678988cdef0123456789abcdef"


MESSAGE_ID = f"<{KEY}@mail.example.org>"


TOPIC = "arn:aws:sns:eu-west-1:123456789012:feedback"


CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem"


BASIC = "hooks:a-password-of-the-webhooks"


MAILGUN_KEY = "key-of-mailgun-0123456789abcdef"


SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())


AMAZON_KEY = rsa.generate_private_key(65537, 2048)


def certificate(days: int = 30) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    start = datetime.now(UTC) - timedelta(days=60)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(AMAZON_KEY.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=60 + days))
        .sign(AMAZON_KEY, SHA256())
    )
    return built.public_bytes(Encoding.PEM)


SETTINGS = {
    "ALERTS_SES_TOPICS": TOPIC,
    "ALERTS_POSTMARK_AUTH": BASIC,
    "ALERTS_SENDGRID_KEY": base64.b64encode(
        SENDGRID_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode(),
    "ALERTS_MAILGUN_KEY": MAILGUN_KEY,
    "ALERTS_BREVO_AUTH": BASIC,
}


Signed = tuple[dict[str, str], bytes]


def basic(event: Any, user: str = BASIC) -> Signed:
    """Postmark and Brevo."""
    credentials = base64.b64encode(user.encode()).decode()
    return {"authorization": f"Basic {credentials}"}, json.dumps(event).encode()


def sendgrid(*events: Any, at: float | None = None) -> Signed:
    body, seconds = json.dumps(events).encode(), str(int(at or time.time()))
    signature = SENDGRID_KEY.sign(seconds.encode() + body, ec.ECDSA(SHA256()))
    return {
        "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        "x-twilio-email-event-webhook-timestamp": seconds,
    }, body


def mailgun(event: Any, at: float | None = None, key: str = MAILGUN_KEY) -> Signed:
    seconds, salt = str(int(at or time.time())), "a" * 50
    digest = hmac.new(key.encode(), f"{seconds}{salt}".encode(), "sha256").hexdigest()
    signature = {"timestamp": seconds, "token": salt, "signature": digest}
    return {}, json.dumps({"signature": signature, "event-data": event}).encode()


def sns(event: Any, version: str = "2", **fields: str) -> Signed:
    message = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps(event),
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE_URL,
        "UnsubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
    } | fields
    confirming = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
    plain = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
    names = plain if message["Type"] == "Notification" else confirming
    signed = "".join(f"{name}\n{message[name]}\n" for name in names if name in message).encode()
    signature = AMAZON_KEY.sign(signed, padding.PKCS1v15(), SHA1() if version == "1" else SHA256())
    message["Signature"] = base64.b64encode(signature).decode()
    return {"content-type": "text/plain; charset=UTF-8"}, json.dumps(message).encode()


def ses_mail(token: str) -> dict[str, Any]:
    return {
        "timestamp": "2026-01-27T14:59:38.237Z",
        "source": f"{token}@mail.example.org",
        "messageId": "0000",
    }


def ses_bounce(mail: Any, type_: str, status: str, words: str) -> dict[str, Any]:
    recipient = {
        "emailAddress": "x@example.net",
        "action": "failed",
        "status": status,
        "diagnosticCode": words,
    }
    bounce = {"bounceType": type_, "bounceSubType": "General", "bouncedRecipients": [recipient]}
    return {"notificationType": "Bounce", "bounce": bounce, "mail": mail}


def ses_by_header() -> dict[str, Any]:
    headers = [{"name": "From", "value": "x@example.org"}, {"name": "Message-ID", "value": MESSAGE_ID}]
    return {"source": "bounces@example.org", "headers": headers}

"""Reports of mail providers that are not theirs: unsigned, altered, old, or signed by somebody else."""

import json
import time
from collections.abc import Callable

from tests.integration.web.provider_payloads import (
    MESSAGE_ID,
    TOPIC,
    Signed,
    basic,
    mailgun,
    sendgrid,
    ses_bounce,
    ses_by_header,
    sns,
)


def without(headers: Signed, name: str) -> Signed:
    return {key: value for key, value in headers[0].items() if key != name}, headers[1]


def altered(signed: Signed) -> Signed:
    return signed[0], signed[1].replace(b"x@example.net", b"y@example.net")


BOUNCE = {"event": "bounce", "email": "x@example.net", "smtp-id": MESSAGE_ID, "reason": "550 5.1.1 no user"}
FAILED = {"event": "complained", "message": {"headers": {"message-id": MESSAGE_ID.strip("<>")}}}
GONE = ses_bounce(ses_by_header(), "Permanent", "5.1.1", "x@example.net")
OLD = time.time() - 2 * 24 * 3600

#: By name: the provider, and a forged report of it.
FORGED: dict[str, tuple[str, Callable[[], Signed]]] = {
    "postmark: no login": ("postmark", lambda: without(basic(BOUNCE), "authorization")),
    "postmark: another password": ("postmark", lambda: basic(BOUNCE, "hooks:guessed")),
    "brevo: a bearer token": ("brevo", lambda: ({"authorization": "Bearer guessed"}, b"{}")),
    "brevo: no base64": ("brevo", lambda: ({"authorization": "Basic ???"}, b"{}")),
    "sendgrid: altered": ("sendgrid", lambda: altered(sendgrid(BOUNCE))),
    "sendgrid: unsigned": ("sendgrid", lambda: ({}, b"[]")),
    "sendgrid: old": ("sendgrid", lambda: sendgrid(BOUNCE, at=OLD)),
    "mailgun: another key": ("mailgun", lambda: mailgun(FAILED, key="another-key-of-twenty-letters")),
    "mailgun: old": ("mailgun", lambda: mailgun(FAILED, at=OLD)),
    "mailgun: unsigned": ("mailgun", lambda: ({}, json.dumps({"event-data": FAILED}).encode())),
    "ses: altered": ("ses", lambda: altered(sns(GONE))),
    "ses: another topic": ("ses", lambda: sns(GONE, TopicArn=TOPIC + "2")),
    "ses: a certificate of others": ("ses", lambda: sns(GONE, SigningCertURL="https://evil.example/x.pem")),
    "ses: a look-alike host": (
        "ses",
        lambda: sns(GONE, SigningCertURL="https://sns.eu-west-1.amazonaws.com.evil.example/x.pem"),
    ),
    "ses: a port": (
        "ses",
        lambda: sns(GONE, SigningCertURL="https://sns.eu-west-1.amazonaws.com:8443/x.pem"),
    ),
    "ses: old": ("ses", lambda: sns(GONE, Timestamp="2026-01-01T00:00:00.000Z")),
    "ses: no object": ("ses", lambda: ({}, b"[]")),
}

"""Webhooks of mail providers: who is believed, and what each event means for the reader."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from service.settings import Settings, read
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from service.web.api import provider_feedback
from tests.integration.web.test_feedback import token

__all__ = ["token"]

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


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is asked here does not depend on the kind of database."""
    return sqlite_url


SETTINGS = {
    "ALERTS_SES_TOPICS": TOPIC,
    "ALERTS_POSTMARK_AUTH": BASIC,
    "ALERTS_SENDGRID_KEY": base64.b64encode(
        SENDGRID_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode(),
    "ALERTS_MAILGUN_KEY": MAILGUN_KEY,
    "ALERTS_BREVO_AUTH": BASIC,
}


@pytest.fixture
def settings(request: pytest.FixtureRequest, environ: dict[str, str]) -> Settings:
    """Every provider is set up, but where a test says `bare`."""
    return read(environ | ({} if "bare" in request.fixturenames else SETTINGS))


@pytest.fixture(autouse=True)
def amazon(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What Amazon answers by URL, and a list of what was asked for: it can't be run here."""
    answers = {CERTIFICATE_URL: certificate()}
    asked = answers.setdefault("asked", b"")

    async def fetch(url: str) -> bytes:
        answers["asked"] = answers.get("asked", asked) + url.encode() + b"\n"
        return answers[url]

    monkeypatch.setattr(provider_feedback, "fetch", fetch)
    monkeypatch.setattr(provider_feedback, "_certificates", {})
    return answers


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


NO_USER = "smtp; 550 5.1.1 <x@example.net>: Recipient address rejected: User unknown"
POLICY = "550 5.7.1 Message rejected due to local policy"
METADATA = {"delivery": MESSAGE_ID.strip("<>")}

#: By name: the provider, what it sends (with the mail's return address), and what becomes of suppressions
#: and the subscription.
CASES: dict[str, tuple[str, Callable[[str], Signed], list[str], str]] = {
    "ses: gone": (
        "ses",
        lambda token: sns(ses_bounce(ses_mail(token), "Permanent", "5.1.1", NO_USER)),
        ["hard_bounce"],
        "active",
    ),
    "ses: gone, signed by SHA-1": (
        "ses",
        lambda token: sns(ses_bounce(ses_mail(token), "Permanent", "5.1.1", NO_USER), "1"),
        ["hard_bounce"],
        "active",
    ),
    "ses: gone, by Message-ID": (
        "ses",
        lambda _: sns(ses_bounce(ses_by_header(), "Permanent", "5.1.1", NO_USER)),
        ["hard_bounce"],
        "active",
    ),
    "ses: full": (
        "ses",
        lambda token: sns(ses_bounce(ses_mail(token), "Transient", "4.2.2", "smtp; 452 4.2.2 full")),
        [],
        "active",
    ),
    "ses: refused by policy": (
        "ses",
        lambda token: sns(ses_bounce(ses_mail(token), "Permanent", "5.7.1", f"smtp; {POLICY}")),
        [],
        "active",
    ),
    "ses: complaint": (
        "ses",
        lambda token: sns(
            {
                "eventType": "Complaint",
                "complaint": {"complaintFeedbackType": "abuse", "complainedRecipients": []},
                "mail": ses_mail(token),
            }
        ),
        ["complaint"],
        "ended",
    ),
    "ses: not spam": (
        "ses",
        lambda token: sns(
            {
                "notificationType": "Complaint",
                "complaint": {"complaintFeedbackType": "not-spam"},
                "mail": ses_mail(token),
            }
        ),
        [],
        "active",
    ),
    "ses: delivered": (
        "ses",
        lambda token: sns({"notificationType": "Delivery", "mail": ses_mail(token)}),
        [],
        "active",
    ),
    "postmark: gone": (
        "postmark",
        lambda _: basic(
            {
                "RecordType": "Bounce",
                "ID": 42,
                "Type": "HardBounce",
                "TypeCode": 1,
                "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
                "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
                "Email": "x@example.net",
                "Inactive": True,
                "Metadata": METADATA,
            }
        ),
        ["hard_bounce"],
        "active",
    ),
    "postmark: without a reply": (
        "postmark",
        lambda _: basic(
            {"RecordType": "Bounce", "Type": "BadEmailAddress", "Details": "", "Metadata": METADATA}
        ),
        ["hard_bounce"],
        "active",
    ),
    "postmark: for a while": (
        "postmark",
        lambda _: basic(
            {"RecordType": "Bounce", "Type": "Transient", "Details": "5.1.1", "Metadata": METADATA}
        ),
        [],
        "active",
    ),
    "postmark: complaint": (
        "postmark",
        lambda _: basic({"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Metadata": METADATA}),
        ["complaint"],
        "ended",
    ),
    "postmark: unsubscribed": (
        "postmark",
        lambda _: basic(
            {
                "RecordType": "SubscriptionChange",
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
                "Metadata": METADATA,
            }
        ),
        [],
        "ended",
    ),
    "sendgrid: gone, among others": (
        "sendgrid",
        lambda _: sendgrid(
            {"event": "processed", "smtp-id": MESSAGE_ID},
            {
                "event": "bounce",
                "type": "bounce",
                "email": "x@example.net",
                "smtp-id": MESSAGE_ID,
                "status": "5.1.1",
                "reason": "550 5.1.1 unknown recipient",
            },
            {"event": "open", "smtp-id": MESSAGE_ID},
        ),
        ["hard_bounce"],
        "active",
    ),
    "sendgrid: blocked": (
        "sendgrid",
        lambda _: sendgrid({"event": "bounce", "type": "blocked", "smtp-id": MESSAGE_ID, "reason": POLICY}),
        [],
        "active",
    ),
    "sendgrid: dropped": (
        "sendgrid",
        lambda _: sendgrid({"event": "dropped", "reason": "Bounced Address", "smtp-id": MESSAGE_ID}),
        ["hard_bounce"],
        "active",
    ),
    "sendgrid: complaint": (
        "sendgrid",
        lambda _: sendgrid({"event": "spamreport", "email": "x@example.net", "smtp-id": MESSAGE_ID}),
        ["complaint"],
        "ended",
    ),
    "mailgun: gone": (
        "mailgun",
        lambda _: mailgun(
            {
                "event": "failed",
                "severity": "permanent",
                "reason": "bounce",
                "delivery-status": {"code": 550, "message": "5.1.1 No such user", "description": ""},
                "message": {"headers": {"message-id": MESSAGE_ID.strip("<>"), "to": "x@example.net"}},
                "recipient": "x@example.net",
            }
        ),
        ["hard_bounce"],
        "active",
    ),
    "mailgun: for a while": (
        "mailgun",
        lambda _: mailgun(
            {
                "event": "failed",
                "severity": "temporary",
                "delivery-status": {"code": 550, "message": "5.1.1"},
                "message": {"headers": {"message-id": MESSAGE_ID.strip("<>")}},
            }
        ),
        [],
        "active",
    ),
    "mailgun: complaint, by return address": (
        "mailgun",
        lambda token: mailgun({"event": "complained", "envelope": {"sender": f"{token}@mail.example.org"}}),
        ["complaint"],
        "ended",
    ),
    "brevo: gone": (
        "brevo",
        lambda _: basic(
            {"event": "hard_bounce", "email": "x@example.net", "message-id": MESSAGE_ID, "reason": "no user"}
        ),
        ["hard_bounce"],
        "active",
    ),
    "brevo: complaint": (
        "brevo",
        lambda _: basic({"event": "spam", "email": "x@example.net", "message-id": MESSAGE_ID}),
        ["complaint"],
        "ended",
    ),
    "brevo: deferred": (
        "brevo",
        lambda _: basic({"event": "deferred", "message-id": MESSAGE_ID}),
        [],
        "active",
    ),
    "brevo: of somebody else": (
        "brevo",
        lambda _: basic({"event": "hard_bounce", "message-id": f"<{'f' * 32}@mail.example.org>"}),
        [],
        "active",
    ),
}


async def told(client: httpx.AsyncClient, provider: str, signed: Signed) -> httpx.Response:
    headers, body = signed
    return await client.post(f"/v1/feedback/{provider}", content=body, headers=headers)


async def state(system: System) -> tuple[list[str], str]:
    async with reading(system.database) as connection:
        reasons = (await connection.execute(select(t.suppression.c.reason))).scalars().all()
        followed = (await connection.execute(select(t.subscription.c.state))).scalar_one()
    return list(reasons), followed


@pytest.fixture
async def mail(system: System, token: str) -> str:
    """The return address of a mail with a Message-ID."""
    async with writing(system.database) as connection:
        await connection.execute(t.delivery.update().values(message_key=KEY))
    return token


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_a_provider_reports(
    client: httpx.AsyncClient,
    system: System,
    mail: str,
    case: tuple[str, Callable[[str], Signed], list[str], str],
) -> None:
    provider, made, reasons, followed = case
    for _ in range(2):  # it may be repeated
        answer = await told(client, provider, made(mail))
        assert (answer.status_code, answer.json()) == (200, {"status": "taken"})
        assert await state(system) == (reasons, followed)


def without(headers: Signed, name: str) -> Signed:
    return {key: value for key, value in headers[0].items() if key != name}, headers[1]


def altered(signed: Signed) -> Signed:
    return signed[0], signed[1].replace(b"x@example.net", b"y@example.net")


BOUNCE = {"event": "bounce", "email": "x@example.net", "smtp-id": MESSAGE_ID, "reason": "550 5.1.1 no user"}
FAILED = {"event": "complained", "message": {"headers": {"message-id": MESSAGE_ID.strip("<>")}}}
GONE = ses_bounce(ses_by_header(), "Permanent", "5.1.1", "x@example.net")
OLD = time.time() - 2 * 24 * 3600
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


@pytest.mark.parametrize("case", FORGED.values(), ids=FORGED)
async def test_what_is_not_the_providers_is_refused(
    client: httpx.AsyncClient, system: System, mail: str, case: tuple[str, Callable[[], Signed]]
) -> None:
    answer = await told(client, case[0], case[1]())
    assert answer.status_code == 401
    assert await state(system) == ([], "active")


async def test_an_expired_certificate_signs_nothing(
    client: httpx.AsyncClient, amazon: dict[str, bytes]
) -> None:
    amazon[CERTIFICATE_URL] = certificate(days=-1)
    assert (await told(client, "ses", sns(GONE))).status_code == 401


async def test_a_topic_of_ours_is_confirmed(client: httpx.AsyncClient, amazon: dict[str, bytes]) -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
    amazon[url] = b"<ConfirmSubscriptionResponse/>"
    asked = {"Type": "SubscriptionConfirmation", "Token": "abc", "SubscribeURL": url}
    assert (await told(client, "ses", sns({}, **asked))).status_code == 200
    assert amazon["asked"].decode().splitlines() == [CERTIFICATE_URL, url]
    asked["SubscribeURL"] = "https://evil.example/"
    assert (await told(client, "ses", sns({}, **asked))).status_code == 401


async def test_a_bearer_token_will_do(client: httpx.AsyncClient) -> None:
    assert (await told(client, "brevo", ({"authorization": f"Bearer {BASIC}"}, b"{}"))).status_code == 200


@pytest.mark.parametrize("provider", ["ses", "postmark", "sendgrid", "mailgun", "brevo", "pigeon"])
@pytest.mark.parametrize("bare", [True])
async def test_a_provider_that_is_not_set_up_is_not_believed(
    client: httpx.AsyncClient, provider: str, bare: bool
) -> None:
    answer = await told(client, provider, ({}, b"{}"))
    assert answer.status_code == (404 if provider == "pigeon" else 401)
    assert "ALERTS_" in answer.json()["detail"] or provider == "pigeon"

"""Standard Webhooks: the standard's own vector, time, rotation, and malformed input."""

import base64
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import standardwebhooks

from service.crypto.webhook_signatures import InvalidSignature, fresh_secret, sign, verify
from tests.events import SECRET, signed, upserted

#: libraries/python/tests of the standard's repository.
VECTOR = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
BODY = b'{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, UTC)


def test_signing_and_verifying_agree_with_the_standards_vector() -> None:
    assert (
        sign(VECTOR["secret"], VECTOR["webhook-id"], AT, BODY)["webhook-signature"]
        == (VECTOR["webhook-signature"])
    )
    assert verify(VECTOR, BODY, [VECTOR["secret"]], AT) == VECTOR["webhook-id"]


@pytest.mark.parametrize(("seconds", "good"), [(-301, False), (-299, True), (299, True), (301, False)])
def test_timestamps_may_differ_by_five_minutes(seconds: int, good: bool) -> None:
    now = AT + timedelta(seconds=seconds)
    if good:
        verify(VECTOR, BODY, [VECTOR["secret"]], now)
    else:
        with pytest.raises(InvalidSignature):
            verify(VECTOR, BODY, [VECTOR["secret"]], now)


def test_any_secret_and_any_signature_may_match() -> None:
    old, new = SECRET, fresh_secret(b"n" * 32)
    now = datetime.now(UTC)
    for secret in (old, new):
        assert verify(sign(secret, "msg_1", now, BODY), BODY, [new, old], now) == "msg_1"
    headers = sign(old, "msg_1", now, BODY)
    wrong = "v1," + base64.b64encode(b"0" * 32).decode()
    headers["webhook-signature"] = f"v1a,{'A' * 86}== v1,%%% v1 {wrong} {headers['webhook-signature']}"
    assert verify(headers, BODY, [new, old], now) == "msg_1"


def by_hand(timestamp: str, body: bytes = BODY, webhook_id: str = "msg_1") -> dict[str, str]:
    """Headers whose signature is right for any form of the timestamp."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


MALFORMED = {
    "no id": {"webhook_id": None},
    "no timestamp": {"webhook_timestamp": None},
    "no signature": {"webhook_signature": None},
    "an empty id": {"webhook_id": ""},
    "an endless id": {"webhook_id": "x" * 300},
    "a word for a time": {"webhook_timestamp": "now"},
    "no number": {"webhook_timestamp": "nan"},
    "endless time": {"webhook_timestamp": "inf"},
    "far future": {"webhook_timestamp": "9" * 30},
    "before 1970": {"webhook_timestamp": "-1"},
    "no version": {"webhook_signature": "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
    "too many commas": {"webhook_signature": "v1,a,b"},
    "no base64": {"webhook_signature": "v1,%%%%"},
    "half of base64": {"webhook_signature": "v1,A"},
    "only another version": {"webhook_signature": "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
    "another signature": {"webhook_signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("changes", MALFORMED.values(), ids=MALFORMED)
async def test_malformed_headers_are_answered_401(
    client: httpx.AsyncClient, changes: dict[str, str | None]
) -> None:
    answer = await client.post("/v1/events", content=b"[]", headers=signed(b"[]", **changes))
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert ("must be given" in answer.json()["detail"]) is (not all(changes.values()))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_body_other_than_the_signed_one_is_answered_401(client: httpx.AsyncClient) -> None:
    body = json.dumps([upserted("NCT00000001", 1)], indent=1).encode()
    compact = json.dumps(json.loads(body)).encode()
    assert (await client.post("/v1/events", content=compact, headers=signed(body))).status_code == 401
    assert (await client.post("/v1/events", content=b"\xff", headers=signed(b"[]"))).status_code == 401
    fraction = by_hand(f"{datetime.now(UTC).timestamp():.3f}")
    assert (await client.post("/v1/events", content=BODY, headers=fraction)).status_code == 401


def test_a_fresh_secret_has_the_standards_form() -> None:
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", fresh_secret(bytes(range(32))))


def test_signatures_and_verification_agree_with_the_reference_library() -> None:
    now, body = datetime.now(UTC), '{"name": "Türkiye"}'
    for secret in (SECRET, fresh_secret(b"n" * 24), fresh_secret(bytes(range(64)))):
        reference = standardwebhooks.Webhook(secret)
        ours = sign(secret, "msg_1", now, body.encode())
        assert reference.verify(body, ours) == {"name": "Türkiye"}
        theirs = ours | {"webhook-signature": reference.sign("msg_1", now, body)}
        assert verify(theirs, body.encode(), [secret], now) == "msg_1"

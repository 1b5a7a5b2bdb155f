"""DKIM signatures, verified by dkimpy with the keys' own DNS records."""

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from service.mail.message.dkim import SIGNED_HEADERS, DkimKey, sign
from tests.fuzzing import examples


def _pem(key: Any) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


RSA = DkimKey.load("example.org", "r1", _pem(generate_private_key(65537, 2048)))
ED25519 = DkimKey.load("example.org", "e1", _pem(Ed25519PrivateKey.generate()))

MAIL = (
    b"From: Trial Alerts <updates@example.org>\r\n"
    b"To: <alice@example.net>\r\n"
    b"Subject: Your   updates\r\n\t(3)\r\n"
    b"Date: Sun, 01 Mar 2026 09:00:00 +0000\r\n"
    b"Message-ID: <k3j@example.org>\r\n"
    b"List-Id: <updates.example.org>\r\n"
    b"List-Unsubscribe: <https://example.org/unsubscribe/abc>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"Feedback-ID: daily:digest:alerts\r\n"
    b"Auto-Submitted: auto-generated\r\n"
    b"MIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative;\r\n boundary="=-=b"\r\n'
    b"\r\n"
    b"--=-=b\r\nContent-Type: text/plain\r\n\r\nHello  there. \t\r\n\r\n.\r\n--=-=b--\r\n\r\n\r\n"
)


def _verifies(content: bytes, keys: Sequence[DkimKey]) -> bool:
    records = {f"{key.selector}._domainkey.{key.domain}.".encode(): key.dns_record().encode() for key in keys}
    message = dkim.DKIM(content)
    try:
        return all(message.verify(at, lambda name, timeout=5: records.get(name)) for at in range(len(keys)))
    except dkim.ValidationError:
        return False


def _tags(content: bytes) -> dict[str, str]:
    value = re.split(r"\r\n(?![ \t])", content.decode(), maxsplit=1)[0].partition(":")[2]
    pairs = (tag.strip().partition("=") for tag in re.sub(r"\s+", " ", value).split(";"))
    return {name: re.sub(r"\s", "", text) for name, _, text in pairs}


def test_an_rsa_signature_verifies() -> None:
    assert _verifies(sign(MAIL, [RSA]), [RSA])


def test_the_signature_covers_unsubscribing_and_a_second_from() -> None:
    names = _tags(sign(MAIL, [RSA]))["h"].split(":")
    assert {"list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id"} <= set(names)
    assert {name.decode() for name in SIGNED_HEADERS} == {*names, "reply-to"}, "which this mail has not"
    assert names.count("from") == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"unsubscribe/abc", b"unsubscribe/abd"),
        (b"One-Click", b"Two-Click"),
        (b"Hello", b"Hullo"),
        (b"From: Trial", b"From: Evil <evil@example.com>\r\nFrom: Trial"),
        (b"alice@", b"bob@"),
    ],
)
def test_a_change_breaks_it(before: bytes, after: bytes) -> None:
    signed = sign(MAIL, [RSA])
    assert not _verifies(signed.replace(before, after, 1), [RSA])


def test_blanks_changed_by_relays_do_not_break_the_signature() -> None:
    signed = sign(MAIL, [RSA])
    refolded = signed.replace(b"Subject: Your   updates\r\n\t(3)", b"subject:Your updates (3)")
    assert _verifies(refolded.rstrip(b"\r\n") + b"\r\n", [RSA])


def test_two_keys_make_two_signatures_and_leave_the_mail_as_it_was() -> None:
    signed = sign(MAIL, [RSA, ED25519], timestamp=1_772_355_600)
    assert signed.endswith(MAIL)
    assert signed.count(b"DKIM-Signature:") == 2
    assert _tags(signed)["t"] == "1772355600"
    assert _verifies(signed, [RSA])


def test_an_ed25519_signature_covers_the_same_octets_as_an_rsa_signature() -> None:
    """dkimpy needs libsodium for Ed25519, so it gives the octets and `cryptography` checks the signature."""
    signed = sign(MAIL, [ED25519])
    tags = _tags(signed)
    assert (tags["a"], tags["d"], tags["s"]) == ("ed25519-sha256", "example.org", "e1")
    message = dkim.DKIM(signed)
    policy = dkim.CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
    body_hash = hashlib.sha256(policy.canonicalize_body(message.body)).digest()
    assert base64.b64decode(tags["bh"]) == body_hash

    hasher = dkim.HashThrough(hashlib.sha256())
    own_field = next((name, value) for name, value in message.headers if name == b"DKIM-Signature")
    names = [name.encode() for name in tags["h"].split(":")]
    headers = policy.canonicalize_headers(message.headers)
    dkim.hash_headers(hasher, policy, headers, names, own_field, {b"b": tags["b"].encode()})
    record = dict(tag.strip().split("=", 1) for tag in ED25519.dns_record().split(";"))
    public_key = ED25519.private_key.public_key()
    assert base64.b64decode(record["p"]) == public_key.public_bytes_raw()
    public_key.verify(base64.b64decode(tags["b"]), hasher.digest())


@examples(60)
@given(st.text(st.sampled_from("a \t\r\n.="), max_size=60), st.text(st.sampled_from("aB \t:"), max_size=30))
def test_any_body_and_subject_verify(text: str, subject: str) -> None:
    lines = text.replace("\r", "").split("\n")
    content = (
        f"From: a@example.org\r\nSubject: x{subject}\r\n\r\nx".encode() + "\r\n".join([*lines, ""]).encode()
    )
    assert _verifies(sign(content, [RSA]), [RSA])


def test_the_lines_stay_short() -> None:
    assert max(map(len, sign(MAIL, [RSA, ED25519]).split(b"\r\n"))) <= 78


def test_without_a_key_the_mail_stays_as_it_is() -> None:
    assert sign(MAIL, []) == MAIL


@pytest.mark.parametrize(
    ("domain", "selector", "pem"),
    [
        ("example.org", "s1", b"no key at all"),
        ("example.org", "s1", _pem(ec.generate_private_key(ec.SECP256R1()))),
        ("example.org; x=", "s1", _pem(Ed25519PrivateKey.generate())),
        ("example.org", "s 1", _pem(Ed25519PrivateKey.generate())),
        ("example.org", "", _pem(Ed25519PrivateKey.generate())),
    ],
)
def test_a_key_that_can_not_sign_is_named_and_not_quoted(domain: str, selector: str, pem: bytes) -> None:
    with pytest.raises(ValueError, match="DKIM") as caught:
        DkimKey.load(domain, selector, pem)
    assert "no key at all" not in str(caught.value)


def test_the_private_key_is_not_shown() -> None:
    assert "private_key" not in repr(RSA)

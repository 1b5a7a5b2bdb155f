"""Settings that hold secrets: an unusable one stops the start with one sentence that does not repeat it."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.configuration import settings
from service.configuration.settings import SettingsError
from service.crypto.fresh_secrets import fresh
from service.domain.secret_values import webhook_key
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import run_command

RANDOM = bytes(range(7, 71))
HERE = ENVIRONMENT | {"ALERTS_REDIS_URL": "redis://127.0.0.1:1"}


def whsec(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode()


def pem(key: rsa.RSAPrivateKey | Ed25519PrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    return key.private_bytes(*form, serialization.NoEncryption()).decode()


GOOD = Ed25519PrivateKey.generate()
# 768 bits, which no library makes any more (RFC 8301 §3.2 forbids them).
SHORT = """-----BEGIN RSA PRIVATE KEY-----
MIIByQIBAAJhAOBSe3cz4+z0bGEwSyMNJFEXOHw4sSwXB8KDJqUcN1nWEnPq1Yjx
-----END RSA PRIVATE KEY-----"""

REFUSED = {
    "unpadded": ("WEBHOOK_SECRETS", whsec(RANDOM[:32]).rstrip("=")),
    "url-safe": (
        "WEBHOOK_SECRETS",
        "whsec_" + base64.urlsafe_b64encode(b"\xfb\xff" * 5 + RANDOM[:23]).decode(),
    ),
    "underscores": ("WEBHOOK_SECRETS", "whsec_" + "_" * 32),
    "empty": ("WEBHOOK_SECRETS", "whsec_"),
    "no prefix": ("WEBHOOK_SECRETS", base64.b64encode(RANDOM[:32]).decode()),
    "23 bytes": ("WEBHOOK_SECRETS", whsec(RANDOM[:23])),
    "65 bytes": ("WEBHOOK_SECRETS", whsec(RANDOM + b"x")),
    "blank within": ("WEBHOOK_SECRETS", whsec(RANDOM[:32])[:20] + " " + whsec(RANDOM[:32])[20:]),
    "bits behind the end": ("WEBHOOK_SECRETS", whsec(RANDOM[:32])[:-2] + "h="),
    "quoted webhook secret": ("WEBHOOK_SECRETS", f'"{whsec(RANDOM[:32])}"'),
    "one good and one bad": ("WEBHOOK_SECRETS", f"{whsec(RANDOM[:32])},whsec_abc"),
    "counted down": ("SECRET_KEYS", "zyxwvutsrqponmlkjihgfedcba9876543210"),
    "only commas": ("WEBHOOK_SECRETS", ","),
    "quoted key": ("SECRET_KEYS", '"test-secret-key-of-more-than-32-characters"'),
    "apostrophes": ("SECRET_KEYS", "'test-secret-key-of-more-than-32-characters'"),
    "one letter": ("SECRET_KEYS", "a" * 40),
    "mostly one letter": ("SECRET_KEYS", "a" * 30 + "bcdefgh"),
    "mostly one letter in a token": ("ADMIN_TOKEN", "0" * 12 + "test-key"),
    "a word again and again": ("SECRET_KEYS", "correct-horse-" * 4),
    "counted up": ("SECRET_KEYS", "0123456789abcdefghijklmnopqrstuvwxyzABCDEF"),
    "short key": ("SECRET_KEYS", "test-secret-key-of-less-than-32"),
    "one key short": ("SECRET_KEYS", "test-secret-key-of-more-than-32-characters,short"),
    "one key twice": ("SECRET_KEYS", ",".join(["test-secret-key-of-more-than-32-characters"] * 2)),
    "blanks in a key": ("SECRET_KEYS", "test secret key of more than 32 characters"),
    "short token": ("ADMIN_TOKEN", "test-token"),
    "quoted token": ("ADMIN_TOKEN", '"test-admin-token-1234"'),
    "token beyond ASCII": ("ADMIN_TOKEN", "test-admin-tokén-1234"),
    "one letter as a token": ("ADMIN_TOKEN", "x" * 20),
    "port of letters": ("SMTP_URL", "smtp://relay.example.org:port"),
    "slash in the password": ("SMTP_URL", "smtp://me:se/cret@relay.example.org:587"),
    "open bracket": ("SMTP_URL", "smtp://[::1:25"),
    "option that is none": ("SMTP_URL", "smtp://relay.example.org?tls=yes"),
    "smtp without a host": ("SMTP_URL", "smtp://"),
    "redis port": ("REDIS_URL", "redis://127.0.0.1:port"),
    "public bracket": ("PUBLIC_URL", "https://[alerts"),
}


@pytest.mark.parametrize(("name", "value"), REFUSED.values(), ids=REFUSED)
def test_an_unusable_secret_stops_the_start_and_is_named_but_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings.read(HERE | {"ALERTS_" + name: value})
    words = str(refused.value)
    assert words.startswith("ALERTS_" + name)
    assert words.endswith(".")
    assert len(words.splitlines()) == 1
    assert len(value) < 8 or value not in words


@pytest.mark.parametrize("size", [24, 32, 33, 34, 64])
def test_secrets_of_24_to_64_bytes_are_accepted(size: int) -> None:
    assert webhook_key(whsec(RANDOM[:size])) == RANDOM[:size]
    assert settings.read(HERE | {"ALERTS_WEBHOOK_SECRETS": whsec(RANDOM[:size])})


def test_generated_secrets_are_accepted() -> None:
    for _ in range(200):
        assert settings.read(HERE | fresh())


@pytest.mark.parametrize(
    ("key", "selector", "wrong"),
    [
        ("hello", "s1", "no unencrypted private key"),
        (SHORT, "s1", "DKIM key"),
        (pem(GOOD) + pem(Ed25519PrivateKey.generate()), "s1", "one selector"),
        (pem(GOOD), "s1,s2", "one selector"),
        (pem(GOOD) + pem(Ed25519PrivateKey.generate()), "s1,s1", "two keys"),
        (pem(GOOD), "s 1", "host names"),
        (pem(GOOD), "-s1", "host names"),
        (pem(GOOD), "", "together"),
        ("", "s1", "together"),
    ],
)
def test_dkim_keys_that_sign_nothing_stop_the_start(key: str, selector: str, wrong: str) -> None:
    with pytest.raises(SettingsError, match=wrong) as refused:
        settings.read(HERE | {"ALERTS_DKIM_KEY": key, "ALERTS_DKIM_SELECTOR": selector})
    assert str(refused.value).startswith("ALERTS_DKIM")
    assert key not in str(refused.value) or not key


def test_valid_dkim_keys_are_accepted_with_any_line_ends() -> None:
    both = pem(GOOD) + pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))
    for text in (both, both.replace("\n", "\\n")):
        assert settings.read(HERE | {"ALERTS_DKIM_KEY": text, "ALERTS_DKIM_SELECTOR": "s1, s2"})


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["serve"], ["worker"], ["digests", "send-due"], ["subscriptions", "export"], ["migrate"]]
)
def test_every_command_reports_it_in_one_sentence(command: list[str]) -> None:
    done = run_command(*command, **HERE | {"ALERTS_SMTP_URL": "smtp://me:secretword@relay:port"})
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "ALERTS_SMTP_URL" in done.stderr
    assert "secretword" not in done.stdout + done.stderr


@pytest.mark.slow
def test_doctor_names_the_setting() -> None:
    done = run_command("doctor", **HERE | {"ALERTS_DKIM_KEY": "hello", "ALERTS_DKIM_SELECTOR": "s1"})
    assert done.returncode == 1
    assert "FAIL  settings: ALERTS_DKIM_KEY" in done.stdout

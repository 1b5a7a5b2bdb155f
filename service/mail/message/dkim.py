"""DKIM signatures of composed mails (RFC 6376; Ed25519 by RFC 8463), signed by `cryptography`."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SIGNED_HEADERS = (
    b"from",
    b"reply-to",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"list-unsubscribe",
    b"list-unsubscribe-post",  # these two by RFC 8058 §4
    b"list-id",
    b"feedback-id",
    b"auto-submitted",
)
_SMALLEST_RSA_BITS = 1024  # RFC 8301 §3.2; 2048 is recommended
_BLANKS = re.compile(rb"[ \t]+")
_FOLDS = re.compile(rb"\r\n(?=[ \t])")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key; the public key is the TXT record of `{selector}._domainkey.{domain}`."""

    domain: str
    selector: str
    private_key: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    @classmethod
    def load(cls, domain: str, selector: str, pem: bytes) -> Self:
        """Loads an unencrypted PEM key, RSA of 1024 bits or more (use 2048) or Ed25519.

        `domain` is in A-labels. Raises ValueError, whose text has nothing of the key.
        """
        if not _NAME.fullmatch(domain) or not _NAME.fullmatch(selector):
            raise ValueError("the DKIM domain and selector must be host names such as example.org and s1")
        try:
            private_key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ValueError("the DKIM key is no unencrypted private key in PEM form") from None
        if not isinstance(private_key, RSAPrivateKey | Ed25519PrivateKey):
            raise ValueError("the DKIM key must be RSA or Ed25519")
        if isinstance(private_key, RSAPrivateKey) and private_key.key_size < _SMALLEST_RSA_BITS:
            raise ValueError("the DKIM key is too short: use RSA of 2048 bits, or Ed25519")
        return cls(domain, selector, private_key)

    @property
    def algorithm(self) -> bytes:
        """The value of the signature's `a=` tag."""
        return b"rsa-sha256" if isinstance(self.private_key, RSAPrivateKey) else b"ed25519-sha256"

    def dns_record(self) -> str:
        """The TXT record of the public key (RFC 6376 §3.6.1, RFC 8463 §4)."""
        public_key = self.private_key.public_key()
        if isinstance(self.private_key, RSAPrivateKey):
            kind = "rsa"
            octets = public_key.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        else:
            kind = "ed25519"
            octets = public_key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"v=DKIM1; k={kind}; p={base64.b64encode(octets).decode()}"

    def sign_octets(self, octets: bytes) -> bytes:
        """The raw signature; Ed25519 signs the SHA-256 of the octets (RFC 8463 §3)."""
        if isinstance(self.private_key, RSAPrivateKey):
            return self.private_key.sign(octets, padding.PKCS1v15(), hashes.SHA256())
        return self.private_key.sign(hashlib.sha256(octets).digest())


_PEM = re.compile(r"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.+?-----END \1PRIVATE KEY-----", re.DOTALL)


def load_keys(domain: str, selectors: str, pems: str) -> tuple[DkimKey, ...]:
    """Each PEM block of `pems` with its selector (comma-separated, in the same order).

    A line end may be written as backslash and n. Raises ValueError, whose text has nothing of the keys.
    """
    blocks = [match.group() for match in _PEM.finditer(pems.replace("\\n", "\n"))]
    names = [name.strip() for name in selectors.split(",") if name.strip()]
    if not blocks:
        raise ValueError("the DKIM key is no unencrypted private key in PEM form")
    if len(blocks) != len(names):
        raise ValueError("there must be one selector (ALERTS_DKIM_SELECTOR) for each key")
    if len(set(names)) < len(names):
        raise ValueError("two keys can't have one selector: each has its own record in the DNS")
    return tuple(
        DkimKey.load(domain, name, block.encode()) for name, block in zip(names, blocks, strict=True)
    )


def sign(content: bytes, keys: Sequence[DkimKey], timestamp: int | None = None) -> bytes:
    """The mail with a DKIM-Signature prepended for each key; `timestamp` is in Unix seconds.

    `content` is a whole message with CRLF line ends. Relaxed canonicalization of header and body; From is
    oversigned, so that no second one can be added. The mail must not change afterwards.
    """
    if not keys:
        return content
    head, found, body = content.partition(b"\r\n\r\n")
    if not found:
        head, body = content.removesuffix(b"\r\n"), b""
    fields = _fields(head)
    names, canonical = _signed_part(fields)
    body_hash = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest())
    signatures = [_signature(key, names, canonical, body_hash, timestamp) for key in keys]
    return b"".join(signatures) + content


def _fields(head: bytes) -> list[tuple[bytes, bytes]]:
    """The header's fields in order: name in lower case, and value, both relaxed (RFC 6376 §3.4.2)."""
    fields = []
    for line in _FOLDS.sub(b"", head).split(b"\r\n"):
        name, _, value = line.partition(b":")
        fields.append((name.rstrip().lower(), _BLANKS.sub(b" ", value).strip()))
    return fields


def _signed_part(fields: list[tuple[bytes, bytes]]) -> tuple[list[bytes], bytes]:
    """The names for `h=`, and the canonicalized fields; repeated fields from the last (§5.4.2)."""
    names: list[bytes] = []
    canonical = b""
    for signed in SIGNED_HEADERS:
        for name, value in reversed(fields):
            if name == signed:
                names.append(name)
                canonical += name + b":" + value + b"\r\n"
    return [b"from", *names], canonical


def _relaxed_body(body: bytes) -> bytes:
    """RFC 6376 §3.4.4: no blanks at line ends, runs of blanks as one, no empty lines at the end."""
    # A pattern over a whole mail costs more than its signature, and encoded mail has hardly any blanks.
    has_runs = b"\t" in body or b"  " in body
    single = _BLANKS.sub(b" ", body) if has_runs else body
    relaxed = single.replace(b" \r\n", b"\r\n").rstrip(b"\r\n").removesuffix(b" ")
    return relaxed + b"\r\n" if relaxed else b""


def _signature(
    key: DkimKey, names: list[bytes], canonical: bytes, body_hash: bytes, timestamp: int | None
) -> bytes:
    time_tag = b"" if timestamp is None else b" t=%d;" % timestamp
    unsigned = b"v=1; a=%s; c=relaxed/relaxed; d=%s;\r\n\ts=%s;%s\r\n\th=%s;\r\n\tbh=%s;\r\n\tb=" % (
        key.algorithm,
        key.domain.encode(),
        key.selector.encode(),
        time_tag,
        b":\r\n\t ".join(names),
        body_hash,
    )
    value = _BLANKS.sub(b" ", _FOLDS.sub(b"", unsigned)).strip()
    signed = base64.b64encode(key.sign_octets(canonical + b"dkim-signature:" + value))
    lines = [signed[at : at + 72] for at in range(0, len(signed), 72)]
    return b"DKIM-Signature: " + unsigned + b"\r\n\t ".join(lines) + b"\r\n"

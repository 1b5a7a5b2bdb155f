"""Sealing with rotating keys: AES-256-GCM under keys derived from the secret keys."""

import os
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Octets of a key's id: so many that no two keys ever have the same one.
KEY_ID = 8
_NONCE = 12


class DecryptionError(ValueError):
    """What was given was not sealed by any of these keys, or was altered, or belongs elsewhere."""


class SameKeyId(ValueError):
    """Two secret keys have one id: what the older one sealed would be taken for the newer one's."""


def key_id(key: bytes) -> bytes:
    """By what is sealed tells which key opens it."""
    return sha256(b"id" + key).digest()[:KEY_ID]


def derive(secret: str | bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF-SHA256, RFC 5869)."""
    material = secret.encode() if isinstance(secret, str) else secret
    return HKDF(algorithm=SHA256(), length=32, salt=b"trial-alerts", info=purpose.encode()).derive(material)


class Keyring:
    """The secret keys, newest first: the first one seals, each one opens."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._secrets = tuple(secret_keys)
        self._purposes: dict[str, tuple[tuple[bytes, AESGCM], ...]] = {}

    def _ciphers(self, purpose: str) -> tuple[tuple[bytes, AESGCM], ...]:
        ciphers = self._purposes.get(purpose)
        if ciphers is None:
            derived = [derive(secret, "seal:" + purpose) for secret in self._secrets]
            ciphers = tuple((key_id(key), AESGCM(key)) for key in derived)
            if len({one for one, _ in ciphers}) < len(ciphers):
                raise SameKeyId("Two of ALERTS_SECRET_KEYS can't be told apart: take another new key.")
            self._purposes[purpose] = ciphers
        return ciphers

    def current_key_id(self, purpose: str) -> int:
        """The number of the key that seals now; what carries another one is to be sealed anew."""
        return int.from_bytes(self._ciphers(purpose)[0][0], signed=True)

    def is_current(self, sealed: bytes, purpose: str) -> bool:
        """Whether what is sealed carries the id of the key that seals now."""
        return sealed[:KEY_ID] == self._ciphers(purpose)[0][0]

    def seal(self, plain: bytes, purpose: str, bound_to: bytes = b"") -> bytes:
        """`plain` sealed for one purpose and one place: key id, nonce, ciphertext with tag."""
        own_id, cipher = self._ciphers(purpose)[0]
        nonce = os.urandom(_NONCE)
        return own_id + nonce + cipher.encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, purpose: str, bound_to: bytes = b"") -> bytes:
        """What `seal` was given. Raises DecryptionError."""
        sealed_by, nonce, rest = sealed[:KEY_ID], sealed[KEY_ID : KEY_ID + _NONCE], sealed[KEY_ID + _NONCE :]
        if len(rest) >= 16:
            for known, cipher in self._ciphers(purpose):
                if known == sealed_by:
                    try:
                        return cipher.decrypt(nonce, rest, bound_to)
                    except InvalidTag:
                        continue
        raise DecryptionError("not sealed by any of the secret keys")

    def mac_keys(self, purpose: str) -> list[bytes]:
        """The keys for messages authenticated elsewhere, newest first."""
        return [derive(secret, "mac:" + purpose) for secret in self._secrets]

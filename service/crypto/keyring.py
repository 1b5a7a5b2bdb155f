"""Authenticated encryption with rotating keys: AES-256-GCM with keys derived from the secret keys."""

import os
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Octets of a key id: enough that two keys practically never share one.
KEY_ID = 8
_NONCE = 12


class DecryptionError(ValueError):
    """The value was encrypted with another key, was altered, or belongs to another purpose or row."""


class SameKeyId(ValueError):
    """Two secret keys have the same id, so their ciphertexts can't be distinguished."""


def key_id(key: bytes) -> bytes:
    """The id of a key, stored with each ciphertext."""
    return sha256(b"id" + key).digest()[:KEY_ID]


def derive(secret: str | bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF-SHA256, RFC 5869)."""
    material = secret.encode() if isinstance(secret, str) else secret
    return HKDF(algorithm=SHA256(), length=32, salt=b"trial-alerts", info=purpose.encode()).derive(material)


class Keyring:
    """The secret keys, newest first: the first encrypts, all decrypt."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._secrets = tuple(secret_keys)
        self._purposes: dict[str, tuple[tuple[bytes, AESGCM], ...]] = {}

    def _ciphers(self, purpose: str) -> tuple[tuple[bytes, AESGCM], ...]:
        ciphers = self._purposes.get(purpose)
        if ciphers is None:
            derived = [derive(secret, "seal:" + purpose) for secret in self._secrets]
            ciphers = tuple((key_id(key), AESGCM(key)) for key in derived)
            if len({id_ for id_, _ in ciphers}) < len(ciphers):
                raise SameKeyId("Two of ALERTS_SECRET_KEYS can't be told apart: take another new key.")
            self._purposes[purpose] = ciphers
        return ciphers

    def key_ids(self, purpose: str) -> list[int]:
        """The ids of the keys as signed integers, as rows have them; the current key's first."""
        return [int.from_bytes(id_, signed=True) for id_, _ in self._ciphers(purpose)]

    def current_key_id(self, purpose: str) -> int:
        """The current key's id; rows with another one must be reencrypted."""
        return self.key_ids(purpose)[0]

    def is_current(self, sealed: bytes, purpose: str) -> bool:
        """Whether the ciphertext was made with the current key."""
        return sealed[:KEY_ID] == self._ciphers(purpose)[0][0]

    def seal(self, plain: bytes, purpose: str, bound_to: bytes = b"") -> bytes:
        """Encrypts `plain`, bound to a purpose and a row: key id, nonce, ciphertext with tag."""
        own_id, cipher = self._ciphers(purpose)[0]
        nonce = os.urandom(_NONCE)
        return own_id + nonce + cipher.encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, purpose: str, bound_to: bytes = b"") -> bytes:
        """Decrypts a value that `seal` returned. Raises DecryptionError."""
        sealed_key_id, nonce, rest = (
            sealed[:KEY_ID],
            sealed[KEY_ID : KEY_ID + _NONCE],
            sealed[KEY_ID + _NONCE :],
        )
        if len(rest) >= 16:
            for candidate_id, cipher in self._ciphers(purpose):
                if candidate_id == sealed_key_id:
                    try:
                        return cipher.decrypt(nonce, rest, bound_to)
                    except InvalidTag:
                        continue
        raise DecryptionError(
            "None of the secret keys opens what is stored: bring back the one that was dropped."
        )

    def mac_keys(self, purpose: str) -> list[bytes]:
        """The derived MAC keys for other modules, newest first."""
        return [derive(secret, "mac:" + purpose) for secret in self._secrets]

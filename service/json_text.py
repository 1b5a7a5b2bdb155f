"""JSON as programs really send it: a byte order mark before it, halves of characters in its texts.

A program that cuts a text after so many UTF-16 units may leave half of an emoji, as `\\ud83e`: grammatical
JSON (RFC 8259 §8.2), but no text. Such a half, and the NUL character, which PostgreSQL can't keep, become
the replacement character U+FFFD, as the Unicode Standard advises (§3.9): one of them never costs the rest.
"""

import re
from typing import Any

import msgspec

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What must go on as it stands comes first: whole pairs, and other escapes, so that `\\ud83e` is left alone.
_ODD = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\u0000)"
    rb"|(?P<raw>\xed[\xa0-\xbf][\x80-\xbf])"
    rb"|\\.",
    re.DOTALL,
)

#: What a decoder raises for what is no JSON, or nested beyond reason.
NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def without_mark(text: bytes) -> bytes:
    """The text without a byte order mark, which a reader may ignore (RFC 8259 §8.1)."""
    return text.removeprefix(_BYTE_ORDER_MARK)


def repaired(text: bytes) -> bytes:
    """The text with each half of a surrogate pair, and each NUL, replaced by U+FFFD."""
    return _ODD.sub(_replacement, text)


def _replacement(found: re.Match[bytes]) -> bytes:
    if found["half"]:
        return b"\\ufffd"
    return "\ufffd".encode() if found["raw"] else found[0]


def decode(text: bytes, decoder: msgspec.json.Decoder[Any] | None = None) -> Any:
    """What a JSON text says, its odd characters replaced. Raises one of NOT_JSON."""
    text = without_mark(text)
    read = decoder.decode if decoder else msgspec.json.decode
    if rb"\u0000" in text:
        return read(repaired(text))
    try:
        return read(text)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        return read(repaired(text))

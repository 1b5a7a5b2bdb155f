"""Lenient JSON decoding: byte order marks and lone surrogates.

A program that truncates a text by UTF-16 units may leave a lone surrogate such as `\\ud83e`: grammatical JSON
(RFC 8259 §8.2), but not valid text. Lone surrogates, and NUL, which PostgreSQL can't store, are replaced by
U+FFFD, as the Unicode Standard advises (§3.9), so that the rest of the document is not lost.
"""

import json
import re
from typing import Any

import msgspec

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Valid pairs are matched first, and other escapes too, so that `\\ud83e` is left unchanged.
_ODD = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\u0000)"
    rb"|(?P<raw>\xed[\xa0-\xbf][\x80-\xbf])"
    rb"|\\.",
    re.DOTALL,
)

#: Errors of a decoder for invalid or too deeply nested JSON.
NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def without_mark(text: bytes) -> bytes:
    """The text without a byte order mark, which a parser may ignore (RFC 8259 §8.1)."""
    return text.removeprefix(_BYTE_ORDER_MARK)


def repaired(text: bytes) -> bytes:
    """The text with each half of a surrogate pair, and each NUL, replaced by U+FFFD."""
    return _ODD.sub(_replacement, text)


def _replacement(found: re.Match[bytes]) -> bytes:
    if found["half"]:
        return b"\\ufffd"
    return "\ufffd".encode() if found["raw"] else found[0]


def decode(text: bytes, decoder: msgspec.json.Decoder[Any] | None = None) -> Any:
    """Decodes a JSON text with invalid characters replaced. Raises one of NOT_JSON."""
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


def decode_any_numbers(text: bytes) -> Any:
    """Decodes a JSON text whose numbers may be of any size, which RFC 8259 §6 allows; None if it is no JSON.

    All numbers are read as 0: it is for the rest of a text that `decode` refuses.
    """
    try:
        return json.loads(repaired(text), parse_int=_nought, parse_float=_nought, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _nought(_: str) -> int:
    return 0


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")

"""MIME body parts: quoted-printable pieces that can be joined, and multipart/alternative around them."""

import re
from binascii import b2a_qp

# "=_" can't occur in quoted-printable text, so this boundary can't occur in a part (RFC 2045 §6.7).
_BOUNDARY = b"=_alternative"
_PART = (
    b"--" + _BOUNDARY + b"\r\nContent-Type: text/%s; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
)

CONTENT_TYPE = b'multipart/alternative; boundary="' + _BOUNDARY + b'"'
TEXT_START = b"\r\n" + _PART % b"plain"
HTML_START = b"\r\n" + _PART % b"html"
END = b"\r\n--" + _BOUNDARY + b"--\r\n"

_DOTS = re.compile(rb"^\.+", re.MULTILINE)
_DOTS_A_LINE = 24

# b2a_qp encodes a space at a line's end only after it has measured the line: up to two octets too many.
_OVERLONG = re.compile(rb"^(.{74,75})(=(?:20|09))$", re.MULTILINE)
_SOFT_BREAK = b"=\r\n"
_LINE = 75  # and the break's "="


def quoted_printable(text: str) -> bytes:
    """The text in UTF-8 as quoted-printable with CRLF, lines of at most 76 octets (RFC 2045 §6.7).

    No line begins with a dot, so that SMTP needs no dot-stuffing.
    """
    encoded = b2a_qp(text.encode())
    if b"=20\n" in encoded or b"=09\n" in encoded:
        encoded = _OVERLONG.sub(rb"\1=\n\2", encoded)
    if b"\n." in encoded or encoded.startswith(b"."):
        encoded = _DOTS.sub(_encode_dots, encoded)
    return encoded.replace(b"\n", b"\r\n")


def _encode_dots(dots: re.Match[bytes]) -> bytes:
    lines, rest = divmod(len(dots.group()), _DOTS_A_LINE)
    return (b"=2E" * _DOTS_A_LINE + b"=\n") * lines + (b"=2E" * rest + b"=\n") * bool(rest)


def piece(text: str) -> bytes:
    """As `quoted_printable`, but ends with a line end or a soft line break, so that a piece can follow."""
    if not text or text.endswith("\n"):
        return quoted_printable(text)
    # The extra letter, removed again, leaves room for the soft break's "=" within the 76 octets.
    encoded = quoted_printable(text + "x")[:-1]
    return encoded if encoded.endswith(_SOFT_BREAK) else encoded + _SOFT_BREAK


def link_piece(url: str) -> bytes:
    """As `piece`, faster for URLs in printable ASCII, which mostly need only soft breaks."""
    octets = url.encode("ascii")
    if b"=" in octets or b"." in octets[::_LINE]:
        return piece(url)
    broken = octets[:_LINE] + _SOFT_BREAK
    while octets := octets[_LINE:]:
        broken += octets[:_LINE] + _SOFT_BREAK
    return broken


def alternatives(text: bytes, html: bytes) -> bytes:
    """The body of a multipart/alternative, plain text first and HTML last (RFC 2046 §5.1.4)."""
    return b"".join((TEXT_START, text, HTML_START, html, END))

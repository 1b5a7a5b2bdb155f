"""Bytes of a MIME body: quoted-printable pieces that can be joined, and the two alternatives around them."""

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
SOFT_BREAK = b"=\r\n"


def quoted_printable(text: str) -> bytes:
    """The text in UTF-8 as quoted-printable with CRLF, lines of at most 76 octets (RFC 2045 §6.7)."""
    return b2a_qp(text.encode()).replace(b"\n", b"\r\n")


def piece(text: str) -> bytes:
    """As `quoted_printable`, ended so that another piece can follow: by a line end or a soft line break."""
    encoded = quoted_printable(text)
    return encoded if encoded.endswith(b"\r\n") or not encoded else encoded + SOFT_BREAK


def alternatives(text: bytes, html: bytes) -> bytes:
    """The body of a multipart/alternative, plain text first and HTML last (RFC 2046 §5.1.4)."""
    return b"".join((TEXT_START, text, HTML_START, html, END))

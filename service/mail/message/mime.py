"""A mail as bytes: header lines, quoted-printable pieces that can be joined, multipart/alternative.

Headers: literal values are never folded, and no value can inject a line.
"""

import re
from binascii import b2a_qp
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, quote
from functools import lru_cache

from service.domain.delivery.kinds import MailRules
from service.mail.message.sender_profile import SenderProfile

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


# A dot-atom (RFC 5322 §3.2.3, non-ASCII by RFC 6532 §3.2) or a quoted string, at a domain of A-labels.
_ATOM = '[^\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff()<>\\[\\]:;@\\\\,."]+'
_ADDRESS = re.compile(rf'(?:{_ATOM}(?:\.{_ATOM})*|"[ !#-\[\]-~]+")@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?')
_KEY = re.compile(r"[A-Za-z0-9._-]{1,120}")
_PLAIN = re.compile(r"[ -~]{1,60}")


def common_headers(frame: SenderProfile, *, subject: str, language: str, rules: MailRules) -> bytes:
    """The header lines shared by all mails of a kind; its stream is in Feedback-ID."""
    lines = [
        b"From: " + _mailbox(frame.sender_name, frame.sender_address),
        b"Subject: " + _encoded_words(subject, "Subject"),
        b"MIME-Version: 1.0",
        b"Content-Type: " + CONTENT_TYPE,
        b"Content-Language: " + language.encode("ascii"),
        b"Auto-Submitted: auto-generated",
        f"Feedback-ID: {rules.stream}:mail:alerts:{frame.feedback_sender_id}".encode("ascii"),
    ]
    if frame.reply_to:
        lines.append(b"Reply-To: " + frame.reply_to.encode("ascii"))
    if rules.unsubscribable:
        lines.append(b"List-Id: <updates." + frame.mail_domain.encode("ascii") + b">")
    return b"\r\n".join(lines) + b"\r\n"


def personal_headers(
    frame: SenderProfile, recipient: str, message_key: str, date: datetime, unsubscribe_url: str | None
) -> bytes:
    """The header lines of this mail only.

    With an `unsubscribe_url`, adds the List-Unsubscribe pair (RFC 8058 §3.1), each on one line.
    The recipient's domain must be in A-labels; a non-ASCII local part is written as UTF-8 (RFC 6532).
    Raises ValueError, without the address, if a value is not valid in a header.
    """
    if not _ADDRESS.fullmatch(recipient):
        raise ValueError("the recipient is not an address")
    if not _KEY.fullmatch(message_key):
        raise ValueError("the message key is not valid")
    lines = f"To: {recipient}\r\nDate: {_date(date)}\r\nMessage-ID: <{message_key}@{frame.mail_domain}>\r\n"
    if frame.is_sent_by_postmark:  # its webhooks carry what mails say in such a field, and no Message-ID
        lines += f"X-PM-Metadata-Delivery: {message_key}@{frame.mail_domain}\r\nX-PM-KeepID: true\r\n"
    if unsubscribe_url:
        lines += (
            f"List-Unsubscribe: <{unsubscribe_url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        )
    return lines.encode()


@lru_cache(maxsize=64)
def _date(date: datetime) -> str:
    if date.tzinfo is None:
        raise ValueError("the date of a mail needs a time zone")
    return format_datetime(date)


def _mailbox(name: str, address: str) -> bytes:
    if _PLAIN.fullmatch(name):
        return b'"' + quote(name).encode() + b'" <' + address.encode("ascii") + b">"
    # On a line of its own: the words before it fill theirs (RFC 5322 §2.1.1: 78 characters).
    return _encoded_words(name, "From") + b"\r\n <" + address.encode("ascii") + b">"


def _encoded_words(text: str, header: str) -> bytes:
    """ASCII unchanged; anything else as encoded words of at most 75 characters (RFC 2047 §2), folded."""
    if _PLAIN.fullmatch(text):
        return text.encode("ascii")
    if "\r" in text or "\n" in text or "\0" in text:
        raise ValueError("a header must not contain a line end")
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n").encode("ascii")

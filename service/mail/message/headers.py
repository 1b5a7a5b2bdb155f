"""The header of a mail as bytes: literal values are never folded, and no value can inject a line."""

import re
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, quote
from functools import lru_cache

from service.domain.delivery.kinds import MailRules
from service.mail.message.mime import CONTENT_TYPE
from service.mail.message.sender_profile import SenderProfile

# A dot-atom (RFC 5322 §3.2.3, non-ASCII by RFC 6532 §3.2) or a quoted string, at a domain of A-labels.
_ATOM = '[^\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff()<>\\[\\]:;@\\\\,."]+'
_ADDRESS = re.compile(rf'(?:{_ATOM}(?:\.{_ATOM})*|"[ !#-\[\]-~]+")@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?')
_KEY = re.compile(r"[A-Za-z0-9._-]{1,120}")
_PLAIN = re.compile(r"[ -~]{1,60}")


def common(frame: SenderProfile, *, subject: str, language: str, rules: MailRules) -> bytes:
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


def personal(
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
    lines = (
        f"To: {recipient}\r\nDate: {_date(date.replace(microsecond=0))}\r\n"
        f"Message-ID: <{message_key}@{frame.mail_domain}>\r\n"
    )
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
    shown = b'"' + quote(name).encode() + b'"' if _PLAIN.fullmatch(name) else _encoded_words(name, "From")
    return shown + b" <" + address.encode("ascii") + b">"


def _encoded_words(text: str, header: str) -> bytes:
    """ASCII unchanged; anything else as encoded words of at most 75 characters (RFC 2047 §2), folded."""
    if _PLAIN.fullmatch(text):
        return text.encode("ascii")
    if "\r" in text or "\n" in text or "\0" in text:
        raise ValueError("a header must not contain a line end")
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n").encode("ascii")

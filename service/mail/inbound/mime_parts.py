"""Lenient access to parts and fields of inbound mail: malformed ones are empty, never an error."""

import base64
import binascii
import email
import quopri
import re
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message

#: Octets of a part, and characters of a text, that are examined.
LONGEST_TEXT = 20_000
#: A returned copy of our mail, or its header only.
RETURNED_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "text/rfc822-header",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)


#: Octets that parts of `email` disagree on as line ends; not valid in a mail (RFC 5322 §2.2).
_CONTROLS = bytes(octet for octet in range(32) if octet not in b"\t\n\r") + b"\x7f"
_BLANKED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))


#: Octets of a mail that are parsed: enough for a report and the header of the returned copy.
LONGEST_PARSED = 256 * 1024


def parse(octets: bytes) -> Message:
    """Parses a mail, or a group of fields; control characters become spaces.

    Raises RecursionError for parts nested hundreds deep.
    """
    return email.message_from_bytes(octets[:LONGEST_PARSED].translate(_BLANKED))


def values(message: Message, names: Iterable[str]) -> list[str]:
    """All values of the header fields with these names, in the order of the names."""
    return [str(value) for name in names for value in message.get_all(name, [])]


def text_of(message: Message, name: str) -> str:
    """A header field's value on one line, or nothing."""
    return " ".join(str(message.get(name, "")).split())


def parts(message: Message, types: Sequence[str]) -> Iterator[Message]:
    """The parts of these types, not searching returned mails."""
    if message.get_content_type() in types:
        yield message
    elif message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from parts(part, types)


def blocks(part: Message) -> Iterator[Message]:
    """A part's groups of fields; undoes the parser's treatment of some types as nested messages."""
    octets = _source_of_body(part)
    encoding = text_of(part, "Content-Transfer-Encoding").lower()
    if encoding == "base64":
        try:
            octets = base64.b64decode(octets + b"===")  # lenient: skips what is not base64
        except binascii.Error:
            octets = b""
    elif encoding == "quoted-printable":
        octets = quopri.decodestring(octets)
    for block in re.split(rb"(?:\r?\n){2,}", octets[:LONGEST_TEXT].strip()):
        yield parse(block)


def _source(message: Message) -> bytes:
    """The source of a nested message, without the lines between its parts.

    `bytes(message)` would raise errors for malformed mail.
    """
    fields = "".join(f"{name}: {value}\n" for name, value in message.raw_items())
    return fields.encode("utf-8", "surrogateescape") + b"\n" + _source_of_body(message)


def _source_of_body(part: Message) -> bytes:
    nested = part.get_payload() if part.is_multipart() else None
    if isinstance(nested, list):
        return b"\n\n".join(_source(block) for block in nested if isinstance(block, Message))
    # Not `get_payload()`, which decodes by the character set that the part declares.
    return _stored_text(part).encode("utf-8", "surrogateescape")


def _stored_text(part: Message) -> str:
    """The text of a part as stored by the parser, not decoded."""
    payload = getattr(part, "_payload", "")
    return payload if isinstance(payload, str) else ""


def returned_copies(message: Message) -> Iterator[Message]:
    """The header of our returned mail, followed by its body, as groups of fields."""
    for part in parts(message, RETURNED_TYPES):
        yield from blocks(part)


def body_text(message: Message) -> str:
    """The first plain text of a message, with LF line ends; without one, the raw text."""
    for part in parts(message, ("text/plain",)):
        octets = part.get_payload(decode=True)
        if isinstance(octets, bytes):
            return octets[:LONGEST_TEXT].decode("utf-8", "replace").replace("\r", "")
    text = (message.preamble or "") if message.is_multipart() else _stored_text(message)
    octets = text[:LONGEST_TEXT].encode("utf-8", "surrogateescape")
    return octets.decode("utf-8", "replace").replace("\r", "")

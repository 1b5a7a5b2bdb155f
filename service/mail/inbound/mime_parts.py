"""Parts and fields of a mail that came back, read leniently: what is malformed is empty, never an error."""

import base64
import binascii
import email
import quopri
import re
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message

#: Octets of a part, and characters of a text, that are looked at.
LONGEST_TEXT = 20_000
#: A returned copy of what we sent, or its header alone.
RETURNED_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "text/rfc822-header",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)


#: Octets that end a line for one part of `email` and not for another: none stands in a mail (RFC 5322 §2.2).
_CONTROLS = bytes(octet for octet in range(32) if octet not in b"\t\n\r") + b"\x7f"
_BLANKED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))


#: Octets of a mail that are parsed: a report and the header of the returned copy stand within them.
LONGEST_PARSED = 256 * 1024


def parse(octets: bytes) -> Message:
    """A mail, or a group of fields; control characters are taken for spaces.

    Raises RecursionError for parts within parts, hundreds deep.
    """
    return email.message_from_bytes(octets[:LONGEST_PARSED].translate(_BLANKED))


def values(message: Message, names: Iterable[str]) -> list[str]:
    """All values of the header fields with these names, in the order of the names."""
    return [str(value) for name in names for value in message.get_all(name, [])]


def text_of(message: Message, name: str) -> str:
    """A header field's value on one line, or nothing."""
    return " ".join(str(message.get(name, "")).split())


def parts(message: Message, types: Sequence[str]) -> Iterator[Message]:
    """The parts of these types, without looking into returned mails."""
    if message.get_content_type() in types:
        yield message
    elif message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from parts(part, types)


def blocks(part: Message) -> Iterator[Message]:
    """A part's groups of fields. The parser takes some kinds for a nested message: that is undone."""
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
    """A nested message as it came, but for the lines between its parts.

    `bytes(message)` would write it by rules that mail which came back need not keep, and raise errors.
    """
    fields = "".join(f"{name}: {value}\n" for name, value in message.raw_items())
    return fields.encode("utf-8", "surrogateescape") + b"\n" + _source_of_body(message)


def _source_of_body(part: Message) -> bytes:
    nested = part.get_payload() if part.is_multipart() else None
    if isinstance(nested, list):
        return b"\n\n".join(_source(block) for block in nested if isinstance(block, Message))
    # Not `get_payload()`, which decodes by whatever character set the part names.
    return _stored_text(part).encode("utf-8", "surrogateescape")


def _stored_text(part: Message) -> str:
    """The text of a part as the parser keeps it, its transfer encoding untouched."""
    payload = getattr(part, "_payload", "")
    return payload if isinstance(payload, str) else ""


def returned_copies(message: Message) -> Iterator[Message]:
    """The header of the mail of ours that is attached; what follows it is its text, part by part."""
    for part in parts(message, RETURNED_TYPES):
        yield from blocks(part)


def body_text(message: Message) -> str:
    """The first plain text of a message, with line feeds alone; where there is none, what stands there."""
    for part in parts(message, ("text/plain",)):
        octets = part.get_payload(decode=True)
        if isinstance(octets, bytes):
            return octets[:LONGEST_TEXT].decode("utf-8", "replace").replace("\r", "")
    text = (message.preamble or "") if message.is_multipart() else _stored_text(message)
    octets = text[:LONGEST_TEXT].encode("utf-8", "surrogateescape")
    return octets.decode("utf-8", "replace").replace("\r", "")

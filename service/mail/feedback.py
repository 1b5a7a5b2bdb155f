"""Mail that comes back, read: bounces, complaints, unsubscribes, noise. Says what it is, decides nothing."""

import base64
import binascii
import email
import logging
import quopri
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from flufl.bounce import all_failures

from service.domain.outcome import Outcome, OutcomeKind, Stage, classify

# It logs a traceback for mail that its detectors stumble over: that is handled here, and has no effect.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


class FeedbackKind(StrEnum):
    """What came back. DELAYED, AUTO_REPLY and UNKNOWN have no effect whatever they hold."""

    BOUNCED_HARD = "bounced_hard"
    BOUNCED_SOFT = "bounced_soft"
    BOUNCED_OTHER = "bounced_other"  # `outcome` says: policy, the message's fault, suspect, a new owner, …
    COMPLAINT = "complaint"
    NOT_SPAM = "not_spam"
    UNSUBSCRIBE = "unsubscribe"
    DELAYED = "delayed"
    AUTO_REPLY = "auto_reply"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One message read. `token` is the local part to give to `verp.read`; only that makes it believable.

    `outcome` goes with the three bounces; its `detail` is free of addresses.
    """

    kind: FeedbackKind
    token: str | None
    outcome: Outcome | None = None


_KIND_OF_BOUNCE = {
    OutcomeKind.HARD_BOUNCE: FeedbackKind.BOUNCED_HARD,
    OutcomeKind.SOFT_BOUNCE: FeedbackKind.BOUNCED_SOFT,
    OutcomeKind.RETRY: FeedbackKind.BOUNCED_SOFT,  # the server in between has given up trying
}
# RFC 5965 §7.3; `opt-out` is from its drafts and still in use.
_KIND_OF_REPORT = {
    "abuse": FeedbackKind.COMPLAINT,
    "fraud": FeedbackKind.COMPLAINT,
    "not-spam": FeedbackKind.NOT_SPAM,
    "opt-out": FeedbackKind.UNSUBSCRIBE,
}
_STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")  # RFC 3464, RFC 6533
_RETURNED_PARTS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)
_TOKEN = re.compile(r"(?<![a-z0-9-])([bu]-[0-9a-f]{40})(?=@|=40|%40)", re.IGNORECASE)
_ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_REPORTED = ("Original-Mail-From", "Original-Rcpt-To", "Original-Recipient", "X-Original-Mail-From")
_RETURNED = ("Return-Path", "X-Envelope-From", "Errors-To", "List-Unsubscribe", "Sender")
_DIAGNOSTIC = re.compile(r"(?:\bsmtp;\s*)?.*?\b([45]\d\d)[ -](.*)", re.IGNORECASE | re.DOTALL)
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_ODD_REPLY = re.compile(r"(?m)(?<![\d.])(?:([45]\d\d)[ -])?\(?#?([45]\.\d{1,3}\.\d{1,3})(?![\d.])(.*)$")
_UNSUBSCRIBE = re.compile(r"\s*(?:re:\s*)?unsubscribe\b", re.IGNORECASE)
_DAEMON = re.compile(r"mailer-daemon|postmaster", re.IGNORECASE)
_AWAY = re.compile(r"\s*(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office)", re.IGNORECASE)
_LONGEST_TEXT = 20_000


def read_feedback(raw: bytes, recipients: Sequence[str] = ()) -> Feedback:
    """What a message that came back says; `recipients` are its envelope's, if known. Never raises."""
    message = email.message_from_bytes(raw)
    token = _find_token(message, recipients)
    reports = list(_reports(message))
    if reports:
        kind = _KIND_OF_REPORT.get(_text(reports[0], "Feedback-Type").lower(), FeedbackKind.UNKNOWN)
        return Feedback(kind, token)
    recipients_told = list(_status_blocks(message))
    if recipients_told:
        return _read_status(recipients_told, token)
    if token is not None and _asks_to_unsubscribe(message, token):
        return Feedback(FeedbackKind.UNSUBSCRIBE, token)
    if _is_auto_reply(message):
        return Feedback(FeedbackKind.AUTO_REPLY, token)
    return _read_odd_bounce(message, token)


def _find_token(message: Message, recipients: Sequence[str]) -> str | None:
    """Where it was sent to, then what a report says, then the returned mail's own headers."""
    places: list[str] = [*recipients, *_values(message, _ADDRESSED)]
    for block in (*_reports(message), *_status_blocks(message)):
        places += _values(block, _REPORTED)
    for returned in _returned(message):
        places += _values(returned, _RETURNED)
    for place in places:
        found = _TOKEN.search(place)
        if found:
            return found[1].lower()
    return None


def _values(message: Message, names: Iterable[str]) -> list[str]:
    return [str(value) for name in names for value in message.get_all(name, [])]


def _text(message: Message, name: str) -> str:
    """A header's value on one line, or nothing."""
    return " ".join(str(message.get(name, "")).split())


def _parts(message: Message, types: Sequence[str]) -> Iterator[Message]:
    """The parts of these types, without looking into returned mails."""
    if message.get_content_type() in types:
        yield message
    elif message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part, types)


def _reports(message: Message) -> Iterator[Message]:
    """The fields of an abuse report (RFC 5965)."""
    for part in _parts(message, ("message/feedback-report",)):
        yield from _blocks(part)


def _status_blocks(message: Message) -> Iterator[Message]:
    """The fields of each recipient in a delivery status notification (RFC 3464 §2.3)."""
    for part in _parts(message, _STATUS_PARTS):
        for block in _blocks(part):
            if "Action" in block:
                yield block


def _returned(message: Message) -> Iterator[Message]:
    for part in _parts(message, _RETURNED_PARTS):
        yield from _blocks(part)


def _blocks(part: Message) -> Iterator[Message]:
    """A part's groups of fields. The parser takes some kinds for a nested message: that is undone."""
    payload = part.get_payload()
    if isinstance(payload, list):
        octets = b"\n\n".join(bytes(block) for block in payload if isinstance(block, Message))
    else:
        octets = str(payload).encode("utf-8", "surrogateescape")
    encoding = _text(part, "Content-Transfer-Encoding").lower()
    if encoding == "base64":
        try:
            octets = base64.b64decode(octets + b"===")  # lenient: skips what is not base64
        except binascii.Error:
            octets = b""
    elif encoding == "quoted-printable":
        octets = quopri.decodestring(octets)
    for block in re.split(rb"(?:\r?\n){2,}", octets[:_LONGEST_TEXT].strip()):
        yield email.message_from_bytes(block)


def _read_status(blocks: Sequence[Message], token: str | None) -> Feedback:
    """Only `failed` counts; `delayed` never does (RFC 3464 §2.3.3)."""
    by_action = {_text(block, "Action").lower(): block for block in blocks}
    failed = by_action.get("failed")
    if failed is None:
        return Feedback(FeedbackKind.DELAYED if "delayed" in by_action else FeedbackKind.UNKNOWN, token)
    found = _STATUS.search(_text(failed, "Status"))
    diagnostic = _text(failed, "Diagnostic-Code")
    reply = _DIAGNOSTIC.match(diagnostic)
    code, text = (int(reply[1]), reply[2]) if reply else (None, diagnostic)
    status = found[1] if found else None
    if status is None or status.endswith(".0.0"):  # the server's own words may be more exact
        inside = _STATUS.search(text)
        status = inside[1] if inside else status
    known = [_address_of(failed, name) for name in ("Final-Recipient", "Original-Recipient")]
    return _bounce(code, status, text, token, known)


def _address_of(block: Message, name: str) -> str:
    return _text(block, name).partition(";")[2].strip()


def _bounce(
    code: int | None, status: str | None, text: str, token: str | None, known: Iterable[str] = ()
) -> Feedback:
    outcome = classify(Stage.REPORT, code, status, text, known)
    kind = _KIND_OF_BOUNCE.get(outcome.kind, FeedbackKind.BOUNCED_OTHER)
    return Feedback(kind, token, outcome)


def _asks_to_unsubscribe(message: Message, token: str) -> bool:
    if _declares_itself_automatic(message):
        return False
    return token.startswith("u-") or bool(
        _UNSUBSCRIBE.match(_text(message, "Subject")) or _UNSUBSCRIBE.match(_body_text(message))
    )


def _declares_itself_automatic(message: Message) -> bool:
    """RFC 3834 §5: any Auto-Submitted but `no`."""
    return _text(message, "Auto-Submitted").partition(";")[0].strip().lower() not in ("", "no")


def _is_auto_reply(message: Message) -> bool:
    if _DAEMON.search(_text(message, "From")):
        return False
    older_signs = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From")
    return (
        _declares_itself_automatic(message)
        or any(name in message for name in older_signs)
        or _text(message, "Precedence").lower() in ("auto_reply", "auto-reply")
        or bool(_AWAY.match(_text(message, "Subject")))
    )


def _read_odd_bounce(message: Message, token: str | None) -> Feedback:
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # whatever its detectors stumble over can't be read, so it has no effect
        return Feedback(FeedbackKind.UNKNOWN, token)
    if permanent:
        reply = _ODD_REPLY.search(_body_text(message))
        known = [address.decode("utf-8", "replace") for address in permanent]
        if reply is None:
            return _bounce(550, None, "", token, known)
        return _bounce(int(reply[1]) if reply[1] else None, reply[2], reply[3], token, known)
    return Feedback(FeedbackKind.DELAYED if temporary else FeedbackKind.UNKNOWN, token)


def _body_text(message: Message) -> str:
    """The first plain text of a message."""
    for part in _parts(message, ("text/plain",)):
        octets = part.get_payload(decode=True)
        if isinstance(octets, bytes):
            return octets[:_LONGEST_TEXT].decode("utf-8", "replace")
    return ""

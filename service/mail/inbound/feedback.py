"""Parses inbound feedback: bounces, complaints, unsubscribe requests, noise. Has no side effects."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from flufl.bounce import all_failures

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, SessionStage, classify
from service.mail.inbound.bounce_text import is_bounce, is_delay, quoted_reply, reports_failure
from service.mail.inbound.delivery_status import Fate, read_delivery_status, status_blocks
from service.mail.inbound.mime_parts import blocks, body_text, parse, parts, returned_copies, text_of, values

_log = logging.getLogger(__name__)
# It logs a traceback when a detector raises, which is handled here.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


class FeedbackKind(StrEnum):
    """Kinds of feedback. DELAYED, AUTO_REPLY and UNKNOWN have no effect."""

    BOUNCED_HARD = "bounced_hard"  # the mailbox does not exist
    BOUNCED_SOFT = "bounced_soft"  # this mail failed, the mailbox may exist
    BOUNCED_OTHER = "bounced_other"  # see `outcome`: policy, message fault, suspect, reassigned, …
    COMPLAINT = "complaint"  # reported as spam (RFC 5965)
    NOT_SPAM = "not_spam"  # a report of spam taken back
    UNSUBSCRIBE = "unsubscribe"  # a request to unsubscribe by mail
    DELAYED = "delayed"  # the server goes on trying
    AUTO_REPLY = "auto_reply"  # an automatic reply (RFC 3834)
    UNKNOWN = "unknown"  # anything else


@dataclass(frozen=True, slots=True)
class Feedback:
    """A parsed message. `token` is the local part for `verp.read`, which authenticates it.

    `outcome` is set for the three bounces; its `detail` contains no addresses. A complaint without a token is
    identified by the returned copy: `unsubscribe_token` is from its List-Unsubscribe link, `message_key` the
    local part of its Message-ID. `is_verified`: a mail provider signed it, so that its bounces, too, may be
    identified by the Message-ID.
    """

    kind: FeedbackKind
    token: str | None
    outcome: Outcome | None = None
    unsubscribe_token: str | None = None
    message_key: str | None = None
    is_verified: bool = False


#: The kind of feedback by the outcome of a final failure; others are BOUNCED_OTHER.
KIND_OF_BOUNCE = {
    OutcomeKind.HARD_BOUNCE: FeedbackKind.BOUNCED_HARD,
    OutcomeKind.SOFT_BOUNCE: FeedbackKind.BOUNCED_SOFT,
    OutcomeKind.DEFERRED: FeedbackKind.BOUNCED_SOFT,  # the relaying server has given up
}
# RFC 5965 §7.3; `opt-out` is from its drafts and still in use.
_KIND_OF_REPORT = {
    "abuse": FeedbackKind.COMPLAINT,
    "fraud": FeedbackKind.COMPLAINT,
    "not-spam": FeedbackKind.NOT_SPAM,
    "opt-out": FeedbackKind.UNSUBSCRIBE,
}
#: A value without the comment behind it (RFC 5322 §3.2.2).
_REPORT_TYPE = re.compile(r"[A-Za-z-]+")
_TOKEN = re.compile(r"(?<![a-z0-9-])(b-[0-9a-f]{40})(?=@|=40|%40)", re.IGNORECASE)
_UNSUBSCRIBE_LINK = re.compile(r"/unsubscribe/([A-Za-z0-9_-]{16,200})")
_MESSAGE_KEY = re.compile(r"<([0-9a-f]{32})@")
_ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_REPORTED = ("Original-Mail-From", "Original-Rcpt-To", "Original-Recipient", "X-Original-Mail-From")
_RETURNED = ("Return-Path", "X-Envelope-From", "Errors-To", "List-Unsubscribe", "Sender")
_UNSUBSCRIBE = re.compile(r"\s*(?:re:\s*)?unsubscribe\b", re.IGNORECASE)
#: Subjects of complaints without ARF: formerly Microsoft's JMRP, AOL, abuse desks of hosters.
_COMPLAINT = re.compile(
    r"complaint about message from|e-?mail feedback report|\b(?:abuse|spam) (?:report|compl)", re.I
)
_DAEMON = re.compile(r"mailer-daemon|postmaster", re.IGNORECASE)
_AWAY = re.compile(r"\s*(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office)", re.IGNORECASE)


def read_feedback(raw: bytes, recipients: Sequence[str] = ()) -> Feedback:
    """Parses an inbound message; `recipients` are its envelope's, if known. Never raises.

    A mail server would retry a message that causes an error again and again.
    """
    try:
        return read_message(raw, recipients)
    except Exception as error:
        _log.error("feedback could not be parsed", exc_info=error)
        return Feedback(FeedbackKind.UNKNOWN, None)


def read_message(raw: bytes, recipients: Sequence[str] = ()) -> Feedback:
    """As `read_feedback`, but raises RecursionError for deeply nested parts, and no other error."""
    message = parse(raw)
    token = _find_token(message, recipients)
    complaint = _complaint_kind(message)
    if complaint is not None:
        return _about_a_copy(message, complaint, token)
    status_fields = status_blocks(message)
    if status_fields:
        status = read_delivery_status(message, status_fields)
        if status.outcome is not None:
            return _bounce(status.outcome, token)
        return Feedback(FeedbackKind.DELAYED if status.fate is Fate.DELAYED else FeedbackKind.UNKNOWN, token)
    if token is not None and _asks_to_unsubscribe(message):
        return Feedback(FeedbackKind.UNSUBSCRIBE, token)
    if is_bounce(message):
        return _read_notice(message, token)
    if _is_auto_reply(message):
        return Feedback(FeedbackKind.AUTO_REPLY, token)
    return _read_odd_bounce(message, token)


def _find_token(message: Message, recipients: Sequence[str]) -> str | None:
    """Looks at the recipients, then at report fields, then at the headers of the returned copy."""
    places: list[str] = [*recipients, *values(message, _ADDRESSED)]
    for block in (*_reports(message), *status_blocks(message)):
        places += values(block, _REPORTED)
    for returned in returned_copies(message):
        places += values(returned, _RETURNED)
    for place in places:
        found = _TOKEN.search(place)
        if found:
            return found[1].lower()
    return None


def _reports(message: Message) -> list[Message]:
    """The fields of an abuse report (RFC 5965)."""
    return [block for part in parts(message, ("message/feedback-report",)) for block in blocks(part)]


def _complaint_kind(message: Message) -> FeedbackKind | None:
    """The kind of an abuse report; without ARF, by the subject if a copy is attached."""
    reports = _reports(message)
    if reports:
        type_ = _REPORT_TYPE.match(text_of(reports[0], "Feedback-Type"))
        return _KIND_OF_REPORT.get(type_[0].lower() if type_ else "", FeedbackKind.UNKNOWN)
    if _COMPLAINT.search(text_of(message, "Subject")) and any(returned_copies(message)):
        return FeedbackKind.COMPLAINT
    return None


def _about_a_copy(message: Message, kind: FeedbackKind, token: str | None) -> Feedback:
    link = key = None
    for copy in returned_copies(message):
        link = link or _UNSUBSCRIBE_LINK.search(text_of(copy, "List-Unsubscribe"))
        key = key or _MESSAGE_KEY.search(text_of(copy, "Message-ID"))
    return Feedback(
        kind,
        token,
        unsubscribe_token=link[1] if link else None,
        message_key=key[1] if key else None,
    )


def _bounce(outcome: Outcome, token: str | None) -> Feedback:
    return Feedback(KIND_OF_BOUNCE.get(outcome.kind, FeedbackKind.BOUNCED_OTHER), token, outcome)


def _read_notice(message: Message, token: str | None) -> Feedback:
    """Parses a free-text notice."""
    if is_delay(message):
        return Feedback(FeedbackKind.DELAYED, token)
    reply = quoted_reply(body_text(message))
    is_unspecific = reply.code is None and reply.status is None and not reports_failure(message)
    if not reply.text or is_unspecific:
        return Feedback(FeedbackKind.UNKNOWN, token)
    code = reply.code if reply.code or reply.status else 550
    known = values(message, ("X-Failed-Recipients",))
    return _bounce(classify(SessionStage.REPORT, code, reply.status, reply.text, known), token)


def _asks_to_unsubscribe(message: Message) -> bool:
    if _declares_itself_automatic(message) and "X-Apple-Unsubscribe" not in message:
        return False
    return bool(_UNSUBSCRIBE.match(text_of(message, "Subject")) or _UNSUBSCRIBE.match(body_text(message)))


def _declares_itself_automatic(message: Message) -> bool:
    """RFC 3834 §5: any Auto-Submitted except `no`."""
    return text_of(message, "Auto-Submitted").partition(";")[0].strip().lower() not in ("", "no")


def _is_auto_reply(message: Message) -> bool:
    if _DAEMON.search(text_of(message, "From")):
        return False
    older_signs = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From")
    return (
        _declares_itself_automatic(message)
        or any(name in message for name in older_signs)
        or text_of(message, "Precedence").lower() in ("auto_reply", "auto-reply")
        or bool(_AWAY.match(text_of(message, "Subject")))
    )


def _read_odd_bounce(message: Message, token: str | None) -> Feedback:
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # a message that its detectors can't parse has no effect
        return Feedback(FeedbackKind.UNKNOWN, token)
    if permanent and not body_text(message).startswith("{"):  # Amazon's notices for programs
        reply = quoted_reply(body_text(message))
        known = [address.decode("utf-8", "replace") for address in permanent]
        code = reply.code if reply.code or reply.status else 550
        return _bounce(classify(SessionStage.REPORT, code, reply.status, reply.text, known), token)
    return Feedback(FeedbackKind.DELAYED if temporary else FeedbackKind.UNKNOWN, token)

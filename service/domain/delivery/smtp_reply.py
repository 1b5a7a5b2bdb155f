"""Classifies SMTP replies into outcomes. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from service.domain.delivery import reply_words as words
from service.domain.delivery.redaction import LONGEST_REPLY, redact, redact_accepted


class SessionStage(StrEnum):
    """The stage of the SMTP session in which a reply came. REPORT: not in it, but in a later bounce."""

    CONNECT = "connect"  # the connection and its greeting
    EHLO = "ehlo"  # EHLO
    TLS = "tls"  # STARTTLS and the TLS handshake
    AUTH = "auth"  # the login
    MAIL = "mail"  # MAIL FROM
    RCPT = "rcpt"  # RCPT TO
    DATA = "data"  # DATA, before the body
    BODY = "body"  # after the final dot
    REPORT = "report"  # a later bounce


class OutcomeKind(StrEnum):
    """The outcome of a mail, which decides what the caller does."""

    SENT = "sent"  # nothing: the server accepted it
    NOT_ATTEMPTED = "not_tried"  # release it: it was offered to no server
    DEFERRED = "retry"  # try the same mail again later
    CONNECTION_FAILED = "route"  # our side or the network: back off and retry; not about the recipient
    HARD_BOUNCE = "hard_bounce"  # the address is invalid: suppress after one
    SUSPECT_BOUNCE = "suspect_bounce"  # or a misconfigured server: suppress after two, a day apart
    SOFT_BOUNCE = "soft_bounce"  # final for this mail: count a failure
    MESSAGE_FAULT = "message_fault"  # the mail itself was refused: final, count nothing, alert the operator
    POLICY = "policy"  # our reputation: pause the domain, alert the operator, never suppress
    SENDER_FAULT = "sender_fault"  # our sender address was refused: alert the operator
    MAILBOX_REASSIGNED = "moved_owner"  # the mailbox has another owner now: end the subscription
    UNSUPPORTED = "unsupported"  # the server doesn't support this address or these characters: final
    UNWRITABLE = "unwritable"  # rendering failed: final for this mail, our bug
    TEMPLATE_FAULT = "template_fault"  # a template is broken: try again, it may be corrected


_RETRIED = frozenset(
    {
        OutcomeKind.DEFERRED,
        OutcomeKind.CONNECTION_FAILED,
        OutcomeKind.NOT_ATTEMPTED,
        OutcomeKind.TEMPLATE_FAULT,
    }
)


class Outcome(NamedTuple):
    """The outcome of one attempt. `detail` is one line for an operator, without addresses and tokens."""

    kind: OutcomeKind
    stage: SessionStage
    code: int | None
    enhanced: str | None
    detail: str

    @property
    def server_reply(self) -> str:
        """The server's reply with its code, for an operator: redacted, at most 500 characters."""
        return f"{self.code} {self.detail}"[:LONGEST_REPLY] if self.code else self.detail

    @property
    def may_retry(self) -> bool:
        """Whether the same message may be retried: not after a 5xx about it or its recipient."""
        if self.kind in _RETRIED:
            return True
        temporary = self.code is not None and 400 <= self.code < 500
        return temporary and self.kind in (OutcomeKind.POLICY, OutcomeKind.SENDER_FAULT)

    @property
    def slows_domain(self) -> bool:
        """Whether to slow down the domain: after a policy refusal, or a 421 from RCPT on."""
        after_rcpt = self.stage in (SessionStage.RCPT, SessionStage.DATA, SessionStage.BODY)
        return self.kind is OutcomeKind.POLICY or (self.code == 421 and after_rcpt)

    @property
    def alerts(self) -> bool:
        """Whether an operator must act before such mail can be delivered."""
        permanently_refused = (
            self.kind is OutcomeKind.CONNECTION_FAILED and self.code is not None and self.code >= 500
        )
        return permanently_refused or self.kind in (
            OutcomeKind.POLICY,
            OutcomeKind.SENDER_FAULT,
            OutcomeKind.MESSAGE_FAULT,
            OutcomeKind.UNWRITABLE,
        )


OUR_SIDE = frozenset(
    {SessionStage.CONNECT, SessionStage.EHLO, SessionStage.TLS, SessionStage.AUTH, SessionStage.MAIL}
)

# Status codes, less their class, that decide alone (RFC 3463 §3, 6531 §3.5, 7293 §13, 7505 §4).
_BY_DETAIL = {
    "1.1": OutcomeKind.HARD_BOUNCE,
    "1.2": OutcomeKind.HARD_BOUNCE,
    "1.3": OutcomeKind.HARD_BOUNCE,
    "1.10": OutcomeKind.HARD_BOUNCE,
    "1.7": OutcomeKind.SENDER_FAULT,
    "1.8": OutcomeKind.SENDER_FAULT,
    "1.90": OutcomeKind.POLICY,  # Exchange Online: our daily quota of recipients
    "1.351": OutcomeKind.SUSPECT_BOUNCE,  # Exchange Online: another server's refusal, not quoted
    "2.3": OutcomeKind.MESSAGE_FAULT,
    "3.4": OutcomeKind.MESSAGE_FAULT,
    "4.5": OutcomeKind.POLICY,  # Gmail: our daily quota; RFC 3463: congestion
    "5.3": OutcomeKind.DEFERRED,
    "6.7": OutcomeKind.UNSUPPORTED,
    "6.9": OutcomeKind.UNSUPPORTED,
    "7.17": OutcomeKind.MAILBOX_REASSIGNED,
    "7.18": OutcomeKind.MAILBOX_REASSIGNED,
}
# Status subjects, if the detail is not known: 4 and the others are soft.
_BY_SUBJECT = {
    "5": OutcomeKind.MESSAGE_FAULT,
    "6": OutcomeKind.MESSAGE_FAULT,
    "7": OutcomeKind.POLICY,
}
# Unspecific details: the text decides.
_GENERIC = frozenset({"", "0.0", "1.0", "2.0", "3.0", "5.0"})
_NO_MAIL_AT_ALL = 556  # the domain accepts no mail (RFC 7504 §4)
# Replies to a wrong command or parameter (RFC 5321 §4.2.2): not about the recipient.
_SYNTAX_CODES = frozenset({500, 502, 503, 504, 555})

_ENHANCED = re.compile(r"\s*(?:#\s*)?([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")


@lru_cache(maxsize=64)
def read_enhanced(text: str) -> str | None:
    """The enhanced status code a reply's text begins with (RFC 2034 §4), or None."""
    match = _ENHANCED.match(text)
    return match[1] if match else None


def classify(
    stage: SessionStage, code: int | None, enhanced: str | None, text: str, known: Iterable[str] = ()
) -> Outcome:
    """Classifies a reply by stage, enhanced code and text, in the order of docs/standards.md.

    If `enhanced` is None it is read from the text. `known` are the mail's own addresses, removed from
    `detail`. An unknown detail falls back to its class and subject.
    """
    enhanced = enhanced or read_enhanced(text)
    if code and code // 100 == 2:
        return Outcome(OutcomeKind.SENT, stage, code, enhanced, redact_accepted(text, known))
    detail = redact(text, known)  # classified without addresses, so that a mailbox's name has no effect
    return Outcome(_kind(stage, code, enhanced, detail), stage, code, enhanced, detail)


def _kind(stage: SessionStage, code: int | None, enhanced: str | None, text: str) -> OutcomeKind:
    detail = enhanced.partition(".")[2] if enhanced else ""
    reply_class = code // 100 if code else int(enhanced[0]) if enhanced else 4
    if reply_class == 2:
        return OutcomeKind.SENT
    if code == 421:
        return OutcomeKind.CONNECTION_FAILED
    if stage is SessionStage.MAIL:
        # Here our address or the declared size (RFC 1870) is refused: not a failure of the connection.
        about_us = _BY_DETAIL.get(detail)
        if about_us in (OutcomeKind.SENDER_FAULT, OutcomeKind.UNSUPPORTED):
            return about_us
        if about_us is OutcomeKind.MESSAGE_FAULT and reply_class == 5:
            return about_us
    if stage in OUR_SIDE:
        return OutcomeKind.CONNECTION_FAILED
    return _temporary(detail, text) if reply_class != 5 else _permanent(stage, code, detail, text)


def _temporary(detail: str, text: str) -> OutcomeKind:
    if _BY_DETAIL.get(detail) is OutcomeKind.SENDER_FAULT:
        return OutcomeKind.SENDER_FAULT
    if words.GREYLISTED.search(text):
        return OutcomeKind.DEFERRED
    if detail.startswith("7.") or words.BLOCKED.search(text):
        return OutcomeKind.POLICY
    return OutcomeKind.DEFERRED


def _permanent(stage: SessionStage, code: int | None, detail: str, text: str) -> OutcomeKind:
    """The text wins over a contradicting status, since servers use 5.1.1 for any refusal."""
    forwarded = words.forwarded_reply(text)
    if forwarded is not None and not detail.startswith("7."):
        inner_code, inner = forwarded
        return _kind(stage, inner_code or code, read_enhanced(inner), inner)
    if _is_about_us(text, detail):
        return OutcomeKind.POLICY
    known = _BY_DETAIL.get(detail)
    if known is OutcomeKind.HARD_BOUNCE:
        return _unless_contradicted(text)
    if known is not None:
        return known
    if detail in _GENERIC:
        return _generic(stage, code, detail, text)
    subject = detail.partition(".")[0]
    if subject in _BY_SUBJECT:
        return _BY_SUBJECT[subject]
    if detail == "4.1" and words.NOT_AT_THIS_ADDRESS.search(text):
        return OutcomeKind.SUSPECT_BOUNCE
    if subject == "4" and words.NO_SUCH_DOMAIN.search(text):
        return _missing_domain(code, text)
    if detail == "2.1":
        return _unless_filtered(stage, text, _refused_mailbox(text))
    return OutcomeKind.SOFT_BOUNCE


def _is_about_us(text: str, detail: str) -> bool:
    """Whether we are blocked, over a limit or not authenticated, regardless of the status."""
    if detail in ("2.2", "7.17", "7.18"):
        return False
    if words.BLOCKED.search(text) or words.UNAUTHENTICATED.search(text):
        return True
    return detail != "2.1" and bool(words.RATE_LIMITED.search(text))


def _unless_contradicted(text: str) -> OutcomeKind:
    """HARD_BOUNCE for a "no such address" status, unless the text contradicts it."""
    if words.SENDER_REFUSED.search(text):
        return OutcomeKind.SENDER_FAULT
    if words.MAILBOX_FULL.search(text) or words.TEMPORARY.search(text):
        return OutcomeKind.SOFT_BOUNCE
    if words.UNKNOWN_USER.search(text):
        return OutcomeKind.HARD_BOUNCE
    if words.SERVER_TROUBLE.search(text):
        return OutcomeKind.SOFT_BOUNCE
    if words.POLICY.search(text) or words.OVER_A_LIMIT.search(text):
        return OutcomeKind.POLICY
    return OutcomeKind.MESSAGE_FAULT if words.TOO_LARGE.search(text) else OutcomeKind.HARD_BOUNCE


def _refused_mailbox(text: str) -> OutcomeKind:
    """5.2.1: inactive or receiving too fast at Gmail, also unknown user elsewhere."""
    if words.RECEIVING_TOO_FAST.search(text) or words.TEMPORARY.search(text):
        return OutcomeKind.SOFT_BOUNCE
    gone = words.INACTIVE.search(text) or words.UNKNOWN_USER.search(text)
    return OutcomeKind.HARD_BOUNCE if gone else OutcomeKind.SOFT_BOUNCE


def _unless_filtered(stage: SessionStage, text: str, kind: OutcomeKind) -> OutcomeKind:
    """Content filters of mobile carriers reply "unknown user" after DATA for existing mailboxes."""
    if kind is OutcomeKind.HARD_BOUNCE and stage is SessionStage.REPORT and words.is_after_data(text):
        return OutcomeKind.SUSPECT_BOUNCE
    return kind


def _missing_domain(code: int | None, text: str) -> OutcomeKind:
    if code == _NO_MAIL_AT_ALL:
        return OutcomeKind.HARD_BOUNCE
    return OutcomeKind.SOFT_BOUNCE if words.TEMPORARY.search(text) else OutcomeKind.SUSPECT_BOUNCE


def _generic(stage: SessionStage, code: int | None, detail: str, text: str) -> OutcomeKind:
    """A 5xx with an unspecific status: the text decides, then the code."""
    if words.SENDER_REFUSED.search(text):
        return OutcomeKind.SENDER_FAULT
    if words.UNKNOWN_USER.search(text):
        return _unless_filtered(stage, text, _unless_contradicted(text))
    if words.NO_SUCH_DOMAIN.search(text):
        return _missing_domain(code, text)
    if words.POLICY.search(text):
        return OutcomeKind.POLICY
    if detail == "5.0":
        unavailable = words.MAILBOX_UNAVAILABLE.search(text)  # Outlook's text for an unknown address
        return OutcomeKind.SUSPECT_BOUNCE if unavailable else OutcomeKind.MESSAGE_FAULT
    if detail:
        return OutcomeKind.SOFT_BOUNCE
    return _by_code(stage, code, text)


def _by_code(stage: SessionStage, code: int | None, text: str) -> OutcomeKind:
    if code == _NO_MAIL_AT_ALL:
        return OutcomeKind.HARD_BOUNCE
    if code == 552:
        if stage is SessionStage.RCPT and not words.MAILBOX_FULL.search(text):
            return OutcomeKind.DEFERRED  # "too many recipients" (RFC 5321 §4.5.3.1.10)
        return OutcomeKind.MESSAGE_FAULT if words.TOO_LARGE.search(text) else OutcomeKind.SOFT_BOUNCE
    if code in _SYNTAX_CODES:
        return OutcomeKind.MESSAGE_FAULT
    if stage in (SessionStage.DATA, SessionStage.BODY):
        return OutcomeKind.MESSAGE_FAULT  # the recipient was accepted, so the mail is refused
    return OutcomeKind.SOFT_BOUNCE

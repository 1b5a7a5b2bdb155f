"""What became of a mail: a server's reply turned into what the caller must do. Pure; knows replies only."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

#: Characters kept of a server's reply.
LONGEST_REPLY = 500


class Stage(StrEnum):
    """Where the reply came. BODY: after the final dot. REPORT: in a bounce that came back later."""

    CONNECT = "connect"
    EHLO = "ehlo"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    REPORT = "report"


class OutcomeKind(StrEnum):
    """What the caller must do."""

    SENT = "sent"  # nothing more: the server has taken it
    NOT_TRIED = "not_tried"  # release it: nothing was said about it to any server
    RETRY = "retry"  # try the same mail again later
    ROUTE = "route"  # our side or the way there: back off, try again, the recipient is untouched
    HARD_BOUNCE = "hard_bounce"  # the address is no good: suppress after one
    SUSPECT_BOUNCE = "suspect_bounce"  # or a misconfigured server: suppress after two, a day apart
    SOFT_BOUNCE = "soft_bounce"  # final for this mail: count one failed message
    MESSAGE_FAULT = "message_fault"  # the mail itself was refused: final, count nothing, tell the operator
    POLICY = "policy"  # our reputation: pause the domain, tell the operator, never suppress
    SENDER_FAULT = "sender_fault"  # our sender address was refused: tell the operator
    MOVED_OWNER = "moved_owner"  # the mailbox has another owner now: end the subscription
    UNSUPPORTED = "unsupported"  # the server can't carry this address or these characters: final
    UNWRITABLE = "unwritable"  # the mail could not be written: final for this mail, ours to mend


class Outcome(NamedTuple):
    """The fate of one attempt. `detail` is one line for an operator, free of addresses and tokens."""

    kind: OutcomeKind
    stage: Stage
    code: int | None
    enhanced: str | None
    detail: str

    @property
    def server_reply(self) -> str:
        """The reply as the server gave it, code first, for an operator: at most 500 characters, redacted."""
        return f"{self.code} {self.detail}"[:LONGEST_REPLY] if self.code else self.detail

    @property
    def may_retry(self) -> bool:
        """Whether the same message may be tried again: not after a 5xx about it or its recipient."""
        if self.kind in (OutcomeKind.RETRY, OutcomeKind.ROUTE, OutcomeKind.NOT_TRIED):
            return True
        temporary = self.code is not None and 400 <= self.code < 500
        return temporary and self.kind in (OutcomeKind.POLICY, OutcomeKind.SENDER_FAULT)

    @property
    def slows_domain(self) -> bool:
        """Whether the domain asks for less: a refusal by policy, or 421 once it knew the recipient."""
        spoken_for = self.stage in (Stage.RCPT, Stage.DATA, Stage.BODY)
        return self.kind is OutcomeKind.POLICY or (self.code == 421 and spoken_for)

    @property
    def alerts(self) -> bool:
        """Whether an operator has to act before mail of this kind can pass."""
        refused_for_good = self.kind is OutcomeKind.ROUTE and self.code is not None and self.code >= 500
        return refused_for_good or self.kind in (
            OutcomeKind.POLICY,
            OutcomeKind.SENDER_FAULT,
            OutcomeKind.MESSAGE_FAULT,
            OutcomeKind.UNWRITABLE,
        )


OUR_SIDE = frozenset({Stage.CONNECT, Stage.EHLO, Stage.TLS, Stage.AUTH, Stage.MAIL})

# Status codes, less their class, that decide alone (RFC 3463 §3, 6531 §3.5, 7293 §13, 7505 §4).
_BY_DETAIL = {
    "1.1": OutcomeKind.HARD_BOUNCE,
    "1.2": OutcomeKind.HARD_BOUNCE,
    "1.3": OutcomeKind.HARD_BOUNCE,
    "1.10": OutcomeKind.HARD_BOUNCE,
    "1.7": OutcomeKind.SENDER_FAULT,
    "1.8": OutcomeKind.SENDER_FAULT,
    "2.3": OutcomeKind.MESSAGE_FAULT,
    "3.4": OutcomeKind.MESSAGE_FAULT,
    "5.3": OutcomeKind.RETRY,
    "6.7": OutcomeKind.UNSUPPORTED,
    "6.9": OutcomeKind.UNSUPPORTED,
    "7.17": OutcomeKind.MOVED_OWNER,
    "7.18": OutcomeKind.MOVED_OWNER,
}
# Status subjects, where the detail says nothing more: 4 and the rest are soft.
_BY_SUBJECT = {
    "5": OutcomeKind.MESSAGE_FAULT,
    "6": OutcomeKind.MESSAGE_FAULT,
    "7": OutcomeKind.POLICY,
}
# Replies to a wrong command or parameter (RFC 5321 §4.2.2): about what we said, not about the recipient.
_SYNTAX_CODES = frozenset({500, 502, 503, 504, 555})

_BLOCKLIST = re.compile(
    r"block ?list|black ?list|denylist|\bdnsbls?\b|\brbls?\b|spamhaus|spamcop|barracudacentral|proofpoint"
    r"|\bblocked (?:using|by)|poor reputation|sending reputation|weren't sent|\bspam\b",
    re.IGNORECASE,
)
_GREYLISTED = re.compile(r"gr[ea]y-?list", re.IGNORECASE)
_UNKNOWN_USER = re.compile(
    r"(?:user|recipient|mailbox|account|address)(?: \S+){0,3} (?:is )?"
    r"(?:unknown|not found|does ?n[o']t exist|does not exist|not known)"
    r"|(?:unknown|no such|invalid) (?:local )?(?:user|recipient|mailbox|account|address)"
    r"|does ?n[o']t have an? \S+ account|mailbox is disabled",
    re.IGNORECASE,
)
_SENDER = re.compile(r"sender (?:address )?(?:rejected|denied|refused)", re.IGNORECASE)
_INACTIVE = re.compile(r"inactive|disabled|discontinued|closed", re.IGNORECASE)
_TOO_FAST = re.compile(r"\brate\b|too (?:quickly|fast|many)|quota exceeded for", re.IGNORECASE)
_FULL = re.compile(r"quota|\bfull\b|storage", re.IGNORECASE)
_TOO_LARGE = re.compile(r"message (?:size|too)|too (?:large|big)|size limit|exceeds", re.IGNORECASE)
_NOT_AT_THIS_ADDRESS = re.compile(r"recipient address rejected", re.IGNORECASE)

_ENHANCED = re.compile(r"\s*(?:#\s*)?([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")


def read_enhanced(text: str) -> str | None:
    """The enhanced status code a reply's text begins with (RFC 2034 §4), or None."""
    match = _ENHANCED.match(text)
    return match[1] if match else None


def classify(
    stage: Stage, code: int | None, enhanced: str | None, text: str, known: Iterable[str] = ()
) -> Outcome:
    """What a reply asks of the caller, by stage, enhanced code and text, in the order of STANDARDS B1.

    `enhanced` may be None: it is then read from the text. `known` are the mail's own addresses, to be kept
    out of `detail`. An unknown detail falls back to its class and subject.
    """
    enhanced = enhanced or read_enhanced(text)
    if code and code // 100 == 2:
        return Outcome(OutcomeKind.SENT, stage, code, enhanced, "accepted")
    detail = redact(text, known)  # judged without addresses too, so that a mailbox's name decides nothing
    return Outcome(_kind(stage, code, enhanced, detail), stage, code, enhanced, detail)


def _kind(stage: Stage, code: int | None, enhanced: str | None, text: str) -> OutcomeKind:
    detail = enhanced.partition(".")[2] if enhanced else ""
    reply_class = code // 100 if code else int(enhanced[0]) if enhanced else 4
    if reply_class == 2:
        return OutcomeKind.SENT
    if code == 421:
        return OutcomeKind.ROUTE
    if stage is Stage.MAIL:
        # Our address and the declared size (RFC 1870) are refused here; neither is the route's fault.
        about_us = _BY_DETAIL.get(detail)
        if about_us in (OutcomeKind.SENDER_FAULT, OutcomeKind.UNSUPPORTED):
            return about_us
        if about_us is OutcomeKind.MESSAGE_FAULT and reply_class == 5:
            return about_us
    if stage in OUR_SIDE:
        return OutcomeKind.ROUTE
    return _temporary(detail, text) if reply_class != 5 else _permanent(stage, code, detail, text)


def _temporary(detail: str, text: str) -> OutcomeKind:
    if _BY_DETAIL.get(detail) is OutcomeKind.SENDER_FAULT:
        return OutcomeKind.SENDER_FAULT
    if _GREYLISTED.search(text):
        return OutcomeKind.RETRY
    if detail.startswith("7.") or _BLOCKLIST.search(text):
        return OutcomeKind.POLICY
    return OutcomeKind.RETRY


def _permanent(stage: Stage, code: int | None, detail: str, text: str) -> OutcomeKind:
    if _BLOCKLIST.search(text) and detail not in ("2.2", "7.17", "7.18"):
        return OutcomeKind.POLICY  # ahead of all: a server that blocks us often calls the mailbox unavailable
    if detail in _BY_DETAIL:
        return _BY_DETAIL[detail]
    subject = detail.partition(".")[0]
    if subject in _BY_SUBJECT:
        return _BY_SUBJECT[subject]
    if detail == "4.1" and _NOT_AT_THIS_ADDRESS.search(text):
        return OutcomeKind.SUSPECT_BOUNCE
    if detail == "2.1":  # Gmail: inactive, and receiving too fast
        inactive = _INACTIVE.search(text) and not _TOO_FAST.search(text)
        return OutcomeKind.HARD_BOUNCE if inactive else OutcomeKind.SOFT_BOUNCE
    if detail in ("", "0.0", "1.0", "2.0"):
        return _generic(stage, code, detail, text)
    return OutcomeKind.SOFT_BOUNCE


def _generic(stage: Stage, code: int | None, detail: str, text: str) -> OutcomeKind:
    """A 5xx whose status says nothing: the text decides, then the bare code."""
    if _SENDER.search(text):
        return OutcomeKind.SENDER_FAULT
    if _UNKNOWN_USER.search(text):
        return OutcomeKind.HARD_BOUNCE
    if detail:
        return OutcomeKind.SOFT_BOUNCE
    if code == 556:  # the domain takes no mail (RFC 7504 §4)
        return OutcomeKind.HARD_BOUNCE
    if code == 552:
        if stage is Stage.RCPT and not _FULL.search(text):
            return OutcomeKind.RETRY  # "too many recipients" (RFC 5321 §4.5.3.1.10)
        return OutcomeKind.MESSAGE_FAULT if _TOO_LARGE.search(text) else OutcomeKind.SOFT_BOUNCE
    if code in _SYNTAX_CODES:
        return OutcomeKind.MESSAGE_FAULT
    if stage in (Stage.DATA, Stage.BODY):
        return OutcomeKind.MESSAGE_FAULT  # the recipient was accepted, so it is the mail
    return OutcomeKind.SOFT_BOUNCE


_BREAK = r"""\s<>()\[\]"',;"""
_ADDRESS = re.compile(rf"(?<![^{_BREAK}:])[^{_BREAK}:]+(?:@|%40|=40|\+40)[^{_BREAK}]*", re.IGNORECASE)
_QUOTED_ADDRESS = re.compile(rf'"[^"]*"@[^{_BREAK}]*')
_URL_TAIL = re.compile(r"(https?://[^\s/?#]+)[^\s]*", re.IGNORECASE)
_LONG_TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{24,}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")
_LONGEST_READ = 1_000


def redact(text: str, known: Iterable[str] = ()) -> str:
    """One line of at most 500 characters without addresses, `known` words, paths of links and long tokens."""
    if len(text) > _LONGEST_READ:  # cut between words, so that no half of an address is left
        text = " ".join(text[:_LONGEST_READ].split(" ")[:-1])
    line = _UNPRINTABLE.sub(" ", text).strip()
    folded = line.lower()
    for word in known:
        for secret in (word, word.rpartition("@")[0]):
            if len(secret) > 1 and secret.lower() in folded:  # rare, and a pattern is dear to compile
                line = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "(address)", line, flags=re.IGNORECASE)
    line = _QUOTED_ADDRESS.sub("(address)", line)
    line = _ADDRESS.sub("(address)", line)
    line = _URL_TAIL.sub(r"\1", line)
    line = _LONG_TOKEN.sub("(token)", line)
    return line[:LONGEST_REPLY]

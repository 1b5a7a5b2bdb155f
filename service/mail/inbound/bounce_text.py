"""Bounce messages in free text: recognises them and extracts the SMTP reply that they quote."""

import re
from email.message import Message
from typing import NamedTuple

from service.domain.delivery.reply_words import is_after_data
from service.mail.inbound.mime_parts import body_text, text_of, values

#: The refused command, if a notice names it (Postfix, sendmail).
_AT_MAIL_FROM = re.compile(r"in reply to mail from|>>> ?mail from", re.IGNORECASE)


class QuotedReply(NamedTuple):
    """An SMTP reply quoted in a notice; `text` is its paragraph on one line."""

    code: int | None
    status: str | None
    text: str


_DAEMON = re.compile(
    r"mailer[-_ ]?daemon|post_?master|mail delivery (?:sub)?system|mail administrator", re.IGNORECASE
)
_FAILURE = re.compile(
    r"undeliver|(?:un)?deliver\w* (?:status|fail|report|problem|notif|has failed)|fail(?:ed|ure) notice"
    r"|return(?:ed|ing) (?:mail|message|to)|mail (?:failed|failure|delivery|system error|could not)"
    r"|(?:not|n't) (?:be )?deliver|error (?:sending|delivering)|message delivery",
    re.IGNORECASE,
)
_DELAY_SUBJECT = re.compile(r"\bdelay|\bwarning\b|still being retried", re.IGNORECASE)
_DELAY = re.compile(
    r"warning message only|do not need to resend|will be retried|will (?:keep|continue) (?:to )?(?:try|retry)"
    r"|still trying|has been delayed|is delayed|not yet been delivered|no action is required"
    r"|will try (?:again|for up)",
    re.IGNORECASE,
)
#: Start of the returned copy in a notice without MIME parts.
_COPY = re.compile(
    r"^[ \t>|*-]{0,40}(?:this is a copy of|below this line|below is a copy|start of returned"
    r"|original message (?:headers|follows)|(?:unsent|undelivered|returned|original) message\b"
    r"|message (?:text|header)s? follow|-{2,40} ?(?:original|returned)|received: (?:from|by)|return-path:).*",
    re.IGNORECASE | re.MULTILINE,
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_STATUS_TEXT = r"[45]\.[0-7]\.\d{1,3}(?![.\d])"
#: A reply code (RFC 5321 §4.2.1) that is not part of an address, a time or a size.
_CODE = re.compile(
    r"(?<![\d.:/@-])([45][0-5]\d)(?=[-\s:.,'\"\])]|$)(?! *(?:bytes|octets|seconds|[KM]B|lines)\b)[-\s]*"
    rf"(?:\(?#?({_STATUS_TEXT}))?"
)
_STATUS = re.compile(rf"(?<![\d.v/-])({_STATUS_TEXT})")
_REPEATED = re.compile(rf"[ \t]{{0,8}}\n[ \t]{{0,8}}[45]\d\d[- ](?:{_STATUS_TEXT})?")


def is_bounce(message: Message) -> bool:
    """Whether a mail system wrote it about a failed or delayed mail.

    Mail by people, automatic replies and forwarded notices are not bounces.
    """
    if message.get_param("report-type") == "delivery-status" or "X-Failed-Recipients" in message:
        return True
    subject = text_of(message, "Subject")
    if _DAEMON.search(text_of(message, "From")):
        return True
    null_sender = any(value.strip() == "<>" for value in values(message, ("Return-Path",)))
    return null_sender and bool(_FAILURE.search(subject) or _DELAY_SUBJECT.search(subject))


def reports_failure(message: Message) -> bool:
    """Whether its subject or own text reports a failure: a postmaster may also write by hand."""
    return bool(_FAILURE.search(f"{text_of(message, 'Subject')} {own_text(body_text(message))}"))


def is_delay(message: Message) -> bool:
    """Whether a notice only reports a delay with further retries."""
    notice = own_text(body_text(message))
    return bool(_DELAY.search(notice) or _DELAY_SUBJECT.search(text_of(message, "Subject")))


def own_text(text: str) -> str:
    """The notice's own text, without the returned copy."""
    found = _COPY.search(text)
    return text[: found.start()] if found else text


def stage_suffix(notice: str) -> str:
    """A suffix for the reply that names the refused command, if the notice shows that it was not RCPT."""
    own = own_text(notice)
    if _AT_MAIL_FROM.search(own):
        return " (in reply to MAIL FROM)"
    return " (in reply to DATA)" if is_after_data(own) else ""


def quoted_reply(text: str) -> QuotedReply:
    """The SMTP reply in a notice: the first permanent one, else the first; else the text without a code."""
    notice = own_text(text)
    paragraphs = [part for part in _PARAGRAPH.split(notice) if part.strip()]
    found = [reply for part in paragraphs if (reply := _reply_in(part))]
    if not found:
        return QuotedReply(None, None, _one_line(notice))
    best = next((reply for reply in found if _is_final(reply)), found[0])
    return best._replace(text=best.text + stage_suffix(notice))


def _is_final(reply: QuotedReply) -> bool:
    return str(reply.code or reply.status).startswith("5")


def _reply_in(paragraph: str) -> QuotedReply | None:
    code = next(_CODE.finditer(paragraph), None)
    status = _STATUS.search(paragraph)
    if code is None:
        return QuotedReply(None, status[1], _one_line(paragraph)) if status else None
    exact = code[2] or (status[1] if status and status[1][0] == code[1][0] else None)
    return QuotedReply(int(code[1]), exact, _one_line(paragraph))


def _one_line(text: str) -> str:
    """A multi-line reply as one line, without the repeated codes."""
    return " ".join(_REPEATED.sub(" ", text).split())

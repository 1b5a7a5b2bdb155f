"""Delivery status notifications (RFC 3464) about our mail's single recipient."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message
from enum import Enum
from typing import NamedTuple

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, SessionStage, classify
from service.mail.inbound.bounce_text import QuotedReply, is_bounce, own_text, quoted_reply, stage_suffix
from service.mail.inbound.mime_parts import blocks, body_text, parse, parts, text_of

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")  # RFC 3464, RFC 6533
_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
_WORD = re.compile(r"[A-Za-z]+")
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.:/-])([45][0-5]\d)[ -]\s*(.*)", re.DOTALL)
_OWN_STATUS = re.compile(r"\s*\(?#?([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
#: Fields of a notification in plain text, as Amazon WorkMail writes them.
_FIELDS_IN_TEXT = re.compile(
    r"^(?:(?:final|original)-recipient|action|status|diagnostic-code|remote-mta)[ \t]*:.*(?:\n[ \t]+.*)*",
    re.IGNORECASE | re.MULTILINE,
)
#: Unspecific statuses, for which the reply text decides: other, and "retries exhausted".
_VAGUE = re.compile(r"[45]\.(?:0\.0|[0-7]\.0|4\.7)$")


class Fate(Enum):
    """The fate of the mail according to the notification."""

    FAILED = "failed"  # it was not delivered, for good
    DELAYED = "delayed"  # the server goes on trying
    OTHER = "other"  # delivered, relayed or expanded: no failure


class DeliveryStatus(NamedTuple):
    """A parsed delivery status notification; `outcome` only with FAILED."""

    fate: Fate
    outcome: Outcome | None = None


def status_blocks(message: Message) -> list[Message]:
    """The per-recipient fields (RFC 3464 §2.3), in their own part or in the notice's text."""
    found = [
        block
        for part in parts(message, _STATUS_TYPES)
        for block in blocks(part)
        if "Action" in block or "Status" in block
    ]
    return found or (list(_blocks_in_text(message)) if is_bounce(message) else [])


def _blocks_in_text(message: Message) -> Iterator[Message]:
    fields = _FIELDS_IN_TEXT.findall(own_text(body_text(message)))
    block = parse("\n".join(fields).encode("utf-8", "surrogateescape"))
    if "Status" in block and ("Action" in block or "Final-Recipient" in block):
        yield block


def read_delivery_status(message: Message, recipients: Sequence[Message]) -> DeliveryStatus:
    """Parses the notification. Only `failed` is a failure, `delayed` never (RFC 3464 §2.3.3).

    With several recipients (our mail was forwarded), the mildest failure counts: it may have been read.
    """
    actions = [_action(block) for block in recipients]
    if "failed" not in actions:
        return DeliveryStatus(Fate.DELAYED if "delayed" in actions else Fate.OTHER)
    if any(action in ("delivered", "relayed", "expanded") for action in actions):
        return DeliveryStatus(Fate.OTHER)
    notice = body_text(message)
    outcomes = [
        _outcome(block, notice)
        for block, action in zip(recipients, actions, strict=True)
        if action == "failed"
    ]
    mildest = next(
        (outcome for outcome in outcomes if outcome.kind is not OutcomeKind.HARD_BOUNCE), outcomes[0]
    )
    return DeliveryStatus(Fate.FAILED, mildest)


def _action(block: Message) -> str:
    """The Action field without a comment; if it is missing or none of RFC 3464's, derived from the status."""
    word = _WORD.match(text_of(block, "Action"))
    if word is not None and word[0].lower() in _ACTIONS:
        return word[0].lower()
    return {"5": "failed", "4": "delayed"}.get(text_of(block, "Status")[:1], "")


def _outcome(block: Message, notice: str) -> Outcome:
    status = _STATUS.search(text_of(block, "Status"))
    reply = _diagnosed_reply(block, status[1] if status else None)
    if reply.code is None and (reply.status is None or _VAGUE.match(reply.status)) and not reply.text:
        quoted = quoted_reply(notice)
        reply = QuotedReply(quoted.code, quoted.status or reply.status, quoted.text)
    reply = reply._replace(text=f"{reply.text}{stage_suffix(notice)}")
    known = [
        text_of(block, name).partition(";")[2].strip() for name in ("Final-Recipient", "Original-Recipient")
    ]
    return classify(SessionStage.REPORT, reply.code, reply.status, reply.text, known)


def _diagnosed_reply(block: Message, status: str | None) -> QuotedReply:
    """The diagnosed SMTP reply; a status at its start is more exact than the notification's."""
    diagnostic = text_of(block, "Diagnostic-Code").partition(";")
    text = (diagnostic[2] or diagnostic[0]).strip()
    reply = _REPLY.search(text)
    code, words = (int(reply[1]), reply[2]) if reply else (None, text)
    own = _OWN_STATUS.match(words) or (
        _STATUS.search(words) if status is None or _VAGUE.match(status) else None
    )
    return QuotedReply(code, own[1] if own else status, words)

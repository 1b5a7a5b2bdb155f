"""Bounces, complaints and unsubscribes as mail providers report them by webhook: JSON, one reader for each.

Sources: the developers' documentation of Amazon SES (event and notification contents), Postmark (bounce, spam
complaint and subscription change webhooks), SendGrid (Event Webhook), Mailgun (events) and Brevo
(transactional webhooks). An event that a reader does not know needs no action.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from service.domain.delivery.redaction import redact
from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, SessionStage, classify
from service.mail.inbound.bounce_text import quoted_reply
from service.mail.inbound.feedback import KIND_OF_BOUNCE, Feedback, FeedbackKind

_TOKEN = re.compile(r"(?<![a-z0-9-])(b-[0-9a-f]{40})(?![0-9a-f])", re.IGNORECASE)
_MESSAGE_KEY = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})@")

_NO_ACTION = Feedback(FeedbackKind.UNKNOWN, None)

ProviderEvent = Mapping[str, Any]


def _identified(event: ProviderEvent, kind: FeedbackKind, outcome: Outcome | None = None) -> Feedback:
    """Feedback on the mail that the event names by its envelope sender or its Message-ID, wherever it does.

    Nobody else can name it: both are known to the provider and the recipient of that mail alone.
    """
    text = msgspec.json.encode(event).decode()
    token, key = _TOKEN.search(text), _MESSAGE_KEY.search(text)
    return Feedback(
        kind,
        token[1].lower() if token else None,
        outcome,
        message_key=key[1] if key else None,
        is_verified=True,
    )


def _bounce(
    event: ProviderEvent, words: str, otherwise: OutcomeKind, *, code: Any = None, status: Any = None
) -> Feedback:
    """A final failure: judged by the reply of the recipient's server, `otherwise` if none is quoted."""
    quoted = quoted_reply(words)
    number = code if isinstance(code, int) and 400 <= code <= 599 else quoted.code
    enhanced = status if isinstance(status, str) and re.fullmatch(r"[45]\.\d{1,3}\.\d{1,3}", status) else None
    enhanced = enhanced or quoted.status
    if number or enhanced:
        outcome = classify(SessionStage.REPORT, number, enhanced, quoted.text)
        if outcome.kind is OutcomeKind.SENT:
            return _NO_ACTION
    else:
        outcome = Outcome(otherwise, SessionStage.REPORT, None, None, redact(quoted.text, ()))
    return _identified(event, KIND_OF_BOUNCE.get(outcome.kind, FeedbackKind.BOUNCED_OTHER), outcome)


def read_ses(event: ProviderEvent) -> Iterator[Feedback]:
    """The message of a notification of Amazon SNS: a notification or an event of SES."""
    kind = event.get("notificationType") or event.get("eventType")
    if kind == "Bounce":
        bounce = _object(event, "bounce")
        permanent = bounce.get("bounceType") == "Permanent"
        recipients = bounce.get("bouncedRecipients") or [{}]
        first = recipients[0] if isinstance(recipients[0], dict) else {}
        if _is_automatic_reply(bounce, first):
            return
        otherwise = OutcomeKind.HARD_BOUNCE if permanent else OutcomeKind.SOFT_BOUNCE
        yield _bounce(event, _text(first, "diagnosticCode"), otherwise, status=first.get("status"))
    elif kind == "Complaint":
        about = _object(event, "complaint").get("complaintFeedbackType")
        not_spam = about == "not-spam"
        yield _identified(event, FeedbackKind.NOT_SPAM if not_spam else FeedbackKind.COMPLAINT)


def _is_automatic_reply(bounce: ProviderEvent, recipient: ProviderEvent) -> bool:
    """Whether SES reports a reply such as "out of the office": a general bounce without a delivery status."""
    general = bounce.get("bounceType") == "Transient" and bounce.get("bounceSubType") == "General"
    return general and not (_text(recipient, "status") or _text(recipient, "diagnosticCode"))


_POSTMARK_BOUNCES = {
    "HardBounce": OutcomeKind.HARD_BOUNCE,
    "BadEmailAddress": OutcomeKind.HARD_BOUNCE,
    "SoftBounce": OutcomeKind.SOFT_BOUNCE,
    "SpamNotification": OutcomeKind.POLICY,
    "Blocked": OutcomeKind.POLICY,
    "DMARCPolicy": OutcomeKind.POLICY,
}
_POSTMARK_SUPPRESSIONS = {
    "HardBounce": FeedbackKind.BOUNCED_HARD,
    "SpamComplaint": FeedbackKind.COMPLAINT,
    "ManualSuppression": FeedbackKind.UNSUBSCRIBE,
}


def read_postmark(event: ProviderEvent) -> Iterator[Feedback]:
    """A webhook of Postmark. A transient failure is tried again by Postmark: no action."""
    record, kind = event.get("RecordType"), event.get("Type")
    if record == "SpamComplaint" or kind == "SpamComplaint":
        yield _identified(event, FeedbackKind.COMPLAINT)
    elif record == "Bounce" and kind in _POSTMARK_BOUNCES:
        yield _bounce(event, _text(event, "Details"), _POSTMARK_BOUNCES[kind])
    elif record == "Bounce" and kind == "Unsubscribe":
        yield _identified(event, FeedbackKind.UNSUBSCRIBE)
    elif record == "SubscriptionChange" and event.get("SuppressSending") is True:
        yield from _suppressed(event, _POSTMARK_SUPPRESSIONS.get(_text(event, "SuppressionReason")))


_SENDGRID_DROPS = {
    "bounced address": FeedbackKind.BOUNCED_HARD,
    "invalid": FeedbackKind.BOUNCED_HARD,
    "spam reporting address": FeedbackKind.COMPLAINT,
    "unsubscribed address": FeedbackKind.UNSUBSCRIBE,
}


def read_sendgrid(event: ProviderEvent) -> Iterator[Feedback]:
    """One event of SendGrid's; the mail is known by `smtp-id`."""
    kind = event.get("event")
    if kind == "bounce":
        blocked = event.get("type") == "blocked"
        otherwise = OutcomeKind.POLICY if blocked else OutcomeKind.HARD_BOUNCE
        yield _bounce(event, _text(event, "reason"), otherwise, status=event.get("status"))
    elif kind == "dropped":
        yield from _suppressed(event, _SENDGRID_DROPS.get(_text(event, "reason").lower()))
    elif kind == "spamreport":
        yield _identified(event, FeedbackKind.COMPLAINT)
    elif kind in ("unsubscribe", "group_unsubscribe"):
        yield _identified(event, FeedbackKind.UNSUBSCRIBE)


_MAILGUN_SUPPRESSIONS = {
    "suppress-bounce": FeedbackKind.BOUNCED_HARD,
    "suppress-complaint": FeedbackKind.COMPLAINT,
    "suppress-unsubscribe": FeedbackKind.UNSUBSCRIBE,
}


def read_mailgun(event: ProviderEvent) -> Iterator[Feedback]:
    """The `event-data` of Mailgun's. A temporary failure is tried again by Mailgun: no action."""
    kind, reason = event.get("event"), _text(event, "reason")
    if kind == "complained":
        yield _identified(event, FeedbackKind.COMPLAINT)
    elif kind == "unsubscribed":
        yield _identified(event, FeedbackKind.UNSUBSCRIBE)
    elif kind == "failed" and event.get("severity") == "permanent":
        if reason in _MAILGUN_SUPPRESSIONS:
            yield from _suppressed(event, _MAILGUN_SUPPRESSIONS[reason])
            return
        status = _object(event, "delivery-status")
        words = f"{_text(status, 'message')} {_text(status, 'description')}".strip()
        otherwise = OutcomeKind.HARD_BOUNCE if reason == "bounce" else OutcomeKind.SOFT_BOUNCE
        yield _bounce(event, words, otherwise, code=status.get("code"), status=status.get("enhanced-code"))


_BREVO_BOUNCES = {
    "hard_bounce": OutcomeKind.HARD_BOUNCE,
    "invalid_email": OutcomeKind.HARD_BOUNCE,
    "soft_bounce": OutcomeKind.SOFT_BOUNCE,
    "blocked": OutcomeKind.POLICY,
}


def read_brevo(event: ProviderEvent) -> Iterator[Feedback]:
    """A transactional webhook of Brevo's; the mail is known by `message-id`."""
    kind = event.get("event")
    if kind in _BREVO_BOUNCES:
        yield _bounce(event, _text(event, "reason"), _BREVO_BOUNCES[kind])
    elif kind == "spam":
        yield _identified(event, FeedbackKind.COMPLAINT)
    elif kind == "unsubscribed":
        yield _identified(event, FeedbackKind.UNSUBSCRIBE)


def _suppressed(event: ProviderEvent, kind: FeedbackKind | None) -> Iterator[Feedback]:
    """The provider did not send the mail, because of what happened to an earlier one."""
    if kind is FeedbackKind.BOUNCED_HARD:
        words = "the provider has this address on its list of invalid ones"
        yield _identified(
            event, kind, Outcome(OutcomeKind.HARD_BOUNCE, SessionStage.REPORT, None, None, words)
        )
    elif kind is not None:
        yield _identified(event, kind)


def _object(event: ProviderEvent, name: str) -> ProviderEvent:
    found = event.get(name)
    return found if isinstance(found, dict) else {}


def _text(event: ProviderEvent, name: str) -> str:
    found = event.get(name)
    return found if isinstance(found, str) else ""


#: The reader of each provider's events.
READERS: Mapping[str, Callable[[ProviderEvent], Iterable[Feedback]]] = {
    "ses": read_ses,
    "postmark": read_postmark,
    "sendgrid": read_sendgrid,
    "mailgun": read_mailgun,
    "brevo": read_brevo,
}

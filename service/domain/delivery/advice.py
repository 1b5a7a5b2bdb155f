"""Advice to operators about news that came no further, in sentences without personal data. Pure."""

from collections.abc import Mapping

from service.domain.delivery.eligibility import Ineligibility
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.states import DeliveryState, FinishReason
from service.domain.delivery.suppression import Reason
from service.domain.subscription import EndReason
from service.domain.trials.lifecycle import EventState

_WAIT = "Nothing: it is tried again by itself."

_ONLY_THE_PERSON = "Only the person can follow it again, on the preferences page or by a new sign-up."

_FOLLOWED_INSTEAD = "Nothing: what it goes on as is followed instead; ask about that topic."

QUOTA = "Nothing: mail goes on as time passes. Raise the quota if the provider allows more."

#: Advice by outcome of a delivery.
OUTCOMES: Mapping[str, str] = {
    Ineligibility.ERASED: "Nothing: who wants mail again signs up.",
    Ineligibility.SUPPRESSED: "See why the address is suppressed: trial-alerts why --email, or "
    "Suppressions on the dashboard.",
    Ineligibility.NOT_CONFIRMED: "The person opens the link in the confirmation mail, or signs up again "
    "for a fresh one.",
    Ineligibility.RUN_CANCELLED: "Nothing: an operator decided it; the audit log names who.",
    Ineligibility.RUN_PUT_OFF: "Nothing: wait for the next digest.",
    Ineligibility.PAUSED: "Nothing: mail goes on after it, or when the person ends it on the preferences "
    "page.",
    Ineligibility.TERMS_NOT_AGREED: "The person agrees by the link in the mail about the new terms, or on "
    "the preferences page; nobody can do it for them.",
    FinishReason.NOTHING_TO_TELL: "Nothing.",
    FinishReason.UNREADABLE: "Add the secret key that was in use then to ALERTS_SECRET_KEYS, as the last.",
    FinishReason.REPLACED: "Nothing: the later request has its own mail.",
    OutcomeKind.DEFERRED: _WAIT + " If it lasts for hours, the server’s words say why.",
    OutcomeKind.CONNECTION_FAILED: "Check ALERTS_SMTP_URL with trial-alerts doctor; it is tried again by "
    "itself.",
    OutcomeKind.HARD_BOUNCE: "Ask the person, by another way, for an address that works.",
    OutcomeKind.SUSPECT_BOUNCE: "Compare the server’s words; later mail is tried, and a second such reply "
    "suppresses the address.",
    OutcomeKind.SOFT_BOUNCE: "Nothing: the next digest is tried. The server’s words say why.",
    OutcomeKind.MESSAGE_FAULT: "Read the server’s words: a limit of size or content is named. Raise it, or "
    "correct what the mail says.",
    OutcomeKind.POLICY: "Read the server’s words, run trial-alerts doctor (SPF, DKIM, DMARC, PTR), write to "
    "the provider.",
    OutcomeKind.SENDER_FAULT: "Check ALERTS_MAIL_FROM and ALERTS_MAIL_DOMAIN with trial-alerts doctor: the "
    "server must accept them as sender.",
    OutcomeKind.MAILBOX_REASSIGNED: "Nothing: the former owner signs up with another address.",
    OutcomeKind.UNSUPPORTED: "Send through a mail server that supports SMTPUTF8, or ask the person for an "
    "ASCII address.",
    OutcomeKind.TEMPLATE_FAULT: "Correct the template that is named, run trial-alerts doctor, then restart "
    "the workers; the mail is tried again by itself.",
    OutcomeKind.UNWRITABLE: "See person_error in the worker’s log; correct the templates or update this "
    "program.",
    EndReason.UNFOLLOWED: _ONLY_THE_PERSON,
    EndReason.UNSUBSCRIBED: _ONLY_THE_PERSON,
    EndReason.DECLINED: _ONLY_THE_PERSON,
    EndReason.COMPLAINT: _ONLY_THE_PERSON,
    EndReason.SUPERSEDED: "Nothing: the newer subscription is followed.",
    EndReason.MAILBOX_CHANGED_HANDS: "Nothing: the former owner signs up with another address.",
    EndReason.REMOVED: "Nothing. If the trial was removed by mistake, send it again under a higher revision; "
    "its followers return.",
    EndReason.MERGED: _FOLLOWED_INSTEAD,
    EndReason.JOINED: _FOLLOWED_INSTEAD,
}

#: Advice by state of an event; other states need none.
EVENTS: Mapping[str, str] = {
    EventState.RECEIVED: "Wait a minute; if it stays so, see whether a worker runs, and its log.",
    EventState.STALE: "Nothing. If something of it should be reported, the ingestor sends it under a higher "
    "revision.",
    EventState.CONFLICT: "Correct the ingestor, which sends what is right under a higher revision; then "
    "discard this one, under Events on the dashboard.",
    EventState.DEAD: "Correct the ingestor, or update this program; then replay it: trial-alerts events "
    "replay --id {id}, or Events on the dashboard, where it can be discarded as well.",
}

#: Advice by reason of a suppression.
SUPPRESSIONS: Mapping[str, str] = {
    Reason.DECLINED: "Only the person can lift it, from the page that they declined on.",
    Reason.COMPLAINT: "Only the person can lift it: they reported a mail as spam. Lift it if "
    "they ask for that in writing, under Suppressions on the dashboard.",
    Reason.UNSUBSCRIBED: "Nothing: a new sign-up of the person lifts it.",
    Reason.HARD_BOUNCE: "If the mailbox exists now, lift it under Suppressions on the "
    "dashboard, or by POST /v1/admin/suppressions/lift; the person can, under their preferences.",
    Reason.SOFT_BOUNCES: "A new sign-up lifts it; or lift it under Suppressions on the dashboard.",
    Reason.OPERATOR: "An operator entered it: see the audit log. Lift it under Suppressions on "
    "the dashboard.",
}

#: About all held mail.
HOLD = "Look at what is queued, cancel what must not leave, then release it: trial-alerts mail release, or "
HOLD += "Mail on the dashboard. Whoever has the operators’ token can."

#: About a person who has to open a link.
CONFIRM = OUTCOMES[Ineligibility.NOT_CONFIRMED]


def of_held_run(run_id: int) -> str:
    """The remedy for a held run, and who can apply it."""
    return (
        f"Look at what it would send: trial-alerts runs show {run_id}, or Runs on the dashboard. Then "
        f"release it (trial-alerts runs release {run_id}) or cancel it (trial-alerts runs cancel {run_id} "
        "with --tell-later or --never-tell). Whoever has the operators’ token can."
    )


def of_event(event_id: int, state: str) -> str:
    """The remedy for an event in this state."""
    return EVENTS.get(state, "").format(id=event_id)


def of_delivery(state: str, outcome: str | None, *, lease_lost: bool = False) -> str:
    """The remedy for a mail that is not sent."""
    match state:
        case DeliveryState.SENT:
            return ""
        case DeliveryState.CLAIMED if lease_lost:
            return "Nothing, while a worker runs: another one sends it. See what ended the first in its log."
        case DeliveryState.CLAIMED:
            return "Nothing: wait a minute."
        case DeliveryState.QUEUED if not outcome:
            return "Nothing: it is sent by itself. If it stays due, see the dashboard’s workers."
        case _:
            return OUTCOMES.get(outcome or "", "")

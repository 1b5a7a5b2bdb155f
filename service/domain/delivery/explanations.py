"""Why a mail was or was not sent, in sentences for an operator, without personal data. Pure."""

from collections.abc import Mapping
from datetime import datetime

from service.domain.delivery.eligibility import Ineligibility
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.states import DeliveryState, FinishReason
from service.domain.subscription import EndReason
from service.domain.trials.lifecycle import EventState

#: The meaning of each outcome of a delivery; other outcomes are shown as they are.
OUTCOMES: Mapping[str, str] = {
    Ineligibility.ERASED: "the person was erased",
    Ineligibility.SUPPRESSED: "the address is suppressed",
    Ineligibility.NOT_CONFIRMED: "the person has not confirmed",
    Ineligibility.RUN_CANCELLED: "an operator cancelled its run, and its news is never sent",
    Ineligibility.RUN_PUT_OFF: "an operator cancelled its run; the next digest reports its news",
    Ineligibility.PAUSED: "the person has paused all mail; a later digest reports its news",
    Ineligibility.TERMS_NOT_AGREED: "the person has not agreed to the current terms; its news is kept "
    "until then",
    FinishReason.NOTHING_TO_TELL: "when it was written, nothing was left to report: what it would have "
    "reported was taken back, is filtered out, was reported by another mail, or is not followed any more",
    FinishReason.UNREADABLE: "what is encrypted for it could not be decrypted with the present secret keys",
    FinishReason.REPLACED: "a later request of the same person replaced it",
    OutcomeKind.DEFERRED: "the recipient's server put it off",
    OutcomeKind.CONNECTION_FAILED: "the mail server could not be used, or refused the session",
    OutcomeKind.HARD_BOUNCE: "the mailbox does not exist",
    OutcomeKind.SUSPECT_BOUNCE: "the mailbox seems not to exist",
    OutcomeKind.SOFT_BOUNCE: "the recipient's server refused it for good",
    OutcomeKind.MESSAGE_FAULT: "the server refused the message itself",
    OutcomeKind.POLICY: "the server refused us by its policy",
    OutcomeKind.SENDER_FAULT: "the server refused our sender address",
    OutcomeKind.MAILBOX_REASSIGNED: "the mailbox has another owner now",
    OutcomeKind.UNSUPPORTED: "the server does not support this address or these characters",
    OutcomeKind.TEMPLATE_FAULT: "a template of its kind is broken: it is tried again, see the log",
    OutcomeKind.UNWRITABLE: "it could not be rendered: a fault of this service, see the log",
    EndReason.UNFOLLOWED: "the person stopped following on the preferences page",
    EndReason.UNSUBSCRIBED: "the person unsubscribed",
    EndReason.DECLINED: "the person said that they had not signed up",
    EndReason.COMPLAINT: "the person reported a mail as spam",
    EndReason.SUPERSEDED: "a newer sign-up for the same topic was confirmed",
    EndReason.MAILBOX_CHANGED_HANDS: "the mailbox has another owner now",
    EndReason.REMOVED: "the trial was removed",
    EndReason.MERGED: "the trial goes on under another number, which is followed instead",
    EndReason.JOINED: "the condition is the same as another one, which is followed instead",
}

#: The meaning of each state of an event.
EVENTS: Mapping[str, str] = {
    EventState.RECEIVED: "It waits for a worker to read it.",
    EventState.PROCESSED: "It was compared with what was known.",
    EventState.STALE: "It held nothing new: an older or a repeated revision. Nobody is notified.",
    EventState.CONFLICT: "Its revision was received before with other content; it waits for an operator.",
    EventState.DEAD: "It could not be processed; it waits for an operator.",
}


def outcome_words(outcome: str | None) -> str:
    """An outcome in words."""
    return OUTCOMES.get(outcome or "", (outcome or "").replace("_", " "))


def delivery_sentence(state: str, outcome: str | None, attempts: int, due_at: datetime, now: datetime) -> str:
    """The present state of a mail, as a sentence."""
    words = outcome_words(outcome)
    tried = "once" if attempts == 1 else f"{attempts} times"
    match state:
        case DeliveryState.QUEUED if attempts and outcome:
            return f"It was tried {tried}: {words}. The next attempt is due {moment(due_at)}."
        case DeliveryState.QUEUED if due_at > now:
            return f"It is queued, to be sent from {moment(due_at)} on."
        case DeliveryState.QUEUED:
            return f"It is due since {moment(due_at)} and waits for a worker."
        case DeliveryState.HELD:
            return "It is held with its run, until an operator releases or cancels that."
        case DeliveryState.CLAIMED:
            return "A worker is sending it."
        case DeliveryState.SENT:
            return "The mail server accepted it."
        case DeliveryState.FAILED:
            return f"It failed for good: {words}."
        case DeliveryState.BOUNCED:
            return f"It bounced: {words}."
        case DeliveryState.CANCELLED:
            return f"It was not sent: {words}."
        case DeliveryState.EMPTY:
            return f"It was not sent: {words}."
        case _:
            return f"Its state is {state}."


def moment(at: datetime) -> str:
    """A moment for an operator."""
    return f"{at:%Y-%m-%d %H:%M} UTC"

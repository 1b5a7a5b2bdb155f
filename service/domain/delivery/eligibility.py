"""The rule whether a mail may be sent, and whether an unsent digest's changes are carried over.

Used by planning for subscribers, and by delivery for each claimed mail right before rendering (last check).
`service.store.people.eligibility` has the SQL of each reason.
"""

from collections.abc import Mapping
from enum import StrEnum

from service.domain.delivery.kinds import MAIL_KINDS, MailRules


class CarryOver(StrEnum):
    """Whether the changes of an unsent digest are carried over to a later digest (HOLD) or not (DROP)."""

    HOLD = "hold"
    DROP = "drop"


class Reason(StrEnum):
    """Why a mail must not be sent, most important first; the value is the outcome of the delivery."""

    ERASED = "erased"
    SUPPRESSED = "suppressed"
    NOT_CONFIRMED = "not_confirmed"
    RUN_CANCELLED = "run_cancelled"
    RUN_PUT_OFF = "run_put_off"
    PAUSED = "paused"
    TERMS_NOT_AGREED = "terms_not_agreed"


#: Temporary reasons hold the changes. Changes before a confirmation are excluded by the seq at which a
#: subscription became active.
CARRY_OVER: Mapping[Reason, CarryOver] = {
    Reason.ERASED: CarryOver.DROP,
    Reason.SUPPRESSED: CarryOver.HOLD,
    Reason.NOT_CONFIRMED: CarryOver.HOLD,
    Reason.RUN_CANCELLED: CarryOver.DROP,
    Reason.RUN_PUT_OFF: CarryOver.HOLD,
    Reason.PAUSED: CarryOver.HOLD,
    Reason.TERMS_NOT_AGREED: CarryOver.HOLD,
}

#: The reasons that concern a subscriber and not a mail: no digest is planned while one of them applies.
OF_PEOPLE = (Reason.SUPPRESSED, Reason.NOT_CONFIRMED, Reason.PAUSED, Reason.TERMS_NOT_AGREED)

_OF_RUNS = (Reason.RUN_CANCELLED, Reason.RUN_PUT_OFF, Reason.PAUSED, Reason.TERMS_NOT_AGREED)


def _reasons_of(rules: MailRules) -> tuple[Reason, ...]:
    """The reasons by a kind's rules; another address' suppression is checked when the mail is queued."""
    reasons = [Reason.ERASED]
    if not rules.to_other_address:
        reasons.append(Reason.SUPPRESSED)
    if not rules.to_unconfirmed:
        reasons.append(Reason.NOT_CONFIRMED)
    return (*reasons, *_OF_RUNS) if rules.of_run else tuple(reasons)


_BY_KIND = {kind: _reasons_of(rules) for kind, rules in MAIL_KINDS.items()}


def reasons_against(kind: str) -> tuple[Reason, ...]:
    """The reasons that prevent a mail of this kind, most important first."""
    return _BY_KIND.get(kind, tuple(Reason))

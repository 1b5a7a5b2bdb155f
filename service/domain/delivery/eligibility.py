"""The rule whether a mail may be sent, and whether an unsent digest's changes are carried over.

Used by planning for subscribers, and by delivery for each claimed mail right before rendering (last check).
`service.store.mail.eligibility` has the SQL of each reason.
"""

from collections.abc import Mapping
from enum import StrEnum

from service.domain.delivery.kinds import MAIL_KINDS, MailRules


class CarryOver(StrEnum):
    """Whether the changes of an unsent digest are carried over to a later digest (HOLD) or not (DROP)."""

    HOLD = "hold"  # a later digest reports them
    DROP = "drop"  # no digest reports them


class Ineligibility(StrEnum):
    """Why a mail must not be sent, most important first; the value is the outcome of the delivery."""

    ERASED = "erased"  # the person was erased
    SUPPRESSED = "suppressed"  # the address must not be written to: see suppression.Reason
    NOT_CONFIRMED = "not_confirmed"  # the person has not confirmed any sign-up
    RUN_CANCELLED = "run_cancelled"  # an operator cancelled its run, and no digest reports its news
    RUN_PUT_OFF = "run_put_off"  # an operator cancelled its run, and the next digests report its news
    PAUSED = "paused"  # the person has paused all mail
    TERMS_NOT_AGREED = "terms_not_agreed"  # the person has not agreed to the terms in force


#: Temporary reasons hold the changes. Changes before a confirmation are excluded by the seq at which a
#: subscription became active.
CARRY_OVER: Mapping[Ineligibility, CarryOver] = {
    Ineligibility.ERASED: CarryOver.DROP,
    Ineligibility.SUPPRESSED: CarryOver.HOLD,
    Ineligibility.NOT_CONFIRMED: CarryOver.HOLD,
    Ineligibility.RUN_CANCELLED: CarryOver.DROP,
    Ineligibility.RUN_PUT_OFF: CarryOver.HOLD,
    Ineligibility.PAUSED: CarryOver.HOLD,
    Ineligibility.TERMS_NOT_AGREED: CarryOver.HOLD,
}

#: The reasons that concern a subscriber and not a mail: no digest is planned while one of them applies.
OF_PEOPLE = (
    Ineligibility.SUPPRESSED,
    Ineligibility.NOT_CONFIRMED,
    Ineligibility.PAUSED,
    Ineligibility.TERMS_NOT_AGREED,
)

_OF_RUNS = (
    Ineligibility.RUN_CANCELLED,
    Ineligibility.RUN_PUT_OFF,
    Ineligibility.PAUSED,
    Ineligibility.TERMS_NOT_AGREED,
)


def _reasons_of(rules: MailRules) -> tuple[Ineligibility, ...]:
    """The reasons by a kind's rules; another address' suppression is checked when the mail is queued, and
    again when it is rendered."""
    reasons = [Ineligibility.ERASED]
    if not rules.to_other_address:
        reasons.append(Ineligibility.SUPPRESSED)
    if not rules.to_unconfirmed:
        reasons.append(Ineligibility.NOT_CONFIRMED)
    return (*reasons, *_OF_RUNS) if rules.of_run else tuple(reasons)


_BY_KIND = {kind: _reasons_of(rules) for kind, rules in MAIL_KINDS.items()}


def reasons_against(kind: str) -> tuple[Ineligibility, ...]:
    """The reasons that prevent a mail of this kind, most important first."""
    return _BY_KIND.get(kind, tuple(Ineligibility))

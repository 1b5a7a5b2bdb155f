"""Whether a mail may be sent, and what becomes of a digest's news when it may not: one rule for everybody.

Planning asks it about people, delivery about each claimed mail right before it is written (last check).
How each reason is found in the database stands in `service.store.people.eligibility`.
"""

from collections.abc import Mapping
from enum import StrEnum

from service.domain.delivery.kinds import MailKind


class News(StrEnum):
    """What becomes of the news of a digest that is not sent: a later digest tells it, or none does."""

    HOLD = "hold"
    DROP = "drop"


class Reason(StrEnum):
    """Why a mail must not be sent, the weightiest reason first; its value is the outcome of the delivery."""

    ERASED = "erased"
    SUPPRESSED = "suppressed"
    NOT_CONFIRMED = "not_confirmed"
    RUN_CANCELLED = "run_cancelled"
    RUN_PUT_OFF = "run_put_off"
    PAUSED = "paused"
    TERMS_NOT_AGREED = "terms_not_agreed"


#: Whatever may end again holds the news. What happened before a confirmation is kept out by the seq at which
#: a subscription became active, so nobody who confirms (again) is told what is none of theirs.
NEWS: Mapping[Reason, News] = {
    Reason.ERASED: News.DROP,
    Reason.SUPPRESSED: News.HOLD,
    Reason.NOT_CONFIRMED: News.HOLD,
    Reason.RUN_CANCELLED: News.DROP,
    Reason.RUN_PUT_OFF: News.HOLD,
    Reason.PAUSED: News.HOLD,
    Reason.TERMS_NOT_AGREED: News.HOLD,
}

#: The reasons that a person has, whatever the mail: no digest is planned for whom one of them holds.
OF_PEOPLE = (Reason.SUPPRESSED, Reason.NOT_CONFIRMED, Reason.PAUSED, Reason.TERMS_NOT_AGREED)

_OF_MOST_MAILS = (Reason.ERASED, Reason.SUPPRESSED, Reason.NOT_CONFIRMED)

#: Kinds of mail with reasons of their own. A confirmation and the question to a new address go to who has not
#: confirmed; the mails of an address change go to an address beside the person's own, about which whoever
#: queues them asks.
_BY_KIND: Mapping[str, tuple[Reason, ...]] = {
    MailKind.DIGEST: tuple(Reason),
    MailKind.CONFIRMATION: (Reason.ERASED, Reason.SUPPRESSED),
    MailKind.ADDRESS_CHANGE: (Reason.ERASED,),
    MailKind.ADDRESS_CHANGED: (Reason.ERASED, Reason.NOT_CONFIRMED),
}


def reasons_against(kind: str) -> tuple[Reason, ...]:
    """The reasons that keep a mail of this kind from being sent, the weightiest first."""
    return _BY_KIND.get(kind, _OF_MOST_MAILS)

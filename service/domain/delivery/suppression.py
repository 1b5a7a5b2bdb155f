"""Why an address must not be written to, and who may end that. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """Why an address is suppressed."""

    DECLINED = "declined"  # "It wasn't me", from a confirmation mail
    COMPLAINT = "complaint"  # a mail was reported as spam
    UNSUBSCRIBED = "unsubscribed"  # from all mail, at their own request
    HARD_BOUNCE = "hard_bounce"  # the mailbox does not exist
    SOFT_BOUNCES = "soft_bounces"  # mails failed repeatedly, over weeks
    OPERATOR = "operator"  # entered by an operator


#: The source of a suppression that a returned message caused; an imported one has another.
FEEDBACK = "feedback"

#: Requested by the subscriber: operators lift them only at their request.
OWN_REQUESTS = frozenset({Reason.DECLINED, Reason.COMPLAINT, Reason.UNSUBSCRIBED})

#: Promises that outlive the data: an operator suppresses an address because its owner wrote to them, say.
KEPT_AFTER_ERASURE = OWN_REQUESTS | {Reason.OPERATOR}

#: Nobody asked for these.
BOUNCES = frozenset({Reason.HARD_BOUNCE, Reason.SOFT_BOUNCES})

#: For each reason, the earlier ones that it replaces, because it is graver: harder to lift, or kept for
#: longer. All others stay.
REPLACED_BY: Mapping[Reason, frozenset[Reason]] = {
    Reason.HARD_BOUNCE: frozenset({Reason.SOFT_BOUNCES}),
    Reason.UNSUBSCRIBED: frozenset({Reason.SOFT_BOUNCES}),
    Reason.SOFT_BOUNCES: frozenset(),
    Reason.OPERATOR: BOUNCES | {Reason.UNSUBSCRIBED},
    Reason.DECLINED: BOUNCES | {Reason.UNSUBSCRIBED},
    Reason.COMPLAINT: BOUNCES | {Reason.UNSUBSCRIBED},
}

#: A fresh sign-up is answered with a confirmation all the same. Only the person lifts the suppression,
#: by confirming, or by following something from their own page.
LIFTED_BY_SIGN_UP = frozenset({Reason.UNSUBSCRIBED, Reason.SOFT_BOUNCES})

#: These are lifted only from the page that was shown with the block, by a link that knows the person.
LIFTED_FROM_PAGE = LIFTED_BY_SIGN_UP | {Reason.DECLINED, Reason.COMPLAINT}

#: Lifted by a link that was mailed to the address to be confirmed: it arrived, so a bounce was wrong, such as
#: that of a second mailbox behind the address.
LIFTED_BY_CONFIRMATION = LIFTED_FROM_PAGE | {Reason.HARD_BOUNCE}


def refuses_request(reason: str | None) -> bool:
    """Whether a suppression for this reason (None: there is none) prevents requested mail."""
    return reason is not None and reason not in LIFTED_BY_SIGN_UP

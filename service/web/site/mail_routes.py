"""Every route by which a visitor makes the service send mail, in one table, and the limits they share.

Each of them counts per network and altogether and asks for a proof of work by one rule (`challenge`); where
the link names the person, per person as well. What goes to one mailbox (dots and tags share it) and to one
domain is limited where the mail is queued (`service.actions.requested_mail`): there a limit delays, and no
answer tells of it.
"""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from service import rate_limit
from service.domain.delivery.kinds import MailKind
from service.domain.wording.messages import lazy_gettext as _
from service.request_queue import RequestKind
from service.system import System
from service.web.api import metrics
from service.web.site import challenge
from service.web.site.challenge import Refusal


@dataclass(frozen=True, slots=True)
class MailRoute:
    """A POST that causes mail of some `kinds`.

    `request` is what it leaves for the workers, None when it queues its mail by itself. `a_day` is how often
    one person may use it in 24 hours, None where nobody knows yet who asks.
    """

    path: str
    kinds: tuple[MailKind, ...]
    request: RequestKind | None
    a_day: int | None


SIGN_UP = MailRoute(
    "/v1/subscriptions", (MailKind.CONFIRMATION, MailKind.ALREADY_FOLLOWING), RequestKind.SUBSCRIBE, None
)
FRESH_CONFIRMATION = MailRoute(
    "/confirm/{token:str}/again", (MailKind.CONFIRMATION,), RequestKind.FRESH_CONFIRMATION, 10
)
PREFERENCES_LINK = MailRoute("/preferences", (MailKind.PREFERENCES_LINK,), RequestKind.PREFERENCES_LINK, None)
ADDRESS_CHANGE = MailRoute(
    "/preferences/{token:str}/address", (MailKind.ADDRESS_CHANGE,), RequestKind.NEW_ADDRESS, 5
)
ADDRESS_CONFIRMED = MailRoute("/address/{token:str}", (MailKind.ADDRESS_CHANGED,), None, 5)

MAIL_ROUTES = (SIGN_UP, FRESH_CONFIRMATION, PREFERENCES_LINK, ADDRESS_CHANGE, ADDRESS_CONFIRMED)


async def refusal(
    request: Request[Any, Any, Any],
    system: System,
    route: MailRoute,
    sent: str,
    person: int | None = None,
) -> Refusal | None:
    """Counts one more request at `route` and spends the proof of work that was `sent`. None: go on.

    `person` is a number that stands for who asks: of their row, or of their address as links carry it.
    A person is counted only when nothing else stands in the way: a proof that was asked for costs no try.
    """
    refused = await challenge.refusal(request, system, sent)
    if refused is not None or route.a_day is None:
        return refused
    if person is None:
        raise TypeError("this route knows who asks")
    wait = await rate_limit.count_person(system, route.kinds[0], person, most=route.a_day)
    if not wait:
        return None
    metrics.LIMITED.labels("person").inc()
    message = _("You asked for this several times today. Please try again tomorrow.")
    return Refusal(429, message, {"Retry-After": str(wait)}, field="email")

"""The table of routes by which visitors make the service send mail, and their common limits.

Each request is counted per network and in total, and may require a proof of work (`challenge`); if the link
identifies the person, it is counted per person as well. Mails per mailbox (dots and tags share it) and per
domain are limited where they are queued (`service.actions.requested_mail`): that limit delays, and no answer
reveals it.
"""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from service import rate_limit
from service.domain.delivery.kinds import MailKind
from service.domain.wording.messages import lazy_gettext as _
from service.request_queue import RequestKind
from service.system import System
from service.web.http import counters
from service.web.site import challenge
from service.web.site.challenge import RefusedRequest


@dataclass(frozen=True, slots=True)
class MailRoute:
    """A POST that causes mail of some `kinds`.

    `request` is the kind that it enqueues for the workers, None if it queues its mail itself. `a_day` is the
    limit per person in 24 hours, None if the person is not known yet.
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
) -> RefusedRequest | None:
    """Counts a request at `route` and spends the solution `sent`. Returns None if it is accepted.

    `person` is a number for the person: their row's id, or the short index of their address in a link. They
    are counted only if the request is otherwise accepted: a required proof of work costs no try.
    """
    refused = await challenge.refusal(request, system, sent)
    if refused is not None or route.a_day is None:
        return refused
    if person is None:
        raise TypeError("this route knows who asks")
    wait = await rate_limit.count_person(system, route.kinds[0], person, most=route.a_day)
    if not wait:
        return None
    counters.LIMITED.labels("person").inc()
    message = _("You asked for this several times today. Please try again tomorrow.")
    return RefusedRequest(429, message, {"Retry-After": str(wait)}, field="email")

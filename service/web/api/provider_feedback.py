"""`POST /v1/feedback/{provider}`: bounces, complaints and unsubscribes that a mail provider reports."""

from collections.abc import Mapping
from typing import Any

import httpx
import structlog
from cachetools import LRUCache
from litestar import Request, post
from litestar.params import FromPath

from service.actions.feedback import apply_feedback
from service.configuration.settings import Settings, variable_of
from service.crypto.provider_signatures import (
    NotTheirs,
    check_mailgun,
    check_sendgrid,
    check_shared_secret,
    check_sns,
    is_amazons,
)
from service.mail.inbound.provider_events import READERS
from service.runtime import json_text
from service.web.http.deps import OpenSystem
from service.web.http.problems import Problem

_log = structlog.get_logger("feedback")

LARGEST_BODY = 5 * 1024 * 1024

#: The setting that each provider's webhooks are checked with.
SETTINGS = {
    "ses": "ses_topics",
    "postmark": "postmark_auth",
    "sendgrid": "sendgrid_key",
    "mailgun": "mailgun_key",
    "brevo": "brevo_auth",
}
#: The providers that send a shared secret instead of a signature.
_BY_LOGIN = ("postmark", "brevo")

#: Seconds for Amazon to answer.
_FETCH_SECONDS = 5.0
_certificates: LRUCache[str, bytes] = LRUCache(16)


@post(
    "/v1/feedback/{provider:str}",
    status_code=200,
    request_max_body_size=LARGEST_BODY,
    summary="Receive a webhook of a mail provider: ses, postmark, sendgrid, mailgun or brevo",
)
async def receive_webhook(
    request: Request[Any, Any, Any], provider: FromPath[str], system: OpenSystem
) -> dict[str, str]:
    """Reports that need no action are accepted too, because a provider repeats refused ones.

    Answers 401 for a report that is not signed as the provider documents it, or can't be checked.
    """
    if provider not in SETTINGS:
        raise Problem(404, f"There is no such provider; there are {', '.join(SETTINGS)}.")
    if not getattr(system.settings, SETTINGS[provider]):
        variable = variable_of(SETTINGS[provider])
        raise Problem(
            401,
            f"Nothing can be checked: this provider is not set up. Set {variable}.",
            headers=_asked(provider),
        )
    events = await _signed_events(request, system.settings, provider)
    for event in events if isinstance(events, list) else [events]:
        if isinstance(event, dict):
            for feedback in READERS[provider](event):
                await apply_feedback(system, feedback, system.now())
    return {"status": "taken"}


def _asked(provider: str) -> dict[str, str]:
    """The header of an answer 401 that says how a provider proves who it is (RFC 9110, 11.6.1)."""
    scheme = "Basic" if provider in _BY_LOGIN else "Signature"
    return {"WWW-Authenticate": f'{scheme} realm="feedback"'}


async def _signed_events(request: Request[Any, Any, Any], settings: Settings, provider: str) -> Any:
    """The content of a provider's webhook. Raises Problem."""
    try:
        if provider in _BY_LOGIN:  # an unknown sender's body is not even read
            secret = settings.postmark_auth if provider == "postmark" else settings.brevo_auth
            check_shared_secret(request.headers.get("authorization", ""), secret)
        body = await request.body()
        if provider == "sendgrid":
            check_sendgrid(request.headers, body, settings.sendgrid_key)
        sent = json_text.decode(body)
        if provider == "mailgun":
            check_mailgun(_object(sent, "signature"), settings.mailgun_key)
            return _object(sent, "event-data")
        return await _from_sns(settings, sent) if provider == "ses" else sent
    except NotTheirs as problem:
        raise Problem(401, str(problem), headers=_asked(provider)) from None
    except json_text.NOT_JSON:
        raise Problem(400, "The body must be JSON.") from None


def _object(sent: Any, name: str) -> Mapping[str, Any]:
    found = sent.get(name) if isinstance(sent, dict) else None
    return found if isinstance(found, dict) else {}


async def _from_sns(settings: Settings, message: Any) -> Any:
    """The event of SES in a message of SNS; a topic of ours that asks to be confirmed is confirmed.

    Raises NotTheirs.
    """
    if not isinstance(message, dict) or message.get("TopicArn") not in settings.ses_topics:
        raise NotTheirs
    url = str(message.get("SigningCertURL"))
    if not is_amazons(url):
        raise NotTheirs
    if url not in _certificates:
        _certificates[url] = await fetch(url)
    check_sns(message, _certificates[url])
    if message["Type"] == "SubscriptionConfirmation":
        if not is_amazons(message.get("SubscribeURL")):
            raise NotTheirs
        await fetch(str(message["SubscribeURL"]))
        _log.info("sns_topic_confirmed")
        return None
    try:
        return json_text.decode(str(message.get("Message", "")).encode())
    except json_text.NOT_JSON:  # "Successfully validated SNS topic …", and that a topic was unsubscribed
        return None


async def fetch(url: str) -> bytes:
    """Amazon's answer. Raises Problem (503), so that the message is sent again."""
    try:
        async with httpx.AsyncClient(timeout=_FETCH_SECONDS) as client:
            answer = await client.get(url)
            answer.raise_for_status()
            return answer.content
    except httpx.HTTPError as error:
        _log.warning("sns_unreachable", error=type(error).__name__)
        raise Problem(503, "Amazon can't be reached.", headers={"Retry-After": "60"}) from None

"""POST /v1/subscriptions: validates a sign-up, enqueues it and answers, without looking up the person."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, post
from litestar.response.base import ASGIResponse

from service.crypto.link_tokens import InvalidToken, Purpose, read_token
from service.domain.buckets import bucket_of_index
from service.domain.wording.messages import lazy_gettext as _
from service.redis.job_queue import Job
from service.redis.rate_counters import Usage
from service.request_queue import RequestKind, RequestOrigin, SignUp
from service.system import System
from service.web.http import client, counters
from service.web.http.counted_requests import counted, give_back_if_ours
from service.web.http.deps import OpenSystem
from service.web.http.forms import Fields, read
from service.web.http.lookup_cache import AmbiguousName, LookupCache, cached
from service.web.http.own_paths import own_path
from service.web.http.problems import Problem
from service.web.http.reader import wanted_languages
from service.web.site import challenge
from service.web.site.signup_fields import Checked, check, with_subscribed
from service.web.site.subscribe import form_again


class _Pending(Response[bytes]):
    """The answer to every accepted sign-up: always the same, so it is built once."""

    _built = ASGIResponse(
        body=b'{"status":"confirmation_pending"}',
        status_code=202,
        media_type="application/json",
    )

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        """The answer as it goes out."""
        return self._built


_PENDING = _Pending(b"")


def own_origin(system: System) -> str:
    """The origin of this service's own pages."""
    parts = urlsplit(system.settings.public_url)
    return f"{parts.scheme}://{parts.netloc}".lower()


@post("/v1/subscriptions", status_code=202, summary="Sign up: a confirmation is mailed")
async def sign_up(request: Request[Any, Any, Any], system: OpenSystem) -> Response[Any]:
    """202 (JSON) or 303 (a form), the same for every address; errors are given by field.

    Answers 422 for invalid fields, 429 with Retry-After, 503 before terms are published.
    """
    fields, lookups = await read(request), cached(request, system)
    html = fields.is_form and not client.wants_json(request)
    origins = (*system.settings.website_origins, own_origin(system))
    checked = check(fields, origins, wanted_languages())
    try:
        if not fields.is_filled("website"):
            await _accept(request, system, fields, checked, lookups)
    except Problem as problem:
        if not html:
            raise
        await give_back_if_ours(problem, request.scope)
        return await form_again(request, system, fields, problem)
    if not html:
        return _PENDING
    location = with_subscribed(checked.return_to) if checked.return_to else own_path("/subscribe/sent")
    return Response(b"", status_code=303, headers={"Location": location})


async def _accept(
    request: Request[Any, Any, Any],
    system: System,
    fields: Fields,
    checked: Checked,
    lookups: LookupCache,
) -> None:
    """Enqueues the sign-up if it is valid. Raises a Problem."""
    limit, sent = system.settings.signup_limit, fields.text("challenge")
    network = client.network(request, system.settings)
    load = await counted(request, system)
    if load.too_many(limit, solved=bool(sent)):
        counters.LIMITED.labels("network").inc()
        raise _too_many(load)
    await _check_terms(checked, lookups)
    keys = await _resolve(checked, lookups)
    # A solution is spent only if all else is valid: a typing mistake must not cost a second one.
    refused = None if checked.errors else await challenge.refusal_under(system, load, sent)
    if refused is not None and refused.status == 429:
        raise _too_many(load)
    if refused is not None:
        checked.wrong("challenge", challenge.UNSOLVED)
    if checked.errors:
        raise Problem(422, _("Some fields need your attention."), errors=checked.errors)
    await _enqueue(request, system, fields, checked, keys, network)
    counters.SIGN_UPS.inc()


async def _check_terms(checked: Checked, lookups: LookupCache) -> None:
    terms = await lookups.terms()
    if terms is None:
        raise Problem(
            503, _("Sign-up is not open yet: no terms are published."), headers={"Retry-After": "300"}
        )
    if not checked.terms_version:
        checked.wrong(
            "terms_version",
            _(
                "Send the version of the terms that the form shows; now it is {version}.",
                version=terms.version,
            ),
        )
    elif checked.terms_version != terms.version:
        checked.wrong(
            "terms_version",
            _(
                "The terms have changed. Read and accept the current version, {version}.",
                version=terms.version,
            ),
        )


def _too_many(load: Usage) -> Problem:
    return Problem(
        429,
        _("Too many sign-ups came from your network. Please try again in a few minutes."),
        headers={"Retry-After": str(load.seconds_left)},
    )


async def _resolve(checked: Checked, lookups: LookupCache) -> list[str]:
    """The keys of the requested topics, each once."""
    keys: dict[str, None] = {}
    for kind, name in checked.topics:
        try:
            keys[await lookups.topic_key(kind, name)] = None
        except AmbiguousName as problem:
            checked.wrong("topic", str(problem), choices=problem.choices)
        except ValueError as problem:
            checked.wrong("topic", str(problem))
    return list(keys)


def _resubscribe_index(system: System, token: str, now: datetime) -> int | None:
    """The address whose "sign up again" link led here: its owner may lift a suppression of their own."""
    try:
        return read_token(system.keyring, Purpose.AGAIN, token, now).address if token else None
    except InvalidToken:
        return None


async def _enqueue(
    request: Request[Any, Any, Any],
    system: System,
    fields: Fields,
    checked: Checked,
    keys: list[str],
    network: str,
) -> None:
    now = system.now()
    seen = RequestOrigin(
        at=now,
        network=network,
        agent=client.agent(request),
        form=client.page_of(checked.return_to or request.headers.get("referer")),
        media="form" if fields.is_form else "json",
    )
    request_body = SignUp(
        email=checked.email,
        topics=keys,
        terms_version=checked.terms_version,
        origin=seen,
        frequency=checked.frequency,
        filters=checked.filters,
        small_changes=checked.small_changes,
        locale=checked.locale,
        timezone=checked.timezone,
        resubscribe_index=_resubscribe_index(system, fields.text("again"), now),
    )
    bucket = bucket_of_index(system.addresses.mailbox(checked.email))
    await system.request_buffer.enqueue(bucket, RequestKind.SUBSCRIBE, request_body, now)
    system.notifier.notify(Job.PROCESS_REQUESTS)

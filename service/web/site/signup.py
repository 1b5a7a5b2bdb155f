"""POST /v1/subscriptions: checked, put into the inbox, answered. Nobody looks at the person meanwhile."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, post
from litestar.response.base import ASGIResponse

from service import rate_limit
from service.crypto.link_tokens import InvalidToken, Purpose, read_token
from service.domain.wording.messages import lazy_gettext as _
from service.job_queue import Job
from service.rate_counters import Usage
from service.request_queue import RequestKind, RequestOrigin, SignUp
from service.system import System
from service.web.api import metrics
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import Fields, read
from service.web.http.lookup_cache import AmbiguousName, Remembered, cached
from service.web.http.own_paths import own_path
from service.web.http.problems import Problem
from service.web.http.reader import wanted_languages
from service.web.site import challenge
from service.web.site.signup_fields import Checked, check, with_subscribed
from service.web.site.subscribe import form_again

_NO_STORE = {"Cache-Control": "no-store"}


class _Pending(Response[bytes]):
    """The one answer to all whose sign-up is taken: built once, for it never differs."""

    _built = ASGIResponse(
        body=b'{"status":"confirmation_pending"}',
        status_code=202,
        media_type="application/json",
        headers=_NO_STORE,
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
    """202 (JSON) or 303 (a form), whoever asks; errors are named by field.

    Answers 422 for fields that can't be taken, 429 with Retry-After, 503 before terms are published.
    """
    fields, memory = await read(request), cached(request, system)
    html = fields.is_form and not client.wants_json(request)
    origins = (*system.settings.website_origins, own_origin(system))
    checked = check(fields, origins, wanted_languages())
    try:
        if not fields.text("website"):
            await _take(request, system, fields, checked, memory)
    except Problem as problem:
        if not html:
            raise
        return await form_again(request, system, fields, problem)
    if not html:
        return _PENDING
    location = with_subscribed(checked.return_to) if checked.return_to else own_path("/subscribe/sent")
    return Response(b"", status_code=303, headers={"Location": location, **_NO_STORE})


async def _take(
    request: Request[Any, Any, Any],
    system: System,
    fields: Fields,
    checked: Checked,
    memory: Remembered,
) -> None:
    """Keeps the sign-up if everything about it is in order. Raises a Problem."""
    limit, sent = system.settings.signup_limit, fields.text("challenge")
    network = client.network(request, system.settings)
    load = await rate_limit.count(system, network)
    if load.too_many(limit, solved=bool(sent)):
        metrics.LIMITED.labels("network").inc()
        raise _too_many(load)
    await _check_terms(checked, memory)
    keys = await _resolve(checked, memory)
    # A solution is spent only when all else is right: a typing mistake must not cost another one.
    refused = None if checked.errors else await challenge.refusal_under(system, load, sent)
    if refused is not None and refused.status == 429:
        raise _too_many(load)
    if refused is not None:
        checked.wrong("challenge", challenge.UNSOLVED if sent else _("Solve the challenge to sign up."))
    if checked.errors:
        raise Problem(422, _("Some fields need another look."), errors=checked.errors)
    await _keep(request, system, fields, checked, keys, network)
    metrics.SIGN_UPS.inc()


async def _check_terms(checked: Checked, memory: Remembered) -> None:
    terms = await memory.terms()
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
        _("Too many sign-ups came from your network. Please try again in some minutes."),
        headers={"Retry-After": str(load.seconds_left)},
    )


async def _resolve(checked: Checked, memory: Remembered) -> list[str]:
    """The keys of the topics named, each once."""
    keys: dict[str, None] = {}
    for kind, name in checked.topics:
        try:
            keys[await memory.topic_key(kind, name)] = None
        except AmbiguousName as problem:
            checked.wrong("topic", str(problem), choices=problem.choices)
        except ValueError as problem:
            checked.wrong("topic", str(problem))
    return list(keys)


def _resubscribe_index(system: System, token: str, now: datetime) -> int | None:
    """Whose page led to the form: the owner of an address may lift the block that the owner once set."""
    try:
        return read_token(system.keyring, Purpose.AGAIN, token, now).address if token else None
    except InvalidToken:
        return None


async def _keep(
    request: Request[Any, Any, Any],
    system: System,
    fields: Fields,
    checked: Checked,
    keys: list[str],
    network: str,
) -> None:
    now = datetime.now(UTC)
    seen = RequestOrigin(
        at=now,
        network=network,
        agent=client.agent(request),
        form=client.page_of(checked.return_to or request.headers.get("referer")),
        media="form" if fields.is_form else "json",
    )
    wish = SignUp(
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
    await system.request_buffer.enqueue(RequestKind.SUBSCRIBE, wish, now)
    system.notifier.notify(Job.PROCESS_REQUESTS)

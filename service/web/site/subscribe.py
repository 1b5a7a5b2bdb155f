"""The hosted sign-up form, /subscribe, with errors beside their fields, and the page after it."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response

from service.domain.digests.schedule import FREQUENCY_CHOICES, Frequency
from service.domain.trials.conditions import InvalidTopic, display_name, parse_topic
from service.domain.wording.topic_names import topic_name
from service.system import System
from service.web.http.deps import OpenSystem
from service.web.http.forms import Fields, storable
from service.web.http.lookup_cache import AmbiguousName, LookupCache, cached
from service.web.http.page_route import page_route
from service.web.http.problems import Problem
from service.web.pages import page
from service.web.site import challenge
from service.web.site.signup_fields import typed_topic

#: The order of the form's fields and of the error summary.
_ORDER = ("topic", "email", "frequency", "accept_terms", "terms_version", "challenge")


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic as the form shows it; `above` is a broader condition, to distinguish similar names."""

    key: str
    name: str
    kind: str
    above: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A name that several conditions share, to choose from."""

    name: str
    choices: tuple[Choice, ...]


async def choices(lookups: LookupCache, named: list[str]) -> tuple[list[Choice], list[Question]]:
    """The named topics that can be followed, and the questions about shared names.

    A trial that is not stored yet is shown by its number.
    """
    keys: dict[str, None] = {}
    shared: dict[str, AmbiguousName] = {}
    for text in named[:50]:
        try:
            kind, name = parse_topic(text)
            keys[await lookups.topic_key(kind, name)] = None
        except AmbiguousName as problem:
            shared[name] = problem
        except (InvalidTopic, ValueError):
            continue
    known = await lookups.topic_names(keys)
    above = await lookups.broader_names([topic for found in shared.values() for topic in found.topics])
    questions = [
        Question(name, tuple(_choice(topic.key, topic.name, above.get(topic.id)) for topic in found.topics))
        for name, found in shared.items()
    ]
    return [_choice(key, known.get(key)) for key in keys], questions


def _choice(key: str, name: str | None, above: str | None = None) -> Choice:
    kind, _, number = key.partition(":")
    return Choice(key, topic_name(kind, number, name), kind, display_name(above) if above else "")


@page_route("/subscribe")
async def subscribe_form(request: Request[Any, Any, Any], system: OpenSystem) -> Response[str]:
    """The form for the topics named in the query."""
    named = [storable(text) for text in request.query_params.getall("topic", [])]
    fields = Fields({"topic": named, "again": request.query_params.get("again", "")}, is_form=True)
    return await _form(request, system, fields, status=200)


async def form_again(
    request: Request[Any, Any, Any], system: System, fields: Fields, problem: Problem
) -> Response[str]:
    """The form as submitted, with errors beside their fields."""
    answer = await _form(request, system, fields, status=problem.status_code, problem=problem)
    answer.headers.update(problem.headers or {})
    return answer


async def _form(
    request: Request[Any, Any, Any],
    system: System,
    fields: Fields,
    *,
    status: int,
    problem: Problem | None = None,
) -> Response[str]:
    lookups = cached(request, system)
    terms = await lookups.terms()
    errors: dict[str, str] = {}
    for error in problem.errors if problem else ():
        errors.setdefault(error["field"], error["message"])
    ordered = sorted(errors.items(), key=lambda error: _ORDER.index(error[0]) if error[0] in _ORDER else 99)
    frequency = fields.text("frequency")
    texts = fields.texts("topic") + ([typed_topic(typed)] if (typed := fields.text("named")) else [])
    chosen, questions = await choices(lookups, texts)
    return page(
        "subscribe.html",
        status=status,
        form_targets=system.settings.website_origins,
        topics=chosen,
        questions=questions,
        named=typed,
        email=fields.text("email"),
        frequency=frequency if frequency in FREQUENCY_CHOICES else Frequency.WEEKLY,
        accepted=fields.flag("accept_terms") and "terms_version" not in errors,
        return_to=fields.text("return_to") if "return_to" not in errors else "",
        timezone=fields.text("timezone") if "timezone" not in errors else "",
        locale=fields.text("locale"),
        again=fields.text("again"),
        terms_version=terms.version if terms else "",
        terms_url=system.settings.terms_url,
        privacy_url=system.settings.privacy_url,
        open=terms is not None,
        errors=errors,
        summary=ordered,
        problem=problem.detail if problem else "",
        challenge=await challenge.required(request, system) or "challenge" in errors or status == 429,
    )


@page_route("/subscribe/sent")
async def sent() -> Response[str]:
    """The page after a sign-up, the same for everybody."""
    return page("sent.html")

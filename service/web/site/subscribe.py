"""The hosted sign-up form, /subscribe, with errors beside their fields, and the page after it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, Response, post
from markupsafe import Markup

from service.actions import search_topics
from service.domain.digests.filters import SCHEMA
from service.domain.digests.schedule import FREQUENCY_CHOICES, Frequency
from service.domain.digests.time_zones import known_or_utc
from service.domain.topic_parsing import InvalidTopic, parse_topic
from service.domain.trials.conditions.condition import TopicKind, display_name
from service.domain.wording.messages import lazy_gettext as _
from service.domain.wording.sign_up import SAFETY, SAFETY_HEADING, agreement
from service.domain.wording.topic_names import REMOVED_STUDY, topic_name
from service.system import System
from service.web.http.deps import OpenSystem
from service.web.http.forms import Fields, read, storable
from service.web.http.lookup_cache import AmbiguousName, LookupCache, cached
from service.web.http.page_route import page_route
from service.web.http.problems import Problem
from service.web.http.reader import keep_in_links, reader_language, wanted_languages
from service.web.http.search_limit import too_many_searches
from service.web.pages import page
from service.web.site import challenge
from service.web.site.signup_fields import typed_counts, typed_topic
from service.web.site.time_zones import likely
from service.web.site.time_zones import offered as zones_offered

AnyRequest = Request[Any, Any, Any]

#: The order of the form's fields and of the error summary.
_ORDER = ("topic", "email", "frequency", "accept_terms", "terms_version", "challenge")


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic as the form shows it; `above` is a broader condition, to distinguish similar names.

    `older`: the number by which a trial was requested that was merged into this one. `is_removed`: the
    website no longer lists the trial.
    """

    key: str
    name: str
    kind: str
    above: str = ""
    older: str = ""
    is_removed: bool = False

    @property
    def value(self) -> str:
        """The value that a form sends: the requested number, so that the mail can explain the merger."""
        return f"{TopicKind.TRIAL}:{self.older}" if self.older else self.key


def merged_study(older: str) -> str:
    """The description of a study that another one was merged into, by the number of that."""
    return _("study; {number} is now listed under this number", number=older)


def part_of(parent: str) -> str:
    """The description of a condition, by a broader one."""
    return _("condition, part of {parent}", parent=parent)


#: Words of the form that its template puts in place.
_WORDS: dict[str, Any] = {
    "merged_study": merged_study,
    "removed_study": REMOVED_STUDY,
    "part_of": part_of,
    "safety_heading": SAFETY_HEADING,
    "safety": SAFETY,
}


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """A name that several conditions share, to choose from."""

    name: str
    choices: tuple[Choice, ...]

    @property
    def text(self) -> str:
        """The question in words."""
        return _("“{name}” has more than one meaning. Which one do you mean?", name=self.name)


@dataclass(frozen=True, slots=True)
class Named:
    """The topics named in a form or a URL, questions about shared names, and unknown texts."""

    topics: list[Choice]
    questions: list[NameQuestion]
    unknown: list[str]


async def choices(lookups: LookupCache, named: list[str]) -> Named:
    """The named topics that can be followed, and the questions about shared names.

    A trial that is not stored yet is shown by its number.
    """
    keys: dict[str, None] = {}
    shared: dict[str, AmbiguousName] = {}
    unknown: list[str] = []
    for text in named[:50]:
        try:
            kind, name = parse_topic(text)
            keys[await lookups.topic_key(kind, name)] = None
        except AmbiguousName as problem:
            shared[name] = problem
        except (InvalidTopic, ValueError):
            unknown.append(text.partition(":")[2].strip() or text)
    present = await lookups.after_mergers(keys)
    older = {to: key.partition(":")[2] for key, to in present.items() if key != to}
    wanted = list(dict.fromkeys(present.values()))
    known = await lookups.topic_names(wanted)
    removed = await lookups.removed(wanted)
    above = await lookups.broader_names([topic for found in shared.values() for topic in found.topics])
    questions = [
        NameQuestion(
            name, tuple(_choice(topic.key, topic.name, above.get(topic.id)) for topic in found.topics)
        )
        for name, found in shared.items()
    ]
    found = [
        replace(_choice(key, known.get(key)), older=older.get(key, ""), is_removed=key in removed)
        for key in wanted
    ]
    return Named(found, questions, unknown)


def _choice(key: str, name: str | None, above: str | None = None) -> Choice:
    kind, _, number = key.partition(":")
    return Choice(key, topic_name(kind, number, name), kind, display_name(above) if above else "")


@page_route("/subscribe")
async def subscribe_form(request: AnyRequest, system: OpenSystem) -> Response[str]:
    """The form for the topics named in the query; without any it begins with the search."""
    named = [storable(text) for text in request.query_params.getall("topic", [])]
    fields = Fields({"topic": named, "again": request.query_params.get("again", "")}, is_form=True)
    return await _form(request, system, fields)


@post("/subscribe", status_code=200, include_in_schema=False)
async def search(request: AnyRequest, system: OpenSystem) -> Response[str]:
    """The form as it was filled in, with what the search found: what is typed stays out of every URL."""
    return await _form(request, system, await read(request), searching=True)


async def form_again(request: AnyRequest, system: System, fields: Fields, problem: Problem) -> Response[str]:
    """The form as submitted, with errors beside their fields."""
    answer = await _form(request, system, fields, problem=problem)
    answer.headers.update(problem.headers or {})
    return answer


async def _form(
    request: AnyRequest,
    system: System,
    fields: Fields,
    *,
    searching: bool = False,
    problem: Problem | None = None,
) -> Response[str]:
    lookups = cached(request, system)
    terms = await lookups.terms()
    typed = fields.text("named")[:200]
    texts = fields.texts("topic") + ([typed_topic(typed)] if typed_counts(fields) and not searching else [])
    named = await choices(lookups, texts)
    found = await _search(request, system, typed if searching or named.unknown else "", named)
    if found.problem and not problem:
        problem = found.problem
    errors = _first_by_field(problem)
    frequency, again, locale = fields.text("frequency"), fields.text("again"), fields.text("locale")
    keep_in_links(
        [*(("topic", topic.value) for topic in named.topics), *([("again", again)] if again else [])]
    )
    answer = page(
        "subscribe.html",
        status=problem.status_code if problem else 200,
        form_targets=system.settings.website_origins,
        locale=locale,
        **_WORDS,
        topics=named.topics,
        questions=named.questions,
        typed=found.query,
        found=found.topics,
        searched=bool(found.query),
        email=fields.text("email"),
        frequency=frequency if frequency in FREQUENCY_CHOICES else Frequency.WEEKLY,
        accepted=fields.flag("accept_terms") and "terms_version" not in errors,
        agreement=agreement_html(system, terms.version if terms else "", locale),
        zone=known_or_utc(fields.text("timezone")) if fields.text("timezone") else likely(wanted_languages()),
        zone_given=bool(fields.text("timezone")),
        zones=zones_offered(reader_language(locale).code),
        hidden=_hidden(fields, errors),
        terms_version=terms.version if terms else "",
        open=terms is not None,
        errors=errors,
        summary=sorted(errors.items(), key=lambda error: _place(error[0])),
        problem=problem.detail if problem else "",
        challenge=await challenge.required(request, system) or "challenge" in errors or _is_429(problem),
    )
    if found.problem:
        answer.headers.update(found.problem.headers or {})
    return answer


def _hidden(fields: Fields, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """The fields of a website's own form that the hosted one does not show; without those that are wrong."""
    named = {name: name for name in ("return_to", "again", "small_changes")}
    named |= {f"filters.{name}": name for name in SCHEMA}
    return [
        (name, value)
        for field, name in named.items()
        if field not in errors
        for value in fields.texts(name)
        if value.strip()
    ]


def _first_by_field(problem: Problem | None) -> dict[str, str]:
    """The first message about each field."""
    errors: dict[str, str] = {}
    for error in problem.errors if problem else ():
        errors.setdefault(error["field"], error["message"])
    return errors


def _place(field: str) -> int:
    """The position of a field in the form; unknown ones come last."""
    return _ORDER.index(field) if field in _ORDER else len(_ORDER)


def _is_429(problem: Problem | None) -> bool:
    return problem is not None and problem.status_code == 429


def agreement_html(system: System, version: str, locale: str = "") -> Markup:
    """The statement beside the box, with its links, in the reader's language; `locale`: the form's."""
    settings = system.settings
    template = Markup(agreement(reader_language(locale).gettext))  # noqa: S704  of our catalogues, values escaped
    return template.format(terms_url=settings.terms_url, privacy_url=settings.privacy_url, version=version)


@dataclass(frozen=True, slots=True)
class _SearchResult:
    """A search's query and results, or the problem that kept it from being made."""

    query: str = ""
    topics: tuple[Choice, ...] = ()
    problem: Problem | None = None


async def _search(request: AnyRequest, system: System, query: str, named: Named) -> _SearchResult:
    """Looks for `query`, or for the first unknown name, beside what is chosen already."""
    query = query or next(iter(named.unknown), "")[:200]
    if not query:
        return _SearchResult()
    if problem := await too_many_searches(request, system):
        return _SearchResult(problem=problem)
    async with system.reading() as connection:
        found = await search_topics.search(connection, query)
    shown = {choice.key for choice in named.topics}
    shown |= {choice.key for question in named.questions for choice in question.choices}
    offered = [Choice(topic.key, topic.label, topic.kind, topic.above) for topic in found]
    return _SearchResult(query, tuple(choice for choice in offered if choice.key not in shown))


@page_route("/subscribe/sent")
async def sent() -> Response[str]:
    """The page after a sign-up, the same for everybody."""
    return page("sent.html")

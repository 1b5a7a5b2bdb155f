"""Subscriptions on the preferences page: change, end, follow again, follow more."""

import re
from dataclasses import replace
from typing import Any

from litestar import Request, Response, post

from service.actions import follow as actions
from service.actions.consent_record import Origin
from service.actions.follow import MOST_FOLLOWED, NotFollowed, NotFollowedReason
from service.actions.merged_topics import removed_topics
from service.domain.digests.filters import Filters, InvalidFilters, read_filters
from service.domain.digests.schedule import FREQUENCY_CHOICES, Frequency
from service.domain.trials.conditions.condition import display_name
from service.domain.wording.messages import lazy_gettext as _
from service.domain.wording.topic_names import REMOVED_STUDY, TOO_BROAD, topic_name
from service.languages import SupportedLanguage, country_code, language, supported
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import Fields, merged, read
from service.web.http.page_route import page_route
from service.web.http.reader import reader_language
from service.web.http.search_limit import too_many_searches
from service.web.pages import page
from service.web.site.preferences_page import (
    KINDS,
    KINDS_OF_CONDITIONS,
    Token,
    back,
    owner,
    part_of,
    show,
    shown,
    typed,
    wording,
)
from service.web.site.subscribe import part_of as condition_below

AnyRequest = Request[Any, Any, Any]

_MOST_AT_ONCE = 50


@post("/{token:str}/topic", status_code=303)
async def change_topic(request: AnyRequest, system: OpenSystem, token: Token) -> Response[Any]:
    """Changes frequency and filters of a subscription, or ends it."""
    fields, now = await read(request), system.now()
    number, part = fields.text("subscription"), part_of(fields.text("part"))
    async with system.writing() as connection:
        person = await owner(connection, system, token)
        if fields.text("do") == "unfollow":
            ended = await actions.unfollow(connection, system, person, number, _origin(system, request), now)
            # Unless it ended meanwhile, from another page or by the registry.
            return back(token, "unfollowed" if ended else "gone", part=part)
        followed = await actions.active_one(connection, person, number)
        stored = shown(followed, reader_language(person.locale)).fields if followed else {}
        chosen = merged(fields, stored)
        filters, errors = _filters(chosen, number)
        if chosen.text("frequency") not in FREQUENCY_CHOICES:
            errors[f"frequency-{number}"] = _("Choose how often from the list.")
        if followed is not None and not errors:
            await actions.change_subscription(
                connection,
                person,
                followed,
                frequency=chosen.text("frequency"),
                filters=filters,
                small_changes=chosen.flag("small_changes"),
                now=now,
            )
    if errors:
        return await show(request, system, token, errors=errors, sent=typed(fields, number), part=part)
    return back(token, "saved" if followed else "gone", part=part)


def _filters(fields: Fields, number: str) -> tuple[Filters, dict[str, str]]:
    """A topic's filters, and errors by field id. Countries are in one field, separated by commas."""
    countries = [part.strip() for part in re.split("[,;،]", fields.text("countries"))]
    kinds = fields.texts("kinds")
    given = {
        "countries": [country_code(part) or part for part in countries if part],
        "only_open": fields.flag("only_open"),
        # All kinds are stored as no filter, so that kinds added later are included.
        "kinds": []
        if any(set(kinds) >= set(all_kinds) for all_kinds in (KINDS, KINDS_OF_CONDITIONS))
        else kinds,
        "age": fields.text("age"),
    }
    try:
        return read_filters(given), {}
    except InvalidFilters as problem:
        return Filters(), {f"{name}-{number}": message for name, message in problem.problems}


def _shown_in(fields: Fields, locale: str) -> SupportedLanguage:
    """The language in which the page showed the text of the consent; the form sends it back."""
    sent = fields.text("language")
    return language(sent) if sent in supported() else reader_language(locale)


def _origin(system: System, request: AnyRequest) -> Origin:
    return client.origin(request, system.settings, "/preferences", media="preferences")


@post("/{token:str}/again", status_code=303)
async def again(request: AnyRequest, system: OpenSystem, token: Token) -> Response[Any]:
    """Reactivates an ended or pending subscription with its former choices."""
    fields = await read(request)
    number, version = fields.text("subscription"), fields.text("terms_version")
    try:
        async with system.writing() as connection:
            person = await owner(connection, system, token)
            origin, now = _origin(system, request), system.now()
            followed = await actions.follow_again(
                connection, system, person, number, version, _shown_in(fields, person.locale), origin, now
            )
    except NotFollowed as problem:
        return await show(request, system, token, errors={"again": _PROBLEMS[problem.reasons[0]][1]})
    return back(token, "followed" if followed else "gone")


_TERMS_CHANGED = _(
    "The terms have changed in the meantime. Read what you agree to again, and press the button once more."
)

#: The field to correct, and how.
_PROBLEMS = {
    NotFollowedReason.NO_FREQUENCY: ("frequency", _("Choose how often from the list.")),
    NotFollowedReason.NO_TOPIC: ("topic", _("Choose at least one study or condition.")),
    NotFollowedReason.UNKNOWN_TOPIC: ("topic", _("One of these can’t be followed. Search again.")),
    NotFollowedReason.TOO_MANY: ("topic", _("You can follow at most {count} topics.", count=MOST_FOLLOWED)),
    NotFollowedReason.TOO_BROAD: ("topic", TOO_BROAD),
    NotFollowedReason.TERMS_CHANGED: ("terms", _TERMS_CHANGED),
}


@page_route("/{token:str}/follow")
async def follow_page(system: OpenSystem, token: Token) -> Response[str]:
    """The search page for further topics."""
    return await _search(system, token, Fields({}, is_form=True))


@post("/{token:str}/follow", status_code=303)
async def follow(request: AnyRequest, system: OpenSystem, token: Token) -> Response[Any]:
    """Searches (by POST, so that the query is in no URL), or follows the chosen topics."""
    fields = await read(request)
    if fields.text("do") != "follow":
        if problem := await too_many_searches(request, system):
            answer = await _search(system, token, fields, {"q": problem.detail}, status=429, find=False)
            answer.headers.update(problem.headers or {})
            return answer
        return await _search(system, token, fields)
    keys, version = fields.texts("topic")[:_MOST_AT_ONCE], fields.text("terms_version")
    try:
        async with system.writing() as connection:
            person = await owner(connection, system, token)
            origin, now = _origin(system, request), system.now()
            await actions.follow(
                connection,
                system,
                person,
                keys,
                fields.text("frequency"),
                version,
                _shown_in(fields, person.locale),
                origin,
                now,
            )
    except NotFollowed as problem:
        return await _search(system, token, fields, dict(_PROBLEMS[reason] for reason in problem.reasons))
    return back(token, "followed")


async def _search(
    system: System,
    token: str,
    fields: Fields,
    errors: dict[str, str] | None = None,
    *,
    status: int = 422,
    find: bool = True,
) -> Response[str]:
    """The page with the results, or with `errors` by field and `status`."""
    query = fields.text("q")[:200]
    async with system.reading() as connection:
        person = await owner(connection, system, token, lock=False)
        current, found = await actions.offered(connection, person, query if find else "")
        above = await actions.broader_names(connection, found)
        removed = await removed_topics(connection, [topic.key for topic in found])
    return page(
        "preferences/follow.html",
        status=status if errors else 200,
        token=token,
        locale=person.locale,
        query=query,
        searched=find and bool(query),
        found=[replace(t, name=topic_name(t.kind, t.key.partition(":")[2], t.name)) for t in found],
        above={topic_id: condition_below(display_name(name)) for topic_id, name in above.items()},
        removed=removed,
        removed_study=REMOVED_STUDY,
        chosen=fields.texts("topic"),
        frequency=fields.text("frequency") or Frequency.WEEKLY,
        wording=wording(current, reader_language(person.locale)),
        terms=current,
        terms_url=system.settings.terms_url,
        privacy_url=system.settings.privacy_url,
        errors=errors or {},
    )


ROUTES = [change_topic, again, follow_page, follow]

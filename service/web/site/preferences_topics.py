"""What a person follows, changed from their own page: how often, what of it, no more, again, and more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, post
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto.sealed_json import EVIDENCE, seal_json
from service.domain.digests.filters import Filters, InvalidFilters, read_filters
from service.domain.digests.schedule import FREQUENCY_CHOICES
from service.domain.wording.topic_names import topic_name
from service.store.people import (
    consents,
    cursors,
    subscribers,
    subscriptions,
    suppressions,
    terms,
    topic_search,
    topics,
)
from service.store.people.consents import ConsentKind
from service.store.people.suppressions import LIFTED_FROM_PAGE
from service.store.people.terms import Terms
from service.store.sql.database import reading, writing
from service.system import System
from service.web.api.topics import too_many_searches
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import Fields, read
from service.web.http.page_route import page_route
from service.web.pages import page
from service.web.site.preferences_page import (
    KINDS,
    Token,
    back,
    owner,
    part_of,
    show,
    typed,
    wording,
)

AnyRequest = Request[Any, Any, Any]

_MOST_FOLLOWED = 500
_MOST_AT_ONCE = 50


@post("/{token:str}/topic", status_code=303)
async def change_topic(request: AnyRequest, system: OpenSystem, token: Token) -> Response[Any]:
    """Changes how often and what of one topic is told, or ends it."""
    fields = await read(request)
    number, frequency = fields.text("subscription"), fields.text("frequency")
    filters, errors = _filters(fields, number)
    part = part_of(fields.text("part"))
    if fields.text("do") != "unfollow":
        if frequency not in FREQUENCY_CHOICES:
            errors[f"frequency-{number}"] = "Choose how often from the list."
        if errors:
            return await show(system, token, errors=errors, sent=typed(fields, number), part=part)
    async with writing(system.database) as connection:
        person = await owner(connection, system, token)
        followed = await _mine(connection, person, number, "active")
        if followed is None:
            return back(token, "saved", part=part)  # ended meanwhile, from another page or by the registry
        if fields.text("do") == "unfollow":
            await _unfollow(connection, system, request, person, followed)
            return back(token, "unfollowed", part=part)
        await subscriptions.change(
            connection,
            followed.id,
            filters=filters.as_mapping() or None,
            small_changes=fields.flag("small_changes"),
        )
        await subscriptions.change_frequency(connection, person, followed, frequency, datetime.now(UTC))
    return back(token, "saved", part=part)


async def _mine(connection: AsyncConnection, person: Row[Any], number: str, *states: str) -> Row[Any] | None:
    """The person's subscription of that number, None when it is not theirs or not in these states."""
    rows = await subscriptions.with_states(connection, person.id, *states)
    return next((row for row in rows if str(row.id) == number), None)


def _filters(fields: Fields, number: str) -> tuple[Filters, dict[str, str]]:
    """What of a topic is wanted; errors by field id. Countries stand in one field, between commas."""
    countries = [part.strip() for part in fields.text("countries").replace(";", ",").split(",")]
    kinds = fields.texts("kinds")
    given = {
        "countries": [part for part in countries if part],
        "only_open": fields.flag("only_open"),
        # All ticked says the same as none, and goes on to say it when a kind is added.
        "kinds": [] if set(kinds) >= set(KINDS) else kinds,
        "age": fields.text("age"),
    }
    try:
        return read_filters(given), {}
    except InvalidFilters as problem:
        return Filters(), {
            f"{name}-{number}": message[:1].upper() + message[1:] + "." for name, message in problem.problems
        }


async def _unfollow(
    connection: AsyncConnection, system: System, request: AnyRequest, person: Row[Any], followed: Row[Any]
) -> None:
    now = datetime.now(UTC)
    await subscriptions.end(
        connection, person.id, reason="unfollowed", now=now, topic_ids=[followed.topic_id]
    )
    evidence = {"topics": [followed.key], **_seen(system, request, person)}
    await consents.append(
        connection,
        person.id,
        ConsentKind.WITHDRAWN,
        at=now,
        evidence=seal_json(system.keyring, EVIDENCE, person.id, evidence),
    )


def _seen(system: System, request: AnyRequest, person: Row[Any]) -> dict[str, Any]:
    """Where a change came from, as far as that may be kept."""
    return {
        "network": client.network(request, system.settings),
        "agent": client.agent(request),
        "form": system.settings.public_url + "/preferences",
        "locale": person.locale,
        "media": "preferences",
    }


@post("/{token:str}/again", status_code=303)
async def again(request: AnyRequest, system: OpenSystem, token: Token) -> Response[Any]:
    """Follows what was followed before, or what waits for a confirmation, as it was."""
    fields = await read(request)
    async with writing(system.database) as connection:
        person = await owner(connection, system, token)
        wanted = await _mine(connection, person, fields.text("subscription"), "ended", "pending")
        current = await terms.current(connection)
        if wanted is None or current is None:
            return back(token, "saved")
        agreed = fields.text("terms_version") == current.version
        if agreed:
            await _follow(connection, system, request, person, [wanted.key], current, wish=wanted)
    return back(token, "followed") if agreed else await show(system, token, errors={"again": _CHANGED})


_CHANGED = "The terms have changed meanwhile. Read what you agree to once more, and press the button again."


@page_route("/{token:str}/follow")
async def follow_page(system: OpenSystem, token: Token) -> Response[str]:
    """The search for more to follow."""
    return await _search(system, token, Fields({}, is_form=True))


@post("/{token:str}/follow", status_code=303)
async def follow(request: AnyRequest, system: OpenSystem, token: Token) -> Response[Any]:
    """Searches (what is sought stays out of every address), or follows what was chosen."""
    fields = await read(request)
    if fields.text("do") != "follow":
        if problem := await too_many_searches(request, system):
            answer = await _search(system, token, fields, {"q": problem.detail}, status=429, find=False)
            answer.headers.update(problem.headers or {})
            return answer
        return await _search(system, token, fields)
    frequency, keys = fields.text("frequency"), fields.texts("topic")[:_MOST_AT_ONCE]
    errors = {} if frequency in FREQUENCY_CHOICES else {"frequency": "Choose how often from the list."}
    if not keys:
        errors["topic"] = "Choose at least one study or condition."
    async with writing(system.database) as connection:
        person = await owner(connection, system, token)
        known = await topics.by_keys(connection, keys)
        current = await terms.current(connection)
        if keys and not all(key in known and known[key].followable for key in keys):
            errors["topic"] = "One of these can’t be followed. Search again."
        if len(await subscriptions.active(connection, person.id)) + len(keys) > _MOST_FOLLOWED:
            errors["topic"] = f"You can follow {_MOST_FOLLOWED} topics at most."
        if current is None or fields.text("terms_version") != current.version:
            errors["terms"] = _CHANGED
        if not errors and current is not None:
            await _follow(connection, system, request, person, keys, current, frequency=frequency)
    return await _search(system, token, fields, errors) if errors else back(token, "followed")


async def _search(
    system: System,
    token: str,
    fields: Fields,
    errors: dict[str, str] | None = None,
    *,
    status: int = 422,
    find: bool = True,
) -> Response[str]:
    """The page with what was found, or with `errors` by field, answered by `status`."""
    query = fields.text("q")[:200]
    async with reading(system.database) as connection:
        person = await owner(connection, system, token, lock=False)
        current = await terms.current(connection)
        followed = {row.key for row in await subscriptions.active(connection, person.id)}
        results = await topic_search.search(connection, query) if find else []
        found = [topic for topic in results if topic.key not in followed]
    return page(
        "preferences/follow.html",
        status=status if errors else 200,
        token=token,
        lang=person.locale,
        query=query,
        searched=find and bool(query),
        found=[replace(t, name=topic_name(t.kind, t.key.partition(":")[2], t.name)) for t in found],
        chosen=fields.texts("topic"),
        frequency=fields.text("frequency") or "weekly",
        wording=wording(current),
        terms=current,
        terms_url=system.settings.terms_url,
        privacy_url=system.settings.privacy_url,
        errors=errors or {},
    )


async def _follow(
    connection: AsyncConnection,
    system: System,
    request: AnyRequest,
    person: Row[Any],
    keys: Sequence[str],
    current: Terms,
    *,
    frequency: str = "weekly",
    wish: Row[Any] | None = None,
) -> None:
    """Follows topics at once: the signed page is the proof that the address is the person's.

    Two rows witness it as after a sign-up: asked for and confirmed, with the words that were shown.
    """
    now = datetime.now(UTC)
    how: dict[str, Any] = {
        "frequency": wish.frequency if wish is not None else frequency,
        "filters": wish.filters if wish is not None else None,
        "small_changes": bool(wish.small_changes) if wish is not None else False,
    }
    ids = (await topics.ensure_topics(connection, keys)).values()
    wishes = [
        await subscriptions.add_pending(connection, person.id, number, now=now, **how) for number in ids
    ]
    await subscriptions.activate_pending(connection, person.id, now, ids=wishes)
    shown = await consents.keep_wording(connection, wording(current))
    evidence = {"topics": list(keys), **how, **_seen(system, request, person)}
    for kind in (ConsentKind.REQUESTED, ConsentKind.CONFIRMED):
        await consents.append(
            connection,
            person.id,
            kind,
            at=now,
            evidence=seal_json(system.keyring, EVIDENCE, person.id, evidence),
            terms_version=current.version,
            wording_sha256=shown,
        )
    await suppressions.lift(connection, person.email_index, LIFTED_FROM_PAGE)
    await subscribers.change(connection, person.id, terms_version=current.version)
    await cursors.mark_behind(connection, person.id)


ROUTES = [change_topic, again, follow_page, follow]

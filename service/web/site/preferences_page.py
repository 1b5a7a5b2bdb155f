"""The preferences page: its owner, its content, and the answers to its forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated, Any

from litestar import Request, Response
from litestar.params import PathParameter
from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors
from service.actions import preferences
from service.actions.preferences import Overview
from service.crypto.link_tokens import PREFERENCES_DAYS, InvalidToken, Purpose, make_token, trimmed
from service.domain.consent_text import follow_statement
from service.domain.delivery.kinds import MAIL_KINDS
from service.domain.digests.filters import NO_FILTERS, stored_filters
from service.domain.digests.schedule import Frequency, known_or_weekly
from service.domain.digests.time_zones import in_zone, names, zone_of
from service.domain.subscription import ENDED_BY_PERSON
from service.domain.trials.change import Kind
from service.domain.wording.messages import lazy_gettext as _
from service.domain.wording.topic_names import REMOVED_STUDY, TOO_BROAD, topic_name
from service.languages import SupportedLanguage, language, supported
from service.person_errors import Operation
from service.store.people.rows import Subscriber, Subscription
from service.store.people.terms import Terms
from service.system import System
from service.web.http.forms import Fields
from service.web.http.own_paths import own_path
from service.web.http.reader import reader_language
from service.web.pages import page
from service.web.site import challenge
from service.web.site.preferences_notices import notice_of

Token = Annotated[str, PathParameter()]

#: Topics per page: each has its own form, and a person may follow hundreds.
TOPICS_AT_ONCE = 40

#: Maximum number of sent mails that the page lists.
_MAILS_SHOWN = 30

#: The kinds of change that can be chosen, in words; others are covered by one of them, or are small changes.
KINDS = {
    Kind.STATUS: _("Whether the study takes participants, pauses or stops"),
    Kind.RESULTS: _("Results"),
    Kind.SITES: _("Places where it runs"),
    Kind.AGES: _("Ages who can join"),
    Kind.CRITERIA: _("Rules about who can join"),
    Kind.INTERVENTIONS: _("What is being tested"),
    Kind.COMPLETION_DATE: _("When it is planned to end"),
}

#: The kinds of change of a condition that can be chosen.
KINDS_OF_CONDITIONS = {
    Kind.NEW_FOR_CONDITION: _("New studies"),
    Kind.NOW_RECRUITING: _("Studies that start to take participants"),
}


def wording(current: Terms | None, words: SupportedLanguage) -> str:
    """The text beside the button for following more."""
    return follow_statement(current.version, words) if current else ""


def on_link_expired(_: Request[Any, Any, Any], __: InvalidToken) -> Response[str]:
    """The page for a link that is expired, truncated, or whose subscriber was erased; it offers a new one
    (WCAG 2.2.1)."""
    return page("preferences/link_over.html", status=410)


@cache
def zones() -> tuple[str, ...]:
    """The time zones to choose from: places, not abbreviations."""
    return ("UTC", *sorted(name for name in names() if "/" in name and name[:4] != "Etc/"))


async def owner(connection: AsyncConnection, system: System, token: str, *, lock: bool = True) -> Subscriber:
    """The person that a token was made for; `lock` locks the row. Raises InvalidToken."""
    return await preferences.owner(connection, system, token, system.now(), lock=lock)


@dataclass(frozen=True, slots=True)
class ShownSubscription:
    """A subscription as the page shows it.

    `unreadable` names the columns whose stored value can't be used; the defaults stand in for them.
    `obstacle`: why an ended one can't be followed again, "" if it can.
    """

    id: int
    key: str
    kind: str
    name: str
    frequency: str
    countries: str
    only_open: bool
    kinds: tuple[str, ...]
    age: str
    small_changes: bool
    ended_at: datetime | None
    unreadable: tuple[str, ...] = ()
    obstacle: str = ""

    @property
    def filtered(self) -> bool:
        """Whether some changes of the topic are filtered out."""
        return bool(self.countries or self.only_open or self.kinds or self.age)

    @property
    def fields(self) -> dict[str, list[str]]:
        """The values of its form."""
        return {
            "frequency": [self.frequency],
            "countries": [self.countries],
            "only_open": ["yes"] * self.only_open,
            "kinds": list(self.kinds),
            "age": [self.age],
            "small_changes": ["yes"] * self.small_changes,
        }


def settings_of(person: Subscriber) -> dict[str, list[str]]:
    """The values of the form for when and how mail comes."""
    return {
        "hour": [str(person.hour)],
        "weekday": [str(person.weekday)],
        "timezone": [person.timezone],
        "locale": [person.locale],
        "discreet": ["yes"] * person.discreet,
    }


def shown(row: Subscription, words: SupportedLanguage) -> ShownSubscription:
    """A subscription as the page shows it in a language."""
    kind, _, number = row.key.partition(":")
    filters, known = stored_filters(row.filters), row.frequency in set(Frequency)
    unreadable = [*([] if known else ["frequency"]), *([] if filters else ["filters"])]
    filters = filters or NO_FILTERS
    return ShownSubscription(
        id=row.id,
        key=row.key,
        kind=kind,
        name=topic_name(kind, number, row.name),
        frequency=known_or_weekly(row.frequency),
        countries=words.gettext(", ").join(words.country(code) for code in sorted(filters.countries)),
        only_open=filters.only_open,
        kinds=tuple(sorted(filters.kinds)),
        age="" if filters.age is None else str(filters.age),
        small_changes=bool(row.small_changes),
        ended_at=row.ended_at,
        unreadable=tuple(unreadable),
    )


def _formerly_followed(
    seen: Overview, followed: set[str], words: SupportedLanguage
) -> list[ShownSubscription]:
    """The formerly followed topics, each once, the last ended first."""
    newest: dict[str, ShownSubscription] = {}
    for row in sorted(seen.ended, key=lambda row: row.ended_at or row.created_at, reverse=True):
        if row.key not in followed and row.end_reason in ENDED_BY_PERSON:
            obstacle = TOO_BROAD if row.key in seen.too_broad else ""
            newest.setdefault(row.key, replace(shown(row, words), obstacle=obstacle))
    return list(newest.values())


async def show(
    request: Request[Any, Any, Any],
    system: System,
    token: str,
    *,
    notice: str = "",
    errors: Mapping[str, str] | None = None,
    sent: Mapping[str, Sequence[str]] | None = None,
    status: int = 422,
    part: int = 1,
) -> Response[str]:
    """The page; with `errors` by field id, and `sent`, the submitted values of those fields (`typed`).

    `status`: of a page with errors. `part`: the number of the part of the topics, TOPICS_AT_ONCE each.
    """
    errors = errors or {}
    solve = "challenge" in errors or await challenge.required(request, system)
    async with system.reading() as connection:
        person = await owner(connection, system, token, lock=False)
        seen = await preferences.overview(connection, system, person, mails=_MAILS_SHOWN)
    values = _values(system, person, seen, part)
    if unreadable := values["unreadable"]:
        await person_errors.report(
            system, Operation.PAGE, {person.id: f"unreadable: {', '.join(unreadable)}"}
        )
    return page(
        "preferences/preferences.html",
        status=status if errors else 200,
        locale=person.locale,
        token=token,
        challenge=solve,
        notice=notice_of(notice, values),
        errors=errors,
        sent=sent or {},
        **values,
    )


def _values(system: System, person: Subscriber, seen: Overview, part: int) -> dict[str, Any]:
    words = reader_language(person.locale)
    followed = [shown(row, words) for row in seen.active]
    columns = {column for topic in followed for column in topic.unreadable}
    keys = {topic.key for topic in followed}
    waiting = {row.key: row for row in seen.pending}
    # One of each, though several mails may name it.
    pending = [shown(row, words) for row in waiting.values()]
    now = system.now()
    return {
        **_part_of_topics(followed, part),
        "person": person,
        "address": seen.address,
        "unreadable": sorted(columns | ({"address"} if seen.address is None else set())),
        "settings": settings_of(person),
        "removed": seen.removed,
        "removed_study": REMOVED_STUDY,
        "pending": [topic for topic in pending if topic.key not in keys],
        "ended": _formerly_followed(seen, keys | {topic.key for topic in pending}, words)[:TOPICS_AT_ONCE],
        "mails": seen.mails,
        "mail_labels": {kind: rules.label for kind, rules in MAIL_KINDS.items()},
        "kinds": {"trial": KINDS, "condition": KINDS_OF_CONDITIONS},
        "languages": {code: language(code).name for code in supported()},
        "weekdays": words.weekdays(),
        "zones": zones(),
        "paused_until": preferences.end_of_pause(person, now),
        "tomorrow": now.astimezone(zone_of(person.timezone)).date() + timedelta(days=1),
        "terms": seen.terms,
        "wording": wording(seen.terms, words),
        "terms_link": make_token(
            system.keyring,
            Purpose.TERMS,
            person.id,
            now + timedelta(days=PREFERENCES_DAYS),
            email_index=person.email_index,
        ),
        "outdated": seen.outdated,
        "paused_since": seen.paused_since,
        "stopped": seen.stopped,
        "terms_url": system.settings.terms_url,
        "privacy_url": system.settings.privacy_url,
        "day": day_in(person),
    }


def _part_of_topics(followed: Sequence[ShownSubscription], part: int) -> dict[str, Any]:
    """The followed topics of one part of the page, and its place among all parts."""
    parts = max(1, -(-len(followed) // TOPICS_AT_ONCE))
    part = min(part, parts)
    first = (part - 1) * TOPICS_AT_ONCE
    topics = followed[first : first + TOPICS_AT_ONCE]
    return {"topics": topics, "part": part, "parts": parts, "first": first + 1, "count": len(followed)}


def typed(fields: Fields, number: str = "") -> dict[str, list[str]]:
    """The submitted values by field id: the field's name and the form's `number`."""
    return {f"{name}-{number}" if number else name: fields.texts(name) for name in fields.sent}


def day_in(person: Subscriber) -> Any:
    """A function from a time to the calendar day in this person's zone."""
    zone = zone_of(person.timezone)

    def day(moment: datetime) -> date:
        return in_zone(moment, zone).date()

    return day


def part_of(text: str) -> int:
    """The number of the part in a request, the first by default."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def back(token: str, notice: str, *, part: int = 1) -> Response[bytes]:
    """Redirects to the page, with a message about what was done (WCAG 4.1.3)."""
    same_part = f"&part={part}" if part > 1 else ""
    location = own_path(f"/preferences/{trimmed(token)}?said={notice}{same_part}#said")
    return Response(b"", status_code=303, headers={"Location": location})

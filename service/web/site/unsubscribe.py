"""/unsubscribe/{token}: a page, and the one-click post of mail programs (RFC 8058). Links never expire."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.params import PathParameter, QueryParameter

from service import person_errors
from service.actions import undo_unsubscribe
from service.actions import unsubscribe as actions
from service.actions.follow import NotFollowed
from service.actions.unsubscribe import Unsubscribed
from service.crypto.link_tokens import InvalidToken, UnsubscribeToken, read_unsubscribe_token
from service.domain.consent_text import follow_statement
from service.domain.digests.schedule import FREQUENCY_LABELS
from service.domain.wording.messages import lazy_gettext as _
from service.domain.wording.topic_names import named
from service.person_errors import Operation
from service.system import System
from service.web.http import client
from service.web.http.deps import OpenSystem
from service.web.http.forms import read_if_valid
from service.web.http.lookup_cache import cached
from service.web.http.page_route import page_route
from service.web.http.reader import reader_language
from service.web.pages import page

AnyRequest = Request[Any, Any, Any]
Token = Annotated[str, PathParameter()]


@dataclass(frozen=True, slots=True)
class _ShownTopic:
    """A followed topic on the page; `often` is how often there is mail about it, "" for a former address."""

    key: str
    name: str
    often: str = ""


def _read(token: str) -> UnsubscribeToken | Response[str]:
    try:
        return read_unsubscribe_token(token)
    except InvalidToken:
        return page("bad_link.html", status=404)


@page_route("/unsubscribe/{token:str}")
async def show(
    token: Token, system: OpenSystem, topic: Annotated[str, QueryParameter()] = ""
) -> Response[str]:
    """The page with the choices. Changes nothing: mail scanners follow every link.

    `topic`: the place, among the topics of the mail, of the one whose link was followed.
    """
    link = _read(token)
    if isinstance(link, Response):
        return link
    place = int(topic) if topic.isascii() and topic.isdecimal() and len(topic) < 6 else None
    return await _choices(system, token, link, place=place)


async def _choices(
    system: System,
    token: str,
    link: UnsubscribeToken,
    *,
    place: int | None = None,
    status: int = 200,
    error: str = "",
) -> Response[str]:
    """The page, on which each topic of the mail can be ended alone: one, or each that the mail covered."""
    async with system.reading() as connection:
        offered = await actions.choices(connection, system, link, place)
    if offered.has_left:
        status, error = 200, ""  # nothing is left to choose
    if offered.unreadable is not None:
        await person_errors.report(system, Operation.PAGE, {offered.unreadable: "unreadable: address"})
    followed = {
        row.key: _ShownTopic(row.key, named(row), FREQUENCY_LABELS.get(row.frequency, ""))
        for row in offered.followed
    }
    covered = [followed.get(row.key) or _ShownTopic(row.key, named(row)) for row in offered.topics]
    return page(
        "unsubscribe.html",
        status=status,
        locale=offered.locale,
        token=token,
        covered=covered,
        others=[topic for topic in followed.values() if topic not in covered],
        is_stopped=offered.is_stopped,
        has_left=offered.has_left,
        chose=place is not None and len(covered) == 1,
        everything=len(covered) == len(followed) == 1,
        error=error,
    )


@post("/unsubscribe/{token:str}", status_code=200, include_in_schema=False)
async def unsubscribe(token: Token, request: AnyRequest, system: OpenSystem) -> Response[str]:
    """Ends all mail, or with `scope=topic` the chosen topics; without any chosen, those of the mail.

    The link alone authorizes, as RFC 8058 §3.2 requires: no cookie, no redirect. A form that did not arrive
    in full ends nothing, as it may name a topic. The answer to a mail program is the same for a person who
    was erased or had unsubscribed before.
    """
    link = _read(token)
    if isinstance(link, Response):
        return link
    sent = await read_if_valid(request)
    only_topics, chosen = sent.text("scope") == "topic", sent.texts("topic")
    if only_topics and not chosen and sent.flag("choose"):
        error = _("Choose at least one, or stop all emails.")
        return await _choices(system, token, link, status=422, error=error)
    async with system.writing() as connection:
        done = await actions.unsubscribe(
            connection,
            system,
            link,
            client.origin(request, system.settings),
            system.now(),
            only_topics=only_topics,
            chosen=chosen,
        )
    shown = done if sent.text("scope") else Unsubscribed(locale=done.locale)  # a mail program shows no page
    return await _done(request, system, token, shown, only_topics)


async def _done(
    request: AnyRequest, system: System, token: str, done: Unsubscribed, only_topics: bool
) -> Response[str]:
    """The page that names the ended subscriptions and offers to restore them, under the terms in force."""
    terms = await cached(request, system).terms() if done.undo else None
    return page(
        "unsubscribed.html",
        locale=done.locale,
        is_erased=done.is_erased,
        only_topics=only_topics,
        ended=list(dict.fromkeys(named(row) for row in done.ended)),
        token=token,
        undo=done.undo if terms else "",
        terms_version=terms.version if terms else "",
        wording=follow_statement(terms.version, reader_language(done.locale)) if terms else "",
    )


@post("/unsubscribe/{token:str}/undo", status_code=200, include_in_schema=False)
async def undo(token: Token, request: AnyRequest, system: OpenSystem) -> Response[str]:
    """Restores the subscriptions ended before. Later, or under other terms, the preferences do so."""
    link = _read(token)
    if isinstance(link, Response):
        return link
    sent = await read_if_valid(request)
    origin = client.origin(request, system.settings, "/unsubscribe")
    try:
        async with system.writing() as connection:
            person = await actions.owner(connection, system, link)
            words = reader_language(person.locale if person else None)
            locale, followed = await undo_unsubscribe.undo(
                connection,
                system,
                sent.text("undo"),
                sent.text("terms_version"),
                words,
                origin,
                system.now(),
            )
    except (InvalidToken, NotFollowed) as problem:
        new_terms = isinstance(problem, NotFollowed)
        return page("unsubscribe_stays.html", status=410, new_terms=new_terms)
    return page("unsubscribe_undone.html", locale=locale, followed=[named(row) for row in followed])

"""Validates the fields of a sign-up one by one, and collects the errors by field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from service.domain.digests import filters
from service.domain.digests.filters import InvalidFilters, read_filters
from service.domain.digests.schedule import FREQUENCY_CHOICES, Frequency
from service.domain.digests.time_zones import known_or_utc
from service.domain.json_schema import Schema, boolean, list_of, object_of, text
from service.domain.topic_parsing import InvalidTopic, parse_topic
from service.domain.trials.trial_ids import looks_like_number
from service.domain.wording.messages import lazy_gettext as _
from service.email_address import InvalidAddress, normalize_email
from service.languages import nearest
from service.web.http.forms import Fields

#: Topics of one sign-up at most.
MOST_TOPICS = 20

#: Fields of a sign-up in JSON and in a form; `check` and the handler read only these.
_FIELDS: dict[str, Schema] = {
    "email": text(examples=["anna@example.org"]),
    "topic": list_of(
        text("trial: with its number in a registry, or condition: with a slug, a name or an id."),
        minItems=1,
        maxItems=MOST_TOPICS,
        examples=[["trial:NCT04787263", "condition:acute-lymphoblastic-leukemia"]],
    ),
    "named": text("One more topic as a person types it: a study's number, or a condition's name."),
    "searched": text("What `named` was searched for already: then the topics chosen count alone."),
    "accept_terms": boolean(),
    "terms_version": text("The version that the form showed (GET /v1/terms)."),
    "frequency": text(enum=list(FREQUENCY_CHOICES), default=str(Frequency.WEEKLY)),
    "small_changes": boolean(description="Whether small changes are reported too.", default=False),
    "locale": text("BCP 47."),
    "timezone": text("IANA name; one that is not known is taken as UTC.", default="UTC"),
    "return_to": text("A page of an allowed origin; a form's answer redirects there."),
    "challenge": text("The solved proof of work, when one is asked for (GET /v1/challenge)."),
    "website": text("Honeypot: must be empty."),
    "again": text("The token of one of our pages that offers to subscribe once more."),
}
_REQUIRED = ("email", "topic", "accept_terms", "terms_version")

_FILTERS = object_of(filters.SCHEMA) | {
    "description": "What of these topics matters; what is left out, or empty, lets everything through."
}

#: A sign-up as JSON: its filters are an object.
JSON_SCHEMA = object_of(_FIELDS | {"filters": _FILTERS}, _REQUIRED)

#: A sign-up as a form: a field per filter.
FORM_SCHEMA = object_of(_FIELDS | filters.SCHEMA, _REQUIRED)


@dataclass(slots=True)
class Checked:
    """A sign-up's fields, validated as far as possible without the store; `errors` by field.

    `timezone` is "" if none was given.
    """

    email: str = ""
    topics: list[tuple[str, str]] = field(default_factory=list)
    terms_version: str = ""
    frequency: str = Frequency.WEEKLY
    filters: dict[str, Any] | None = None
    small_changes: bool = False
    locale: str = "en"
    timezone: str = ""
    return_to: str | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)

    def wrong(self, name: str, message: str, **more: Any) -> None:
        """Adds an error of the field `name`; `more` are further members of it."""
        self.errors.append({"field": name, "message": message, **more})


def check(fields: Fields, origins: Iterable[str], languages: Sequence[str]) -> Checked:
    """Checks every field; nothing is raised, errors are collected. `languages`: what the request asks for."""
    checked = Checked(small_changes=fields.flag("small_changes"), terms_version=fields.text("terms_version"))
    try:
        checked.email = normalize_email(fields.text("email"))
    except InvalidAddress as problem:
        checked.wrong("email", str(problem))
    _topics(fields, checked)
    if not fields.flag("accept_terms"):
        checked.wrong("accept_terms", _("Agree to the terms to sign up."))
    frequency = fields.text("frequency").lower()
    if _given(fields, "frequency") and frequency not in FREQUENCY_CHOICES:
        checked.wrong("frequency", _("Choose one of these: {choices}.", choices=", ".join(FREQUENCY_CHOICES)))
    checked.frequency = frequency or Frequency.WEEKLY
    checked.locale = nearest([fields.text("locale")] if fields.text("locale") else languages)
    checked.timezone = known_or_utc(fields.text("timezone")) if _given(fields, "timezone") else ""
    _filters(fields, checked)
    if _given(fields, "return_to"):
        checked.return_to = allowed_page(fields.text("return_to"), origins)
        if checked.return_to is None:
            checked.wrong("return_to", _("This page is not on a website that we may return to."))
    return checked


def _given(fields: Fields, name: str) -> bool:
    return fields.sent.get(name) not in (None, "", [], [""])


def _topics(fields: Fields, checked: Checked) -> None:
    named = [topic for topic in fields.texts("topic") if topic.strip()]
    if not fields.holds_texts("topic"):
        checked.wrong("topic", _("Give this as a list of texts."))
        return
    if typed_counts(fields):
        named.append(typed_topic(fields.text("named")))
    if not named:
        checked.wrong("topic", _("Choose at least one study or condition."))
    if len(named) > MOST_TOPICS:
        checked.wrong("topic", _("Choose at most {count} topics at a time.", count=MOST_TOPICS))
        return
    for topic in named:
        try:
            checked.topics.append(parse_topic(topic))
        except InvalidTopic as problem:
            checked.wrong("topic", str(problem))


def typed_counts(fields: Fields) -> bool:
    """Whether the text in the hosted form's search field is one more topic: not if it was searched for
    (`searched`) and something is chosen."""
    typed, chosen = fields.text("named"), any(topic.strip() for topic in fields.texts("topic"))
    return bool(typed) and not (chosen and typed == fields.text("searched"))


def typed_topic(text: str) -> str:
    """The topic for a text typed into the hosted form: a study's number, or else a condition's name."""
    return ("trial:" if looks_like_number(text) else "condition:") + text


def _filters(fields: Fields, checked: Checked) -> None:
    """JSON has an object `filters`; a form has one field per filter."""
    given: Any = fields.sent.get("filters")
    if fields.is_form:
        given = {name: fields.texts(name) for name in filters.SCHEMA if _given(fields, name)}
        given |= {name: given[name][-1] for name in ("only_open", "age") if name in given}
    try:
        checked.filters = read_filters(given).as_mapping() or None
    except InvalidFilters as problem:
        for name, message in problem.problems:
            checked.wrong("filters" if name == "filters" else f"filters.{name}", message)


def allowed_page(url: str, origins: Iterable[str]) -> str | None:
    """The page `url`, as a Location header carries it, if it is of one of `origins` (lower-case), else None.

    Anything else would be an open redirect. Characters beyond ASCII are percent-encoded (RFC 3987 §3.1).
    """
    if len(url) > 2_000 or not url.isprintable() or "\\" in url or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    site = f"{parts.scheme}://{parts.netloc}".lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))
    if site not in set(origins) or not parts.netloc.isascii():
        return None
    return quote(url, safe=_URL_CHARACTERS)


#: An origin is written without them (RFC 6454 §6.1).
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}

#: Characters of a URL that are not encoded, beside letters and digits (RFC 3986 §2.2, §2.3), and "%".
_URL_CHARACTERS = ":/?#[]@!$&'()*+,;=%-._~"


def with_subscribed(page: str) -> str:
    """The page to return to with `subscribed=pending` added to its query."""
    parts = urlsplit(page)
    pairs = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] != "subscribed"]
    query = "&".join([*pairs, "subscribed=pending"])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))

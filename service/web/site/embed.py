"""The sign-up form on other sites: /embed.js, the content of its form, and the page that explains it."""

import json
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from litestar import Request, Response, get
from litestar.params import FromQuery
from markupsafe import Markup

from service.domain.design import Website
from service.domain.digests.schedule import FREQUENCY_CHOICES, Frequency
from service.domain.wording.messages import translated
from service.domain.wording.sign_up import (
    SAFETY,
    SAFETY_HEADING,
    agreement,
    form_words,
    offline_words,
)
from service.domain.wording.topic_names import REMOVED_STUDY
from service.languages import SOURCE_LANGUAGE, SupportedLanguage, accepted, language, nearest, supported
from service.store.people.terms import Terms
from service.system import System, website_of
from service.web.http.assets import Asset, source
from service.web.http.deps import OpenSystem
from service.web.http.forms import storable
from service.web.http.lookup_cache import cached
from service.web.http.page_route import page_route
from service.web.http.reader import reader_language
from service.web.pages import page
from service.web.site.signup_fields import MOST_TOPICS
from service.web.site.subscribe import Choice, Named, agreement_html, choices, merged_study

AnyRequest = Request[Any, Any, Any]


#: The study that the guide's examples name.
_EXAMPLE = "trial:NCT04787263"


@cache
def _script(public_url: str) -> Asset:
    """`embed.js` with the address of the service and the few words it needs when that does not answer."""
    offline = {code: offline_words(language(code).gettext) for code in supported()}
    given = json.dumps({"base": public_url, "offline": offline}, ensure_ascii=True, separators=(",", ":"))
    content = source("embed.js").replace(b'{"base":"","offline":{}}', given.encode(), 1)
    return Asset.of(content, "text/javascript")


@page_route("/embed.js")
async def script(request: AnyRequest, system: OpenSystem) -> Response[bytes]:
    """The script that draws the sign-up form on other sites. Kept for an hour: sites name no version.

    Any site may load it, as a module too, which browsers fetch under CORS.
    """
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    return _script(system.settings.public_url).answer(request, headers)


@get("/v1/form", summary="The content of a form for these topics, in one language")
async def form(
    request: AnyRequest,
    system: OpenSystem,
    topic: FromQuery[list[str] | None] = None,
    lang: FromQuery[str] = "",
) -> Response[Any]:
    """The topics named, the terms in force, and the words, for the form of `embed.js` or one of your own.

    A name that several conditions share comes as a question with choices. Topics that can't be followed are
    left out. `lang` is BCP 47; the nearest supported language is taken, by default that of `Accept-Language`.
    """
    memory = cached(request, system)
    terms = await memory.terms()
    named = [storable(text) for text in topic or []][:MOST_TOPICS]
    found = await choices(memory, named)
    tags = [lang] if lang else accepted(request.headers.get("accept-language", ""))
    body = _body(system, terms, found, nearest([tag[:60] for tag in tags]))
    return Response(body, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})


def _body(system: System, terms: Terms | None, named: Named, code: str) -> dict[str, Any]:
    reader, website = language(code), website_of(system.settings)
    links = {"terms_url": website.terms_url, "privacy_url": website.privacy_url}
    return {
        "lang": code,
        "dir": reader.direction,
        "terms": {"version": terms.version, "url": website.terms_url} if terms else None,
        "topics": [_shown(choice, reader) for choice in named.topics],
        "questions": [
            {
                "text": translated(question.text, reader),
                "choices": [_shown(choice, reader) for choice in question.choices],
            }
            for question in named.questions
        ],
        "frequencies": {value: translated(words, reader) for value, words in FREQUENCY_CHOICES.items()},
        "frequency": Frequency.WEEKLY,
        "words": form_words(reader.gettext)
        | {"agreement": agreement(reader.gettext).format(**links, version=terms.version if terms else "")},
        "safety": {
            "heading": translated(SAFETY_HEADING, reader),
            "advice": [translated(words, reader) for words in SAFETY],
        },
        "colours": _colours(website),
    }


def _shown(choice: Choice, reader: SupportedLanguage) -> dict[str, str]:
    shown = {"key": choice.value, "name": translated(choice.name, reader), "kind": choice.kind}
    if choice.older:
        shown["note"] = translated(merged_study(choice.older), reader)
    elif choice.is_removed:
        shown["note"] = translated(REMOVED_STUDY, reader)
    return shown | ({"parent": choice.above} if choice.above else {})


def _colours(website: Website) -> dict[str, list[str]]:
    """The light and the dark tone of each colour that the form paints with."""
    return {
        name: [getattr(website.light, name), getattr(website.dark, name)]
        for name in ("accent", "on_accent", "line", "error")
    }


@page_route("/embed")
async def guide(request: AnyRequest, system: OpenSystem) -> Response[str]:
    """How to put the form on a site: one line, and every other way, to be copied.

    The examples are in the reader's language; English ones leave the embedded form's language to the site.
    """
    named = [storable(text) for text in request.query_params.getall("topic", [])] or [_EXAMPLE]
    chosen = (await choices(cached(request, system), named)).topics
    terms, settings = await cached(request, system).terms(), system.settings
    version, code = terms.version if terms else "", reader_language().code
    lang = {} if code == SOURCE_LANGUAGE else {"lang": code}
    query = urlencode([*(("topic", choice.key) for choice in chosen), *lang.items()])
    parts = urlsplit(settings.public_url)
    return page(
        "embed/embed.html",
        url=settings.public_url,
        origin=f"{parts.scheme}://{parts.netloc}",
        topics=" ".join(choice.key for choice in chosen),
        lang_attribute=Markup(' lang="{lang}"').format(**lang) if lang else "",
        hosted=f"{settings.public_url}/subscribe?{query}",
        return_to=f"{settings.site_url or 'https://www.example.org'}/trials/NCT04787263",
        terms_version=version,
        agreement=agreement_html(system, version),
        safety_heading=SAFETY_HEADING,
        safety=SAFETY,
    )

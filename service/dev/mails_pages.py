"""`/dev/mails`: every mail in every state and language, beside its text."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import QueryParameter

from service.dev.mail_samples import SAMPLES, Sample, links_of, sample
from service.dev.mail_view import View, figures, framed, shown
from service.dev.rendering import html
from service.languages import language, supported
from service.mail.compose import render
from service.mail.render.templates import Rendered
from service.system import sender_profile

Visit = Request[Any, Any, State]
Chosen = Annotated[str, QueryParameter()]


def _found(slug: str) -> Sample:
    try:
        return sample(slug)
    except KeyError:
        raise NotFoundException from None


def _rendered(request: Visit, found: Sample, lang: str) -> Rendered:
    settings = request.app.state.system.settings
    mail = found.make(links_of(settings.public_url), language(lang))
    return render(mail, frame=sender_profile(settings), language=lang)


def _language(lang: str) -> str:
    return lang if lang in supported() else supported()[0]


@get("/dev/mails", include_in_schema=False)
async def mails_page(lang: Chosen = "") -> Response[str]:
    """The list of all mails."""
    return html("mails.html", samples=SAMPLES, lang=_language(lang), languages=_names())


@get("/dev/mails/{slug:str}", include_in_schema=False)
async def sample_page(
    request: Visit, slug: str, lang: Chosen = "", scheme: Chosen = "", width: Chosen = ""
) -> Response[str]:
    """One mail: its HTML in a frame, its text beside it, its size, and the support of mail programs."""
    found, lang = _found(slug), _language(lang)
    words = _rendered(request, found, lang)
    number = SAMPLES.index(found)
    return html(
        "mail_sample.html",
        **shown(View.of(scheme, width)),
        sample=found,
        words=words,
        lang=lang,
        languages=_names(),
        figures=figures(words.html, words.text),
        before=SAMPLES[number - 1] if number else None,
        after=SAMPLES[number + 1] if number + 1 < len(SAMPLES) else None,
    )


@get("/dev/mails/{slug:str}/html", include_in_schema=False)
async def sample_html(request: Visit, slug: str, lang: Chosen = "", scheme: Chosen = "") -> Response[str]:
    """The HTML part alone, for the frame."""
    return framed(_rendered(request, _found(slug), _language(lang)).html, scheme)


def _names() -> dict[str, str]:
    return {code: language(code).name for code in supported()}


ROUTES: list[Any] = [mails_page, sample_page, sample_html]

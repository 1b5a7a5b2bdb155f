"""The text to which a person agrees when confirming, exactly as shown; it is stored with its hash."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape, unescape

from service.domain.digests.schedule import FREQUENCY_LABELS
from service.domain.wording.language import Language
from service.domain.wording.messages import translated

_TAG = re.compile("<[^>]*>")

#: Placeholder of a person's own choices in a wording.
CHOICES = "[…]"


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic to follow, as the page names it, and its frequency."""

    topic: str
    frequency: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The statements of the confirmation page, in order; pressing `button` is the explicit consent.

    `locale` is the code of the language that it is written in. `terms` is HTML, for its two links.
    """

    locale: str
    question: str
    button: str
    choices: tuple[str, ...]
    heading: str
    statements: tuple[str, ...]
    terms: str

    @property
    def wording(self) -> str:
        """The text without this person's own choices, equal for everybody."""
        terms = unescape(_TAG.sub("", self.terms))
        return "\n".join([self.question, self.button, CHOICES, self.heading, *self.statements, terms])

    @property
    def screen(self) -> str:
        """The whole text, as this person saw it."""
        return self.wording.replace(CHOICES, "\n".join(self.choices), 1)

    @property
    def digest(self) -> str:
        """The SHA-256 of the screen, hexadecimal; the form sends it back."""
        return sha256(self.screen.encode()).hexdigest()


def follow_statement(terms_version: str, language: Language) -> str:
    """The text beside the button by which a confirmed person follows more."""
    return language.gettext(
        "I want to get emails about what I chose here. I know that what I follow can reveal something about "
        "my health, or about the health of someone close to me. I agree to the terms (version {version}) "
        "and have read the privacy notice. I can stop at any time."
    ).format(version=terms_version)


def consent_text(
    choices: Sequence[TopicChoice],
    *,
    sender: str,
    terms_version: str,
    terms_url: str,
    privacy_url: str,
    language: Language,
) -> ConsentText:
    """The explicit statement of GDPR Art. 9(2)(a), apart from the terms, which were agreed to at sign-up."""
    gettext = language.gettext
    return ConsentText(
        locale=language.code,
        question=gettext("Do you want us to send you emails about what is listed here?"),
        button=gettext("Yes, send me these emails"),
        choices=tuple(_choice_statement(choice, language) for choice in choices),
        heading=gettext("What you agree to"),
        statements=(
            gettext(
                "I agree that {sender} may send me emails about what is listed here, and about nothing else."
            ).format(sender=sender),
            gettext(
                "I know that what I follow can reveal something about my health, or about the health of "
                "someone close to me. It is used only to send me these emails. My address is stored "
                "encrypted and is given to nobody."
            ),
            gettext("I can change or stop this at any time, with one click, from every email."),
        ),
        terms=gettext(
            'The <a href="{terms_url}">terms</a> (version {version}) apply. The '
            '<a href="{privacy_url}">privacy notice</a> says what happens to my data.'
        ).format(version=escape(terms_version), terms_url=escape(terms_url), privacy_url=escape(privacy_url)),
    )


def _choice_statement(choice: TopicChoice, language: Language) -> str:
    frequency = translated(FREQUENCY_LABELS[choice.frequency], language)
    return language.gettext("{topic}: {frequency}").format(
        topic=translated(choice.topic, language), frequency=frequency
    )

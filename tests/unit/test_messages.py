"""Sentences that are translated where they are shown: English, until the reader's language is known."""

import pickle
from gettext import NullTranslations

from service.domain.wording.messages import Message, lazy_gettext, translated
from service.languages import SupportedLanguage, isolated


class Shouting(NullTranslations):
    """A language whose sentences are the English ones in capitals, but for their placeholders."""

    def gettext(self, message: str) -> str:
        return {"Choose {count} of {what}.": "NEHMEN SIE {count} VON {what}.", "topics": "THEMEN"}[message]


GERMAN = SupportedLanguage("de", Shouting())


def test_a_sentence_is_english_until_it_is_translated() -> None:
    sentence = lazy_gettext("Choose {count} of {what}.", count=12345, what=lazy_gettext("topics"))
    assert sentence == "Choose 12345 of topics."
    assert translated(sentence, GERMAN) == "NEHMEN SIE 12.345 VON THEMEN."


def test_a_sentence_survives_as_the_text_of_an_exception_and_a_copy() -> None:
    raised = str(ValueError(lazy_gettext("topics")))
    assert isinstance(raised, Message)
    assert translated(raised, GERMAN) == translated(pickle.loads(pickle.dumps(raised)), GERMAN) == "THEMEN"


def test_a_text_without_a_translation_stays_as_it_is() -> None:
    assert translated("NCT04787263", GERMAN) == "NCT04787263"


def test_braces_without_values_are_braces() -> None:
    assert lazy_gettext("{as} it stands") == "{as} it stands"


def test_names_in_a_sentence_from_right_to_left_keep_their_own_direction() -> None:
    assert isolated("قبل: {line}") == "قبل: \u2068{line}\u2069"
    assert isolated('<a href="%(url)s">%(name)s</a> %(num)s {count}') == (
        '<a href="%(url)s">\u2068%(name)s\u2069</a> %(num)s {count}'
    )

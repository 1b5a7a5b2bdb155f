"""Every catalogue is whole: each message translated, with its placeholders, in the right plural forms."""

import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from string import Formatter

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from service.languages import LOCALES, SOURCE_LANGUAGE, language, supported
from service.mail.compose import render
from tests.pseudo_language import sentences
from tests.unit.mail.cast import FRAME, MAILS

TRANSLATED = tuple(code for code in supported() if code != SOURCE_LANGUAGE)
every_language = pytest.mark.parametrize("code", TRANSLATED)

#: Words that are written alike in another language.
ALIKE = re.compile(r"Phase( \d|:)|Pause|Error:|\{count\} minute|[^a-zA-Z]*|(\W|\{\w+\}|%\(\w+\)s)*")
PYTHON_FORMAT = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"<[^<>]*>")


def catalogue(code: str) -> Catalog:
    path = LOCALES / code / "LC_MESSAGES" / "messages.po" if code else LOCALES / "messages.pot"
    with path.open("rb") as file:
        return read_po(file, locale=code or None)


def forms(code: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each message of a catalogue as its English forms and its translated ones."""
    for message in catalogue(code):
        if message.id:
            english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            shown = message.string
            yield english, (shown,) if isinstance(shown, str) else tuple(shown or ())


def placeholders(text: str) -> set[str]:
    named = {name for _, name, _, _ in Formatter().parse(text) if name}
    return named | set(PYTHON_FORMAT.findall(text))


def test_five_languages_are_translated() -> None:
    assert set(TRANSLATED) >= {"ar", "de", "es", "fr", "it"}


@every_language
def test_every_message_is_translated(code: str) -> None:
    translated = dict(forms(code))
    expected = {
        (message.id,) if isinstance(message.id, str) else tuple(message.id)
        for message in catalogue("")
        if message.id
    }
    assert translated.keys() == expected
    assert [english for english, shown in translated.items() if not shown or not all(shown)] == []
    assert [message.id for message in catalogue(code) if message.fuzzy and message.id] == []


@every_language
def test_no_message_stays_english(code: str) -> None:
    same = {english[0] for english, shown in forms(code) if set(english) & set(shown)}
    assert {text for text in same if not ALIKE.fullmatch(text)} == set()


@every_language
def test_every_translation_has_the_placeholders_of_its_message(code: str) -> None:
    """A form that stands for one number alone may write it as a word ("a study", "two studies")."""
    for english, shown in forms(code):
        wanted = placeholders(english[-1])
        if len(english) == 1:
            assert [placeholders(text) for text in shown] == [wanted], english
            continue
        assert placeholders(shown[-1]) == wanted, english
        for text in shown:
            assert placeholders(text) <= wanted, english
            assert wanted - placeholders(text) <= {"num", "count", "after", "before"}, english


@every_language
def test_every_translation_has_the_markup_of_its_message(code: str) -> None:
    for english, shown in forms(code):
        for text in shown:
            assert Counter(TAG.findall(text)) == Counter(TAG.findall(english[-1])), english
            assert not set('"<>&') & set(TAG.sub("", text)), english


def test_french_punctuation_never_begins_a_line() -> None:
    """Its space does not break. A colon without one belongs to what a program reads (`trial:NCT04787263`)."""
    translations = [text for _, shown in forms("fr") for text in shown]
    assert [text for text in translations if re.search(r" [:;?!»]|« |[^\u00a0][;?!»]", text)] == []


@every_language
def test_the_plural_forms_are_those_of_the_language(code: str) -> None:
    """As Unicode CLDR tells numbers apart; CLDR's form for millions in French, Italian and Spanish apart."""
    header = catalogue(code)
    form, rule = c2py(header.plural_expr), Locale.parse(code, sep="-").plural_form
    alike = {(form(number), rule(number)) for number in range(1_000)}
    assert len(alike) == len({index for index, _ in alike}) == len({name for _, name in alike})
    assert {index for index, _ in alike} == set(range(header.num_plurals))
    assert {len(shown) for english, shown in forms(code) if len(english) == 2} == {header.num_plurals}


@every_language
@pytest.mark.parametrize("name", MAILS)
def test_a_mail_holds_no_sentence_of_another_language(name: str, code: str) -> None:
    words = render(MAILS[name], frame=FRAME, language=code)
    given = repr(MAILS[name])
    text = " ".join(f"{words.subject} {words.text} {words.html}".split())
    own = set(sentences(code))
    for other in supported():
        if other != code:
            foreign = [
                sentence for sentence in sentences(other) if sentence in text and sentence not in given
            ]
            assert [sentence for sentence in foreign if not any(sentence in mine for mine in own)] == []


@every_language
@pytest.mark.parametrize("name", MAILS)
def test_every_part_of_a_mail_runs_in_the_direction_of_the_language(name: str, code: str) -> None:
    html = render(MAILS[name], frame=FRAME, language=code).html
    assert set(re.findall(r'direction:\s*(\w+)|<html[^>]* dir="(\w+)"', html)) == {
        (language(code).direction, ""),
        ("", language(code).direction),
    }

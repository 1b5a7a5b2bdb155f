"""Reading a catalogue of gettext: the notations of translators' tools, and the refused ones."""

import pytest

from service.domain.wording.catalogue import Catalogue, InvalidCatalogue, read_catalogue

HEADER = 'msgid ""\nmsgstr ""\n"Language: it\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def catalogue(*entries: str) -> Catalogue:
    return Catalogue(*read_catalogue(HEADER + "\n\n".join(entries) + "\n"))


def test_a_message_is_found_by_its_english() -> None:
    found = catalogue('#: a.py b.html\n#, python-format\nmsgid "One %(day)s"\nmsgstr "Un %(day)s"')
    assert found.gettext("One %(day)s") == "Un %(day)s"
    assert found.gettext("Unheard") == "Unheard"


def test_a_plural_has_the_form_of_its_number() -> None:
    found = catalogue(
        'msgid "{count} day"\nmsgid_plural "{count} days"\nmsgstr[0] "giorno"\nmsgstr[1] "giorni"'
    )
    assert [found.ngettext("{count} day", "{count} days", number) for number in (0, 1, 2)] == [
        "giorni",
        "giorno",
        "giorni",
    ]
    assert [found.ngettext("{count} mug", "{count} mugs", number) for number in (1, 2)] == [
        "{count} mug",
        "{count} mugs",
    ]


def test_texts_of_several_lines_are_joined_and_escapes_read() -> None:
    found = catalogue('msgid ""\n"a \\"b\\"\\n"\n"c"\nmsgstr "x\\ty"')
    assert found.gettext('a "b"\nc') == "x\ty"


def test_unfinished_fuzzy_and_obsolete_messages_stay_english() -> None:
    found = catalogue(
        'msgid "empty"\nmsgstr ""',
        '#, fuzzy\nmsgid "guess"\nmsgstr "forse"',
        '#~ msgid "gone"\n#~ msgstr "via"',
        'msgid "day"\nmsgid_plural "days"\nmsgstr[0] "giorno"\nmsgstr[1] ""',
    )
    assert [found.gettext(text) for text in ("empty", "guess", "gone")] == ["empty", "guess", "gone"]
    assert found.ngettext("day", "days", 1) == "day"


def test_a_fuzzy_header_counts_all_the_same() -> None:
    messages, rule = read_catalogue("#, fuzzy\n" + HEADER + 'msgid "a"\nmsgstr "b"\n')
    assert (messages, rule) == ({"a": ("b",)}, "(n != 1)")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('msgid "a"\nmsgstr "b"\n', "no Plural-Forms"),
        (HEADER + 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', "twice: a"),
        (HEADER + 'msgctxt "menu"\nmsgid "a"\nmsgstr "b"\n', 'msgctxt "menu"'),
        (HEADER + 'msgid "a\nmsgstr "b"\n', 'msgid "a'),
    ],
)
def test_an_invalid_catalogue_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InvalidCatalogue, match=problem):
        read_catalogue(text)

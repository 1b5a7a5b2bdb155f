"""Languages: the nearest one, its formats, and that no word of a mail escapes translation."""

from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from service.domain.digests.blocks import FollowedTopic, LogEntry, topic_blocks
from service.domain.digests.trial_block import trial_block
from service.domain.trials.comparison.diff import diff
from service.domain.trials.sites.countries import NAMES
from service.domain.wording.facts import facts
from service.domain.wording.headline import status_label
from service.domain.wording.sentences import trial_sentences
from service.languages import (
    LOCALES,
    SupportedLanguage,
    accepted,
    country_code,
    isolated,
    language,
    nearest,
    supported,
    unbroken,
)
from service.mail.compose import compose, render
from tests.pseudo_language import plain_words
from tests.unit.domain.trials import ALL, PARIS, ROMA, site, trial
from tests.unit.mail.cast import ALICE, CONDITION, FRAME, MAILS, NOW, TITLE, Page, parse, parts

TOPIC = frozenset({"trial:NCT04787263"})
CATALOG = LOCALES / "messages.pot"


def ids(path: Path) -> set[str]:
    with path.open("rb") as catalog:
        return {repr(message.id) for message in read_po(catalog) if message.id}


@pytest.mark.slow
def test_the_catalogue_of_messages_is_current(fresh_messages: Path) -> None:
    assert ids(fresh_messages) == ids(CATALOG), "run: make messages"


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ([], "en"),
        (["en-GB"], "en"),
        (["EN_us"], "en"),
        (["zz", "en-AU-x-private"], "en"),
        (["not a tag at all", ""], "en"),
    ],
)
def test_the_nearest_language_is_found(tags: list[str], found: str) -> None:
    assert nearest(tags) == found


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("", []),
        ("it", ["it"]),
        ("de;q=0.5, it-IT, en;q=0.8, *;q=0.1", ["it-IT", "en", "de"]),
        ("it;q=0, en;q=x, fr;q=2, es", ["es"]),
    ],
)
def test_an_accept_language_header_is_read_by_weight(header: str, tags: list[str]) -> None:
    assert accepted(header) == tags


def test_an_e_mail_is_never_broken_at_its_hyphen() -> None:
    assert unbroken("Die E-Mails an Ihre E-Mail-Adresse") == "Die E\u2011Mails an Ihre E\u2011Mail-Adresse"
    assert unbroken("l’e-mail, the-mail") == "l’e\u2011mail, the-mail"
    assert language("de").gettext("Your email address") == "Ihre E\u2011Mail-Adresse"


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("fr", "1er décembre 2026", "2 décembre 2026"),
        ("it", "1 dicembre 2026", "2 dicembre 2026"),
        ("de", "1. Dezember 2026", "2. Dezember 2026"),
        ("es", "1 de diciembre de 2026", "2 de diciembre de 2026"),
    ],
)
def test_the_first_of_a_month_is_written_as_each_language_does(code: str, first: str, second: str) -> None:
    written = language(code).date
    assert (written("2026-12-01"), written("2026-12-02")) == (first, second)
    assert written("2021-11-21") == written("2021-11-20").replace("20", "21", 1)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", "Italy: Roma, Bari, Lecce, Nola; France: Paris"),
        ("de", "Italien: Roma, Bari, Lecce, Nola; Frankreich: Paris"),
        ("fr", "France\u00a0: Paris\u00a0; Italie\u00a0: Roma, Bari, Lecce, Nola"),
        ("ar", "إيطاليا: Roma، Bari، Lecce، Nola؛ فرنسا: Paris"),
    ],
)
def test_facts_have_the_punctuation_of_their_language(code: str, expected: str) -> None:
    towns = [site(f"Clinic of {town}", town, "Italy") for town in ("Roma", "Bari", "Lecce", "Nola")]
    found = facts(trial(locations=[*towns, PARIS]), language(code))
    shown = [fact.text.translate({0x200F: None, 0x2068: None, 0x2069: None}) for fact in found]
    assert expected in shown


@pytest.mark.parametrize(
    ("code", "cohort", "condition"),
    [
        ("en", "“Cohort A”", "“Lymphoma”"),
        ("de", "„Cohort A“", "„Lymphoma“"),
        ("fr", "«\u00a0Cohort A\u00a0»", "«\u00a0Lymphoma\u00a0»"),
        ("es", "«Cohort A»", "«Lymphoma»"),
        ("it", "«Cohort A»", "«Lymphoma»"),
        ("ar", "«\u2068Cohort A\u2069»", "«\u2068Lymphoma\u2069»"),
    ],
)
def test_names_of_groups_and_conditions_are_quoted_as_the_language_does(
    code: str, cohort: str, condition: str
) -> None:
    before = trial(arms=[{"label": "Cohort B"}], conditions=[ALL])
    after = trial(arms=[{"label": "Cohort B"}, {"label": "Cohort A"}], conditions=[ALL, {"name": "Lymphoma"}])
    group, condition_added = trial_sentences(diff(before, after), after["status"], language(code))
    assert cohort in group.text
    assert condition in condition_added.text


def test_towns_are_listed_in_the_direction_of_reading() -> None:
    """Latin names with a comma between them would run from left to right in Arabic."""
    towns = [site(f"Clinic of {town}", town, "Italy") for town in ("Roma", "Bari", "Lecce", "Nola")]
    boston = [site("Clinic", "Boston", "United States") | {"region": "Massachusetts"}]
    after = trial(locations=[*towns, *boston])
    roma, bari, lecce, nola = (f"\u2068{town}\u2069" for town in ("Roma", "Bari", "Lecce", "Nola"))
    shown = [fact.text for fact in facts(after, language("ar"))]
    boston_and_state = "\u2068Massachusetts\u2069 (\u2068Boston\u2069)"
    assert (
        f"\u200f\u2068إيطاليا\u2069: {roma}، {bari}، {lecce}، {nola}؛ "
        f"\u200f\u2068الولايات المتحدة\u2069: {boston_and_state}" in shown
    )
    (added,) = trial_sentences(diff(trial(locations=[]), after), after["status"], language("ar"))
    assert f"{bari}، {lecce}، {nola}، {roma})" in added.text


def test_an_arrow_points_in_the_direction_of_reading() -> None:
    before, after = trial(masking="NONE", allocation="NA"), trial(masking="DOUBLE", allocation="RANDOMIZED")
    english, german, arabic = (
        trial_sentences(diff(before, after), after["status"], language(code))[0].text
        for code in ("en", "de", "ar")
    )
    assert english == (
        "How the study is built: there is one group → groups are drawn by lot; "
        "everybody knows who gets what → two sides do not know who gets what."
    )
    assert german == (
        "Wie die Studie aufgebaut ist: es gibt eine Gruppe → die Gruppen werden ausgelost; "
        "alle wissen, wer was erhält → zwei Seiten wissen nicht, wer was erhält."
    )
    assert arabic.count("\u200f\u2068") == arabic.count("\u2069 ← \u2068") == 2
    assert "→" not in arabic


def test_names_and_signs_alone_run_in_the_direction_of_the_language() -> None:
    """A program that looks for the first letter finds none in what is isolated, and takes left to right."""
    assert isolated("{before} ← {after}") == "\u200f\u2068{before}\u2069 ← \u2068{after}\u2069"
    assert isolated("{label}:") == "\u200f\u2068{label}\u2069:"
    assert isolated("حتى {age}") == "حتى \u2068{age}\u2069"
    assert isolated("؛ ") == "؛ "


@pytest.mark.parametrize("code", supported())
def test_labels_have_no_colon_of_their_own(code: str) -> None:
    """Labels of links, and headlines before a title, end with a colon."""
    condition = FollowedTopic("condition:MONDO:0004967", 0, 0, "leukemia")
    stops = trial_block(condition, list(diff(trial(), trial(status="SUSPENDED"))), trial(), language(code))
    assert stops is not None
    labels = [*stops.stops, status_label("UNKNOWN", language(code))]
    assert [label for label in labels if ":" in label] == []


def test_english_is_written_for_readers_anywhere() -> None:
    english = language("en")
    assert english.date("2026-12-05") == "5 December 2026"
    assert english.date("2026-12") == "December 2026"
    assert english.date("2026") == "2026"
    assert english.date("soon") == "soon"
    assert english.list(["Italy"]) == "Italy"
    assert english.list(["Italy", "Spain", "France"]) == "Italy, Spain and France"
    assert english.number(1148) == "1,148"
    assert english.ngettext("day", "days", 1) == "day"
    assert english.ngettext("day", "days", 2) == "days"


@pytest.mark.parametrize("code", ["it", "de", "ar", "pt-BR"])
def test_every_country_has_a_name_in_another_language(code: str) -> None:
    other = SupportedLanguage(code, NullTranslations())
    assert all(other.country(country) not in ("", country) for country in NAMES)
    assert other.country("DE") != "Germany"


def test_english_countries_have_the_plain_names_of_the_site() -> None:
    assert language("en").country("CD") == "Democratic Republic of the Congo"
    assert language("en").country("TR") == "Türkiye"
    assert {code: language("en").country(code) for code in NAMES} == NAMES


def test_a_country_is_known_by_its_name_in_any_language(accented: str) -> None:
    names = ["Germany", "germania", "DE", "Spagna", "Atlantide"]
    assert [country_code(name) for name in names] == ["DE", "DE", "DE", "ES", None]


def test_an_unknown_country_is_shown_as_it_is_written() -> None:
    assert SupportedLanguage("it", NullTranslations()).country("Atlantis") == "Atlantis"


def test_a_digest_names_countries_in_the_readers_language(accented: str) -> None:
    sites = [site(f"Ospedale {n}", f"{n}stadt", "Germany", "RECRUITING") for n in "abcd"]
    after = trial(locations=[*sites, {**ROMA, "status": "RECRUITING"}, PARIS])
    entry = [LogEntry(n, after["nct_id"], c, TOPIC) for n, c in enumerate(diff(trial(), after), 2)]
    follow = FollowedTopic(f"trial:{after['nct_id']}", 1, 1)
    (block,) = topic_blocks(follow, entry, {after["nct_id"]: after}, language(accented))
    (places,) = (fact.text for fact in block.facts if "Germania" in fact.text)
    assert places == "Italia: Roma; Germania: astadt, bstadt, cstadt, dstadt; Francia: Paris"
    assert block.sentences[0].text.endswith("Germania (4: astadt, bstadt, cstadt, dstadt) e Francia (Paris).")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(LookupError):
        language("xx")


@pytest.mark.parametrize("name", MAILS)
def test_every_word_of_a_mail_is_translated(name: str, accented: str) -> None:
    assert nearest(["it-CH", "en"]) == "it"
    words = render(MAILS[name], frame=FRAME, language=accented)
    raw = compose(MAILS[name], frame=FRAME, recipient=ALICE, language=accented, message_key="k", date=NOW)
    assert parts(raw) == (words.text, words.html)
    assert parse(raw)["Subject"] == words.subject
    assert parse(raw)["Content-Language"] == "it"
    visible = Page(words.html)
    assert visible.elements[0][1]["lang"] == "it"
    text = " ".join(" ".join([words.subject, *visible.words, words.text]).split())
    for known in (*given_words(name), "https://"):
        text = text.replace(known, "")
    assert plain_words(text) == []


def given_words(name: str) -> list[str]:
    """The words of a mail that were given to it, which are in the reader's language already."""
    given = [FRAME.sender_name, FRAME.website.name, *FRAME.postal_lines, "24 dicembre 2026"]
    mail = MAILS[name]
    for block in getattr(mail, "blocks", ()):
        given += [block.title, *block.headlines, block.status, *block.stops, *block.reasons]
        given += [link.text for link in block.links]
        given += [line for passage in block.summary for line in passage.lines]
        given += [words for fact in (*block.facts, *block.outlook) for words in (fact.label, fact.text)]
        for sentence in block.sentences:
            given += [sentence.text, *sentence.details]
    return sorted({*given, TITLE, CONDITION}, key=len, reverse=True)

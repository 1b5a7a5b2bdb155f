"""The words of single kinds of mail: digests, confirmations, new terms."""

import re

import pytest

from service.mail.compose import render
from tests.unit.mail.cast import (
    CONDITION,
    FRAME,
    GONE,
    MAILS,
    PREHEADER,
    TITLE,
    Page,
    block,
    digest,
    parse,
    parts,
    url,
    wire,
)


@pytest.mark.parametrize(
    ("frequency", "often"),
    [
        ("immediate", "one as soon as something changes"),
        ("daily", "one a day at most"),
        ("weekly", "one a week at most"),
        ("monthly", "one a month at most"),
    ],
)
def test_the_first_digest_welcomes_and_names_its_frequency(frequency: str, often: str) -> None:
    for part in parts(wire(digest(block(1), frequency=frequency, is_first=True))):
        assert f"This is your first email with updates. You get {often}" in " ".join(part.split())
    for part in parts(wire(digest(block(1), frequency=frequency))):
        assert "Welcome" not in part


def test_a_confirmation_gives_its_reason_and_names_no_topic_in_subject_or_preheader() -> None:
    raw = wire(MAILS["confirmation"])
    preheader = PREHEADER.search(parts(raw)[1])
    assert preheader
    for line in (parse(raw)["Subject"], preheader[1]):
        assert line.strip()
        assert not re.search(r"canary|leukemia|disease|NCT\d", line, re.IGNORECASE)
    for part in parts(raw):
        assert "You get this email because" in " ".join(part.split())


def test_a_confirmation_names_the_topics_and_lets_a_stranger_refuse() -> None:
    text, html = parts(wire(MAILS["confirmation"]))
    for part in (text, html):
        assert TITLE in part
        assert CONDITION in part
        assert "works for 48 hours" in part
        assert "It wasn’t me: never write to me again" in part


def test_only_a_study_new_in_the_registry_is_called_new() -> None:
    old = digest(block(1, is_new=True), block(2))
    for part in parts(wire(old)):
        assert "New study" not in part
        assert f"{TITLE} 1" in " ".join(part.split())


def test_a_trial_is_reported_with_everything_its_page_carries() -> None:
    text, html = parts(wire(MAILS["digest"]))
    for part in (text, " ".join(Page(html).words)):
        said = " ".join(part.split())
        for words in (
            "New study",
            f"{TITLE} 2",
            f"You follow {CONDITION}.",
            "started taking participants again",
            "Removed: 25 years",
            "NCT00000002",
            "Phase: Phase 1",
            "Places: Roma, Italy; Bambino Gesù, Italy",
            f"Conditions: {CONDITION}",
            "Status in the registry: Paused → Taking participants",
            f"Stop following {CONDITION}",
            "Who can join: 1–25 years; people of any sex; no healthy volunteers",
            "Last confirmed by the study team: November 2025",
            "NCT00000002 in the registry",
            "What this could mean",
            "This is informational only — not medical advice or a prediction.",
            "What could go wrong: fever",
            "Does the illness go?",
            "Read the whole summary of NCT00000002",
            "Last updated: 2 December 2025",
        ):
            assert words in said


def test_words_of_a_trial_are_never_markup() -> None:
    text, html = parts(wire(digest(block(title='<img src="x"> & <b>'))))
    assert '<img src="x"> & <b>' in text
    assert "&lt;img src=&#34;x&#34;&gt; &amp; &lt;b&gt;" in html
    assert "img" not in {tag for tag, _ in Page(html).elements}


def test_the_terms_mail_names_the_day() -> None:
    for part in parts(wire(MAILS["terms changed"])):
        assert "24 December 2026" in " ".join(part.split())


def test_only_an_ended_study_has_a_question_about_stopping_to_follow_it() -> None:
    text, html = parts(wire(digest(block(1), block(2, asks_to_stop=False))))
    for part in (text, html):
        assert " ".join(part.split()).count("Would you like to stop following this study?") == 1
    links = Page(html).links()
    stop = url("unsubscribe") + "?topic=0"
    assert links.count(stop) == text.count(stop + "\n") == 1, "where it is asked, and not again at the end"
    assert links.index(stop) < links.index("https://www.example.org/trials/NCT00000002")


def test_each_study_is_stopped_by_a_link_of_its_own_and_a_condition_by_the_same_link_everywhere() -> None:
    text, html = parts(wire(digest(block(2), block(1), block(3))))
    found = Page(html)
    stops = [
        (words, link)
        for words, link in zip(found.link_words, found.links(), strict=True)
        if "?topic=" in link
    ]
    assert stops == [
        (f"Stop following {CONDITION}", url("unsubscribe") + "?topic=0"),
        ("Stop following this study (NCT00000001)", url("unsubscribe") + "?topic=1"),
        (f"Stop following {CONDITION}", url("unsubscribe") + "?topic=0"),
    ]
    assert [line for line in text.splitlines() if "?topic=" in line] == [link for _, link in stops]


def test_a_list_at_the_top_names_the_changes_most_important_first() -> None:
    text, html = parts(wire(MAILS["digest"]))
    listed = text.partition("At a glance\n")[2].partition("\n\n")[0]
    said = " ".join(listed.replace("\n  ", " ").split())
    assert said.startswith(f"- Stopped early · Results posted: {TITLE} 1 - New study: {TITLE} 2 - ")
    assert said.endswith(f"- Removed from the website: {TITLE} 4")
    assert html.index("At a glance") < html.index(url("unsubscribe"))
    for part in parts(wire(digest(block(1)))):
        assert "At a glance" not in part, "one study needs no list"


def test_a_study_that_is_gone_has_no_link_to_its_page_and_nothing_to_stop() -> None:
    text, html = parts(wire(digest(GONE)))
    found = Page(html)
    assert GONE.title in " ".join(found.words)
    assert "" not in found.links()
    assert all("?topic=" not in link for link in found.links())
    assert all(GONE.title not in words for words in found.link_words)
    assert "NCT00000004 in the registry" in text


def test_the_links_of_two_readers_stay_their_own() -> None:
    mail = digest(block(1))
    other = mail._replace(unsubscribe_url="https://alerts.example.org/unsubscribe/other?a=1&b=2")
    for own, foreign in ((mail, other), (other, mail)):
        text, html = parts(wire(own))
        links = [link for link in Page(html).links() if link.startswith(own.unsubscribe_url)]
        assert links == [own.unsubscribe_url + "?topic=0", own.unsubscribe_url]
        assert text.count(own.unsubscribe_url) == 2
        assert foreign.unsubscribe_url not in text


def test_the_number_of_further_conditions_is_in_the_readers_language() -> None:
    """Their names are marked as English for screen readers, and so was the number."""
    listed = (*"abcdef", "und 5 weitere Erkrankungen")
    html = render(digest(block(2, conditions=listed)), frame=FRAME, language="de").html
    assert '<span lang="en" dir="auto">a; b; c; d; e; f</span>; und 5 weitere Erkrankungen</div>' in html


@pytest.mark.parametrize(("code", "listed"), [("en", "a; b"), ("fr", "a\u00a0; b"), ("ar", "a؛ b")])
def test_conditions_have_the_punctuation_of_the_language(code: str, listed: str) -> None:
    words = render(digest(block(2, conditions=("a", "b"))), frame=FRAME, language=code)
    assert f" {listed}\n" in words.text
    assert f">{listed}<" in words.html


def test_the_websites_plain_words_are_marked_as_english() -> None:
    html = render(digest(block(2)), frame=FRAME, language="de").html
    for words in ("changed cells", "fever"):
        assert f'<span lang="en" dir="auto">{words}</span>' in html


def test_a_digest_says_that_its_links_are_its_readers_own() -> None:
    for part in parts(wire(digest(block(1)))):
        assert "work without a password. Please remove them before you forward this email." in " ".join(
            part.split()
        )

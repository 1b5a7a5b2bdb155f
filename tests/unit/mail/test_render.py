"""What every mail must have and must never have, read from its rendered words."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from service.mail.message.compose import render
from tests.unit.mail.cast import (
    CONDITION,
    FRAME,
    GONE,
    MAILS,
    TITLE,
    WITHOUT_LIST,
    Page,
    block,
    digest,
    parse,
    parts,
    url,
    wire,
)

every_mail = pytest.mark.parametrize("name", MAILS)
PREHEADER = re.compile(r'<div style="display:none[^>]*>(.*?)</div>', re.DOTALL)


def page(name: str) -> Page:
    return Page(render(MAILS[name], frame=FRAME, language="en").html)


def attributes(name: str, tag: str) -> list[dict[str, str]]:
    return [attributes for found, attributes in page(name).elements if found == tag]


@every_mail
def test_it_says_who_sends_it_and_from_where(name: str) -> None:
    for part in parts(wire(MAILS[name])):
        for line in ("Example Updates", "Example Foundation", "1 Example Street", "00100 Example City"):
            assert line in part


@every_mail
def test_it_says_why_it_came_and_links_the_terms(name: str) -> None:
    for part in parts(wire(MAILS[name])):
        assert "You get this email" in part
        assert FRAME.terms_url in part
        assert FRAME.privacy_url in part


@every_mail
def test_it_names_its_language_and_its_title(name: str) -> None:
    words = render(MAILS[name], frame=FRAME, language="en")
    assert attributes(name, "html")[0]["lang"] == "en"
    assert attributes(name, "html")[0]["dir"] == "ltr"
    assert f"<title>{words.subject}</title>" in words.html


@every_mail
def test_it_has_one_main_heading_and_no_gap_in_the_levels(name: str) -> None:
    levels = [int(tag[1]) for tag, _ in page(name).elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(lower <= higher + 1 for higher, lower in pairwise(levels))


@every_mail
def test_layout_tables_are_hidden_from_screen_readers(name: str) -> None:
    html = render(MAILS[name], frame=FRAME, language="en").html
    tables = re.findall(r"<table[^>]*>", html)
    assert tables
    assert all('role="presentation"' in table for table in tables)


@every_mail
def test_an_item_of_a_list_keeps_the_direction_of_its_list(name: str) -> None:
    """Its mark would else stand on the other side, where the list has no room for it."""
    for tag in ("li", "ul", "ol"):
        assert all("dir" not in found for found in attributes(name, tag))


@every_mail
def test_nothing_is_loaded_from_anywhere(name: str) -> None:
    html = render(MAILS[name], frame=FRAME, language="en").html
    assert {tag for tag, _ in page(name).elements} & {
        "img",
        "link",
        "script",
        "iframe",
        "object",
        "form",
    } == set()
    assert not re.search(r"\bsrc=|@import|url\(|background=", html)


@every_mail
def test_no_mjml_and_no_template_language_is_left(name: str) -> None:
    words = render(MAILS[name], frame=FRAME, language="en")
    for part in (words.subject, words.text, words.html):
        assert not re.search(r"<mj|\{\{|\{%|\{#|%\(|None|Undefined", part)


@every_mail
def test_every_link_has_words_of_its_own(name: str) -> None:
    found = page(name)
    assert len(found.links()) == len(found.link_words)
    targets: dict[str, str] = {}
    for words, target in zip(found.link_words, found.links(), strict=True):
        assert len(words.strip()) >= 8
        assert "http" not in words
        assert targets.setdefault(words.strip(), target) == target


@every_mail
def test_links_lead_straight_to_where_they_say(name: str) -> None:
    hosts = {link.split("/")[2] for link in page(name).links()}
    assert hosts <= {"alerts.example.org", "www.example.org"}
    assert all(link.count("http") == 1 for link in page(name).links())


@every_mail
def test_the_text_says_what_the_html_says(name: str) -> None:
    words = render(MAILS[name], frame=FRAME, language="en")
    text = " ".join(words.text.split())
    body = words.html[PREHEADER.search(words.html).end() :]  # type: ignore[union-attr]
    for said in Page(body).words:
        assert " ".join(said.split()) in text


@every_mail
def test_text_lines_are_wrapped(name: str) -> None:
    lines = render(MAILS[name], frame=FRAME, language="en").text.split("\n")
    assert all(len(line) <= 72 or line.strip().startswith("https://") for line in lines)
    assert all(line == line.rstrip() for line in lines)
    assert "\n\n\n" not in "\n".join(lines)


@every_mail
def test_nothing_outside_the_body_names_a_trial_or_a_condition(name: str) -> None:
    raw = wire(MAILS[name])
    html = parts(raw)[1]
    header = raw.partition(b"\r\n\r\n")[0].decode()
    preheader = PREHEADER.search(html)
    assert preheader
    assert preheader[1].strip()
    own_links = [link for link in page(name).links() if "/trials/" not in link]
    for place in (header, preheader[1], html[: html.index("<body")], *own_links):
        assert not re.search(r"canary|leukemia|disease|NCT\d", place, re.IGNORECASE)


@every_mail
def test_a_lock_screen_shows_no_trial_and_no_condition(name: str) -> None:
    """Mail programs preview the preheader, then the first words of a part: 150 characters at most."""
    text, html = parts(wire(MAILS[name]))
    visible = " ".join(Page(html[html.index("<body") :]).words)
    for beginning in (text[:150], visible[:200]):
        assert not re.search(r"canary|leukemia|disease|NCT\d", beginning, re.IGNORECASE)


@every_mail
def test_all_mail_to_subscribers_and_no_other_offers_to_unsubscribe(name: str) -> None:
    text, html = parts(wire(MAILS[name]))
    assert ("Unsubscribe" in text) == ("Unsubscribe" in html) == (name not in WITHOUT_LIST)


@pytest.mark.parametrize("name", ["digest", "plain digest", "first digest", "shortened digest"])
def test_a_digest_carries_the_disclaimer(name: str) -> None:
    for part in parts(wire(MAILS[name])):
        said = " ".join(part.split())
        assert "Summaries may miss details or leave out important information." in said
        assert "no medical advice, and no prediction" in said
        assert "read and understood the full study" in said


@every_mail
def test_it_stands_under_the_websites_name_in_its_colour_and_leads_back_to_it(name: str) -> None:
    text, html = parts(wire(MAILS[name]))
    assert text.startswith("Example Trials\n")
    assert Page(html[html.index("<body") :]).words[1] == "Example Trials", "after the preheader"
    assert "Back to Example Trials" in text
    assert Page(html).links()[0] == "https://www.example.org"
    assert "border-top:4px solid #0b5cad" in html


@every_mail
def test_it_says_whether_answers_are_read(name: str) -> None:
    unread, asked = "answers to it are not read", "Do you have a question? Answer this email."
    for part in parts(wire(MAILS[name])):
        assert unread in " ".join(part.split())
        assert asked not in part
    assert parse(wire(MAILS[name]))["Reply-To"] is None
    frame = replace(FRAME, reply_to="questions@example.org")
    for part in parts(wire(MAILS[name], frame=frame)):
        assert unread not in " ".join(part.split())
        assert asked in part
    assert parse(wire(MAILS[name], frame=frame))["Reply-To"] == "questions@example.org"


@pytest.mark.parametrize(
    ("frequency", "often"),
    [
        ("immediate", "one as soon as something changes"),
        ("daily", "one a day at most"),
        ("weekly", "one a week at most"),
        ("monthly", "one a month at most"),
    ],
)
def test_the_first_digest_welcomes_and_says_how_often_one_comes(frequency: str, often: str) -> None:
    for part in parts(wire(digest(block(1), frequency=frequency, is_first=True))):
        assert f"This is your first email with updates. You get {often}" in " ".join(part.split())
    for part in parts(wire(digest(block(1), frequency=frequency))):
        assert "Welcome" not in part


def test_subjects_say_little() -> None:
    subjects = {name: parse(wire(mail))["Subject"] for name, mail in MAILS.items()}
    assert subjects == {
        "confirmation": "Please confirm your email address",
        "digest": "Your updates (4)",
        "plain digest": "1 update to the studies you follow",
        "first digest": "Your updates (1)",
        "shortened digest": "Your updates (500)",
        "preferences link": "The link to your preferences",
        "already following": "You are already signed up",
        "address change": "Please confirm your new email address",
        "address changed": "Your email address was changed",
        "terms changed": "Our terms have changed",
    }


def test_a_confirmation_says_why_it_came_and_its_subject_and_preheader_name_no_topic() -> None:
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


def test_only_what_is_new_in_the_registry_is_called_a_new_study() -> None:
    old = digest(block(1, is_new=True), block(2))
    for part in parts(wire(old)):
        assert "New study" not in part
        assert f"{TITLE} 1" in " ".join(part.split())


def test_a_trial_is_told_with_everything_its_page_carries() -> None:
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


def test_only_where_a_study_has_ended_the_reader_is_asked_whether_to_stop_following_it() -> None:
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


def test_what_changed_is_listed_at_the_top_the_most_important_first() -> None:
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

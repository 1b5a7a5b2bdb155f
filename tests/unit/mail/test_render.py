"""Rules for every mail, checked on its rendered words."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from service.mail.compose import render
from tests.unit.mail.cast import (
    FRAME,
    MAILS,
    PREHEADER,
    WITHOUT_LIST,
    Page,
    parse,
    parts,
    wire,
)

every_mail = pytest.mark.parametrize("name", MAILS)


def page(name: str) -> Page:
    return Page(render(MAILS[name], frame=FRAME, language="en").html)


def attributes(name: str, tag: str) -> list[dict[str, str]]:
    return [attributes for found, attributes in page(name).elements if found == tag]


@every_mail
def test_a_mail_names_its_sender_and_the_postal_address(name: str) -> None:
    for part in parts(wire(MAILS[name])):
        for line in ("Example Updates", "Example Foundation", "1 Example Street", "00100 Example City"):
            assert line in part


@every_mail
def test_a_mail_gives_its_reason_and_links_the_terms(name: str) -> None:
    for part in parts(wire(MAILS[name])):
        assert "You get this email" in part
        assert FRAME.terms_url in part
        assert FRAME.privacy_url in part


@every_mail
def test_a_mail_names_its_language_and_its_title(name: str) -> None:
    words = render(MAILS[name], frame=FRAME, language="en")
    assert attributes(name, "html")[0]["lang"] == "en"
    assert attributes(name, "html")[0]["dir"] == "ltr"
    assert f"<title>{words.subject}</title>" in words.html


@every_mail
def test_a_mail_has_one_main_heading_and_no_gap_in_the_levels(name: str) -> None:
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
def test_links_lead_to_their_destination_without_a_redirect(name: str) -> None:
    hosts = {link.split("/")[2] for link in page(name).links()}
    assert hosts <= {"alerts.example.org", "www.example.org"}
    assert all(link.count("http") == 1 for link in page(name).links())


@every_mail
def test_the_text_part_has_all_the_words_of_the_html_part(name: str) -> None:
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
def test_a_mail_has_the_websites_name_and_colour_and_links_back_to_it(name: str) -> None:
    text, html = parts(wire(MAILS[name]))
    assert text.startswith("Example Trials\n")
    assert Page(html[html.index("<body") :]).words[1] == "Example Trials", "after the preheader"
    assert "Back to Example Trials" in text
    assert Page(html).links()[0] == "https://www.example.org"
    assert "border-top:4px solid #0b5cad" in html


@every_mail
def test_a_mail_says_if_answers_are_read(name: str) -> None:
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


def test_subjects_reveal_little() -> None:
    subjects = {name: parse(wire(mail))["Subject"] for name, mail in MAILS.items()}
    assert subjects == {
        "confirmation": "Please confirm your email address",
        "digest": "Your updates (4)",
        "plain digest": "1 update on what you follow",
        "first digest": "Your updates (1)",
        "shortened digest": "Your updates (500)",
        "preferences link": "The link to your preferences",
        "already following": "You are already signed up",
        "address change": "Please confirm your new email address",
        "address changed": "Your email address was changed",
        "terms changed": "Our terms have changed",
    }

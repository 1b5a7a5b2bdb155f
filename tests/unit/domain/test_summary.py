"""A summary keeps its paragraphs and lists, and is cut at a sentence."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from service.domain.trials.registry.record import trial_data
from service.domain.wording.summary import passages, shortened_passages, shortened_text

CASES = Path(__file__).parents[2] / "data" / "registry" / "cases"


def read(text):
    return [(passage.shape, *passage.lines) for passage in passages(text)]


def test_paragraphs_and_lists_are_kept_as_they_are():
    text = "The goal is to learn:\n\n* Does it work?\n* Is it safe?\n\nParticipants will:\n1. Come.\n2. Go."
    assert read(text) == [
        ("paragraph", "The goal is to learn:"),
        ("bullets", "Does it work?", "Is it safe?"),
        ("paragraph", "Participants will:"),
        ("numbers", "Come.", "Go."),
    ]


def test_html_is_read_as_well():
    assert read("<p>One.</p><p>Two:</p><ul><li>a &amp; b</li><li>c</li></ul>") == [
        ("paragraph", "One."),
        ("paragraph", "Two:"),
        ("bullets", "a & b", "c"),
    ]


def test_wrapped_lines_are_one_paragraph_and_one_item():
    assert read("This study tests\na therapy.\n\n- a long\n  item\n- another") == [
        ("paragraph", "This study tests a therapy."),
        ("bullets", "a long item", "another"),
    ]


def test_a_number_that_counts_nothing_is_text():
    assert read("It began in\n12. December.") == [("paragraph", "It began in 12. December.")]


def test_a_short_one_is_not_cut():
    assert shortened_passages("One. Two.", 9) == (passages("One. Two."), False)


def test_a_long_one_is_cut_at_a_sentence():
    kept, is_cut = shortened_passages("First one. Second, e.g. this. Third one is long.", 35)
    assert is_cut
    assert [passage.lines for passage in kept] == [("First one. Second, e.g. this.",)]


def test_a_list_is_cut_after_an_item_and_its_introduction_goes_if_none_fits():
    text = "A first paragraph of some length.\n\nThe questions are:\n\n* one is short\n* " + "long " * 20
    assert [passage.lines for passage in shortened_passages(text, 80)[0]] == [
        ("A first paragraph of some length.",),
        ("The questions are:",),
        ("one is short",),
    ]
    assert [passage.lines for passage in shortened_passages(text, 55)[0]] == [
        ("A first paragraph of some length.",)
    ]


def test_an_endless_sentence_is_cut_at_a_word():
    assert shortened_passages("word " * 100, 22)[0][0].lines == ("word word word word …",)
    assert shortened_text("word " * 100, 22) == "word word word word …"
    assert shortened_text("One two. Three four.", 12) == "One two."


def test_a_real_summary_with_bullets_keeps_them():
    record = json.loads((CASES / "09_summary_bullets_NCT06452199.json").read_text())
    kept, is_cut = shortened_passages(trial_data(record)["summary"])
    assert is_cut
    assert [passage.shape for passage in kept] == ["paragraph", "bullets", "paragraph"]
    assert kept[1].lines[0].startswith("Does B. infantis probiotics impact immune function")
    assert len(kept[1].lines) == 3


@given(st.text("aB.:\n *-1", max_size=400), st.integers(20, 200))
def test_a_shortened_summary_keeps_to_its_limit_and_invents_nothing(text, most):
    kept, is_cut = shortened_passages(text, most)
    size = sum(len(line) for passage in kept for line in passage.lines)
    assert size <= most + 2
    if not is_cut:
        assert kept == passages(text)
    assert all(passage.lines and all(passage.lines) for passage in kept)

"""The largest size of a digest, and the bounds of the cache of encoded blocks."""

import re

import pytest

from service.domain.wording.summary import Passage
from service.mail.render.fragments import FragmentCache
from tests.unit.mail.cast import FRAME, Page, block, digest, parts, url, wire


@pytest.mark.parametrize("count", [1, 3, 40, 60, 120, 500, 2000])
def test_html_stays_under_100_kb_and_no_trial_is_lost(count: int) -> None:
    text, html = parts(wire(digest(*(block(number) for number in range(count)))))
    assert len(html.encode()) < 100_000
    named = list(dict.fromkeys(link for link in Page(html).links() if "/trials/NCT" in link))
    assert named == [f"https://www.example.org/trials/NCT{number:08}" for number in range(len(named))]
    assert len(set(re.findall("/trials/NCT[0-9]+", text))) == len(named)
    left_out = count - len(named)
    assert (
        (f"There are {left_out:,} more." in text)
        == (f"There are {left_out:,} more." in html)
        == (left_out > 1)
    )


def test_a_digest_that_fits_is_not_shortened() -> None:
    text, html = parts(wire(digest(*(block(number) for number in range(20)))))
    assert url("digests") not in text
    assert url("digests") not in html
    assert text.count("Last updated:") == 20


def test_a_shortened_digest_links_to_the_whole() -> None:
    text, html = parts(wire(digest(*(block(number) for number in range(200)))))
    assert url("digests") in text
    assert url("digests") in Page(html).links()
    assert 15 < text.count("Last updated:") < 200


def test_each_trial_of_a_shortened_digest_has_a_link_that_stops_it() -> None:
    studies = [f"NCT{number:08}" for number in range(60)]
    blocks = [
        block(number, topics=(f"trial:{study}",), stops=(f"Stop following this study ({study})",))
        for number, study in enumerate(studies)
    ]
    text, html = parts(wire(digest(*blocks)))
    assert 15 < text.count("Last updated:") < 60, "the others are listed by name"
    stops = [f"{url('unsubscribe')}?topic={number}" for number in range(60)]
    assert [link for link in Page(html).links() if "?topic=" in link] == stops
    assert [line.strip() for line in text.splitlines() if "?topic=" in line] == stops


def test_new_studies_of_a_condition_have_no_link_each_where_they_are_listed_by_name() -> None:
    stop = {"topics": ("condition:leukemia",), "stops": ("Stop following leukemia",)}
    text, html = parts(wire(digest(*(block(number, **stop) for number in range(60)))))
    in_full = text.count("Last updated:")
    assert 15 < in_full < 60, "the others are listed by name"
    assert text.count("?topic=") == html.count("?topic=") == in_full


def test_one_overlong_trial_is_named_and_leaves_the_others_whole() -> None:
    overlong = block(1, summary=(Passage("paragraph", ("A long story. " * 10_000,)),))
    text, html = parts(wire(digest(overlong, block(2), block(3))))
    assert len(html.encode()) < 100_000
    assert "A long story." not in text
    assert text.count("Last updated:") == 2
    assert overlong.title in " ".join(text.split())
    assert url("digests") in text


def test_even_endless_titles_keep_the_mail_small() -> None:
    _, html = parts(wire(digest(*(block(number, title="word " * 30_000) for number in range(3)))))
    assert len(html.encode()) < 100_000


def test_the_cache_stays_within_its_bound_and_drops_the_least_recently_used() -> None:
    one = FragmentCache(10**9)
    size = one.get(block(1), "full", "en", FRAME).size
    limit = int(size * 2.5)
    cache = FragmentCache(limit)
    first = cache.get(block(1), "full", "en", FRAME)
    cache.get(block(2), "full", "en", FRAME)
    assert cache.get(block(1), "full", "en", FRAME) is first
    cache.get(block(3), "full", "en", FRAME)
    assert cache.size <= limit
    assert cache.get(block(1), "full", "en", FRAME) is first
    assert cache.get(block(2), "full", "en", FRAME) == one.get(block(2), "full", "en", FRAME)


def test_a_block_larger_than_the_cache_is_still_reported() -> None:
    cache = FragmentCache(10)
    assert cache.get(block(1), "full", "en", FRAME).html
    assert cache.size == 0

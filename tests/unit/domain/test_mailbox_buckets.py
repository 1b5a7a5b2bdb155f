"""Addresses that are the same one, and those that share a mailbox (docs/standards.md, Addresses)."""

import pytest

from service.domain.mailbox_buckets import distance_from_mailbox, domain_of, identity, shared_mailbox

TWO_PEOPLE = [
    ("straße@example.org", "strasse@example.org"),
    ("ﬁ@example.org", "fi@example.org"),
    ("ſam@example.org", "sam@example.org"),
    ("ｊane@example.org", "jane@example.org"),
    ("x²@example.org", "x2@example.org"),
    ("É@example.org", "é@example.org"),
    ("ΟΔΟΣ@example.org", "οδος@example.org"),
    ("İ@example.org", "i̇@example.org"),
    ("a.b@example.org", "ab@example.org"),
    ("ab+x@example.org", "ab@example.org"),
    ("ab@googlemail.com", "ab@gmail.com"),
    ("ab@xn--strae-oqa.de", "ab@strasse.de"),
]


@pytest.mark.parametrize(("one", "other"), TWO_PEOPLE)
def test_addresses_that_mail_systems_distinguish_are_two_people(one: str, other: str) -> None:
    assert identity(one) != identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alice@example.org", "aLICE@EXAMPLE.ORG"),
        ("josé@example.org", "jose\u0301@example.org"),
        ("JOSÉ@example.org", "josÉ@example.org"),
    ],
)
def test_the_case_of_ascii_letters_and_the_way_an_accent_is_written_make_no_two_people(
    one: str, other: str
) -> None:
    assert identity(one) == identity(other)


@pytest.mark.parametrize(
    "other",
    [
        "annamaria@gmail.com",
        "ANNA.MARIA+news@GMail.com",
        "a.n.n.a.m.a.r.i.a@googlemail.com",
        "anna.maria+a+b@googlemail.com",
    ],
)
def test_dots_tags_and_both_names_of_gmail_share_a_limit(other: str) -> None:
    assert shared_mailbox(other) == "annamaria@gmail.com"


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("nick-news@yahoo.com", "nick@yahoo.com"),
        ("nick-a-b@yahoo.co.uk", "nick@yahoo.co.uk"),
        ("nick-news+x@ymail.com", "nick@ymail.com"),
        ("anna-maria@gmail.com", "anna-maria@gmail.com"),
        ("anna-maria@example.org", "anna-maria@example.org"),
        ("anna@me.com", "anna@icloud.com"),
        ("anna+x@pm.me", "anna@proton.me"),
        ("shop@anna.fastmail.com", "anna@fastmail.com"),
        ("anna@fastmail.com", "anna@fastmail.com"),
        ("anna.maria@proton.me", "annamaria@proton.me"),
        ("anna_maria@protonmail.com", "annamaria@proton.me"),
        ("a-n.n_a+x@pm.me", "anna@proton.me"),
        ("anna-maria@ya.ru", "annamaria@yandex.ru"),
        ("anna.maria@yandex.com", "annamaria@yandex.ru"),
        ("anna_maria@yandex.com", "anna_maria@yandex.ru"),
        ("anna_maria@gmail.com", "anna_maria@gmail.com"),
        ("anna-news@aol.com", "anna@aol.com"),
        ("-_-@proton.me", "-_-@proton.me"),
        ("+news@example.org", "+news@example.org"),
        ("-news@yahoo.com", "-news@yahoo.com"),
        ("...@example.org", "...@example.org"),
        ("straße+x@example.org", "straße@example.org"),
    ],
)
def test_a_provider_s_own_tag_sign_counts(address: str, mailbox: str) -> None:
    assert shared_mailbox(address) == mailbox


def test_the_names_of_one_provider_are_one_domain() -> None:
    assert domain_of("a@GoogleMail.com") == domain_of("b@gmail.com") == "gmail.com"
    assert domain_of("x@name.fastmail.com") == "fastmail.com"


@pytest.mark.parametrize(
    ("address", "distance"),
    [
        ("anna@example.org", 0),
        ("anna.maria@example.org", 1),
        ("a.n.n.a@gmail.com", 3),
        ("anna+news@example.org", 100),
        ("a.nna+@example.org", 100),
        ("news@anna.fastmail.com", 100),
        ("...@example.org", 3),
    ],
)
def test_a_tag_is_further_from_the_mailbox_than_any_number_of_dots(address: str, distance: int) -> None:
    assert distance_from_mailbox(address) == distance

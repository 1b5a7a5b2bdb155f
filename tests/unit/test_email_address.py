"""Addresses as people type them, in the one form in which they are kept (docs/standards.md, Addresses)."""

import unicodedata

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from service.email_address import AROUND, InvalidAddress, normalize_email
from tests.fuzzing import examples


def domain(octets: int) -> str:
    """A domain of so many octets, in labels of 63 at most."""
    labels, left = [], octets - len(".org")
    while left > 63:
        labels.append("d" * 61)
        left -= 62
    return ".".join([*labels, "d" * left, "org"])


def test_only_the_domain_is_lowered() -> None:
    assert normalize_email(" A.b+x@EXAMPLE.Org ") == "A.b+x@example.org"


@pytest.mark.parametrize("odd", ["\ufffd", "\0", "\n", "\u200b", "\u202e"])
def test_lost_and_unseen_characters_are_refused(odd: str) -> None:
    """U+FFFD is what NUL and halves of characters become when JSON is read."""
    with pytest.raises(InvalidAddress):
        normalize_email(f"a{odd}b@example.org")


@pytest.mark.parametrize("local", ["a" * 64, "é" * 32, "字" * 21 + "a"])
def test_a_local_part_of_64_octets_is_accepted_and_a_longer_one_is_not(local: str) -> None:
    assert len(local.encode()) == 64
    assert normalize_email(local + "@example.org") == local + "@example.org"
    with pytest.raises(InvalidAddress):
        normalize_email(local + "b@example.org")


@pytest.mark.parametrize("local", ["a" * 64, "é" * 32])
def test_an_address_of_254_octets_is_accepted_and_a_longer_one_is_not(local: str) -> None:
    longest = f"{local}@{domain(254 - 65)}"
    assert len(longest.encode()) == 254
    assert normalize_email(longest) == longest
    with pytest.raises(InvalidAddress):
        normalize_email(f"{local}@{domain(254 - 64)}")


def test_the_domain_counts_as_it_is_sent() -> None:
    typed = "a@" + ".".join(["ü" * 30] * 7) + ".org"
    assert len(typed) < 254
    with pytest.raises(InvalidAddress):
        normalize_email(typed)


def test_a_domain_beyond_ascii_is_written_according_to_idna_2008() -> None:
    assert normalize_email("a@straße.de") == "a@xn--strae-oqa.de"
    assert normalize_email("a@STRASSE.de") == "a@strasse.de"
    assert normalize_email("a@xn--strae-oqa.de") == "a@xn--strae-oqa.de"


def test_both_ways_to_write_an_accent_are_one_address_and_look_alikes_are_not() -> None:
    composed = "josé@müller.example.org"
    assert normalize_email(unicodedata.normalize("NFD", composed)) == normalize_email(composed)
    assert normalize_email(composed).startswith("josé@xn--mller-kva.")
    assert (
        normalize_email("ﬁne@example.org") == "ﬁne@example.org"
    )  # the ligature: NFKC would make it another one


@pytest.mark.parametrize(
    "typed", ["ﬁ.example.org", "ſam.example.org", "ｅxample.org", "example．org", "example。org", "x².org"]
)
def test_a_domain_in_compatibility_forms_is_refused_not_turned_into_another(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        normalize_email("a@" + typed)


@pytest.mark.parametrize(
    "typed",
    [
        "\u212aim@example.org",
        "kim@ban\u212a.org",
        "a\u1fefb@example.org",
        "jose\u0301\u212aim@example.org",  # the accent takes as many ASCII letters away as the sign adds
        "\u212a\u0327im@example.org",
    ],
)
def test_a_letter_that_is_composed_into_ascii_is_refused_not_turned_into_another_mailbox(typed: str) -> None:
    """The Kelvin sign is a K, and the Greek varia a grave accent, in the composed form (NFC)."""
    with pytest.raises(InvalidAddress):
        normalize_email(typed)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("MU\u0308LLER.example.org", "xn--mller-kva.example.org"),
        ("STRAẞE.de", "xn--strae-oqa.de"),
        ("ΟΔΟΣ.gr", "xn--pxavbq.gr"),
        ("οδος.gr", "xn--pxavbm.gr"),
        ("XN--MLLER-KVA.Example.ORG", "xn--mller-kva.example.org"),
        ("müller.XN--P1AI", "xn--mller-kva.xn--p1ai"),
    ],
)
def test_case_and_accents_of_a_domain_are_folded_according_to_idna_2008(typed: str, sent: str) -> None:
    assert normalize_email("a@" + typed) == "a@" + sent


@pytest.mark.parametrize(
    "mark", ["\u200f", "\u200e", "\u202b", "\u202c", "\u2069", "\u200b", "\ufeff", "\u00a0 \u200f"]
)
def test_marks_around_an_address_that_was_copied_are_no_part_of_it(mark: str) -> None:
    assert normalize_email(f"{mark}ann@example.org{mark}") == "ann@example.org"
    for within in (f"an{mark}n@example.org", f"ann{mark}@example.org", f"ann@exam{mark}ple.org"):
        with pytest.raises(InvalidAddress):
            normalize_email(within)


def test_the_local_part_stays_as_typed_for_servers_that_take_it() -> None:
    assert normalize_email("jürgen@example.org") == "jürgen@example.org"


def normalized_by_library(typed: str) -> str | None:
    """The canonical form by the library alone; None for what it refuses or what is too long."""
    text = unicodedata.normalize("NFC", typed.strip(AROUND))
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return None
    address = f"{found.local_part}@{(found.ascii_domain or '').lower()}"
    return address if len(found.local_part.encode()) <= 64 and len(address.encode()) <= 254 else None


def normalized(typed: str) -> str | None:
    try:
        return normalize_email(typed)
    except InvalidAddress:
        return None


_LABELS = st.one_of(
    st.text("abz019-", min_size=0, max_size=8),
    st.sampled_from(["xn--mller-kva", "a" * 63, "a" * 64, "ab--c", "localhost", "example", "1", "ü"]),
)
_TOPS = st.sampled_from(
    ["org", "c", "co2", "o-k", *SPECIAL_USE_DOMAIN_NAMES, "museum", "ORG", "xn--p1ai", "a" * 63, ""]
)
_LOCALS = st.one_of(
    st.text("abz09._+-!#A'\" é", min_size=0, max_size=66),
    st.sampled_from(["info", "Info", "postmaster", "a" * 64, "a" * 65, "x" * 240]),
)


@examples(1_000)
@given(_LOCALS, st.lists(_LABELS, max_size=5), _TOPS)
def test_the_fast_path_for_an_address_agrees_with_the_library(
    local: str, labels: list[str], top: str
) -> None:
    typed = f"{local}@{'.'.join([*labels, top])}"
    assert normalized(typed) == normalized_by_library(typed)


@examples(500)
@given(st.from_regex(r"[a-z0-9_+.-]{1,66}@([a-z0-9-]{1,64}\.){1,6}[a-z]{1,9}", fullmatch=True))
def test_the_fast_path_for_an_ordinary_address_agrees_with_the_library(typed: str) -> None:
    assert normalized(typed) == normalized_by_library(typed)


@pytest.mark.parametrize("name", SPECIAL_USE_DOMAIN_NAMES)
def test_reserved_domains_are_refused(name: str) -> None:
    assert normalized(f"a@{name}") is None
    assert normalized(f"a@b.{name}") is None

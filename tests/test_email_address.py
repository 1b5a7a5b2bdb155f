"""Addresses as people type them, in the one form in which they are kept (STANDARDS C1 to C4)."""

import unicodedata

import pytest

from service.email_address import InvalidAddress, canonical


def domain(octets: int) -> str:
    """A domain of so many octets, in labels of 63 at most."""
    labels, left = [], octets - len(".org")
    while left > 63:
        labels.append("d" * 61)
        left -= 62
    return ".".join([*labels, "d" * left, "org"])


def test_c1_only_the_domain_is_lowered() -> None:
    assert canonical(" A.b+x@EXAMPLE.Org ") == "A.b+x@example.org"


@pytest.mark.parametrize("local", ["a" * 64, "é" * 32, "字" * 21 + "a"])
def test_c2_a_local_part_of_64_octets_is_taken_and_one_more_is_not(local: str) -> None:
    assert len(local.encode()) == 64
    assert canonical(local + "@example.org") == local + "@example.org"
    with pytest.raises(InvalidAddress):
        canonical(local + "b@example.org")


@pytest.mark.parametrize("local", ["a" * 64, "é" * 32])
def test_c2_an_address_of_254_octets_is_taken_and_one_more_is_not(local: str) -> None:
    longest = f"{local}@{domain(254 - 65)}"
    assert len(longest.encode()) == 254
    assert canonical(longest) == longest
    with pytest.raises(InvalidAddress):
        canonical(f"{local}@{domain(254 - 64)}")


def test_c2_the_domain_counts_as_it_is_sent() -> None:
    typed = "a@" + ".".join(["ü" * 30] * 7) + ".org"
    assert len(typed) < 254
    with pytest.raises(InvalidAddress):
        canonical(typed)


def test_c3_a_domain_beyond_ascii_is_written_as_idna_2008_says() -> None:
    assert canonical("a@straße.de") == "a@xn--strae-oqa.de"
    assert canonical("a@STRASSE.de") == "a@strasse.de"
    assert canonical("a@xn--strae-oqa.de") == "a@xn--strae-oqa.de"


def test_c3_both_ways_to_write_an_accent_are_one_address_and_look_alikes_are_not() -> None:
    composed = "josé@müller.example.org"
    assert canonical(unicodedata.normalize("NFD", composed)) == canonical(composed)
    assert canonical(composed).startswith("josé@xn--mller-kva.")
    assert canonical("ﬁne@example.org") == "ﬁne@example.org"  # the ligature: NFKC would make it another one


def test_c4_the_local_part_stays_as_typed_for_servers_that_take_it() -> None:
    assert canonical("jürgen@example.org") == "jürgen@example.org"

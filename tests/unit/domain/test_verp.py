"""Bounce addresses: opaque, signed, indifferent to case."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.delivery import verp

KEY, OLD_KEY, OTHER_KEY = b"k" * 32, b"o" * 32, b"x" * 32


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_the_address_identifies_the_delivery_in_any_letter_case(delivery_id: int) -> None:
    local_part = verp.make(delivery_id, KEY)
    assert verp.read(local_part, [KEY]) == delivery_id
    assert verp.read(local_part.upper(), [KEY]) == delivery_id


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_a_return_address_is_short_and_holds_letters_and_digits_only(delivery_id: int) -> None:
    local_part = verp.make(delivery_id, KEY)
    assert len(local_part) <= 64
    assert re.fullmatch(r"b-[a-z0-9]+", local_part)


def test_a_return_address_never_changes() -> None:
    assert verp.make(42, KEY) == "b-239bfd6bfc3a8d633752baf078f5d72ddf03d968"


def test_a_return_address_reveals_no_counter() -> None:
    parts = [verp.make(delivery_id, KEY)[2:] for delivery_id in range(1, 200)]
    agreeing = [sum(a == b for a, b in zip(p, q, strict=True)) for p, q in itertools.pairwise(parts)]
    assert max(agreeing) < 12
    assert len({part[:6] for part in parts}) == len(parts)
    assert len({part[-6:] for part in parts}) == len(parts)


@given(st.integers(min_value=0, max_value=41), st.sampled_from("0123456789abcdef"))
def test_one_altered_character_makes_it_worthless(at: int, letter: str) -> None:
    local_part = verp.make(42, KEY)
    altered = local_part[:at] + letter + local_part[at + 1 :]
    assert verp.read(altered, [KEY]) == (42 if altered == local_part else None)


def test_a_rotated_key_still_reads_and_a_foreign_one_never_does() -> None:
    assert verp.read(verp.make(7, OLD_KEY), [KEY, OLD_KEY]) == 7
    assert verp.read(verp.make(7, OTHER_KEY), [KEY, OLD_KEY]) is None


@given(st.text(max_size=80))
def test_anything_else_is_read_as_nothing(text: str) -> None:
    assert verp.read(text, [KEY]) is None
    assert verp.read(verp.BOUNCE + text, [KEY]) is None


@pytest.mark.parametrize("prefix", ["u-", "", "b", "b--"])
def test_only_its_own_prefix_makes_it_an_address(prefix: str) -> None:
    assert verp.read(prefix + verp.make(7, KEY)[2:], [KEY]) is None

"""JSON as programs send it: byte order marks, halves of emoji, NUL."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.runtime.json_text import NOT_JSON, decode, repaired

ROBOT = "\U0001f916"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rb'"\ud83e"', "\ufffd"),
        (rb'"a\ud83e b"', "a\ufffd b"),
        (rb'"\udd16"', "\ufffd"),
        (rb'"\ud83e\ud83e\udd16"', "\ufffd" + ROBOT),
        (rb'"\uD83E\uDD16"', ROBOT),
        (rb'"\\ud83e"', r"\ud83e"),
        (rb'"\\\ud83e"', "\\\ufffd"),
        (rb'"\ud83e\n"', "\ufffd\n"),
        (b'"a\xed\xa0\xbeb"', "a\ufffdb"),
        (rb'"a\u0000b"', "a\ufffdb"),
        (b'\xef\xbb\xbf"a"', "a"),
        (b'\xef\xbb\xbf"\\ud83e"', "\ufffd"),
        ('"\u00ed\u00a0\u00be"'.encode(), "\u00ed\u00a0\u00be"),
    ],
    ids=ascii,
)
def test_invalid_characters_are_replaced_and_all_else_stays(text: bytes, said: str) -> None:
    assert decode(text) == said


@pytest.mark.parametrize("text", [b"", b"\xef\xbb\xbf", b'"\xff"', b'"\\u12"', b"[1,]", b'"\0"'])
def test_invalid_json_is_refused(text: bytes) -> None:
    with pytest.raises(NOT_JSON):
        decode(text)


@given(st.text())
@example("\ud83e")
@example("\\ud83e")
@example("\udd16\ud83e")
def test_any_text_that_python_writes_as_json_is_read(text: str) -> None:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    said = decode(json.dumps(text).encode())
    assert said.encode().decode() == said
    if whole == text and "\0" not in text:
        assert said == text
    assert repaired(repaired(json.dumps(text).encode())) == repaired(json.dumps(text).encode())

"""Quoted-printable that can be joined, checked against the standard library's decoder."""

from quopri import decodestring

from hypothesis import example, given
from hypothesis import strategies as st

from service.mail.message.mime import link_piece, piece, quoted_printable

texts = st.text("ab =.\té漢\n", max_size=400) | st.text(max_size=200).map(lambda text: text.replace("\r", ""))


def decoded(encoded: bytes) -> str:
    assert encoded.isascii()
    assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))
    assert b"=_" not in encoded
    assert not any(line.startswith(b".") for line in encoded.split(b"\r\n"))
    return decodestring(encoded).decode().replace("\r\n", "\n")


@given(texts)
@example("." * 80)
@example("." + "é" * 60 + "\n...\n.")
@example("a" * 75 + " \n" + "b" * 74 + " \n" + "c" * 76 + "\t\n")
def test_an_encoded_text_decodes_to_itself(text: str) -> None:
    assert decoded(quoted_printable(text)) == text


@given(st.lists(texts, max_size=6))
@example(["a" * 75, "b" * 76, "c" * 77])
@example([" ", ".", "\n", " \n", "="])
def test_joined_pieces_decode_to_the_joined_texts(several: list[str]) -> None:
    assert decoded(b"".join(piece(text) for text in several)) == "".join(several)


@given(st.text("ab.=-_/:?&%", min_size=1, max_size=400))
@example("https://example.org/unsubscribe/" + "a" * 43)
@example("https://" + "a" * 67 + ".example.org/x")
def test_a_link_is_a_piece_like_any_other(url: str) -> None:
    assert decoded(link_piece(url) + piece(" and more")) == url + " and more"

"""A mail's body on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mail.smtp.envelope import Extensions, SmtpMessage, body, envelope


@pytest.mark.slow
@given(st.lists(st.text(st.sampled_from(".ab\t"), max_size=5), min_size=1, max_size=8))
def test_a_receiver_finds_the_end_and_the_same_lines(lines: list[str]) -> None:
    content = "".join(line + "\r\n" for line in lines).encode()
    on_the_wire = b"".join(body(SmtpMessage(1, "s@example.org", "r@example.org", content, "example.org")))
    assert on_the_wire.endswith(b"\r\n.\r\n")
    *received, end, rest = on_the_wire.split(b"\r\n")
    assert (end, rest) == (b".", b"")
    assert b"." not in received, "the end is nowhere else"
    assert [line.removeprefix(b".") for line in received] == content.split(b"\r\n")[:-1]


def test_a_mail_without_leading_dots_goes_as_it_is() -> None:
    mail = SmtpMessage(1, "s@example.org", "r@example.org", b"a.b\r\n", "example.org", dotless=True)
    assert body(mail) == (b"a.b\r\n", b".\r\n")


def test_only_a_mail_with_eight_bit_octets_requests_8bitmime() -> None:
    def parameters(content: str, seven_bit: bool) -> bytes:
        mail = SmtpMessage(1, "s@x.org", "r@x.org", content.encode(), "x.org", seven_bit=seven_bit)
        return envelope(mail, Extensions(eight_bit=True))[0].partition(b">")[2]

    assert parameters("plain", seven_bit=True) == parameters("plain", seven_bit=False) == b"\r\n"
    assert parameters("è", seven_bit=False) == b" BODY=8BITMIME\r\n"


def test_the_servers_extensions_are_read_from_its_keywords() -> None:
    extensions = Extensions.read({"pipelining": "", "size": "1000", "dsn": "", "x-odd": "1"})
    assert extensions == Extensions(pipelining=True, dsn=True, size=1000)
    assert Extensions.read({"size": ""}).size == 0
    assert Extensions.read({"size": "lots"}).size == 0
    assert Extensions.read({}).size is None

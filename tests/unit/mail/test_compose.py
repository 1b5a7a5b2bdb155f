"""The wire bytes of every mail, read back as a receiving program would."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.domain.wording.facts import Fact, Link
from service.domain.wording.summary import Passage
from service.mail.compose import SenderProfile, compose, render
from tests.fuzzing import examples
from tests.unit.mail.cast import (
    ALICE,
    FRAME,
    MAILS,
    NOW,
    WITHOUT_LIST,
    Page,
    block,
    digest,
    parse,
    parts,
    url,
    wire,
)

every_mail = pytest.mark.parametrize("name", MAILS)
HEADERS = {
    "To",
    "Date",
    "Message-ID",
    "From",
    "Subject",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
    "Auto-Submitted",
    "Feedback-ID",
}
LIST_HEADERS = {"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"}


def header_block(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[0]


@every_mail
def test_a_mail_parses_without_a_defect_to_the_rendered_template(name: str) -> None:
    raw = wire(MAILS[name])
    words = render(MAILS[name], frame=FRAME, language="en")
    message = parse(raw)
    assert [*message.defects, *(defect for part in message.iter_parts() for defect in part.defects)] == []
    assert parts(raw) == (words.text, words.html)
    assert message["Subject"] == words.subject


@every_mail
def test_a_mail_is_text_first_and_html_last_in_utf_8(name: str) -> None:
    message = parse(wire(MAILS[name]))
    assert message.get_content_type() == "multipart/alternative"
    kinds = [(part.get_content_type(), part.get_content_charset()) for part in message.iter_parts()]
    assert kinds == [("text/plain", "utf-8"), ("text/html", "utf-8")]


@every_mail
def test_every_line_is_short_ascii_and_ends_with_crlf(name: str) -> None:
    raw = wire(MAILS[name])
    assert raw.isascii()
    assert b"\r\n." not in raw
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76


@every_mail
def test_a_mail_has_each_header_once(name: str) -> None:
    message = parse(wire(MAILS[name]))
    expected = HEADERS if name in WITHOUT_LIST else HEADERS | LIST_HEADERS
    assert sorted(message.keys()) == sorted(expected)
    assert message["To"] == ALICE
    assert message["From"].addresses[0].display_name == "Example Updates"
    assert message["From"].addresses[0].addr_spec == "updates@mail.example.org"
    assert message["Message-ID"] == "<k3y@mail.example.org>"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert re.fullmatch(r"[a-z]+:[a-z]+:[a-z]+:examplemail", message["Feedback-ID"])


@pytest.mark.parametrize("name", [name for name in MAILS if name not in WITHOUT_LIST])
def test_one_click_unsubscribe_stays_literal_on_one_line(name: str) -> None:
    lines = header_block(wire(MAILS[name])).split(b"\r\n")
    assert len(url("unsubscribe")) >= 120
    assert b"List-Unsubscribe: <%s>" % url("unsubscribe").encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert b"List-Id: <updates.mail.example.org>" in lines


def test_confirmations_and_digests_are_streams_of_their_own() -> None:
    streams = {name: parse(wire(mail))["Feedback-ID"].split(":")[0] for name, mail in MAILS.items()}
    assert streams["confirmation"] == streams["address change"] == "confirmation"
    assert streams["digest"] == streams["shortened digest"] == "digest"
    assert streams["preferences link"] == "account"


@every_mail
def test_both_parts_hold_the_same_links(name: str) -> None:
    text, html = parts(wire(MAILS[name]))
    assert set(Page(html).links()) == set(re.findall(r"https?://\S+", text))


@every_mail
def test_the_same_mail_is_the_same_bytes(name: str) -> None:
    assert wire(MAILS[name]) == wire(MAILS[name])


words = st.text(max_size=200) | st.text("aé漢🙂 \n\r\0.=-", max_size=3000)
passage = st.builds(
    Passage,
    st.sampled_from(["paragraph", "bullets", "numbers"]),
    st.lists(words, min_size=1, max_size=3).map(tuple),
)
blocks = st.builds(
    block,
    number=st.integers(0, 99_999_999),
    title=words,
    is_new=st.booleans(),
    reasons=st.lists(words, max_size=3).map(tuple),
    summary=st.lists(passage, max_size=3).map(tuple),
    is_cut=st.booleans(),
    asks_to_stop=st.booleans(),
    outlook=st.lists(st.builds(Fact, words, words), max_size=2).map(tuple),
    facts=st.lists(st.builds(Fact, words, words), max_size=3).map(tuple),
    links=st.lists(st.builds(Link, words, words), max_size=2).map(tuple),
    conditions=st.lists(words, max_size=3).map(tuple),
)


@examples(150)
@given(
    st.lists(blocks, min_size=1, max_size=8),
    st.sampled_from(["immediate", "daily", "weekly", "monthly"]),
    st.booleans(),
)
@example([block(title="\ud800 lone, \u202e turned, \r\nBcc: mallory@example.org\r\n\r\n")], "daily", True)
@example([block(title="\ue000unsubscribe_url\ue001 {{ frame }} {% raw %}")], "daily", True)
@example([block(title="x" * 5000), block(title=".\n..\n--=_alternative--\nFrom here")], "daily", False)
def test_any_digest_parses_back_to_the_rendered_template(
    trials: list, frequency: str, discreet: bool
) -> None:
    mail = digest(*trials, frequency=frequency, discreet=discreet)
    raw = wire(mail)
    rendered = render(mail, frame=FRAME, language="en")
    message = parse(raw)
    assert parts(raw) == (rendered.text, rendered.html)
    assert [*message.defects, *(defect for part in message.iter_parts() for defect in part.defects)] == []
    assert sorted(message.keys()) == sorted(HEADERS | LIST_HEADERS)
    assert b"\r\n." not in raw, "nothing for SMTP to double"
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


@examples(300)
@given(st.text(max_size=30), st.sampled_from(["{}@example.org", "alice@{}", "alice{}@example.org", "{}"]))
@example("\r\nBcc: mallory", "alice{}@example.org")
@example("\x00", "alice{}@example.org")
def test_no_address_makes_a_header(evil: str, shape: str) -> None:
    with suppress(ValueError):
        raw = wire(MAILS["confirmation"], recipient=shape.format(evil))
        assert len(header_block(raw).split(b"\r\n")) == len(HEADERS)


@pytest.mark.parametrize("key", ["", "a\r\nBcc: b", "a b", "a@b", "ä", "a" * 200])
def test_no_message_key_makes_a_header(key: str) -> None:
    with pytest.raises(ValueError, match="message key"):
        wire(MAILS["digest"], message_key=key)


@pytest.mark.parametrize(
    "link", ["", "ftp://example.org", "https://a b", "https://a\r\nBcc: b", "https://ä.example", "https://a>"]
)
def test_no_link_makes_a_header(link: str) -> None:
    mail = digest(block())
    with pytest.raises(ValueError, match="link"):
        wire(type(mail)(mail.blocks, "daily", mail.preferences_url, link, mail.full_digest_url))
    with pytest.raises(ValueError, match="link"):
        wire(MAILS["shortened digest"]._replace(full_digest_url=lambda: link))


def test_a_digest_that_fits_never_requests_the_link_to_the_whole() -> None:
    def asked() -> str:
        raise AssertionError

    assert b"/digests/" not in wire(MAILS["digest"]._replace(full_digest_url=asked))


@pytest.mark.parametrize(
    "changed",
    [
        {"mail_from": "no address"},
        {"mail_from": "Name\r\nBcc: mallory <a@example.org>"},
        {"mail_domain": "example.org>\r\nBcc: b"},
        {"postal_address": " \n "},
        {"terms_url": "javascript:alert(1)"},
        {"feedback_sender_id": "abc"},
    ],
)
def test_a_frame_that_could_not_stand_in_a_mail_is_refused(changed: dict[str, str]) -> None:
    names = ("mail_from", "mail_domain", "postal_address", "terms_url", "privacy_url", "public_url")
    given = {name: getattr(FRAME, name) for name in (*names, "feedback_sender_id")}
    with pytest.raises(ValueError, match=r"\w"):
        SenderProfile(**(given | changed))


@pytest.mark.parametrize(
    "address", ["alice", "alice@example.org\r\nBcc: b", "alice@bob@example.org", "a b@x.org"]
)
def test_an_invalid_recipient_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(ValueError, match=r"^the recipient is not an address$"):
        wire(MAILS["digest"], recipient=address)


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        compose(
            MAILS["digest"],
            frame=FRAME,
            recipient=ALICE,
            language="en",
            message_key="k",
            date=datetime(2026, 1, 1),
        )


def test_an_internationalised_local_part_stands_as_utf_8() -> None:
    raw = wire(MAILS["digest"], recipient="jörg@xn--strae-oqa.de")
    assert header_block(raw).startswith("To: jörg@xn--strae-oqa.de\r\n".encode())
    assert message_from_bytes(raw, policy=policy.SMTPUTF8)["To"]


def test_an_address_is_kept_as_typed() -> None:
    assert parse(wire(MAILS["digest"], recipient="A.b+x@example.org"))["To"] == "A.b+x@example.org"
    assert parse(wire(MAILS["digest"], recipient='"a b"@example.org'))["To"].addresses[0].username == "a b"


def test_a_sender_with_an_accent_is_written_in_encoded_words() -> None:
    name = "Aggiornamenti della Città della Salute e della Scienza"
    frame = SenderProfile(
        f"{name} <updates@example.org>",
        *(
            getattr(FRAME, field)
            for field in (
                "mail_domain",
                "postal_address",
                "terms_url",
                "privacy_url",
                "public_url",
                "feedback_sender_id",
            )
        ),
    )
    raw = wire(MAILS["digest"], frame=frame)
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", header_block(raw)))
    assert all(len(line) <= 78 for line in header_block(raw).split(b"\r\n") if b"=?" in line)
    assert parse(raw)["From"].addresses[0].display_name == name
    assert str(make_header(decode_header(message_from_bytes(raw)["From"]))).startswith(name)


def test_mail_by_postmark_names_its_delivery_to_the_webhooks() -> None:
    name = next(iter(MAILS))
    raw = wire(MAILS[name], frame=replace(FRAME, is_sent_by_postmark=True))
    message = parse(raw)
    assert f"<{message['X-PM-Metadata-Delivery']}>" == message["Message-ID"]
    assert message["X-PM-KeepID"] == "true"
    assert set(parse(wire(MAILS[name]))) == set(message) - {"X-PM-Metadata-Delivery", "X-PM-KeepID"}

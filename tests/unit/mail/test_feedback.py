"""Mail that comes back, in the forms that servers and people send."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.domain.delivery import verp
from service.domain.delivery.smtp_reply import OutcomeKind
from service.mail.inbound.feedback import Feedback, FeedbackKind, read_feedback, read_message
from tests.fuzzing import chance, examples
from tests.waiting import PATIENCE

FOLDER = Path(__file__).parents[2] / "data" / "feedback"
FILES = sorted(FOLDER.glob("*.eml"))
KEY = b"k" * 32
F, K = FeedbackKind, OutcomeKind

EXPECTED = {
    "a_postmaster_by_hand": (F.UNKNOWN, None),
    "a_question": (F.UNKNOWN, None),
    "a_reader_quotes_a_notice": (F.UNKNOWN, None),
    "action_missing": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "action_with_a_comment": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "apple_unsubscribe": (F.UNSUBSCRIBE, None),
    "arf_abuse": (F.COMPLAINT, None),
    "arf_abuse_redacted": (F.COMPLAINT, None),
    "arf_auth_failure": (F.UNKNOWN, None),
    "arf_not_spam": (F.NOT_SPAM, None),
    "daily_quota_exchange_online": (F.BOUNCED_OTHER, K.POLICY),
    "daily_quota_gmail": (F.BOUNCED_OTHER, K.POLICY),
    "dragonfly_over_quota": (F.BOUNCED_SOFT, K.SOFT_BOUNCE),
    "dragonfly_unauthenticated": (F.BOUNCED_OTHER, K.POLICY),
    "dragonfly_unknown_user": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "exchange_access_denied": (F.BOUNCED_OTHER, K.SUSPECT_BOUNCE),
    "exchange_online_in_words": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "exchange_online_of_a_refusal": (F.BOUNCED_OTHER, K.POLICY),
    "exchange_online_of_another_server": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "exchange_online_without_the_other_reply": (F.BOUNCED_OTHER, K.SUSPECT_BOUNCE),
    "exim_over_quota": (F.BOUNCED_SOFT, K.SOFT_BOUNCE),
    "expired_after_a_refusal": (F.BOUNCED_OTHER, K.POLICY),
    "expired_after_days": (F.BOUNCED_SOFT, K.DEFERRED),
    "forged": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "full_as_unknown_user": (F.BOUNCED_SOFT, K.SOFT_BOUNCE),
    "generic_status_exact_words": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "generic_status_policy_words": (F.BOUNCED_OTHER, K.POLICY),
    "gmail_unknown_user": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "hourly_limit_as_unknown_user": (F.BOUNCED_OTHER, K.POLICY),
    "jmrp": (F.COMPLAINT, None),
    "jmrp_of_old": (F.COMPLAINT, None),
    "new_owner": (F.BOUNCED_OTHER, K.MAILBOX_REASSIGNED),
    "odd_without_status": (F.BOUNCED_SOFT, K.SOFT_BOUNCE),
    "one_of_two_forwarded_to": (F.UNKNOWN, None),
    "opensmtpd_delayed": (F.DELAYED, None),
    "opensmtpd_no_such_domain": (F.BOUNCED_OTHER, K.SUSPECT_BOUNCE),
    "opensmtpd_of_old": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "opensmtpd_unknown_user": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "outlook_policy": (F.BOUNCED_OTHER, K.POLICY),
    "own_status_in_the_reply": (F.BOUNCED_SOFT, K.SOFT_BOUNCE),
    "postfix_delayed": (F.DELAYED, None),
    "postfix_mailbox_full": (F.BOUNCED_SOFT, K.DEFERRED),
    "postfix_unknown_user": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "qmail_unknown_user": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "relayed": (F.UNKNOWN, None),
    "reply_unsubscribe": (F.UNSUBSCRIBE, None),
    "sender_refused": (F.BOUNCED_OTHER, K.SENDER_FAULT),
    "smtputf8": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "smtputf8_base64": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "token_in_the_returned_headers_only": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "two_forwarded_to_one_full": (F.BOUNCED_SOFT, K.SOFT_BOUNCE),
    "unknown_user_after_the_content": (F.BOUNCED_OTHER, K.SUSPECT_BOUNCE),
    "vacation": (F.AUTO_REPLY, None),
    "vacation_of_old": (F.AUTO_REPLY, None),
    "workmail_unknown_user": (F.BOUNCED_HARD, K.HARD_BOUNCE),
}


def _read(name: str) -> Feedback:
    return read_feedback((FOLDER / f"{name}.eml").read_bytes())


def test_every_fixture_is_expected() -> None:
    assert {path.stem for path in FILES} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_returned_mail_is_classified(name: str) -> None:
    feedback = _read(name)
    kind, outcome = EXPECTED[name]
    assert (feedback.kind, feedback.outcome and feedback.outcome.kind) == (kind, outcome)


#: Complaints that say nothing of the envelope.
WITHOUT_ENVELOPE = ("jmrp", "jmrp_of_old")


@pytest.mark.parametrize("name", [name for name in EXPECTED if name not in ("forged", *WITHOUT_ENVELOPE)])
def test_a_returned_mail_identifies_its_delivery(name: str) -> None:
    token = _read(name).token
    assert token is not None
    assert verp.read(token, [KEY]) == 4711


def test_a_forged_return_address_identifies_nothing() -> None:
    token = _read("forged").token
    assert token is not None
    assert verp.read(token, [KEY]) is None


@pytest.mark.parametrize("name", WITHOUT_ENVELOPE)
def test_a_complaint_without_envelope_names_the_mail_by_its_copy(name: str) -> None:
    feedback = _read(name)
    assert feedback.token is None
    assert feedback.message_key == "4d41f6d9e0c24e0bb1a2f0f59a3b7c55"
    assert feedback.unsubscribe_token == ("AQhB0eYzq7pR3mWkT2sXvNcE" if name == "jmrp" else None)


@pytest.mark.parametrize("word", ["abuse (by a reader)", "Abuse;", "ABUSE"])
def test_a_comment_behind_the_type_of_a_complaint_changes_nothing(word: str) -> None:
    raw = (FOLDER / "arf_abuse.eml").read_bytes()
    reported = re.sub(rb"(?im)^(Feedback-Type:) *abuse", rb"\1 " + word.encode(), raw)
    assert reported != raw
    assert read_feedback(reported).kind is F.COMPLAINT


@pytest.mark.parametrize("action", ["failure", "error (permanent)", "(none)", "undeliverable"])
def test_an_action_of_no_standard_is_known_by_its_status(action: str) -> None:
    raw = (FOLDER / "postfix_unknown_user.eml").read_bytes()
    reported = re.sub(rb"(?im)^Action: *failed", b"Action: " + action.encode(), raw)
    assert reported != raw
    assert read_feedback(reported).kind is F.BOUNCED_HARD


@pytest.mark.parametrize("name", EXPECTED)
def test_nothing_of_the_persons_address_is_kept(name: str) -> None:
    assert not any(word in repr(_read(name)).lower() for word in ("anna", "blum", "jürgen", "bücher"))


def test_the_outcome_keeps_status_code_and_text_for_the_operator() -> None:
    outcome = _read("postfix_unknown_user").outcome
    assert outcome is not None
    assert (outcome.code, outcome.enhanced) == (550, "5.1.1")
    assert "User unknown in virtual mailbox table" in outcome.detail


def test_the_envelopes_recipient_comes_first() -> None:
    other = verp.make(12, KEY)
    raw = (FOLDER / "postfix_unknown_user.eml").read_bytes()
    assert read_feedback(raw, [f"{other}@bounces.alerts.example"]).token == other


@pytest.mark.parametrize("name", EXPECTED)
def test_bare_line_feeds_read_the_same(name: str) -> None:
    raw = (FOLDER / f"{name}.eml").read_bytes()
    assert read_feedback(raw.replace(b"\r\n", b"\n")) == read_feedback(raw)


#: Characters that one part of Python's `email` takes for a line's end, and another not.
ODD_CONTROLS = [bytes([octet]) for octet in (0, 11, 12, 13, 28, 29, 30, 31, 127, 133)] + [b"\xc2\x85"]


@pytest.mark.slow
@pytest.mark.parametrize("octets", ODD_CONTROLS)
@pytest.mark.parametrize(
    "name", ["postfix_unknown_user", "smtputf8", "arf_abuse", "jmrp", "workmail_unknown_user"]
)
def test_control_characters_anywhere_are_read_without_an_error(name: str, octets: bytes) -> None:
    raw = (FOLDER / f"{name}.eml").read_bytes()
    for at in range(0, len(raw), 7):
        assert isinstance(read_feedback(raw[:at] + octets + raw[at:]), Feedback)


#: Pitfalls for mail readers: line ends for some and not for others, odd encodings and character sets.
ODD = [
    *(bytes([octet]) for octet in (*range(32), 127, 0x80, 0x85, 0xA0, 0xFF)),
    b"\r\n\r\n",
    b"\xe2\x80\xa8",
    b"\xc2\x85",
    b"=?utf-8?q?=00=0C?=",
    b"=?x-unknown?b?4pYM?=",
    b"; charset=x-unknown",
    b"; charset=undefined",
    b"; charset=idna",
    b"; charset=unicode_escape\r\n\r\n\\ud83e\xff",
    b"; charset*=utf-8''x\r\n\r\n\xff",
    b"Content-Transfer-Encoding: x-uuencode\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Type: multipart/report; boundary=x\r\n",
]
_changes = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(st.sampled_from(ODD), st.binary(max_size=12))),
    max_size=12,
)


@examples(200)
@given(st.sampled_from(FILES), _changes)
@example(FOLDER / "postfix_unknown_user.eml", [(0.4, 0, b"; charset=undefined\r\n\r\n\xff")])
@example(FOLDER / "postfix_unknown_user.eml", [(0.7, 0, b"\x0c"), (0.72, 0, b"\x0b"), (0.74, 0, b"\x1c")])
def test_damaged_mail_is_read_without_an_error(path: Path, changes: list[tuple[float, int, bytes]]) -> None:
    raw = path.read_bytes()
    for place, length, instead in changes:
        at = int(place * len(raw))
        raw = raw[:at] + instead + raw[at + length :]
    assert isinstance(read_message(raw), Feedback)


def test_thousands_of_damaged_mails_are_read_without_an_error() -> None:
    dice, times = chance(3_000)
    mails = [path.read_bytes() for path in FILES]
    for _ in range(times):
        raw = bytearray(dice.choice(mails))
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(raw))
            raw[at : at + dice.choice((0, 0, 1, 30))] = dice.choice(ODD)
        read_message(bytes(raw))


_HEAD = (
    b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
)


@examples(200)
@given(st.binary(max_size=400))
@example(b"a: b\n" + _HEAD + b"a\xff\n--x\nContent-Type: multipart/mixed; charset=utf-8\n\n\xe9\xff")
def test_anything_at_all_is_read_without_an_error(raw: bytes) -> None:
    assert read_message(raw).token is None
    assert isinstance(read_message(_HEAD + raw), Feedback)


@pytest.mark.parametrize("field", ["Subject", "Status", "Action", "Diagnostic-Code", "To", "Return-Path"])
@pytest.mark.parametrize("control", [b"\x0c", b"\x0b", b"\x1c", b"\x1d", b"\x1e", b"\x85", b"\0", b"\r"])
def test_a_control_character_in_a_header_changes_nothing_else(field: str, control: bytes) -> None:
    raw = (FOLDER / "postfix_unknown_user.eml").read_bytes()
    line = f"\n{field}: ".encode()
    damaged = raw.replace(line, line + b"x-" + control + b"y: ", 1) if field in ("Subject", "To") else raw
    damaged += b"\r\n" + field.encode() + b": a" + control + b"b: c\r\n"
    read = read_message(damaged)
    assert (read.kind, read.token) == (read_message(raw).kind, read_message(raw).token)


@pytest.mark.slow
@pytest.mark.parametrize(
    "level",
    [
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n",
        _HEAD,
    ],
)
def test_parts_within_parts_without_end_have_no_effect(level: bytes) -> None:
    raw = b"".join(level.replace(b"%d", str(n).encode()) for n in range(2_000))
    assert read_feedback(raw) == Feedback(F.UNKNOWN, None)


def test_a_notice_made_to_be_slow_is_read_in_linear_time() -> None:
    """Quadratic time would be that of 20,000,000,000 steps."""
    head = b"From: MAILER-DAEMON@mx.example.org\r\nSubject: failure notice\r\n\r\n"
    for octets in (b"-", b" ", b"\n", b" \n", b"\t", b"5", b"5.1.", b"550 ", b"status:x\n ", b"> ", b"user "):
        started = time.process_time()
        read_feedback(head + octets * 200_000)
        assert time.process_time() - started < PATIENCE / 10

"""Mail that comes back, in the forms that servers and people send."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import verp
from service.domain.outcome import OutcomeKind
from service.mail.feedback import Feedback, FeedbackKind, read_feedback

FOLDER = Path(__file__).parent.parent / "data" / "feedback"
FILES = sorted(FOLDER.glob("*.eml"))
KEY = b"k" * 32
F, K = FeedbackKind, OutcomeKind

EXPECTED = {
    "a_question": (F.UNKNOWN, None),
    "arf_abuse": (F.COMPLAINT, None),
    "arf_abuse_redacted": (F.COMPLAINT, None),
    "arf_auth_failure": (F.UNKNOWN, None),
    "arf_not_spam": (F.NOT_SPAM, None),
    "exchange_access_denied": (F.BOUNCED_OTHER, K.SUSPECT_BOUNCE),
    "exim_over_quota": (F.BOUNCED_SOFT, K.SOFT_BOUNCE),
    "expired_after_days": (F.BOUNCED_SOFT, K.RETRY),
    "forged": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "generic_status_exact_words": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "gmail_unknown_user": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "mailto_unsubscribe": (F.UNSUBSCRIBE, None),
    "new_owner": (F.BOUNCED_OTHER, K.MOVED_OWNER),
    "odd_without_status": (F.BOUNCED_SOFT, K.SOFT_BOUNCE),
    "outlook_policy": (F.BOUNCED_OTHER, K.POLICY),
    "postfix_delayed": (F.DELAYED, None),
    "postfix_mailbox_full": (F.BOUNCED_SOFT, K.RETRY),
    "postfix_unknown_user": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "qmail_unknown_user": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "relayed": (F.UNKNOWN, None),
    "reply_unsubscribe": (F.UNSUBSCRIBE, None),
    "smtputf8": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "smtputf8_base64": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "token_in_the_returned_headers_only": (F.BOUNCED_HARD, K.HARD_BOUNCE),
    "vacation": (F.AUTO_REPLY, None),
    "vacation_of_old": (F.AUTO_REPLY, None),
}


def _read(name: str) -> Feedback:
    return read_feedback((FOLDER / f"{name}.eml").read_bytes())


def test_every_fixture_is_expected() -> None:
    assert {path.stem for path in FILES} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_read_for_what_it_is(name: str) -> None:
    feedback = _read(name)
    kind, outcome = EXPECTED[name]
    assert (feedback.kind, feedback.outcome and feedback.outcome.kind) == (kind, outcome)


@pytest.mark.parametrize("name", [name for name in EXPECTED if name != "forged"])
def test_it_leads_back_to_the_delivery(name: str) -> None:
    token = _read(name).token
    assert token is not None
    assert verp.read(token, [KEY]) == 4711


def test_a_forged_one_leads_nowhere() -> None:
    token = _read("forged").token
    assert token is not None
    assert verp.read(token, [KEY]) is None


@pytest.mark.parametrize("name", EXPECTED)
def test_nothing_of_the_persons_address_is_kept(name: str) -> None:
    assert not any(word in repr(_read(name)).lower() for word in ("anna", "blum", "jürgen", "bücher"))


def test_the_outcome_keeps_status_code_and_words_for_the_operator() -> None:
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


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), max_size=12),
)
def test_damaged_mail_is_read_without_an_error(path: Path, cuts: list[tuple[float, int, bytes]]) -> None:
    raw = path.read_bytes()
    for place, length, instead in cuts:
        at = int(place * len(raw))
        raw = raw[:at] + instead + raw[at + length :]
    assert isinstance(read_feedback(raw), Feedback)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_anything_at_all_is_read_without_an_error(raw: bytes) -> None:
    assert read_feedback(raw).token is None
    head = (
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n"
    )
    assert isinstance(read_feedback(head + raw), Feedback)

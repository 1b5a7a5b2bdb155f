"""Sending to a server that misbehaves, at every stage: one outcome for each mail, and the right one."""

import pytest

from service.domain.delivery.smtp_reply import OutcomeKind, SessionStage
from service.mail.smtp.sender import Timeouts
from tests.integration.smtp.conftest import ALICE, BOB, CHARLIE, Outcomes, mail, mails, sender
from tests.smtp_server import On, SmtpServer

pytestmark = pytest.mark.slow

K = OutcomeKind
IMPATIENT = Timeouts(connect=0.3, mail=0.3, rcpt=0.3, data=0.3, block=0.3, body=0.3, quit=0.2)
BOTH_WAYS = pytest.mark.parametrize("pipelining", [True, False])

REFUSALS = [
    ("MAIL", "451 4.3.0 Temporary lookup failure", K.CONNECTION_FAILED),
    ("MAIL", "550 5.7.1 we do not relay for you", K.CONNECTION_FAILED),
    ("MAIL", "553 5.1.8 sender domain does not exist", K.SENDER_FAULT),
    ("RCPT", "550 5.1.1 user unknown", K.HARD_BOUNCE),
    ("RCPT", "550 5.7.1 not from you", K.POLICY),
    ("RCPT", "450-4.2.0 greylisted,\r\n450 4.2.0 come back", K.DEFERRED),
    ("DATA", "451 4.3.0 queue file trouble", K.DEFERRED),
    ("DATA", "554 5.6.0 no such mail wanted", K.MESSAGE_FAULT),
    ("BODY", "452 4.3.1 insufficient storage", K.DEFERRED),
    ("BODY", "554 5.7.1 looks like unsolicited mail", K.POLICY),
    ("BODY", "552 5.3.4 too large", K.MESSAGE_FAULT),
]


@BOTH_WAYS
@pytest.mark.parametrize(("stage", "reply", "kind"), REFUSALS)
async def test_a_refusal_at_any_stage_touches_its_own_mail_alone(
    stage: str, reply: str, kind: OutcomeKind, pipelining: bool, outcomes: Outcomes
) -> None:
    refusing = On(stage, reply, skip=1, times=1)
    async with SmtpServer(refusing, pipelining=pipelining) as server, sender(server) as to:
        await to.send(mails(4), outcomes)
    assert outcomes.kinds == [K.SENT, kind, K.SENT, K.SENT]
    assert outcomes[1].stage == stage.lower()
    assert [got.mail_from for got in server.mails] == [mails(4)[n].mail_from for n in (0, 2, 3)]
    assert server.connections == 1


@BOTH_WAYS
async def test_every_second_recipient_may_be_refused(pipelining: bool, outcomes: Outcomes) -> None:
    unknown = On("RCPT", "550 5.1.1 user unknown", match=BOB)
    async with SmtpServer(unknown, pipelining=pipelining) as server, sender(server, connections=2) as to:
        await to.send([mail(n, BOB if n % 2 else ALICE) for n in range(40)], outcomes)
    assert outcomes.kinds == [K.SENT, K.HARD_BOUNCE] * 20
    assert {got.rcpt_to for got in server.mails} == {ALICE}


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
async def test_a_server_that_waits_for_a_body_after_a_refusal_gets_a_single_dot(
    stage: str, outcomes: Outcomes
) -> None:
    """RFC 2920 §3.1: DATA may be answered 354 although no recipient was accepted."""
    rules = On(stage, "550 5.1.1 user unknown", skip=1, times=1), On("DATA_WITHOUT_RCPT", "354 go on")
    async with SmtpServer(*rules) as server, sender(server) as to:
        await to.send(mails(3), outcomes)
    assert outcomes.kinds == [K.SENT, K.CONNECTION_FAILED if stage == "MAIL" else K.HARD_BOUNCE, K.SENT]
    assert any(chunk.startswith(b".\r\nMAIL FROM:") for chunk in server.chunks)
    assert "RSET" not in server.commands
    assert [got.mail_from for got in server.mails] == [mails(3)[0].mail_from, mails(3)[2].mail_from]


async def test_a_refused_transaction_is_reset_together_with_the_next_envelope(outcomes: Outcomes) -> None:
    async with SmtpServer(On("RCPT", "550 5.1.1 no", times=1)) as server, sender(server) as to:
        await to.send(mails(2), outcomes)
    assert any(chunk.startswith(b"RSET\r\nMAIL FROM:") for chunk in server.chunks)


@BOTH_WAYS
@pytest.mark.parametrize("stage", ["RCPT", "DATA", "BODY"])
async def test_421_anywhere_ends_the_connection_and_the_rest_goes_over_another(
    stage: str, pipelining: bool, outcomes: Outcomes
) -> None:
    closing = On(stage, "421 4.3.2 shutting down", skip=2, times=1, drop_after=True)
    async with SmtpServer(closing, pipelining=pipelining) as server, sender(server) as to:
        await to.send(mails(8), outcomes)
    # The fifth is for the same domain as the second, which is spared once it has heard of the recipient.
    assert outcomes.kinds == [
        K.SENT,
        K.SENT,
        K.CONNECTION_FAILED,
        K.SENT,
        K.SENT,
        K.NOT_ATTEMPTED,
        K.SENT,
        K.SENT,
    ]
    assert outcomes[2].code == 421
    assert server.connections == 2


@BOTH_WAYS
async def test_mails_beyond_a_connections_limit_go_over_other_connections(
    pipelining: bool, outcomes: Outcomes
) -> None:
    too_many = "421 4.7.0 too many mails"
    closing = [On("MAIL", too_many, skip=after, times=1, drop_after=True) for after in (3, 6, 9)]
    async with SmtpServer(*closing, pipelining=pipelining) as server, sender(server) as to:
        await to.send(mails(12), outcomes)
    assert outcomes.kinds == [K.SENT] * 12
    assert server.connections == 4


@BOTH_WAYS
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
async def test_a_connection_lost_before_the_body_loses_no_mail(
    stage: str, pipelining: bool, outcomes: Outcomes
) -> None:
    dropping = On(stage, drop=True, skip=2, times=1)
    async with SmtpServer(dropping, pipelining=pipelining) as server, sender(server) as to:
        await to.send(mails(6), outcomes)
    assert outcomes.kinds == [K.SENT] * 6
    assert len(server.mails) == 6


@BOTH_WAYS
async def test_a_connection_lost_after_the_body_is_uncertain(pipelining: bool, outcomes: Outcomes) -> None:
    dropping = On("BODY", drop=True, skip=2, times=1)
    async with SmtpServer(dropping, pipelining=pipelining) as server, sender(server) as to:
        await to.send(mails(6), outcomes)
    assert outcomes.kinds == [K.SENT, K.SENT, K.DEFERRED, K.SENT, K.SENT, K.SENT]
    assert outcomes[2].stage is SessionStage.BODY
    assert "may have arrived" in outcomes[2].detail


async def test_a_mail_that_always_breaks_the_connection_is_given_back(outcomes: Outcomes) -> None:
    async with SmtpServer(On("RCPT", drop=True, match=BOB)) as server, sender(server) as to:
        await to.send([mail(0), mail(1, BOB), mail(2)], outcomes)
        assert outcomes[0].kind is K.SENT
        assert outcomes[1].kind is K.CONNECTION_FAILED
    assert len(outcomes) == 3


@BOTH_WAYS
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "BODY"])
async def test_a_server_that_stalls_is_given_up_after_its_time(
    stage: str, pipelining: bool, outcomes: Outcomes
) -> None:
    stalling = On(stage, stall=True, skip=1, times=1)
    async with (
        SmtpServer(stalling, pipelining=pipelining) as server,
        sender(server, timeouts=IMPATIENT) as to,
    ):
        await to.send(mails(4), outcomes)
    assert outcomes.kinds == [K.SENT, K.DEFERRED if stage == "BODY" else K.CONNECTION_FAILED, K.SENT, K.SENT]
    assert "no answer within 0.3 s" in outcomes[1].detail


async def test_a_server_that_reads_no_more_is_given_up_before_the_long_wait_for_its_answer(
    outcomes: Outcomes,
) -> None:
    patient_but = Timeouts(block=0.3)
    large = mail(1, text="x" * 70 + ("\r\n" + "x" * 70) * 200_000)
    deaf = On("DATA", stop_reading=True, match="DATA", times=1)
    async with SmtpServer(deaf) as server, sender(server, timeouts=patient_but) as to:
        await to.send([large], outcomes)
    assert outcomes.kinds == [K.DEFERRED]
    assert "read nothing for 0.3 s" in outcomes[1].detail


async def test_a_goodbye_between_mails_costs_no_mail(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.send([mail(0)], outcomes)
        for session in list(server.open):
            session.transport.write(b"421 4.4.2 idle for too long\r\n")
            session.transport.close()
        await to.send([mail(1)], outcomes)
    assert outcomes.kinds == [K.SENT, K.SENT]
    assert server.connections == 2


async def test_a_late_answer_is_an_answer_and_the_mail_is_sent_once(outcomes: Outcomes) -> None:
    async with SmtpServer(On("BODY", delay=0.3, times=1)) as server, sender(server) as to:
        await to.send(mails(2), outcomes)
    assert outcomes.kinds == [K.SENT, K.SENT]
    assert len(server.mails) == 2


async def test_a_late_reply_is_not_taken_for_the_reply_to_another_mail(outcomes: Outcomes) -> None:
    late = On("BODY", "554 5.7.1 no", delay=0.6, skip=1, times=1)
    async with SmtpServer(late) as server, sender(server, timeouts=IMPATIENT) as to:
        await to.send(mails(3), outcomes)
    assert outcomes.kinds == [K.SENT, K.DEFERRED, K.SENT]


@pytest.mark.parametrize(
    "garbage",
    [
        b"hello\r\n",
        b"\r\n",
        b"25\r\n",
        b"999 what\r\n",
        b"250-first\r\n251 second\r\n",
        b"250\xff\r\n",
        b"2500 ok\r\n",
        b"x" * 40_000,
        b"250-" + b"x" * 40_000,
        b"250-\r\n" * 10_000,
        b"334 go on\r\n",
        b"354 go on\r\n",
    ],
)
@pytest.mark.parametrize("stage", ["RCPT", "BODY"])
async def test_an_invalid_reply_misdirects_no_mail(stage: str, garbage: bytes, outcomes: Outcomes) -> None:
    broken = On(stage, garbage, skip=1, times=1)
    async with SmtpServer(broken) as server, sender(server) as to:
        await to.send(mails(4), outcomes)
    # Before the body it can be said again over another connection; after it, it may have arrived.
    assert outcomes.kinds == [K.SENT, K.SENT if stage == "RCPT" else K.DEFERRED, K.SENT, K.SENT]


async def test_a_reply_in_many_pieces_and_lines_is_one_reply(outcomes: Outcomes) -> None:
    reply = "".join(f"250-line {number}\r\n" for number in range(50)) + "250 2.0.0 last"
    async with SmtpServer(On("BODY", reply)) as server, sender(server) as to:
        await to.send(mails(3), outcomes)
    assert outcomes.kinds == [K.SENT] * 3


async def test_a_reply_without_text_is_a_reply(outcomes: Outcomes) -> None:
    async with SmtpServer(On("RCPT", b"250\r\n"), On("BODY", b"250 \r\n")) as server, sender(server) as to:
        await to.send(mails(3), outcomes)
    assert outcomes.kinds == [K.SENT] * 3


async def test_an_unsolicited_reply_ends_the_connection(outcomes: Outcomes) -> None:
    talkative = On("BODY", b"250 ok\r\n250 and another\r\n", skip=1, times=1)
    async with SmtpServer(talkative) as server, sender(server, mails_per_connection=2) as to:
        await to.send(mails(4), outcomes)
    assert outcomes.kinds == [K.SENT] * 4


async def test_an_acceptance_followed_by_a_drop_is_an_acceptance(outcomes: Outcomes) -> None:
    async with SmtpServer(On("BODY", drop_after=True, skip=1, times=1)) as server, sender(server) as to:
        await to.send(mails(5), outcomes)
    assert outcomes.kinds == [K.SENT] * 5
    assert len(server.mails) == 5


async def test_a_refusal_followed_by_a_drop_is_a_refusal(outcomes: Outcomes) -> None:
    refusing = On("RCPT", "550 5.1.1 user unknown", match=BOB, drop_after=True)
    async with SmtpServer(refusing) as server, sender(server) as to:
        await to.send([mail(0), mail(1, BOB), mail(2)], outcomes)
    assert outcomes.kinds == [K.SENT, K.HARD_BOUNCE, K.SENT]


async def test_no_outcome_names_an_address(outcomes: Outcomes) -> None:
    rules = (
        On("RCPT", f"550 5.1.1 <{ALICE}>: alice.blum is unknown", match=ALICE),
        On("BODY", f"554 5.6.0 from b-1@bounces.example to {BOB} rejected"),
    )
    async with SmtpServer(*rules) as server, sender(server) as to:
        await to.send([mail(0, ALICE), mail(1, BOB), mail(2, CHARLIE)], outcomes)
    for outcome in outcomes.by_id.values():
        assert not any(word in repr(outcome).lower() for word in ("alice", "blum", "bob", "charlie", "b-1@"))

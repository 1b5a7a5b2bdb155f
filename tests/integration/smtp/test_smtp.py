"""Sending to a server that behaves: the mails that arrive, the protocol, and the sender's limits."""

import asyncio

import pytest

from service.domain.delivery.smtp_reply import OutcomeKind, SessionStage
from service.mail.smtp.sender import SmtpUrl
from tests.integration.smtp.conftest import ALICE, BOB, Outcomes, mail, mails, sender
from tests.smtp_server import On, SmtpServer
from tests.waiting import until


@pytest.mark.parametrize("pipelining", [True, False])
async def test_every_mail_arrives_once_with_its_own_envelope(pipelining: bool, outcomes: Outcomes) -> None:
    async with SmtpServer(pipelining=pipelining) as server, sender(server, connections=4) as to:
        await to.send(mails(200), outcomes)
    assert outcomes.kinds == [OutcomeKind.SENT] * 200
    arrived = {(got.mail_from, got.rcpt_to, got.content) for got in server.mails}
    assert arrived == {(sent.mail_from, sent.rcpt_to, sent.content) for sent in mails(200)}
    assert len(server.mails) == 200


async def test_commands_go_in_groups_and_the_next_envelope_behind_a_body(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.send(mails(3), outcomes)
    groups = [
        chunk.split(b"\r\n") for chunk in server.chunks if b"EHLO" not in chunk and b"QUIT" not in chunk
    ]
    assert [[line.split(b" ")[0] for line in lines if line.split(b" ")[0].isupper()] for lines in groups] == [
        [b"MAIL", b"RCPT", b"DATA"],
        [b"MAIL", b"RCPT", b"DATA"],
        [b"MAIL", b"RCPT", b"DATA"],
        [],
    ]
    assert all(b"\r\n.\r\n" in chunk for chunk in server.chunks if b"Subject" in chunk)


async def test_commands_are_sent_one_at_a_time_without_pipelining(outcomes: Outcomes) -> None:
    async with SmtpServer(pipelining=False) as server, sender(server) as to:
        await to.send(mails(2), outcomes)
    assert all(chunk.count(b"\r\n") == 1 for chunk in server.chunks if b"Subject" not in chunk)


async def test_lines_that_begin_with_a_dot_arrive_as_they_were(outcomes: Outcomes) -> None:
    texts = [".", "..", "a\r\n.\r\nb", ".\r\n.\r\n..x", "a\r\n.", "QUIT\r\n.\r\nMAIL FROM:<x@example.org>"]
    async with SmtpServer() as server, sender(server) as to:
        sent = [mail(number, text=text) for number, text in enumerate(texts)]
        dotted = mail(99, content=b".starts: with a dot\r\n\r\nx\r\n")
        await to.send([*sent, dotted], outcomes)
    assert [got.content for got in server.mails] == [each.content for each in [*sent, dotted]]


async def test_a_body_without_a_last_line_end_is_given_one(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.send([mail(1, content=b"Subject: x\r\n\r\nno end")], outcomes)
    assert server.mails[0].content == b"Subject: x\r\n\r\nno end\r\n"


async def test_the_size_and_headers_only_bounces_are_requested_if_offered(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.send([mail(1)], outcomes)
    assert server.mails[0].parameters == f"SIZE={len(mail(1).content)} RET=HDRS"
    async with SmtpServer(size=None, dsn=False) as plain, sender(plain) as to:
        await to.send([mail(2)], outcomes)
    assert plain.mails[0].parameters == ""


async def test_a_mail_too_large_for_the_server_is_not_offered_to_it(outcomes: Outcomes) -> None:
    async with SmtpServer(size=500) as server, sender(server) as to:
        await to.send([mail(1, text="x" * 500), mail(2)], outcomes)
    assert outcomes.kinds == [OutcomeKind.MESSAGE_FAULT, OutcomeKind.SENT]
    assert len(server.mails) == 1


async def test_an_address_beyond_ascii_goes_by_smtputf8(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.send([mail(1, rcpt_to="jürgen@example.org")], outcomes)
    assert server.mails[0].rcpt_to == "jürgen@example.org"
    assert "SMTPUTF8" in server.mails[0].parameters.split()


async def test_an_address_beyond_ascii_is_refused_without_smtputf8(outcomes: Outcomes) -> None:
    async with SmtpServer(smtputf8=False) as server, sender(server) as to:
        await to.send([mail(1, rcpt_to="jürgen@example.org"), mail(2, BOB)], outcomes)
    assert outcomes.kinds == [OutcomeKind.UNSUPPORTED, OutcomeKind.SENT]
    assert [got.rcpt_to for got in server.mails] == [BOB]


async def test_an_address_in_ascii_is_sent_as_typed_without_smtputf8(
    outcomes: Outcomes,
) -> None:
    async with SmtpServer(smtputf8=False) as server, sender(server) as to:
        await to.send([mail(1, rcpt_to="A.b+x@xn--strae-oqa.de")], outcomes)
    assert server.mails[0].rcpt_to == "A.b+x@xn--strae-oqa.de"


@pytest.mark.parametrize("address", ["a@b>\r\nRCPT TO:<c@d", "a b@c.example", "a@b.example\x00", ""])
async def test_an_address_that_would_be_a_command_is_never_written(address: str, outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.send([mail(1, rcpt_to=address), mail(2)], outcomes)
    assert outcomes.kinds == [OutcomeKind.MESSAGE_FAULT, OutcomeKind.SENT]
    assert [got.rcpt_to for got in server.mails] == [ALICE]


async def test_the_null_sender_can_be_used(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.send([mail(1, mail_from="")], outcomes)
    assert server.mails[0].mail_from == ""


async def test_connections_are_kept_between_batches(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server, connections=2) as to:
        await to.send(mails(10), outcomes)
        await to.send([mail(number) for number in range(10, 30)], outcomes)
    assert len(outcomes) == 30
    assert server.connections == 2
    assert server.commands[-1] == "QUIT"


async def test_no_more_connections_are_opened_than_allowed_or_needed(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server, connections=3) as to:
        await to.send([mail(1000)], outcomes)
        assert server.connections == 1
        await to.send(mails(60), outcomes)
    assert server.most_open == 3


async def test_a_connection_is_replaced_after_its_limit_of_mails(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server, mails_per_connection=10) as to:
        await to.send(mails(35), outcomes)
    assert outcomes.kinds == [OutcomeKind.SENT] * 35
    per_connection = [sum(got.connection == number for got in server.mails) for number in range(1, 5)]
    assert per_connection == [10, 10, 10, 5]


async def test_a_connection_without_work_is_closed(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server, idle_seconds=0.05) as to:
        await to.send([mail(1)], outcomes)
        await until(lambda: not server.open)
        await to.send([mail(2)], outcomes)
    assert outcomes.kinds == [OutcomeKind.SENT] * 2


async def test_batches_of_several_tasks_share_the_connections(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server, connections=2) as to:
        batches = [[mail(100 * batch + number) for number in range(20)] for batch in range(5)]
        await asyncio.gather(*(to.send(batch, outcomes) for batch in batches))
    assert outcomes.kinds == [OutcomeKind.SENT] * 100
    assert server.connections == 2


async def test_urgent_mail_goes_ahead_of_waiting_mail(outcomes: Outcomes) -> None:
    async with SmtpServer(On("BODY", delay=0.01)) as server, sender(server) as to:
        digests = asyncio.create_task(to.send([mail(number) for number in range(50)], outcomes))
        await asyncio.sleep(0.05)
        await to.send([mail(1000)], outcomes, urgent=True)
        assert len(outcomes) < 45
        await digests
    assert outcomes.kinds == [OutcomeKind.SENT] * 51


async def test_mails_beyond_the_rate_are_held_back(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server, connections=4, rate=0.001) as to:
        sending = asyncio.create_task(to.send(mails(5), outcomes))
        await until(lambda: server.mails)
        await to.drain()
        await sending
    assert sorted(outcomes.kinds) == [OutcomeKind.NOT_ATTEMPTED] * 4 + [OutcomeKind.SENT]


async def test_a_domain_that_defers_is_left_alone_and_the_others_go_on(outcomes: Outcomes) -> None:
    deferring = On("RCPT", "451 4.7.500 Server busy. Please try again later", match="@example.org")
    async with SmtpServer(deferring) as server, sender(server) as to:
        await to.send(mails(30), outcomes)
        assert to.domains.paused_until("example.org") is not None
        assert to.domains.paused_until("example.net") is None
    refused = [number for number in range(30) if outcomes[number].kind is OutcomeKind.POLICY]
    assert refused
    assert len(refused) <= 2
    assert all(outcomes[n].kind is OutcomeKind.NOT_ATTEMPTED for n in range(0, 30, 3) if n not in refused)
    assert all(outcomes[n].kind is OutcomeKind.SENT for n in range(30) if n % 3)


@pytest.mark.parametrize("unrecorded", [0, 1, 4])
async def test_a_connection_sends_no_more_unrecorded_mails_than_allowed(unrecorded: int) -> None:
    """So a crash repeats at most so many mails per connection, however slow the recording is."""
    recorded: set[int] = set()
    ahead: list[int] = []

    async def record(mail_id: int) -> None:
        await asyncio.sleep(0.002)
        ahead.append(len(server.mails) - len(recorded))
        recorded.add(mail_id)

    async with SmtpServer() as server, sender(server, connections=3, unrecorded=unrecorded) as to:
        await to.send(mails(90), lambda mail_id, outcome: record(mail_id))
        assert recorded == set(range(90)), "it returns when all is recorded"
    assert max(ahead) <= 3 * (1 + unrecorded)


async def test_no_mail_is_sent_once_the_caller_forbids_it(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server, connections=1) as to:
        await to.send(mails(9), outcomes, may_go=lambda: len(server.mails) < 4)
        await to.send([mail(100)], outcomes)
    kinds = [outcomes[n].kind for n in range(9)]
    assert set(kinds) == {OutcomeKind.SENT, OutcomeKind.NOT_ATTEMPTED}
    assert kinds.count(OutcomeKind.SENT) == len(server.mails) - 1 <= 5
    assert outcomes[100].kind is OutcomeKind.SENT, "who still may send can"


async def test_a_mail_whose_time_ends_before_its_body_is_no_fault_of_the_server(
    outcomes: Outcomes,
) -> None:
    answers = iter((True, False, False))
    async with SmtpServer() as server, sender(server, connections=1) as to:
        await to.send([mail(1)], outcomes, may_go=lambda: next(answers))
        assert outcomes[1].kind is OutcomeKind.NOT_ATTEMPTED
        assert to.down_until is None
        await to.send([mail(2)], outcomes)
    assert outcomes[2].kind is OutcomeKind.SENT
    assert len(server.mails) == 1


async def test_an_error_of_the_caller_reaches_the_caller_and_stops_no_mail() -> None:
    async with SmtpServer() as server, sender(server) as to:

        def fail(mail_id: int, outcome: object) -> None:
            if mail_id == 3:
                raise LookupError("no such delivery")

        with pytest.raises(LookupError):
            await to.send(mails(10), fail)
    assert len(server.mails) == 10


async def test_no_mail_is_no_work(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.send([], outcomes)
    assert server.connections == 0


async def test_the_status_of_an_accepted_mail_is_kept(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.send([mail(1)], outcomes)
    assert (outcomes[1].stage, outcomes[1].code, outcomes[1].enhanced) == (SessionStage.BODY, 250, "2.0.0")


def test_one_url_configures_the_sender() -> None:
    target = SmtpUrl.parse("smtp://us%40er:p%2Fw@mail.example.org:2525?tls=starttls")
    assert (target.host, target.port, target.username, target.password) == (
        "mail.example.org",
        2525,
        "us@er",
        "p/w",
    )
    assert "p/w" not in repr(target)

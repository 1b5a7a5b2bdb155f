"""Stopping: mails in flight are finished, the rest is returned, and every mail has exactly one outcome."""

import asyncio
import random

import pytest

from service.domain.delivery.smtp_reply import OutcomeKind
from tests.integration.smtp.conftest import Outcomes, mail, mails, sender
from tests.smtp_server import On, SmtpServer
from tests.waiting import PATIENCE, until

K = OutcomeKind


async def test_draining_finishes_mails_in_flight_and_returns_the_rest(outcomes: Outcomes) -> None:
    async with SmtpServer(On("BODY", delay=0.02)) as server, sender(server, connections=2) as to:
        sending = asyncio.create_task(to.send(mails(200), outcomes))
        await until(lambda: len(outcomes) >= 5)
        await to.drain()
        await sending
        assert not server.open
    assert len(outcomes) == 200
    assert set(outcomes.kinds) == {K.SENT, K.NOT_ATTEMPTED}
    assert outcomes.kinds.count(K.SENT) == len(server.mails)


async def test_after_draining_nothing_more_is_sent(outcomes: Outcomes) -> None:
    async with SmtpServer() as server, sender(server) as to:
        await to.drain()
        await to.send(mails(3), outcomes)
    assert outcomes.kinds == [K.NOT_ATTEMPTED] * 3
    assert server.connections == 0


async def test_draining_does_not_wait_for_ever(outcomes: Outcomes) -> None:
    async with SmtpServer(On("BODY", stall=True)) as server, sender(server, connections=2) as to:
        sending = asyncio.create_task(to.send(mails(10), outcomes))
        await until(lambda: sum(b"Subject" in chunk for chunk in server.chunks) == 2)
        await to.drain(grace=0.1)
        await sending
    assert sorted(outcomes.kinds) == [K.NOT_ATTEMPTED] * 8 + [K.DEFERRED] * 2


async def test_draining_does_not_wait_for_a_server_that_never_greets(outcomes: Outcomes) -> None:
    async with SmtpServer(On("CONNECT", stall=True)) as server, sender(server) as to:
        sending = asyncio.create_task(to.send(mails(3), outcomes))
        await until(lambda: server.connections)
        async with asyncio.timeout(PATIENCE):
            await to.drain()
            await sending
    assert outcomes.kinds == [K.NOT_ATTEMPTED] * 3


async def test_a_cancelled_call_still_reports_the_outcome_of_each_mail(outcomes: Outcomes) -> None:
    others = Outcomes()
    async with SmtpServer(On("BODY", delay=0.01)) as server, sender(server, connections=2) as to:
        sending = asyncio.create_task(to.send(mails(100), outcomes))
        going_on = asyncio.create_task(to.send([mail(n) for n in range(1000, 1010)], others))
        await until(lambda: len(outcomes) >= 5)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert len(outcomes) == 100
        assert set(outcomes.kinds) == {K.SENT, K.NOT_ATTEMPTED}
        await going_on
    assert others.kinds == [K.SENT] * 10
    assert outcomes.kinds.count(K.SENT) + 10 == len(server.mails)


async def test_a_cancelled_call_waits_no_longer_than_its_grace(outcomes: Outcomes) -> None:
    async with SmtpServer(On("BODY", stall=True)) as server, sender(server) as to:
        sending = asyncio.create_task(to.send(mails(5), outcomes, grace=0.1))
        await until(lambda: any(b"Subject" in chunk for chunk in server.chunks))
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert outcomes.kinds == [K.DEFERRED] + [K.NOT_ATTEMPTED] * 4
        await until(lambda: not server.open)
        assert to.routes.problems() == [], "it was us who closed the connection"


async def test_a_second_cancellation_ends_the_grace(outcomes: Outcomes) -> None:
    async with SmtpServer(On("BODY", stall=True)) as server, sender(server) as to:
        sending = asyncio.create_task(to.send(mails(5), outcomes, grace=60))
        await until(lambda: any(b"Subject" in chunk for chunk in server.chunks))
        sending.cancel()
        await asyncio.sleep(0.05)
        sending.cancel()
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(asyncio.CancelledError):
                await sending
        assert outcomes.kinds == [K.DEFERRED] + [K.NOT_ATTEMPTED] * 4


@pytest.mark.parametrize("seed", range(12))
async def test_each_mail_has_one_true_outcome_under_random_faults(seed: int) -> None:
    """A server with faults of every kind at random, ended at a random moment by draining or cancelling."""
    chance = random.Random(seed)
    stages = ["MAIL", "RCPT", "DATA", "BODY", "DATA_WITHOUT_RCPT"]
    replies = ["450 4.3.0 later", "550 5.1.1 no", "421 4.3.2 bye", "nonsense", "354 go on", "250 ok", None]
    rules = [
        On(
            chance.choice(stages),
            chance.choice(replies),
            times=1,
            skip=chance.randrange(60),
            drop=chance.random() < 0.2,
            drop_after=chance.random() < 0.2,
            delay=chance.choice([0, 0, 0.01]),
        )
        for _ in range(30)
    ]
    outcomes = Outcomes()
    pipelining = chance.random() < 0.7
    async with SmtpServer(*rules, pipelining=pipelining) as server, sender(server, connections=3) as to:
        sending = asyncio.create_task(to.send(mails(150), outcomes))
        enough = chance.choice([10, 60, 150])
        await until(lambda: len(outcomes) >= enough or sending.done())
        if chance.random() < 0.5:
            sending.cancel()
        await to.drain(grace=2)
        await asyncio.gather(sending, return_exceptions=True)
    assert len(outcomes) == 150
    arrived = [got.mail_from for got in server.mails]
    sent = {f"b-{n}@bounces.example" for n in range(150) if outcomes[n].kind is K.SENT}
    uncertain = {f"b-{n}@bounces.example" for n in range(150) if outcomes[n].kind is K.DEFERRED}
    assert sent <= set(arrived)
    assert len(arrived) == len(set(arrived)), "nothing is repeated without a new call"
    assert set(arrived) - sent <= uncertain

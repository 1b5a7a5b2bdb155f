"""A server that denies every mail is left alone, so that few end; then it is offered one mail at a time."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from service.mail.smtp import routes
from service.mail.smtp.sender import SmtpPool, SmtpUrl
from tests.integration.smtp.conftest import BOB, Outcomes, mail, mails
from tests.smtp_server import On, SmtpServer

DENIED = "554 5.7.1 <alice.blum@example.org>: Relay access denied"
CONNECTIONS = 4

#: At most so many mails end: three that show it, and those in flight on other connections.
MOST = 3 + CONNECTIONS


def asked(server: SmtpServer) -> int:
    """How many mails the server was offered."""
    return sum(command.startswith("RCPT") for command in server.commands)


def past(pool: SmtpPool) -> None:
    """The pause is over."""
    for route in pool.routes.all:
        if route.down_until is not None:
            route.down_until = datetime.now(UTC) - timedelta(seconds=1)


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
async def test_few_mails_end_and_the_others_wait(stage: str, pipelining: bool, outcomes: Outcomes) -> None:
    with capture_logs() as logged:
        async with SmtpServer(On(stage, DENIED), pipelining=pipelining) as server:
            target = SmtpUrl.parse(server.url())
            async with SmtpPool(target, CONNECTIONS, local_hostname="x.example") as pool:
                await pool.send(mails(200), outcomes)
                (problem,) = pool.routes.problems()
                assert pool.down_until is not None
                assert pool.down_until > datetime.now(UTC) + timedelta(seconds=50)
    ended = [outcome for outcome in outcomes.by_id.values() if not outcome.may_retry]
    assert 3 <= len(ended) <= MOST
    assert asked(server) == len(ended)
    assert {outcome.kind for outcome in ended} == {"policy"}
    waiting = [outcome for outcome in outcomes.by_id.values() if outcome.may_retry]
    assert len(waiting) == 200 - len(ended)
    assert {outcome.kind for outcome in waiting} == {"route"}
    assert (problem["reason"], problem["reply"]) == (
        "denies_every_mail",
        "554 5.7.1 <(address)>: Relay access denied",
    )
    (line,) = logged
    assert (line["event"], line["reason"]) == ("mail_server_away", "denies_every_mail")
    assert "alice" not in str(line)


async def test_one_mail_is_tried_after_each_pause_and_all_leave_once_one_is_accepted(
    outcomes: Outcomes,
) -> None:
    rule = On("RCPT", DENIED)
    async with SmtpServer(rule) as server:
        target = SmtpUrl.parse(server.url())
        async with SmtpPool(target, CONNECTIONS, local_hostname="x.example") as pool:
            await pool.send(mails(50), outcomes)
            for pause in (1, 3, 7):
                past(pool)
                before, tried = asked(server), Outcomes()
                await pool.send(mails(50), tried)
                assert asked(server) == before + 1
                assert [number for number, outcome in tried.by_id.items() if not outcome.may_retry] == [49]
                assert pool.down_until is not None
                assert pool.down_until > datetime.now(UTC) + timedelta(minutes=pause), "longer each time"
            assert pool.domains.paused() == {}, "it was not the domains"
            server.rules = ()
            past(pool)
            with capture_logs() as logged:
                tried = Outcomes()
                await pool.send(mails(50), tried)
                await pool.send(mails(50), Outcomes())
            assert pool.routes.problems() == []
            assert pool.down_until is None
    assert {outcome.kind for outcome in tried.by_id.values()} == {"sent"}
    assert [line["event"] for line in logged] == ["mail_server_back"]


async def test_a_denying_server_is_logged_once_a_minute(
    outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with SmtpServer(On("RCPT", DENIED)) as server:
        target = SmtpUrl.parse(server.url())
        with capture_logs() as logged:
            async with SmtpPool(target, 1, local_hostname="x.example") as pool:
                await pool.send(mails(9), outcomes)
                pool.routes.problems()
                assert len(logged) == 1
                monkeypatch.setattr(routes, "_LOG_SECONDS", 0.0)  # a minute later
                pool.routes.problems()
    assert [line["reason"] for line in logged] == ["denies_every_mail"] * 2


async def test_another_server_accepts_the_other_mails(outcomes: Outcomes) -> None:
    async with SmtpServer(On("RCPT", DENIED)) as first, SmtpServer() as second:
        targets = [SmtpUrl.parse(server.url()) for server in (first, second)]
        async with SmtpPool(targets, CONNECTIONS, local_hostname="x.example") as pool:
            await pool.send(mails(200), outcomes)
            assert pool.routes.failing is None, "mail leaves"
            (problem,) = pool.routes.problems()
    assert problem["reason"] == "denies_every_mail"
    ended = [outcome for outcome in outcomes.by_id.values() if outcome.kind != "sent"]
    assert {outcome.kind for outcome in ended} == {"policy"}
    assert len(ended) <= MOST
    assert len(second.mails) == 200 - len(ended)


async def test_one_domain_that_is_denied_is_no_fault_of_the_server(outcomes: Outcomes) -> None:
    async with SmtpServer(On("RCPT", DENIED, match=BOB.rpartition("@")[2])) as server:
        target = SmtpUrl.parse(server.url())
        async with SmtpPool(target, 1, local_hostname="x.example") as pool:
            await pool.send([mail(number, f"bob{number}@example.net") for number in range(20)], outcomes)
            assert pool.routes.problems() == []
            assert "other" in pool.domains.paused(), "the domain is"
            others = Outcomes()
            await pool.send([mail(number, "charlie@example.com") for number in range(20)], others)
    assert {outcome.kind for outcome in others.by_id.values()} == {"sent"}


async def test_a_reply_about_a_mailbox_does_not_close_the_server_again(outcomes: Outcomes) -> None:
    async with SmtpServer(On("RCPT", DENIED)) as server:
        target = SmtpUrl.parse(server.url())
        async with SmtpPool(target, 1, local_hostname="x.example") as pool:
            await pool.send(mails(3), outcomes)
            past(pool)
            server.rules = (On("RCPT", "550 5.1.1 no such user", times=1),)
            tried = Outcomes()
            await pool.send(mails(3), tried)
    assert sorted(outcome.kind for outcome in tried.by_id.values()) == ["hard_bounce", "sent", "sent"]


def exchange(*pools: SmtpPool) -> None:
    """Each learns the server's replies to the others, as by their reports."""
    for pool in pools:
        (route,) = pool.routes.all
        route.merge_evidence([other.routes.all[0].evidence for other in pools if other is not pool])


def end_pauses(*pools: SmtpPool) -> None:
    """Time passes: each of them would offer it a mail."""
    for pool in pools:
        (route,) = pool.routes.all
        assert route.closing is not None
        route.closing = route.closing._replace(until=datetime.now(UTC) - timedelta(seconds=1))


async def test_several_workers_offer_it_one_mail_together_after_each_pause(outcomes: Outcomes) -> None:
    async with SmtpServer(On("RCPT", DENIED)) as server, AsyncExitStack() as stack:
        target = SmtpUrl.parse(server.url())
        pools = [
            await stack.enter_async_context(SmtpPool(target, CONNECTIONS, local_hostname="x.example"))
            for _ in range(3)
        ]
        await pools[0].send(mails(3), outcomes)
        for pool in pools[1:]:
            exchange(*pools)
            before = asked(server)
            await pool.send(mails(50), Outcomes())
            assert asked(server) == before + 1, "each tries one itself: others' machines may be at fault"
        for turn in (0, 1, 2, 0, 1, 2):
            end_pauses(*pools)
            exchange(*pools)
            before = asked(server)
            assert [pool.down_until is None for pool in pools] == [number == turn for number in range(3)]
            for pool in pools:
                await pool.send(mails(50), Outcomes())
            assert asked(server) == before + 1, "one for all of them"
        server.rules = ()
        end_pauses(*pools)
        exchange(*pools)
        for pool in pools:  # each is heard of by the next
            await pool.send(mails(50), Outcomes())
            exchange(*pools)
        assert [pool.routes.problems() for pool in pools] == [[], [], []]
    assert len(server.mails) == 3 * 50


async def test_a_machine_that_is_denied_keeps_others_from_nothing(outcomes: Outcomes) -> None:
    async with (
        SmtpServer(On("RCPT", DENIED)) as denying,
        SmtpServer() as accepting,
        AsyncExitStack() as stack,
    ):
        denied, well = [
            await stack.enter_async_context(
                SmtpPool(SmtpUrl.parse(server.url()), CONNECTIONS, local_hostname="x.example")
            )
            for server in (denying, accepting)
        ]
        await denied.send(mails(50), outcomes)
        exchange(denied, well)
        taken = Outcomes()
        await well.send(mails(50), taken)
        exchange(denied, well)
        assert {outcome.kind for outcome in taken.by_id.values()} == {"sent"}
        assert (len(denied.routes.problems()), well.routes.problems()) == (1, [])
        assert not well.routes.all[0].denies, "it sends on all connections"
    assert asked(denying) <= MOST


@pytest.fixture
def outcomes() -> Outcomes:
    return Outcomes()

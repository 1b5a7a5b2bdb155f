"""Reaching the server: its URL, TLS and login, and the errors when it can't be reached."""

import asyncio
from pathlib import Path

import pytest

from service.domain.delivery.smtp_reply import OutcomeKind, SessionStage
from service.mail.smtp.sender import SmtpPool, SmtpUrl, Timeouts, Tls
from tests.integration.conftest import Certificate
from tests.integration.smtp.conftest import Outcomes, mail, mails, sender
from tests.smtp_server import On, SmtpServer
from tests.waiting import PATIENCE

K = OutcomeKind
USERS = {"service": "s3cret/pass"}
LOGIN = "service:s3cret%2Fpass@"


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.example.org", "mail.example.org", 25, Tls.OPPORTUNISTIC),
        ("smtp://mail.example.org:2525", "mail.example.org", 2525, Tls.OPPORTUNISTIC),
        ("smtp://u:p@mail.example.org", "mail.example.org", 587, Tls.REQUIRED),
        ("smtp://u:p@mail.example.org?tls=none", "mail.example.org", 587, Tls.NONE),
        ("smtp://mail.example.org:587?tls=starttls", "mail.example.org", 587, Tls.REQUIRED),
        ("smtp://mail.example.org:587/?tls=required", "mail.example.org", 587, Tls.REQUIRED),
        ("smtps://u:p@mail.example.org", "mail.example.org", 465, Tls.IMPLICIT),
        ("smtp://[::1]:1025?tls=none", "::1", 1025, Tls.NONE),
    ],
)
def test_a_url_says_host_port_and_tls(url: str, host: str, port: int, tls: Tls) -> None:
    target = SmtpUrl.parse(url)
    assert (target.host, target.port, target.tls) == (host, port, tls)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://mail.example.org", "smtp:// or smtps://"),
        ("mail.example.org:25", "smtp:// or smtps://"),
        ("smtp://", "names no host"),
        ("smtp://u:hunter2@mail.example.org:port", "port"),
        ("smtp://mail.example.org:99999", "port"),
        ("smtp://u:hunter2/x@mail.example.org", "percent-encode"),
        ("smtp://u:hunter2#x@mail.example.org", "percent-encode"),
        ("smtp://mail.example.org?tls=maybe", "tls="),
        ("smtp://mail.example.org?starttls=1", "unknown option"),
        ("smtps://mail.example.org?tls=none", "both smtps://"),
        ("smtp://u:hunter2@mail.example.org?auth=magic", "auth="),
        ("smtp://mail.example.org?auth=xoauth2", "needs a user"),
        ("smtp://u@mail.example.org?auth=xoauth2", "token_file="),
        ("smtp://u:hunter2@mail.example.org?auth=xoauth2&token_file=/run/t", "either"),
        ("smtp://u:hunter2@mail.example.org?token_file=/run/t", "needs auth=xoauth2"),
        ("smtp://u:a%0Ahunter2@mail.example.org", "control character"),
    ],
)
def test_an_error_about_a_wrong_url_names_the_remedy_and_not_the_password(url: str, message: str) -> None:
    with pytest.raises(ValueError, match="SMTP URL") as caught:
        SmtpUrl.parse(url)
    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("query", ["tls=required", "tls=starttls"])
async def test_starttls_and_login(certificate: Certificate, query: str, outcomes: Outcomes) -> None:
    async with (
        SmtpServer(tls=certificate.server, users=USERS) as server,
        sender(server, query=query, login=LOGIN, context=certificate.trusting) as to,
    ):
        await to.send(mails(20), outcomes)
    assert outcomes.kinds == [K.SENT] * 20
    assert {(got.encrypted, got.login) for got in server.mails} == {(True, "service")}
    assert "AUTH" not in server.commands[1], "the login is said under TLS alone"


async def test_tls_from_the_first_octet(certificate: Certificate, outcomes: Outcomes) -> None:
    async with (
        SmtpServer(tls=certificate.server, implicit_tls=True) as server,
        sender(server, query="", context=certificate.trusting) as to,
    ):
        await to.send(mails(20), outcomes)
    assert outcomes.kinds == [K.SENT] * 20
    assert all(got.encrypted for got in server.mails)


async def test_offered_tls_is_used_with_any_certificate(certificate: Certificate, outcomes: Outcomes) -> None:
    async with SmtpServer(tls=certificate.server) as server, sender(server, query="") as to:
        await to.send(mails(3), outcomes)
    assert all(got.encrypted for got in server.mails)
    async with SmtpServer() as plain, sender(plain, query="") as to:
        await to.send([mail(10)], outcomes)
    assert not plain.mails[0].encrypted


async def test_required_tls_sends_nothing_to_a_certificate_that_does_not_verify(
    certificate: Certificate, outcomes: Outcomes
) -> None:
    server_with_login = SmtpServer(tls=certificate.server, users=USERS)
    async with server_with_login as server, sender(server, query="", login=LOGIN) as to:
        await to.send(mails(3), outcomes)
    assert outcomes.kinds == [K.CONNECTION_FAILED] * 3
    assert outcomes[0].stage is SessionStage.TLS
    assert "certificate does not verify" in outcomes[0].detail
    assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands)


async def test_required_tls_sends_nothing_if_tls_is_not_offered(outcomes: Outcomes) -> None:
    async with SmtpServer(users=USERS) as server, sender(server, query="", login=LOGIN) as to:
        await to.send(mails(2), outcomes)
    assert outcomes.kinds == [K.CONNECTION_FAILED] * 2
    assert "tls=none" in outcomes[0].detail
    assert not any(command.startswith("AUTH") for command in server.commands)


async def test_a_refused_login_alerts_an_operator_and_is_not_repeated(outcomes: Outcomes) -> None:
    async with SmtpServer(users=USERS) as server, sender(server, login="service:wrong@") as to:
        await to.send(mails(50), outcomes)
        assert to.routes.failing is not None
        assert to.down_until is not None
    assert outcomes.kinds == [K.CONNECTION_FAILED] * 50
    assert (outcomes[0].stage, outcomes[0].code, outcomes[0].alerts) == (SessionStage.AUTH, 535, True)
    assert server.connections == 1, "a wrong password is not tried over and over"
    assert "wrong" not in repr(outcomes[0])


@pytest.mark.parametrize("initial_response", [True, False])
@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN", "LOGIN PLAIN", "GSSAPI LOGIN NTLM"])
async def test_a_password_logs_in_by_any_offered_mechanism(
    mechanisms: str, initial_response: bool, outcomes: Outcomes
) -> None:
    offered = SmtpServer(users=USERS, mechanisms=mechanisms, initial_response=initial_response)
    async with offered as server, sender(server, login=LOGIN) as to:
        await to.send(mails(3), outcomes)
    assert outcomes.kinds == [K.SENT] * 3
    assert server.mails[0].login == "service"
    assert server.connections == 1


@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN"])
async def test_a_wrong_password_is_refused_by_every_mechanism(mechanisms: str, outcomes: Outcomes) -> None:
    async with (
        SmtpServer(users=USERS, mechanisms=mechanisms) as server,
        sender(server, login="service:no@") as to,
    ):
        await to.send(mails(2), outcomes)
    assert (outcomes[0].stage, outcomes[0].code) == (SessionStage.AUTH, 535)


async def test_a_login_without_a_known_mechanism_names_the_known_ones(outcomes: Outcomes) -> None:
    async with SmtpServer(users=USERS, mechanisms="GSSAPI") as server, sender(server, login=LOGIN) as to:
        await to.send(mails(1), outcomes)
        await to.send([], outcomes)
    assert outcomes[0].stage is SessionStage.AUTH
    assert "CRAM-MD5, PLAIN or LOGIN" in outcomes[0].detail


TOKENS = {"service": "ya29.first"}


async def test_an_access_token_logs_in_by_xoauth2(outcomes: Outcomes) -> None:
    offered = SmtpServer(users=TOKENS, mechanisms="XOAUTH2 PLAIN")
    query = "tls=none&auth=xoauth2"
    async with offered as server, sender(server, query=query, login="service:ya29.first@") as to:
        await to.send(mails(3), outcomes)
    assert outcomes.kinds == [K.SENT] * 3
    assert server.mails[0].login == "service"


async def test_an_access_token_is_read_from_its_file_for_each_connection(
    tmp_path: Path, outcomes: Outcomes
) -> None:
    token = tmp_path / "token"
    token.write_text("ya29.first\n", encoding="utf-8")
    query = f"tls=none&auth=xoauth2&token_file={token}"
    offered = SmtpServer(users=TOKENS, mechanisms="XOAUTH2")
    async with offered as server, sender(server, query=query, login="service@", mails_per_connection=1) as to:
        await to.send([mail(0)], outcomes)
        server.users = {"service": "ya29.second"}
        token.write_text("ya29.second\n", encoding="utf-8")
        await to.send([mail(1)], outcomes)
    assert outcomes.kinds == [K.SENT] * 2
    assert server.connections == 2


@pytest.mark.parametrize(
    ("content", "message"), [("ya29.old", "535"), ("", "is empty"), (None, "can't be read")]
)
async def test_an_unusable_token_is_reported_and_not_sent_as_a_password(
    content: str | None, message: str, tmp_path: Path, outcomes: Outcomes
) -> None:
    token = tmp_path / "token"
    if content is not None:
        token.write_text(content, encoding="utf-8")
    query = f"tls=none&auth=xoauth2&token_file={token}"
    offered = SmtpServer(users=TOKENS, mechanisms="XOAUTH2 PLAIN LOGIN")
    async with offered as server, sender(server, query=query, login="service@") as to:
        await to.send(mails(1), outcomes)
    assert (outcomes[0].kind, outcomes[0].stage) == (K.CONNECTION_FAILED, SessionStage.AUTH)
    assert message in f"{outcomes[0].code} {outcomes[0].detail}"
    assert "ya29" not in repr(outcomes[0])
    assert not any(command.startswith(("AUTH PLAIN", "AUTH LOGIN")) for command in server.commands)


@pytest.mark.parametrize(
    ("rule", "stage"),
    [
        (On("CONNECT", "554 5.7.1 no SMTP service here"), SessionStage.CONNECT),
        (On("CONNECT", "421 4.7.0 too many connections", drop_after=True), SessionStage.CONNECT),
        (On("CONNECT", drop=True), SessionStage.CONNECT),
        (On("CONNECT", b"HTTP/1.1 200 OK\r\n"), SessionStage.CONNECT),
        (On("CONNECT", stall=True), SessionStage.CONNECT),
        (On("EHLO", "421 4.3.2 not now"), SessionStage.EHLO),
        (On("EHLO", drop=True), SessionStage.EHLO),
        (On("EHLO", stall=True), SessionStage.EHLO),
    ],
)
async def test_a_server_that_refuses_the_session_fails_every_mail(
    rule: On, stage: SessionStage, outcomes: Outcomes
) -> None:
    quick = Timeouts(connect=0.3)
    async with SmtpServer(rule) as server, sender(server, connections=4, timeouts=quick) as to:
        await to.send(mails(20), outcomes)
    assert outcomes.kinds == [K.CONNECTION_FAILED] * 20
    assert {outcome.stage for outcome in outcomes.by_id.values()} == {stage}
    assert server.connections <= 4


async def test_a_refused_connection_fails_every_mail(outcomes: Outcomes) -> None:
    async with SmtpPool(SmtpUrl.parse("smtp://127.0.0.1:1?tls=none"), local_hostname="x.example") as to:
        await to.send(mails(5), outcomes)
        await to.send([mail(10)], outcomes)
    assert outcomes.kinds == [K.CONNECTION_FAILED] * 6
    assert outcomes[0].detail


async def test_a_server_without_ehlo_is_greeted_with_helo(outcomes: Outcomes) -> None:
    async with SmtpServer(On("EHLO", "502 5.5.1 what?")) as server, sender(server) as to:
        await to.send(mails(3), outcomes)
    assert outcomes.kinds == [K.SENT] * 3
    assert server.mails[0].parameters == ""


@pytest.mark.slow
async def test_mail_goes_again_once_the_server_is_back(outcomes: Outcomes) -> None:
    async with SmtpServer(On("CONNECT", "554 not yet", times=1)) as server, sender(server) as to:
        await to.send([mail(0)], outcomes)
        async with asyncio.timeout(PATIENCE):
            number = 1
            while outcomes.kinds[-1] is not K.SENT:
                await asyncio.sleep(0.1)
                await to.send([mail(number)], outcomes)
                number += 1
        assert to.routes.failing is None
        assert to.down_until is None
    assert server.connections == 2


async def test_a_servers_limit_on_connections_is_respected(outcomes: Outcomes) -> None:
    limit = On("CONNECT", "421 4.7.0 too many connections", skip=2, drop_after=True)
    async with SmtpServer(limit, On("BODY", delay=0.001)) as server, sender(server, connections=6) as to:
        await to.send(mails(60), outcomes)
    assert outcomes.kinds == [K.SENT] * 60
    assert {got.connection for got in server.mails} <= {1, 2}
